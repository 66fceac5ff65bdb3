/**
 * The EmbeddingModel for those who do not use Effect.
 *
 * Whatever fails rejects with the same `ChatModelError`, or, when a model is made, with the core's `ConfigError`. A model holds
 * connections and the state of its keys: make one for the application and `close` it at the end.
 *
 * **Example** (Two texts)
 *
 * ```ts
 * import { PromiseEmbeddingModel } from "@understudy/chat-model/promise"
 *
 * const model = await PromiseEmbeddingModel.fromYaml(undefined, { model: "text-embedding-v4", dimensions: 256 })
 * const { vectors } = await model.embedAll(["a cat", "a kitten"])
 * const { vector } = await model.embed("a dog")
 * vectors.length // => 2
 * vector.length // => 256
 * await model.close()
 * ```
 *
 * @see EmbeddingModel for batches, and which targets may answer
 */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as Context from "effect/Context"
import type * as Layer from "effect/Layer"
import * as EmbeddingModel from "./EmbeddingModel.ts"
import { Host } from "./internal/runtime/Host.ts"
import type { RunOptions } from "./PromiseChatModel.ts"
import type { Remote } from "./Remote.ts"

/** How one call is made and run. */
export interface CallOptions extends EmbeddingModel.EmbeddingOptions, RunOptions {}

/** Turns texts into vectors. */
export interface PromiseEmbeddingModel extends AsyncDisposable {
  /** What a call's options are put over. */
  readonly options: EmbeddingModel.EmbeddingOptions
  /** The vector of one text. */
  readonly embed: (text: string, options?: CallOptions) => Promise<EmbeddingModel.Embedding>
  /** The vectors of some texts, in their order. */
  readonly embedAll: (texts: ReadonlyArray<string>, options?: CallOptions) => Promise<EmbeddingModel.Embeddings>
  /** Ends what is under way and closes the connections. */
  readonly close: () => Promise<void>
}

/**
 * Runs any layer of an EmbeddingModel. Rejects with the layer's own error.
 *
 * **Example** (From Effect's world)
 *
 * ```ts
 * import { EmbeddingModel, PromiseEmbeddingModel } from "@understudy/chat-model"
 *
 * const layer = EmbeddingModel.layerYaml("understudy.yaml", { model: "text-embedding-v4" })
 * await using model = await PromiseEmbeddingModel.fromLayer(layer)
 * const { vector } = await model.embed("a cat")
 * ```
 */
export const fromLayer = <E>(layer: Layer.Layer<EmbeddingModel.EmbeddingModel, E>): Promise<PromiseEmbeddingModel> =>
  Host.open(layer, "embedding model", (host) => {
    const model = Context.get(host.services, EmbeddingModel.EmbeddingModel)
    return {
      options: model.options,
      embed: (text, { signal, ...options } = {}) => host.run(model.embed(text, options), signal),
      embedAll: (texts, { signal, ...options } = {}) => host.run(model.embedAll(texts, options), signal),
      close: host.close,
      [Symbol.asyncDispose]: host.close
    }
  })

/** From `path`, else the file that `UNDERSTUDY_CONFIG` names, else `./understudy.yaml`. */
export const fromYaml = (path?: string, options?: EmbeddingModel.EmbeddingOptions): Promise<PromiseEmbeddingModel> =>
  fromLayer(EmbeddingModel.layerYaml(path, options))

/**
 * From an object of the shape of `understudy.yaml`.
 *
 * **Example** (Without a file)
 *
 * ```ts
 * import { PromiseEmbeddingModel } from "@understudy/chat-model/promise"
 *
 * await using model = await PromiseEmbeddingModel.fromOptions({
 *   version: 1,
 *   providers: { qwen: { type: "qwen", keys: ["sk-demo-1", "sk-demo-2"] } },
 *   routes: [{ name: "aliyun", match: { model: { prefix: "text-embedding-" } }, targets: [{ provider: "qwen" }] }]
 * }, { model: "text-embedding-v4" })
 * const { vector } = await model.embed("a cat")
 * ```
 */
export const fromOptions = (
  config: UnderstudyOptions,
  options?: EmbeddingModel.EmbeddingOptions
): Promise<PromiseEmbeddingModel> => fromLayer(EmbeddingModel.layerUnderstudy(config, options))

/**
 * In front of a gateway, or of any other OpenAI-compatible server.
 *
 * **Example** (A gateway)
 *
 * ```ts
 * import { PromiseEmbeddingModel } from "@understudy/chat-model/promise"
 *
 * const gateway = { baseUrl: "http://127.0.0.1:8080/v1", model: "text-embedding-v4" }
 * await using model = await PromiseEmbeddingModel.remote(gateway, { dimensions: 256 })
 * ```
 */
export const remote = (
  options: Omit<Remote, "options">,
  defaults?: EmbeddingModel.EmbeddingOptions
): Promise<PromiseEmbeddingModel> => fromLayer(EmbeddingModel.layerRemote(options, defaults))
