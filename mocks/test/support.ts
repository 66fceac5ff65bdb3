import { Clock, Plan, type VendorList, Vendors } from "@understudy/mocks"

export const deepseekKey = "sk-demo-deepseek-key-ab6f1c"
export const qwenKey = "sk-demo-qwen-key-2e9d"

export const keys = {
  [deepseekKey]: { vendor: "deepseek", name: "ds" },
  [qwenKey]: { vendor: "qwen", name: "qw" }
} as const

/** Vendors on a clock that stands still, with one good key each. */
export const world = (options: Vendors.Options = {}) => {
  const clock = Clock.manual()
  return { clock, vendors: Vendors.make({ clock, keys, ...options }) }
}

interface Ask {
  readonly vendor: VendorList.VendorName
  readonly model?: string
  readonly content?: string
  readonly key?: string | undefined
  readonly path?: string
  readonly method?: string
  readonly raw?: string
  readonly [name: string]: unknown
}

/** Hands a request to the core, without an adapter, and reads what it decided. */
export const ask = (vendors: Vendors.Vendors, { vendor, model, content, path, method, raw, ...rest }: Ask) => {
  const { key = vendor === "qwen" ? qwenKey : deepseekKey, ...body } = rest
  const exchange = vendors.receive({
    adapter: "server",
    vendor,
    method: method ?? "POST",
    path: path ?? "/chat/completions",
    authorization: key === "" ? undefined : `Bearer ${key}`,
    body:
      raw ??
      JSON.stringify({
        model: model ?? (vendor === "qwen" ? "qwen-turbo" : "deepseek-chat"),
        messages: [{ role: "user", content: content ?? "你是谁？" }],
        ...body
      })
  })
  const { plan } = exchange
  const text = Buffer.from(Plan.body(plan)).toString()
  return {
    exchange,
    plan,
    text,
    status: plan.status,
    headers: new Map(plan.headers),
    json: (): any => JSON.parse(text),
    frames: (): Array<any> =>
      text
        .split("\n\n")
        .filter((frame) => frame.startsWith("data: {"))
        .map((frame) => JSON.parse(frame.slice(6))),
    finish: () => exchange.ended("complete")
  }
}

export const tools = [
  {
    type: "function",
    function: {
      name: "get_weather",
      description: "查询城市的天气",
      parameters: {
        type: "object",
        properties: {
          city: { type: "string" },
          unit: { enum: ["celsius", "fahrenheit"] },
          days: { type: "integer", minimum: 1 }
        },
        required: ["city"]
      }
    }
  }
]
