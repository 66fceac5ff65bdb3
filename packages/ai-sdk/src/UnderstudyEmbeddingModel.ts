/**
 * An embedding model of the AI SDK over Understudy's: the same keys and failover as the language model's, but never from one
 * model to another, for their vectors do not compare.
 *
 * Texts go out in batches of the size that the vendor takes; what fails is the same `APICallError`.
 */
import type { EmbeddingModelV4, EmbeddingModelV4CallOptions, EmbeddingModelV4Result } from "@ai-sdk/provider"
import type { PromiseEmbeddingModel } from "@understudy/chat-model/PromiseEmbeddingModel"
import * as ApiError from "./internal/ApiError.ts"
import { toProviderMetadata } from "./UnderstudyMetadata.ts"

/** An embedding model over one that may still have to be opened. */
export class UnderstudyEmbeddingModel implements EmbeddingModelV4 {
  readonly specificationVersion = "v4"
  readonly provider = "understudy"
  readonly modelId: string
  readonly maxEmbeddingsPerCall = Number.POSITIVE_INFINITY
  readonly supportsParallelCalls = true
  readonly #open: () => Promise<PromiseEmbeddingModel>

  constructor(modelId: string, open: () => Promise<PromiseEmbeddingModel>) {
    this.modelId = modelId
    this.#open = open
  }

  async doEmbed({ abortSignal, dimensions, values }: EmbeddingModelV4CallOptions): Promise<EmbeddingModelV4Result> {
    const model = await this.#open()
    const options = { model: this.modelId, dimensions, signal: abortSignal }
    const { metadata, vectors } = await model.embedAll(values, options).catch((error: unknown) => {
      throw ApiError.from(error, this.modelId)
    })
    const tokens = metadata.usage?.promptTokens ?? metadata.usage?.totalTokens
    const { provider, route, trail } = metadata
    return {
      embeddings: vectors.map((vector) => [...vector]),
      ...(tokens === undefined ? {} : { usage: { tokens } }),
      providerMetadata: toProviderMetadata({ provider, route, trail }),
      warnings: []
    }
  }
}
