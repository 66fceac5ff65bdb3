/**
 * Understudy as a provider of the AI SDK: `generateText`, `streamText` and their like stay answered when a key, a model or a
 * vendor fails.
 *
 * ```
 * generateText / streamText / embed ─▶ understudy("qwen-plus") ─▶ ChatModel ─▶ failover over keys, targets and vendors
 * ```
 *
 * **Details**
 *
 * An engine is started with the first call and shared by all models of the provider; `close` ends it. One that is given as
 * `chatModel` and `embeddingModel` (a `PromiseUnderstudy` is both) stays its owner's to close.
 *
 * **Gotchas**
 *
 * Leave the SDK's retries alone: they never happen here, for failover has repeated already what is worth repeating.
 *
 * **Example** (Qwen, and DeepSeek when Qwen cannot answer)
 *
 * ```ts
 * import { createUnderstudy } from "@understudy/ai-sdk"
 * import { streamText } from "ai"
 *
 * const understudy = createUnderstudy({
 *   config: {
 *     version: 1,
 *     providers: { qwen: { type: "qwen", keys: ["sk-demo-1"] }, deepseek: { type: "deepseek", keys: ["sk-demo-2"] } },
 *     routes: [{
 *       name: "aliyun",
 *       match: { model: { prefix: "qwen" } },
 *       targets: [{ provider: "qwen" }],
 *       fallback: [{ provider: "deepseek", model: "deepseek-flash" }]
 *     }]
 *   }
 * })
 * const { textStream } = streamText({ model: understudy("qwen-plus"), prompt: "Tell me a joke" })
 * for await (const delta of textStream) process.stdout.write(delta)
 * await understudy.close()
 * ```
 */
import { type EmbeddingModelV4, type LanguageModelV4, NoSuchModelError, type ProviderV4 } from "@ai-sdk/provider"
import type { ChatOptions } from "@understudy/chat-model/ChatOptions"
import type { PromiseChatModel } from "@understudy/chat-model/PromiseChatModel"
import type { PromiseEmbeddingModel } from "@understudy/chat-model/PromiseEmbeddingModel"
import { PromiseUnderstudy } from "@understudy/chat-model/promise"
import type { Remote } from "@understudy/chat-model/Remote"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { UnderstudyEmbeddingModel } from "./UnderstudyEmbeddingModel.ts"
import { UnderstudyLanguageModel } from "./UnderstudyLanguageModel.ts"

/** Models that are open already. */
interface Models {
  readonly chatModel: PromiseChatModel
  readonly embeddingModel?: PromiseEmbeddingModel | undefined
}

/** Where the engine comes from, one of these; without any, `UNDERSTUDY_CONFIG`, else `./understudy.yaml`. */
export type UnderstudySettings =
  | Models
  | {
      /** Where `understudy.yaml` is. */
      readonly path?: string | undefined
      /** What every call's options are merged over. */
      readonly options?: ChatOptions | undefined
    }
  | {
      /** An object of the shape of `understudy.yaml`. */
      readonly config: UnderstudyOptions
      readonly options?: ChatOptions | undefined
    }
  | {
      /** A gateway. */
      readonly remote: Remote
    }

/** The provider: call it with a model's name. */
export interface UnderstudyProvider extends ProviderV4, AsyncDisposable {
  (modelId: string): LanguageModelV4
  /** The older name of `embeddingModel`. */
  readonly textEmbeddingModel: (modelId: string) => EmbeddingModelV4
  /** Ends the engine, and what is under way. */
  readonly close: () => Promise<void>
}

const start = (settings: UnderstudySettings): Promise<PromiseUnderstudy.PromiseUnderstudy> => {
  if ("remote" in settings) return PromiseUnderstudy.remote(settings.remote)
  if ("config" in settings) return PromiseUnderstudy.fromOptions(settings.config, settings.options)
  return "chatModel" in settings
    ? Promise.reject(new Error("embeddingModel is not given: pass one beside chatModel, or a PromiseUnderstudy"))
    : PromiseUnderstudy.fromYaml(settings.path, settings.options)
}

/** Makes a provider. Nothing is read or sent before the first call, which rejects with a `ConfigError` for a bad configuration. */
export const createUnderstudy = (settings: UnderstudySettings = {}): UnderstudyProvider => {
  const given: Partial<Models> = "chatModel" in settings ? settings : {}
  let engine: Promise<PromiseUnderstudy.PromiseUnderstudy> | undefined
  const open = (): Promise<PromiseUnderstudy.PromiseUnderstudy> => {
    engine ??= start(settings)
    return engine
  }
  const languageModel = (modelId: string): LanguageModelV4 =>
    new UnderstudyLanguageModel(modelId, async () => given.chatModel ?? (await open()).chatModel)
  const embeddingModel = (modelId: string): EmbeddingModelV4 =>
    new UnderstudyEmbeddingModel(modelId, async () => given.embeddingModel ?? (await open()).embeddingModel)
  const close = async (): Promise<void> => {
    await engine?.then(
      (opened) => opened.close(),
      // What did not start need not end.
      () => undefined
    )
  }
  return Object.assign((modelId: string) => languageModel(modelId), {
    specificationVersion: "v4" as const,
    languageModel,
    embeddingModel,
    textEmbeddingModel: embeddingModel,
    imageModel: (modelId: string): never => {
      throw new NoSuchModelError({ modelId, modelType: "imageModel" })
    },
    close,
    [Symbol.asyncDispose]: close
  })
}

/** The provider of `understudy.yaml`. */
export const understudy: UnderstudyProvider = createUnderstudy()
