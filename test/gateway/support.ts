/** A gateway over both mock vendors, all of it on real sockets. */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as Gateway from "@understudy/gateway/Gateway"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { onTestFinished } from "vitest"

export const qwenGood = "sk-demo-qwen-good-7f1c"
export const qwenBad = "sk-demo-qwen-bad-93ae"
export const deepseekGood = "sk-demo-deepseek-good-5d20"
export const consumerKey = "demo-consumer-1b4f"

type Keys = NonNullable<Vendors.Options["keys"]>

export interface Setup {
  /** Keys as the vendors know them. Default: all three, `qwenBad` revoked. */
  readonly keys?: Keys
  readonly qwenKeys?: ReadonlyArray<string>
  readonly keyFailover?: NonNullable<UnderstudyOptions["providers"][string]["keyFailover"]>
  readonly deadlines?: NonNullable<UnderstudyOptions["providers"][string]["deadlines"]>
  readonly routes?: UnderstudyOptions["routes"]
  readonly consumers?: NonNullable<UnderstudyOptions["consumers"]>
  readonly vendors?: Vendors.Options
}

const allKeys: Keys = {
  [qwenGood]: { vendor: "qwen", name: "good" },
  [qwenBad]: { vendor: "qwen", name: "bad", state: "invalid" },
  [deepseekGood]: { vendor: "deepseek", name: "deepseek" }
}

const toConfig = (mock: MockServer.MockServer, setup: Setup): UnderstudyOptions => ({
  version: 1,
  providers: {
    qwen: {
      type: "qwen",
      baseUrl: mock.urls.qwen,
      keys: setup.qwenKeys ?? [qwenGood],
      keyFailover: setup.keyFailover ?? {},
      deadlines: setup.deadlines ?? {}
    },
    deepseek: {
      type: "deepseek",
      baseUrl: mock.urls.deepseek,
      keys: [deepseekGood],
      deadlines: setup.deadlines ?? {}
    }
  },
  routes: setup.routes ?? [
    {
      name: "aliyun",
      match: { model: { prefix: "qwen-" } },
      targets: [{ provider: "qwen" }],
      fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
    },
    { name: "deepseek", match: { model: { prefix: "deepseek-" } }, targets: [{ provider: "deepseek" }] }
  ],
  consumers: setup.consumers ?? []
})

/** Starts vendors and gateway; both stop when the test ends. */
export const start = async (setup: Setup = {}) => {
  const vendors = Vendors.make({ keys: setup.keys ?? allKeys, ...setup.vendors })
  const mock = await MockServer.listen(vendors)
  const lines: Array<string> = []
  const waiting: Array<() => void> = []
  const write = (text: string): void => {
    lines.push(text)
    for (const wake of waiting.splice(0)) wake()
  }
  /** Waits for a line of the log that holds the text. */
  const logged = async (text: string): Promise<void> => {
    while (!lines.some((line) => line.includes(text))) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const gateway = await Gateway.start({
    port: 0,
    grace: 0,
    config: toConfig(mock, setup),
    log: { window: 0, write }
  })
  const close = () => gateway.close()
  onTestFinished(async () => {
    await close()
    await mock.close()
  })
  return { vendors, mock, lines, logged, close, url: gateway.url, port: gateway.port }
}

/** Asks as the articles do. */
export const ask = (url: string, extra: Readonly<Record<string, unknown>> = {}, init: RequestInit = {}) =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "qwen-turbo", messages: [{ role: "user", content: "你是谁？" }], ...extra }),
    ...init
  })

/** The parsed body of an answer, for loose assertions. */
export const json = async (response: Response): Promise<any> => response.json()

/** The text of an answer as far as it comes, and whether its connection was cut. */
export const read = async (response: Response): Promise<{ text: string; cut: boolean }> => {
  const decoder = new TextDecoder()
  let text = ""
  try {
    for await (const piece of response.body ?? []) text += decoder.decode(piece, { stream: true })
  } catch {
    return { text, cut: true }
  }
  return { text, cut: false }
}

/** The parsed chunks of a stream, whether it ended with `[DONE]`, and whether its connection was cut. */
export const frames = async (
  response: Response
): Promise<{ chunks: ReadonlyArray<any>; done: boolean; cut: boolean }> => {
  const { cut, text } = await read(response)
  const events = text.split("\n\n").filter((event) => event.startsWith("data: "))
  return {
    chunks: events.filter((event) => event !== "data: [DONE]").map((event) => JSON.parse(event.slice(6))),
    done: events.at(-1) === "data: [DONE]",
    cut
  }
}

/** The text of a stream's chunks. */
export const textOf = (chunks: ReadonlyArray<any>): string =>
  chunks.map((chunk) => chunk.choices?.[0]?.delta?.content ?? "").join("")
