/**
 * Effect's `EmbeddingModel` over Understudy's: the same keys and failover as the language model's, but never from one model
 * to another, for their vectors do not compare.
 *
 * **Details**
 *
 * Texts that `EmbeddingModel.embed` is asked for at the same time go out together, in requests of `batchSize`.
 *
 * **Example** (How long a vector is)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as EmbeddingModel from "effect/ai/EmbeddingModel"
 * import { UnderstudyEmbeddingModel } from "@understudy/effect-ai"
 *
 * const program = EmbeddingModel.EmbeddingModel.use((model) => model.embed("a cat")).pipe(
 *   Effect.map(({ vector }) => vector.length),
 *   Effect.provide(UnderstudyEmbeddingModel.layerYaml("understudy.yaml", { model: "text-embedding-v4" }))
 * )
 * ```
 */
import * as Embeddings from "@understudy/chat-model/EmbeddingModel"
import type { ConfigError } from "@understudy/core/config/ConfigError"
import * as AiError from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as AiReason from "./internal/AiReason.ts"

/**
 * Makes an embedding model over Understudy's that is provided.
 *
 * **Example** (As a value)
 *
 * ```ts
 * import { UnderstudyEmbeddingModel } from "@understudy/effect-ai"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function* () {
 *   const model = yield* UnderstudyEmbeddingModel.make({ model: "text-embedding-v4" })
 *   return yield* model.embedMany(["a cat", "a kitten"])
 * })
 * ```
 */
export const make: (
  options?: Embeddings.EmbeddingOptions
) => Effect.Effect<EmbeddingModel.EmbeddingModel, never, Embeddings.EmbeddingModel> = Effect.fnUntraced(
  function* (options) {
    const model = yield* Embeddings.EmbeddingModel
    return yield* EmbeddingModel.make({
      embedMany: ({ inputs }) =>
        Effect.mapBoth(model.embedAll(inputs, options), {
          onSuccess: ({ metadata, vectors }) => ({
            results: vectors.map((vector) => [...vector]),
            usage: { inputTokens: metadata.usage?.promptTokens }
          }),
          onFailure: (error) =>
            AiError.make({
              module: "UnderstudyEmbeddingModel",
              method: "embedMany",
              reason: AiReason.fromChatModel(error)
            })
        })
    })
  }
)

/**
 * The embedding model over Understudy's that is provided, with these options over its own.
 *
 * **Example** (Behind a gateway)
 *
 * ```ts
 * import { EmbeddingModel } from "@understudy/chat-model"
 * import { UnderstudyEmbeddingModel } from "@understudy/effect-ai"
 * import * as Layer from "effect/Layer"
 *
 * const gateway = EmbeddingModel.layerRemote({ baseUrl: "http://127.0.0.1:8080/v1", model: "text-embedding-v4" })
 * const layer = UnderstudyEmbeddingModel.layer({ dimensions: 256 }).pipe(Layer.provide(gateway))
 * ```
 */
export const layer = (
  options?: Embeddings.EmbeddingOptions
): Layer.Layer<EmbeddingModel.EmbeddingModel, never, Embeddings.EmbeddingModel> =>
  Layer.effect(EmbeddingModel.EmbeddingModel, make(options))

/** The same over an engine of its own, from `path`, else the file that `UNDERSTUDY_CONFIG` names, else `./understudy.yaml`. */
export const layerYaml = (
  path?: string,
  options?: Embeddings.EmbeddingOptions
): Layer.Layer<EmbeddingModel.EmbeddingModel, ConfigError> => Layer.provide(layer(options), Embeddings.layerYaml(path))
