/**
 * An EmbeddingModel that makes its vectors up and records what it was asked: for tests of applications, without a network.
 *
 * **Details**
 *
 * - By default a vector is made of a text's words (of Chinese, its characters): the same text has the same vector on every
 *   machine, texts that share words are near one another, all vectors have length 1. `dimensions` are 64 unless told otherwise.
 * - A function of one's own gives a text the vector, or the failure, that a test needs.
 * - Texts and options are checked as the real model checks them: what makes no sense fails and is not recorded.
 *
 * **Example** (Testing a search)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { EmbeddingModel, TestEmbeddingModel } from "@understudy/chat-model"
 *
 * const test = Effect.gen(function* () {
 *   const { vectors } = yield* EmbeddingModel.embedAll(["a cat sleeps", "a cat sits", "the stock market"])
 *   const near = (one: number, other: number) =>
 *     (vectors[one] ?? []).reduce((sum, x, i) => sum + x * (vectors[other]?.[i] ?? 0), 0)
 *   const asked = yield* TestEmbeddingModel.texts
 *   return [near(0, 1) > near(0, 2), asked.length] // => [true, 3]
 * }).pipe(Effect.provide(TestEmbeddingModel.layer()))
 * ```
 *
 * @see TestChatModel for a model that answers
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ChatModelError } from "./ChatModelError.ts"
import * as EmbeddingModel from "./EmbeddingModel.ts"
import { flawOf, withDefaults } from "./internal/wire/EmbeddingOptions.ts"
import * as PromiseEmbeddingModel from "./PromiseEmbeddingModel.ts"

/** How vectors are made. */
export interface Options {
  /** The vector of a text, or the failure of the call that asks for it. */
  readonly vectorOf?: ((text: string, dimensions: number) => EmbeddingModel.Vector | ChatModelError) | undefined
  /** What a call's options are put over. Default: `{ model: "test", dimensions: 64 }`. */
  readonly options?: EmbeddingModel.EmbeddingOptions | undefined
}

/** What a made-up model was asked. */
export class TestEmbeddingModel extends Context.Service<
  TestEmbeddingModel,
  {
    /** The texts so far, in order. Grows as calls come in. */
    readonly texts: ReadonlyArray<string>
  }
>()("understudy/chat-model/TestEmbeddingModel") {}

/** The texts so far. */
export const texts: Effect.Effect<ReadonlyArray<string>, never, TestEmbeddingModel> = TestEmbeddingModel.useSync(
  (test) => [...test.texts]
)

const length = 64

const words = /\p{Script=Han}|[\p{L}\p{N}]+/gu

/** FNV-1a, in 32 bits. */
const hash = (word: string): number => {
  let value = 0x811c9dc5
  for (let i = 0; i < word.length; i++) value = Math.imul(value ^ word.charCodeAt(i), 0x01000193)
  return value >>> 0
}

/** Each word points into a direction of its own. */
const ofWords = (text: string, dimensions: number): EmbeddingModel.Vector => {
  const vector = new Array<number>(dimensions).fill(0)
  for (const word of text.toLowerCase().match(words) ?? [text]) {
    const direction = hash(word)
    vector[direction % dimensions]! += direction & 0x10000 ? 1 : -1
  }
  const norm = Math.hypot(...vector)
  return norm === 0 ? vector.fill(1 / Math.sqrt(dimensions)) : vector.map((value) => value / norm)
}

/**
 * A made-up model and what it was asked, as plain values.
 *
 * **Example** (Vectors of a test's own)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { TestEmbeddingModel } from "@understudy/chat-model"
 *
 * const { model, texts } = TestEmbeddingModel.make({ vectorOf: (text) => [text.length, 0] })
 * Effect.runSync(model.embed("cat")).vector // => [3, 0]
 * texts // => ["cat"]
 * ```
 */
export const make = ({
  options,
  vectorOf = ofWords
}: Options = {}): {
  readonly model: EmbeddingModel.EmbeddingModel["Service"]
  readonly texts: ReadonlyArray<string>
} => {
  const defaults = withDefaults({ model: "test", dimensions: length }, options)
  const asked: Array<string> = []
  const embedAll = (given: ReadonlyArray<string>, overrides?: EmbeddingModel.EmbeddingOptions) =>
    Effect.suspend((): Effect.Effect<EmbeddingModel.Embeddings, ChatModelError> => {
      const resolved = withDefaults(defaults, overrides)
      const flaw = flawOf(given, resolved)
      if (flaw !== undefined) return Effect.fail(flaw)
      asked.push(...given)
      const vectors: Array<EmbeddingModel.Vector> = []
      for (const text of given) {
        const vector = vectorOf(text, resolved.dimensions ?? length)
        if (vector instanceof ChatModelError) return Effect.fail(vector)
        vectors.push(vector)
      }
      const named = resolved.model === undefined ? {} : { model: resolved.model }
      return Effect.succeed({
        vectors,
        metadata: { ...named, route: "test", provider: "test", trail: [], attempts: 1 }
      })
    })
  const model = EmbeddingModel.EmbeddingModel.of({
    options: defaults,
    embed: (text, overrides) =>
      Effect.map(embedAll([text], overrides), ({ metadata, vectors: [vector = []] }) => ({ vector, metadata })),
    embedAll
  })
  return { model, texts: asked }
}

/** A made-up EmbeddingModel, and the `TestEmbeddingModel` that knows what it was asked. */
export const layer = (options?: Options): Layer.Layer<EmbeddingModel.EmbeddingModel | TestEmbeddingModel> =>
  Layer.effectContext(
    Effect.sync(() => {
      const { model, texts: asked } = make(options)
      return Context.make(EmbeddingModel.EmbeddingModel, model).pipe(Context.add(TestEmbeddingModel, { texts: asked }))
    })
  )

/** A made-up `PromiseEmbeddingModel`. */
export interface TestPromiseEmbeddingModel extends PromiseEmbeddingModel.PromiseEmbeddingModel {
  /** The texts so far, in order. Grows as calls come in. */
  readonly texts: ReadonlyArray<string>
}

/**
 * A made-up model for those who do not use Effect.
 *
 * **Example** (The same text, the same vector)
 *
 * ```ts
 * import { TestEmbeddingModel } from "@understudy/chat-model/promise"
 *
 * await using model = await TestEmbeddingModel.promise({ options: { dimensions: 8 } })
 * const { vectors } = await model.embedAll(["a cat", "A cat!"])
 * vectors[0]?.length // => 8
 * vectors[1] // => vectors[0]
 * ```
 */
export const promise = async (options?: Options): Promise<TestPromiseEmbeddingModel> => {
  const { model, texts: asked } = make(options)
  const embedding = await PromiseEmbeddingModel.fromLayer(Layer.succeed(EmbeddingModel.EmbeddingModel, model))
  return { ...embedding, texts: asked }
}
