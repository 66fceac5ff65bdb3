/** Vectors through effect/ai, from Qwen as `@understudy/mocks` plays it. */
import { assert, describe, it } from "@effect/vitest"
import * as Embeddings from "@understudy/chat-model/EmbeddingModel"
import { MockServer, Vendors } from "@understudy/mocks"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { afterAll, afterEach, beforeAll } from "vitest"
import * as UnderstudyEmbeddingModel from "../src/UnderstudyEmbeddingModel.ts"

const vendors = Vendors.make({ keys: { "sk-demo-qwen-1": { vendor: "qwen" }, "sk-demo-qwen-2": { vendor: "qwen" } } })
let server: MockServer.MockServer

beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
afterEach(() => vendors.reset())
afterAll(() => server.close())

const ask = <A, E>(use: (model: EmbeddingModel.EmbeddingModel) => Effect.Effect<A, E>) => {
  const engine = Embeddings.layerUnderstudy({
    version: 1,
    providers: { qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen-1", "sk-demo-qwen-2"] } },
    routes: [{ name: "vectors", match: { model: { prefix: "text-" } }, targets: [{ provider: "qwen" }] }]
  })
  const layer = UnderstudyEmbeddingModel.layer({ model: "text-embedding-v4", dimensions: 64 })
  return EmbeddingModel.EmbeddingModel.use(use).pipe(Effect.provide(Layer.provide(layer, Layer.orDie(engine))))
}

describe("UnderstudyEmbeddingModel", () => {
  it.live("gives a vector to each text, and counts the tokens", () =>
    Effect.gen(function* () {
      const { embeddings, usage } = yield* ask((model) => model.embedMany(["a cat", "a kitten"]))
      assert.deepStrictEqual(
        embeddings.map(({ vector }) => vector.length),
        [64, 64]
      )
      assert.notDeepEqual(embeddings[0], embeddings[1])
      assert.isAbove(usage.inputTokens ?? 0, 0)
    })
  )

  it.live("sends together what is asked together", () =>
    Effect.gen(function* () {
      const texts = ["a", "b", "c"]
      const all = yield* ask((model) => Effect.forEach(texts, model.embed, { concurrency: "unbounded" }))
      assert.strictEqual(all.length, 3)
      assert.strictEqual(vendors.journal.total, 1)
    })
  )

  it.live("answers when a key is bad", () =>
    Effect.gen(function* () {
      vendors.setKey("sk-demo-qwen-1", { vendor: "qwen", state: "invalid" })
      for (let i = 0; i < 3; i++) yield* ask((model) => model.embed("a cat"))
    })
  )

  it.live("fails with the AiError when nobody can answer", () =>
    Effect.gen(function* () {
      vendors.addFault({ kind: "auth.invalid" })
      const error = yield* Effect.flip(ask((model) => model.embed("a cat")))
      assert.deepInclude(error, { _tag: "AiError", module: "UnderstudyEmbeddingModel", method: "embedMany" })
      assert.strictEqual(error.reason._tag, "AuthenticationError")
      const invalid = yield* Effect.flip(ask((model) => model.embed("")))
      assert.deepInclude(invalid.reason, { _tag: "InvalidRequestError", parameter: "texts[0]" })
    })
  )
})
