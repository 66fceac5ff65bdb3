/**
 * Texts as vectors, over the same engine as a ChatModel: the same routes, keys and failover, but never from one model to
 * another, for their vectors do not compare.
 *
 * **Details**
 *
 * - `embedAll` sends `batchSize` texts a request (default 10, the most that Qwen takes; OpenAI takes 2,048), `concurrency`
 *   requests at a time (default 4), and gives the vectors in the order of the texts. The first batch that fails ends it.
 * - Which targets may answer is the route's `embeddings`: by default those with the model of its first target. Where a route
 *   says `any-model`, texts that two models answered are refused.
 * - What fails, fails with a `ChatModelError`, as a chat would.
 *
 * **Example** (How near two texts are)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { EmbeddingModel } from "@understudy/chat-model"
 *
 * const program = Effect.gen(function* () {
 *   const { metadata, vectors } = yield* EmbeddingModel.embedAll(["a cat", "a kitten"])
 *   const [cat = [], kitten = []] = vectors
 *   console.log(cat.reduce((sum, x, i) => sum + x * (kitten[i] ?? 0), 0), metadata.model)
 * })
 *
 * Effect.runPromise(program.pipe(Effect.provide(EmbeddingModel.layerYaml(undefined, { model: "text-embedding-v4" }))))
 * ```
 *
 * **Example** (Beside a ChatModel, over one engine)
 *
 * ```ts
 * import * as Understudy from "@understudy/core/Understudy"
 * import * as Layer from "effect/Layer"
 * import { ChatModel, EmbeddingModel } from "@understudy/chat-model"
 *
 * const models = Layer.merge(
 *   ChatModel.layer({ model: "qwen-plus" }),
 *   EmbeddingModel.layer({ model: "text-embedding-v4" })
 * ).pipe(Layer.provide(Understudy.layerYaml()))
 * ```
 *
 * @see PromiseEmbeddingModel for the same without Effect
 */
import type { ConfigError } from "@understudy/core/config/ConfigError"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { type Embeddings as Answer, Failover } from "@understudy/core/failover/Failover"
import * as Trail from "@understudy/core/failure/Trail"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ChatModelError, fromFailover } from "./ChatModelError.ts"
import * as Engine from "./internal/runtime/Engine.ts"
import { type EmbeddingOptions, flawOf, withDefaults } from "./internal/wire/EmbeddingOptions.ts"
import * as WireRequest from "./internal/wire/WireRequest.ts"
import * as Remote from "./Remote.ts"
import * as Usage from "./Usage.ts"

export type { EmbeddingOptions }

/** The meaning of a text, as numbers. */
export type Vector = ReadonlyArray<number>

/** What is known about vectors beside themselves. What no vendor told, or no text asked, is absent. */
export interface Metadata {
  /** The model that was really asked. */
  readonly model?: string
  readonly route?: string
  /** Who answered; of several batches, the last one's. */
  readonly provider?: string
  /** Of all batches. */
  readonly usage?: Usage.Usage
  /** The attempts of all batches, in the order of the texts. */
  readonly trail: Trail.Trail
  /** How many requests it took. */
  readonly attempts: number
}

/** The vector of one text. */
export interface Embedding {
  readonly vector: Vector
  readonly metadata: Metadata
}

/** The vectors of some texts, in their order. */
export interface Embeddings {
  readonly vectors: ReadonlyArray<Vector>
  readonly metadata: Metadata
}

/** Turns texts into vectors. */
export class EmbeddingModel extends Context.Service<
  EmbeddingModel,
  {
    /** What a call's options are put over. */
    readonly options: EmbeddingOptions
    /** The vector of one text. */
    readonly embed: (text: string, options?: EmbeddingOptions) => Effect.Effect<Embedding, ChatModelError>
    /** The vectors of some texts, in their order. */
    readonly embedAll: (
      texts: ReadonlyArray<string>,
      options?: EmbeddingOptions
    ) => Effect.Effect<Embeddings, ChatModelError>
  }
>()("understudy/chat-model/EmbeddingModel") {}

/**
 * The vector of one text.
 *
 * **Example** (One text, with options of its own)
 *
 * ```ts
 * import { EmbeddingModel } from "@understudy/chat-model"
 * import * as Effect from "effect/Effect"
 *
 * const length = EmbeddingModel.embed("a cat", { dimensions: 256 }).pipe(Effect.map(({ vector }) => vector.length))
 * ```
 */
export const embed = (
  text: string,
  options?: EmbeddingOptions
): Effect.Effect<Embedding, ChatModelError, EmbeddingModel> => EmbeddingModel.use((model) => model.embed(text, options))

/** The vectors of some texts, in their order. */
export const embedAll = (
  texts: ReadonlyArray<string>,
  options?: EmbeddingOptions
): Effect.Effect<Embeddings, ChatModelError, EmbeddingModel> =>
  EmbeddingModel.use((model) => model.embedAll(texts, options))

const unusable = (detail: string, trail: Trail.Trail): ChatModelError => {
  const unknown = { status: undefined, type: undefined, code: undefined, param: undefined }
  const reason = { _tag: "UpstreamFailed", kind: "MalformedResponse", detail, ...unknown } as const
  return new ChatModelError({ message: detail, reason, trail })
}

const isVector = (embedding: unknown): embedding is Vector =>
  Array.isArray(embedding) && embedding.length > 0 && embedding.every(Number.isFinite)

/** The vectors of a batch of so many texts, in their order. */
const vectorsOf = (
  { provider, response, trail }: Answer,
  count: number
): Effect.Effect<ReadonlyArray<Vector>, ChatModelError> => {
  const vectors: Array<Vector> = []
  for (const [position, { embedding, index }] of response.data.entries()) {
    if (isVector(embedding)) vectors[index ?? position] = embedding
  }
  const whole = vectors.length === count && !vectors.includes(undefined as never)
  return whole
    ? Effect.succeed(vectors)
    : Effect.fail(unusable(`${provider} gave no vector to each of ${count} texts`, trail))
}

const metadataOf = (answers: ReadonlyArray<Answer>): Metadata => {
  const last = answers.at(-1)
  const trail = answers.flatMap((answer) => answer.trail)
  const usage = Usage.sum(...answers.map(({ response }) => Usage.fromWire(response.usage)))
  return {
    ...(last === undefined ? {} : { model: last.model, route: last.route, provider: last.provider }),
    ...(usage === undefined ? {} : { usage }),
    trail,
    attempts: Trail.attempts(trail)
  }
}

const batches = (texts: ReadonlyArray<string>, size: number): ReadonlyArray<ReadonlyArray<string>> =>
  Array.from({ length: Math.ceil(texts.length / size) }, (_, index) => texts.slice(index * size, (index + 1) * size))

/**
 * Makes an EmbeddingModel over a failover engine.
 *
 * **Example** (Over the engine of an application)
 *
 * ```ts
 * import { Understudy } from "@understudy/core"
 * import * as Effect from "effect/Effect"
 * import { EmbeddingModel } from "@understudy/chat-model"
 *
 * const program = Effect.gen(function* () {
 *   const { failover } = yield* Understudy.Understudy
 *   return yield* EmbeddingModel.make(failover, { model: "text-embedding-v4" }).embed("a cat")
 * }).pipe(Effect.provide(Understudy.layerYaml("understudy.yaml")))
 * ```
 */
export const make = (failover: Failover["Service"], defaults: EmbeddingOptions = {}): EmbeddingModel["Service"] => {
  const embedAll = Effect.fnUntraced(function* (texts: ReadonlyArray<string>, given?: EmbeddingOptions) {
    const options = withDefaults(defaults, given)
    const flaw = flawOf(texts, options)
    if (flaw !== undefined) return yield* flaw
    const { batchSize = 10, concurrency = 4, dimensions, model = "" } = options
    const shape = dimensions === undefined ? { model } : { model, dimensions }
    const ask = Effect.fnUntraced(function* (input: ReadonlyArray<string>) {
      const answer = yield* Effect.mapError(
        failover.embed({ request: { ...shape, input: WireRequest.whole(input) } }),
        fromFailover
      )
      return { answer, vectors: yield* vectorsOf(answer, input.length) }
    })
    const answered = yield* Effect.forEach(batches(texts, batchSize), ask, { concurrency })
    const metadata = metadataOf(answered.map(({ answer }) => answer))
    const models = new Set(answered.map(({ answer }) => answer.model))
    if (models.size > 1) {
      const detail = `The texts were embedded by different models (${[...models].join(", ")}), whose vectors do not compare`
      return yield* unusable(detail, metadata.trail)
    }
    return { vectors: answered.flatMap(({ vectors }) => vectors), metadata }
  })
  return EmbeddingModel.of({
    options: defaults,
    embed: (text, options) =>
      Effect.map(embedAll([text], options), ({ metadata, vectors: [vector = []] }) => ({ vector, metadata })),
    embedAll
  })
}

/** An EmbeddingModel with these defaults over the `Failover` that is provided. */
export const layer = (options?: EmbeddingOptions): Layer.Layer<EmbeddingModel, never, Failover> =>
  Layer.effect(
    EmbeddingModel,
    Failover.useSync((failover) => make(failover, options))
  )

/**
 * An EmbeddingModel over an engine of its own, from an object of the shape of `understudy.yaml`.
 *
 * **Example** (Qwen's)
 *
 * ```ts
 * import { EmbeddingModel } from "@understudy/chat-model"
 *
 * const layer = EmbeddingModel.layerUnderstudy({
 *   version: 1,
 *   providers: { qwen: { type: "qwen", keys: ["sk-demo-1", "sk-demo-2"] } },
 *   routes: [{ name: "aliyun", match: { model: { prefix: "text-embedding-" } }, targets: [{ provider: "qwen" }] }]
 * }, { model: "text-embedding-v4" })
 * ```
 */
export const layerUnderstudy = (
  config: UnderstudyOptions,
  options?: EmbeddingOptions
): Layer.Layer<EmbeddingModel, ConfigError> => Layer.provide(layer(options), Engine.layerOptions(config))

/** The same from `path`, else the file that `UNDERSTUDY_CONFIG` names, else `./understudy.yaml`. */
export const layerYaml = (path?: string, options?: EmbeddingOptions): Layer.Layer<EmbeddingModel, ConfigError> =>
  Layer.provide(layer(options), Engine.layerYaml(path))

/**
 * An EmbeddingModel in front of a gateway, or of any other OpenAI-compatible server.
 *
 * **Example** (A gateway)
 *
 * ```ts
 * import { EmbeddingModel } from "@understudy/chat-model"
 *
 * const layer = EmbeddingModel.layerRemote({ baseUrl: "http://127.0.0.1:8080/v1", model: "text-embedding-v4" })
 * ```
 */
export const layerRemote = (
  remote: Omit<Remote.Remote, "options">,
  options?: EmbeddingOptions
): Layer.Layer<EmbeddingModel, ConfigError> =>
  layerUnderstudy(Remote.toConfig(remote), { ...options, model: options?.model ?? remote.model })
