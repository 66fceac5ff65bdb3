/** Tools and objects the whole way, over sockets, and what stays when the one who answers changes in between. */
import { assert, describe, it } from "@effect/vitest"
import * as ChatModel from "@understudy/chat-model/ChatModel"
import { MockServer, Vendors } from "@understudy/mocks"
import * as Chat from "effect/ai/Chat"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { afterAll, afterEach, beforeAll } from "vitest"
import * as UnderstudyLanguageModel from "../src/UnderstudyLanguageModel.ts"

const vendors = Vendors.make({
  seed: 7,
  keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } },
  replies: (request) => (request.format === "text" ? undefined : '{"city":"Hangzhou"}')
})
let server: MockServer.MockServer

beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
afterEach(() => vendors.reset())
afterAll(() => server.close())

const run = <A, E>(effect: Effect.Effect<A, E, LanguageModel.LanguageModel>) => {
  const chatModel = ChatModel.layerUnderstudy({
    version: 1,
    providers: {
      qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen"] },
      deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
    },
    routes: [
      {
        name: "aliyun",
        match: { model: { prefix: "qwen-" } },
        targets: [{ provider: "qwen" }],
        fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
      }
    ]
  })
  return Effect.provide(
    effect,
    Layer.provide(UnderstudyLanguageModel.layer({ model: "qwen-plus" }), Layer.fresh(chatModel))
  )
}

const Weather = Tool.make("weather", {
  description: "The weather in a city",
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.Struct({ celsius: Schema.Finite })
})
const toolkit = Toolkit.make(Weather)
const handlers = toolkit.toLayer({ weather: () => Effect.succeed({ celsius: 21 }) })

describe("against DeepSeek and Qwen", () => {
  it.live("takes a tool's result to the fallback when Qwen fails between two turns", () =>
    run(
      Effect.gen(function* () {
        const chat = yield* Chat.empty
        const prompt = "What is the weather in Hangzhou?"
        const first = yield* chat.generateText({ prompt, toolkit, toolChoice: "required" })
        assert.deepStrictEqual(
          first.toolResults.map(({ result }) => result),
          [{ celsius: 21 }]
        )
        vendors.addFault({ vendor: "qwen", kind: "overload.fast" })
        const parts = yield* Stream.runCollect(chat.streamText({ prompt: [], toolkit, toolChoice: "none" }))
        const models = parts.flatMap((part) => (part.type === "response-metadata" ? [part.modelId] : []))
        assert.deepStrictEqual(models, ["deepseek-chat"])
        assert.include(parts.map((part) => (part.type === "text-delta" ? part.delta : "")).join(""), '{"celsius":21}')
      }).pipe(Effect.provide(handlers))
    )
  )

  it.live("reads an object from either of them", () =>
    run(
      Effect.gen(function* () {
        const schema = Schema.Struct({ city: Schema.String })
        const ask = LanguageModel.generateObject({ prompt: "Which city has the West Lake?", schema })
        const whole = yield* ask
        vendors.addFault({ vendor: "qwen", kind: "overload.fast" })
        const fallback = yield* ask
        assert.deepStrictEqual([whole.value, fallback.value], [{ city: "Hangzhou" }, { city: "Hangzhou" }])
        const models = [whole, fallback].flatMap(({ content }) =>
          content.flatMap((part) => (part.type === "response-metadata" ? [part.modelId] : []))
        )
        assert.deepStrictEqual(models, ["qwen-plus", "deepseek-chat"])
      })
    )
  )

  it.live("leaves the vendor when the reader has enough", () =>
    run(
      Effect.gen(function* () {
        vendors.addFault({ kind: "stall.midstream", afterChunks: 2 })
        yield* LanguageModel.streamText({ prompt: "你是谁？" }).pipe(Stream.take(3), Stream.runDrain)
        const entry = yield* Effect.promise(() => vendors.journal.waitFor(({ end }) => end !== "open"))
        assert.strictEqual(entry.end, "client-left")
      })
    )
  )
})
