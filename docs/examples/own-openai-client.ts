/**
 * Your own `openai` client below the engine: its proxy, its fetch and its headers stay in force, while keys, retries and
 * deadlines are Understudy's.
 */
import { ChatModel } from "@understudy/chat-model"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Understudy from "@understudy/core/Understudy"
import * as OpenAiUpstream from "@understudy/core/upstream/OpenAiUpstream"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import OpenAI from "openai"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({
    keys: { "sk-demo-qwen": { vendor: "qwen", state: "overloaded" }, "sk-demo-deepseek": { vendor: "deepseek" } }
  })
  const server = await MockServer.listen(vendors)
  const asked: Array<string> = []
  const client = new OpenAI({
    apiKey: "unused",
    defaultHeaders: { "x-team": "search" },
    fetch: (url, init) => {
      asked.push(`${new URL(String(url)).pathname} x-team=${new Headers(init?.headers).get("x-team")}`)
      return fetch(url, init)
    }
  })
  const config = UnderstudyConfig.fromOptions({
    version: 1,
    providers: {
      qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen"] },
      deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
    },
    routes: [
      {
        name: "aliyun",
        match: { model: { prefix: "qwen" } },
        targets: [{ provider: "qwen" }],
        fallback: [{ provider: "deepseek", model: "deepseek-flash" }],
        on: { Overloaded: { again: false } }
      }
    ]
  })
  const layer = ChatModel.layer({ model: "qwen3.8-flash" }).pipe(
    Layer.provide(Layer.unwrap(Effect.map(config, Understudy.layer))),
    Layer.provide(OpenAiUpstream.layer(client))
  )

  const response = await Effect.runPromise(Effect.provide(ChatModel.call("你是谁？"), layer))

  await server.close()
  return [`${response.metadata.model}: ${response.text}`, ...asked]
}
