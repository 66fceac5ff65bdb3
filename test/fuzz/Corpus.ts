/** What both vendors answer, as the mocks send it: whole answers, streams, thoughts, tool calls, errors of every kind. */
import * as Clock from "@understudy/mocks/Clock"
import * as MockTransport from "@understudy/mocks/MockTransport"
import * as Vendors from "@understudy/mocks/Vendors"

/** One answer as it was recorded. */
export interface Recorded {
  readonly name: string
  readonly stream: boolean
  /** An answer, and no failure of the vendor's. */
  readonly isGood: boolean
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

type Vendor = "deepseek" | "qwen"

const origins: Record<Vendor, readonly [origin: string, path: string]> = {
  deepseek: ["https://api.deepseek.com", "/chat/completions"],
  qwen: ["https://dashscope.aliyuncs.com", "/compatible-mode/v1/chat/completions"]
}

const weather = {
  tools: [
    {
      type: "function",
      function: {
        name: "weather",
        parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
      }
    }
  ],
  tool_choice: "auto"
}

const requests: ReadonlyArray<readonly [name: string, vendor: Vendor, request: object]> = [
  ["text", "deepseek", { model: "deepseek-chat" }],
  ["text", "qwen", { model: "qwen-turbo" }],
  ["usage", "deepseek", { model: "deepseek-chat", stream_options: { include_usage: true } }],
  ["usage", "qwen", { model: "qwen-plus", stream_options: { include_usage: true } }],
  ["thoughts", "deepseek", { model: "deepseek-reasoner" }],
  ["thoughts", "qwen", { model: "qwq-32b" }],
  ["tools", "deepseek", { model: "deepseek-chat", ...weather }],
  ["tools", "qwen", { model: "qwen-plus", ...weather }]
]

const faults = [
  "rate.limit",
  "overload.fast",
  "server.error",
  "auth.invalid",
  "content.input",
  "error.midstream",
  "edge.html",
  "partial.200"
] as const

const record = (
  name: string,
  vendor: Vendor,
  request: object,
  stream: boolean,
  fault?: (typeof faults)[number]
): Recorded | undefined => {
  const clock = Clock.manual()
  const vendors = Vendors.make({ clock, acceptAnyKey: true })
  if (fault !== undefined) {
    try {
      vendors.addFault({ vendor, kind: fault })
    } catch {
      return undefined
    }
  }
  const [origin, path] = origins[vendor]
  const { stream_options, ...rest } = request as { stream_options?: object }
  const body = {
    messages: [{ role: "user", content: "How is the weather in 北京?" }],
    ...rest,
    ...(stream ? { stream, stream_options } : {})
  }
  let status = 0
  let headers: Readonly<Record<string, string>> = {}
  const pieces: Array<Buffer> = []
  MockTransport.make(vendors).send(
    {
      method: "POST",
      origin,
      path,
      headers: { authorization: "Bearer sk-demo-any", "content-type": "application/json" },
      body: JSON.stringify(body)
    },
    {
      onConnected: () => {},
      onHeaders: (given, names) => {
        status = given
        headers = names
      },
      onData: (chunk) => void pieces.push(Buffer.from(chunk)),
      onEnd: () => {},
      onError: () => {}
    }
  )
  for (let turn = 0; turn < 200; turn++) clock.advance(1_000)
  const text = Buffer.concat(pieces).toString("utf8")
  return status === 0
    ? undefined
    : {
        name: `${vendor} ${fault ?? name} ${stream ? "stream" : "JSON"}`,
        stream,
        isGood: fault === undefined,
        status,
        headers: { "content-type": headers["content-type"] ?? "" },
        body: text
      }
}

/** Records everything. */
export const recordAll = (): ReadonlyArray<Recorded> =>
  [true, false].flatMap((stream) => [
    ...requests.flatMap(([name, vendor, request]) => record(name, vendor, request, stream) ?? []),
    ...(["deepseek", "qwen"] as const).flatMap((vendor) =>
      faults.flatMap(
        (fault) =>
          record("", vendor, { model: vendor === "qwen" ? "qwen-turbo" : "deepseek-chat" }, stream, fault) ?? []
      )
    )
  ])
