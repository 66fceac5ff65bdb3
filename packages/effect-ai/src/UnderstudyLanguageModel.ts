/**
 * Effect's `LanguageModel` over a ChatModel: programs written against `effect/ai` stay answered when a key, a model or a
 * vendor fails, and need not know.
 *
 * ```
 * LanguageModel.generateText / generateObject / streamText, Chat, Toolkit
 *        └─▶ this layer ─▶ ChatModel ─▶ failover over keys, targets and vendors
 * ```
 *
 * **Details**
 *
 * - Options of one call come from `CallOptions`; they are merged over those of the layer by the law of `ChatOptions`.
 * - The `response-metadata` part names the model that really answered; under `metadata.understudy` it holds route, provider
 *   and trail. The `finish` part's holds the trail as it ended, and the vendor's own finish reason.
 * - `generateObject` asks for the schema; a target that takes none is told it in words (the trail's `structured`).
 * - A refusal arrives as text whose `metadata.understudy.refusal` is true.
 *
 * **Gotchas**
 *
 * - Files of a user's message have to be images; anything else fails with `InvalidRequestError` before anything is sent.
 * - What another provider executed by itself (its web search, ...) is left out of a history: no vendor takes it from another.
 * - Do not wrap it in `ExecutionPlan` or `Stream.retry`: failover has repeated already what is worth repeating.
 *
 * **Example** (An answer, and who gave it)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as LanguageModel from "effect/ai/LanguageModel"
 * import { UnderstudyLanguageModel } from "@understudy/effect-ai"
 *
 * const program = LanguageModel.generateText({ prompt: "Tell me a joke" }).pipe(
 *   Effect.flatMap((response) => Effect.log(response.text, response.content[0])),
 *   Effect.provideService(UnderstudyLanguageModel.CallOptions, { temperature: 1 }),
 *   Effect.provide(UnderstudyLanguageModel.layerYaml("understudy.yaml", { model: "qwen3.8-flash" }))
 * )
 * ```
 */
import * as ChatModel from "@understudy/chat-model/ChatModel"
import * as ChatOptions from "@understudy/chat-model/ChatOptions"
import type { Prompt } from "@understudy/chat-model/Prompt"
import type { ConfigError } from "@understudy/core/config/ConfigError"
import * as AiError from "effect/ai/AiError"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import { toCodecOpenAI } from "effect/ai/OpenAiStructuredOutput"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as AiReason from "./internal/AiReason.ts"
import * as PromptReader from "./internal/PromptReader.ts"
import * as ResponseParts from "./internal/ResponseParts.ts"

/** Options of one call, or of all calls of a region of a program. */
export const CallOptions: Context.Reference<ChatOptions.ChatOptions> = Context.Reference<ChatOptions.ChatOptions>(
  "understudy/effect-ai/UnderstudyLanguageModel/CallOptions",
  { defaultValue: () => ChatOptions.empty }
)

const fail =
  (method: string) =>
  (reason: AiError.AiErrorReason): AiError.AiError =>
    AiError.make({ module: "UnderstudyLanguageModel", method, reason })

/**
 * Makes a language model over the ChatModel that is provided.
 *
 * **Example** (As a value)
 *
 * ```ts
 * import { UnderstudyLanguageModel } from "@understudy/effect-ai"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function* () {
 *   const model = yield* UnderstudyLanguageModel.make({ temperature: 0 })
 *   return yield* model.generateText({ prompt: "Tell me a joke" })
 * })
 * ```
 */
export const make: (
  options?: ChatOptions.ChatOptions
) => Effect.Effect<LanguageModel.LanguageModel, never, ChatModel.ChatModel> = Effect.fnUntraced(function* (defaults) {
  const chatModel = yield* ChatModel.ChatModel
  const toPrompt = (request: LanguageModel.ProviderOptions): Effect.Effect<Prompt, AiError.AiErrorReason> =>
    CallOptions.use((given) =>
      Effect.fromResult(PromptReader.toPrompt(request, ChatOptions.merge(defaults ?? ChatOptions.empty, given)))
    )
  return yield* LanguageModel.make({
    codecTransformer: toCodecOpenAI,
    generateText: (request) =>
      toPrompt(request).pipe(
        Effect.flatMap((prompt) => Effect.mapError(chatModel.call(prompt), AiReason.fromChatModel)),
        Effect.flatMap((response) =>
          Effect.fromResult(ResponseParts.fromResponse(response, request.responseFormat.type))
        ),
        Effect.mapError(fail("generateText"))
      ),
    streamText: (request) =>
      Stream.unwrap(
        Effect.map(toPrompt(request), (prompt) =>
          chatModel.stream(prompt).pipe(
            Stream.mapError(AiReason.fromChatModel),
            Stream.mapArrayEffect((parts) => Effect.fromResult(ResponseParts.fromParts(parts)))
          )
        )
      ).pipe(Stream.mapError(fail("streamText")))
  })
})

/**
 * The language model over the ChatModel that is provided, with these options over the ChatModel's own.
 *
 * **Example** (Behind a gateway)
 *
 * ```ts
 * import { ChatModel } from "@understudy/chat-model"
 * import { UnderstudyLanguageModel } from "@understudy/effect-ai"
 * import * as Layer from "effect/Layer"
 *
 * const gateway = ChatModel.layerRemote({ baseUrl: "http://127.0.0.1:8080/v1", model: "deepseek-flash" })
 * const layer = UnderstudyLanguageModel.layer({ temperature: 0 }).pipe(Layer.provide(gateway))
 * ```
 */
export const layer = (
  options?: ChatOptions.ChatOptions
): Layer.Layer<LanguageModel.LanguageModel, never, ChatModel.ChatModel> =>
  Layer.effect(LanguageModel.LanguageModel, make(options))

/** The language model over an engine of its own, from `path`, else the file that `UNDERSTUDY_CONFIG` names, else `./understudy.yaml`. */
export const layerYaml = (
  path?: string,
  options?: ChatOptions.ChatOptions
): Layer.Layer<LanguageModel.LanguageModel, ConfigError> => Layer.provide(layer(options), ChatModel.layerYaml(path))

/**
 * A model by name, for `Effect.provide`; tells `Model.ProviderName` "understudy" and `Model.ModelName` what was asked for.
 *
 * **Example** (Two models in one program)
 *
 * ```ts
 * import { UnderstudyLanguageModel } from "@understudy/effect-ai"
 * import * as LanguageModel from "effect/ai/LanguageModel"
 * import * as Effect from "effect/Effect"
 *
 * const ask = (prompt: string) => LanguageModel.generateText({ prompt })
 * const program = Effect.gen(function* () {
 *   const { text } = yield* ask("Tell me a joke").pipe(Effect.provide(UnderstudyLanguageModel.model("qwen3.8-flash")))
 *   return yield* ask(`Is this funny? ${text}`).pipe(Effect.provide(UnderstudyLanguageModel.model("deepseek-flash")))
 * })
 * ```
 */
export const model = (
  name: string,
  options?: ChatOptions.ChatOptions
): Model.Model<"understudy", LanguageModel.LanguageModel, ChatModel.ChatModel> =>
  Model.make("understudy", name, layer({ ...options, model: name }))
