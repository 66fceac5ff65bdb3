/** The whole way of embeddings, over sockets, to Qwen as `@understudy/mocks` plays it. */
import { MockServer, Vendors } from "@understudy/mocks"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import * as EmbeddingModel from "../src/EmbeddingModel.ts"

it("Qwen embeds more texts than it takes at a time, with the key that works", async () => {
  const vendors = Vendors.make({
    keys: { "sk-demo-good": { vendor: "qwen" }, "sk-demo-bad": { vendor: "qwen", state: "auth.invalid" } }
  })
  const server = await MockServer.listen(vendors)
  const layer = EmbeddingModel.layerUnderstudy(
    {
      version: 1,
      providers: { qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-bad", "sk-demo-good"] } },
      routes: [{ name: "vectors", match: { model: { prefix: "text-" } }, targets: [{ provider: "qwen" }] }]
    },
    { model: "text-embedding-v4", dimensions: 64 }
  )
  const texts = Array.from({ length: 23 }, (_, index) => `text ${index}`)
  const program = Effect.gen(function* () {
    const all = yield* EmbeddingModel.embedAll(texts)
    const one = yield* EmbeddingModel.embed(texts[17] ?? "")
    const refused = yield* Effect.flip(EmbeddingModel.embedAll(texts, { batchSize: 23 }))
    return { all, one, refused }
  })
  const { all, one, refused } = await Effect.runPromise(Effect.provide(program, layer))
  await server.close()
  expect(all.vectors.map((vector) => vector.length)).toEqual(texts.map(() => 64))
  expect(all.vectors[17]).toEqual(one.vector)
  expect(all.metadata.usage?.totalTokens).toBeGreaterThan(0)
  expect(refused.reason).toMatchObject({ _tag: "Rejected", kind: "InvalidRequest", status: 400 })
})
