/**
 * A chat model that stays answered: `call` for the whole answer, `stream` for its parts.
 *
 * It stands on the core's `Failover`: which keys, models and providers answer, and what is tried when one fails, is the
 * configuration's business, not the caller's. A model is asked for by name; `response.metadata` tells who really answered.
 *
 * **Details**
 *
 * - One path: `call` folds the same parts that `stream` would deliver. `call` asks the vendor for JSON, `stream` for a
 *   stream with usage at its end.
 * - A stream fails over until its first content and never after it: what was delivered is never replayed.
 * - Ending a stream early aborts the request at the vendor.
 * - A stream is a description: each run of it is a new call.
 *
 * **Gotchas**
 *
 * `call` and `stream` are functions of this module, not statics of the service's class: a class has a `call` already.
 *
 * **Example** (A call and a stream)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 * import { ChatModel, Prompt } from "@understudy/chat-model"
 *
 * const program = Effect.gen(function* () {
 *   const response = yield* ChatModel.call(Prompt.make("Tell me a joke", { temperature: 1 }))
 *   console.log(response.result.output.text, response.metadata.model)
 *   yield* Stream.runForEach(ChatModel.stream("And another"), (part) => Effect.log(part))
 * })
 *
 * Effect.runPromise(program.pipe(Effect.provide(ChatModel.layerYaml("understudy.yaml", { model: "qwen3.8-flash" }))))
 * ```
 *
 * @see PromiseChatModel for the same without Effect
 */
import type { ConfigError } from "@understudy/core/config/ConfigError"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { type Call, Failover } from "@understudy/core/failover/Failover"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { type ChatModelError, fromFailover } from "./ChatModelError.ts"
import * as ChatOptions from "./ChatOptions.ts"
import type { ChatPart } from "./ChatPart.ts"
import * as ChatResponse from "./ChatResponse.ts"
import * as Engine from "./internal/runtime/Engine.ts"
import * as PartMapper from "./internal/stream/PartMapper.ts"
import * as PartStream from "./internal/stream/PartStream.ts"
import * as PromptCheck from "./internal/wire/PromptCheck.ts"
import * as WireRequest from "./internal/wire/WireRequest.ts"
import * as Prompt from "./Prompt.ts"
import * as Remote from "./Remote.ts"

/** Answers prompts. */
export class ChatModel extends Context.Service<
  ChatModel,
  {
    /** What prompts are merged over. */
    readonly options: ChatOptions.ChatOptions
    /** Answers with the whole response. */
    readonly call: (input: Prompt.Input) => Effect.Effect<ChatResponse.ChatResponse, ChatModelError>
    /** Answers part by part. Nothing is sent before the stream is run. */
    readonly stream: (input: Prompt.Input) => Stream.Stream<ChatPart, ChatModelError>
  }
>()("understudy/chat-model/ChatModel") {}

/** Answers with the whole response. */
export const call = (input: Prompt.Input): Effect.Effect<ChatResponse.ChatResponse, ChatModelError, ChatModel> =>
  ChatModel.use((model) => model.call(input))

/** Answers part by part. */
export const stream = (input: Prompt.Input): Stream.Stream<ChatPart, ChatModelError, ChatModel> =>
  Stream.unwrap(ChatModel.useSync((model) => model.stream(input)))

const toCall = (
  defaults: ChatOptions.ChatOptions,
  input: Prompt.Input,
  streamed: boolean
): Result.Result<Call, ChatModelError> => {
  const prompt = Prompt.isPrompt(input) ? input : Prompt.make(input)
  // Callers without a compiler leave the options out.
  const options = ChatOptions.resolve(ChatOptions.merge(defaults, prompt.options ?? ChatOptions.empty))
  const flaw = PromptCheck.promptFlaw(prompt.messages, options)
  if (flaw !== undefined) return Result.fail(flaw)
  return Result.succeed({
    request: WireRequest.make(prompt.messages, options, streamed),
    affinity: options.conversationId
  })
}

/**
 * Makes a ChatModel over a failover engine.
 *
 * **Example** (Two models of one engine)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { ChatModel } from "@understudy/chat-model"
 * import { Understudy } from "@understudy/core"
 *
 * const program = Effect.gen(function* () {
 *   const { failover } = yield* Understudy.Understudy
 *   const draft = yield* ChatModel.make(failover, { model: "qwen3.8-flash" }).call("Tell me a joke")
 *   return yield* ChatModel.make(failover, { model: "deepseek-flash" }).call(`Is this funny? ${draft.text}`)
 * }).pipe(Effect.provide(Understudy.layerYaml("understudy.yaml")))
 * ```
 */
export const make = (
  failover: Failover["Service"],
  options: ChatOptions.ChatOptions = ChatOptions.empty
): ChatModel["Service"] =>
  ChatModel.of({
    options,
    call: (input) =>
      Effect.suspend(() => {
        const made = toCall(options, input, false)
        if (Result.isFailure(made)) return Effect.fail(made.failure)
        return Effect.mapBoth(failover.call(made.success), {
          onFailure: fromFailover,
          onSuccess: (answer) => ChatResponse.fromParts(PartMapper.PartMapper.ofWhole(answer, answer.completion))
        })
      }),
    stream: (input) => PartStream.make(failover, () => toCall(options, input, true))
  })

/**
 * A ChatModel with these defaults over the `Failover` that is provided.
 *
 * **Example** (Beside what else the engine offers)
 *
 * ```ts
 * import * as Layer from "effect/Layer"
 * import { ChatModel } from "@understudy/chat-model"
 * import { Understudy } from "@understudy/core"
 *
 * const layer = ChatModel.layer({ model: "qwen3.8-flash" }).pipe(Layer.provideMerge(Understudy.layerYaml()))
 * ```
 */
export const layer = (options?: ChatOptions.ChatOptions): Layer.Layer<ChatModel, never, Failover> =>
  Layer.effect(
    ChatModel,
    Failover.useSync((failover) => make(failover, options))
  )

/**
 * A ChatModel over an engine of its own, from an object of the shape of `understudy.yaml`.
 *
 * **Example** (Qwen, and DeepSeek when Qwen cannot answer)
 *
 * ```ts
 * import { ChatModel } from "@understudy/chat-model"
 *
 * const layer = ChatModel.layerUnderstudy({
 *   version: 1,
 *   providers: {
 *     qwen: { type: "qwen", keys: ["sk-demo-1", "sk-demo-2"] },
 *     deepseek: { type: "deepseek", keys: ["sk-demo-3"] }
 *   },
 *   routes: [{
 *     name: "aliyun",
 *     match: { model: { prefix: "qwen" } },
 *     targets: [{ provider: "qwen" }],
 *     fallback: [{ provider: "deepseek", model: "deepseek-flash" }]
 *   }]
 * }, { model: "qwen3.8-flash" })
 * ```
 */
export const layerUnderstudy = (
  config: UnderstudyOptions,
  options?: ChatOptions.ChatOptions
): Layer.Layer<ChatModel, ConfigError> => Layer.provide(layer(options), Engine.layerOptions(config))

/** A ChatModel over an engine of its own, from `path`, else the file that `UNDERSTUDY_CONFIG` names, else `./understudy.yaml`. */
export const layerYaml = (path?: string, options?: ChatOptions.ChatOptions): Layer.Layer<ChatModel, ConfigError> =>
  Layer.provide(layer(options), Engine.layerYaml(path))

/**
 * A ChatModel in front of a gateway, or of any other OpenAI-compatible server.
 *
 * **Example** (A gateway)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { ChatModel } from "@understudy/chat-model"
 *
 * const gateway = { baseUrl: "http://127.0.0.1:8080/v1", apiKey: "sk-demo-consumer", model: "deepseek-flash" }
 * const answer = ChatModel.call("Tell me a joke").pipe(Effect.provide(ChatModel.layerRemote(gateway)))
 * ```
 */
export const layerRemote = (remote: Remote.Remote): Layer.Layer<ChatModel, ConfigError> =>
  layerUnderstudy(Remote.toConfig(remote), Remote.toOptions(remote))

// `effect/Config` brings `effect/Schema` with it.
const settings = Effect.flatMap(
  Effect.promise(() => import("./internal/runtime/Settings.ts")),
  ({ all }) => all
)

/**
 * A ChatModel from Effect's `Config`, which reads the environment unless told otherwise.
 *
 * | name                  | meaning                                                                     |
 * | --------------------- | --------------------------------------------------------------------------- |
 * | `UNDERSTUDY_BASE_URL` | a gateway to ask; when it is not set, `understudy.yaml` is read             |
 * | `UNDERSTUDY_API_KEY`  | the consumer's key at that gateway                                          |
 * | `UNDERSTUDY_MODEL`    | the model to ask for when neither a prompt nor `options` names one          |
 * | `UNDERSTUDY_CONFIG`   | where `understudy.yaml` is; default: the current folder                     |
 *
 * **Example** (From a configuration of one's own)
 *
 * ```ts
 * import * as ConfigProvider from "effect/ConfigProvider"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import { ChatModel } from "@understudy/chat-model"
 *
 * const settings = ConfigProvider.fromEnv({ env: { UNDERSTUDY_MODEL: "qwen3.8-flash" } })
 * const model = ChatModel.layerConfig().pipe(Layer.provide(ConfigProvider.layer(settings)))
 * const answer = ChatModel.call("Tell me a joke").pipe(Effect.provide(model))
 * ```
 */
export const layerConfig = (
  options: ChatOptions.ChatOptions = ChatOptions.empty
): Layer.Layer<ChatModel, ConfigError | Config.ConfigError> =>
  Layer.unwrap(
    Effect.map(settings, ({ apiKey, baseUrl, model, path }) =>
      baseUrl === undefined
        ? layerYaml(path, ChatOptions.merge({ model }, options))
        : layerRemote({ baseUrl, apiKey, options: ChatOptions.merge({ model }, options) })
    )
  )
