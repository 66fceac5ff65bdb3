import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as EmbeddingModel from "../src/EmbeddingModel.ts"
import * as TestChatModel from "../src/TestChatModel.ts"
import * as TestEmbeddingModel from "../src/TestEmbeddingModel.ts"

const run = <A, E>(
  effect: Effect.Effect<A, E, EmbeddingModel.EmbeddingModel | TestEmbeddingModel.TestEmbeddingModel>,
  options?: TestEmbeddingModel.Options
) => Effect.runPromise(Effect.provide(effect, TestEmbeddingModel.layer(options)))

const near = (one: EmbeddingModel.Vector = [], other: EmbeddingModel.Vector = []): number =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)

describe("TestEmbeddingModel", () => {
  it.each([
    ["a cat sleeps", "A cat sits!", "the stock market"],
    ["西湖在杭州", "杭州有西湖", "股市下跌"]
  ])("puts texts that share words near one another (%s)", async (text, like, unlike) => {
    const { metadata, vectors } = await run(EmbeddingModel.embedAll([text, like, unlike]))
    expect(near(vectors[0], vectors[1])).toBeGreaterThan(near(vectors[0], vectors[2]) + 0.2)
    for (const vector of vectors) expect(near(vector, vector)).toBeCloseTo(1)
    expect(metadata).toMatchObject({ model: "test", attempts: 1 })
  })

  it("gives the same text the same vector, of the length that is asked for", async () => {
    const embed = EmbeddingModel.embed("a cat", { dimensions: 8 })
    const [{ vector: one }, { vector: other }] = [await run(embed), await run(embed)]
    expect(one).toEqual(other)
    expect(one).toHaveLength(8)
    expect((await run(EmbeddingModel.embed("a cat"))).vector).toHaveLength(64)
    expect(near((await run(EmbeddingModel.embed("?!"))).vector)).toBe(0)
  })

  it("gives the vectors and failures of a test, and tells what it was asked", async () => {
    const failure = TestChatModel.failure({ _tag: "Limited", retryAfter: 10 })
    const vectorOf = (text: string) => (text === "bad" ? failure : [text.length])
    const program = Effect.gen(function* () {
      const { vector } = yield* EmbeddingModel.embed("cat")
      const error = yield* Effect.flip(EmbeddingModel.embedAll(["good", "bad"]))
      const flaw = yield* Effect.flip(EmbeddingModel.embed(""))
      return [vector, error, flaw.message, yield* TestEmbeddingModel.texts]
    })
    const flaw = "texts[0] must be a text that is not empty, got an empty text"
    expect(await run(program, { vectorOf })).toEqual([[3], failure, flaw, ["cat", "good", "bad"]])
  })

  it("embeds for those who do not use Effect", async () => {
    await using model = await TestEmbeddingModel.promise({ options: { dimensions: 4, model: "mine" } })
    const { metadata, vector } = await model.embed("a cat")
    expect([vector.length, metadata.model, model.texts]).toEqual([4, "mine", ["a cat"]])
  })
})
