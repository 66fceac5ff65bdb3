/**
 * The ChatModel for those who do not use Effect: promises and async iterables over the same engine.
 *
 * **Details**
 *
 * - Whatever fails rejects with the same `ChatModelError`, or, when a model is made, with the core's `ConfigError`.
 * - A signal that aborts rejects with the signal's reason and ends the request at the vendor; so does leaving a
 *   `for await` loop early, without the error.
 * - A model holds connections and the state of its keys: make one for the application and `close` it at the end.
 *
 * **Gotchas**
 *
 * - `stream` sends nothing before it is iterated, and every iteration is a new call. `next()` may be called ahead: the parts
 *   come in order.
 * - `close` ends what is under way: it rejects with a `ChatModelError` whose reason is `Closed`, as does what comes after.
 *
 * **Example** (A call and a stream)
 *
 * ```ts
 * import { PromiseChatModel } from "@understudy/chat-model/promise"
 *
 * const chat = await PromiseChatModel.fromYaml("understudy.yaml", { model: "qwen3.8-flash" })
 * const response = await chat.call("Tell me a joke")
 * console.log(response.text, response.metadata.model)
 * for await (const part of chat.stream("And another")) {
 *   if (part.type === "text-delta") process.stdout.write(part.delta)
 * }
 * await chat.close()
 * ```
 *
 * @see ChatModel for what is answered, and when it fails over
 */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ChatModel from "./ChatModel.ts"
import type { ChatOptions } from "./ChatOptions.ts"
import type { ChatPart } from "./ChatPart.ts"
import type { ChatResponse } from "./ChatResponse.ts"
import { Host } from "./internal/runtime/Host.ts"
import * as Handover from "./internal/stream/Handover.ts"
import type * as Prompt from "./Prompt.ts"
import type { Remote } from "./Remote.ts"

/** How one call is run. */
export interface RunOptions {
  /** Ends the call, and the request at the vendor. */
  readonly signal?: AbortSignal | undefined
}

/** Answers prompts. */
export interface PromiseChatModel extends AsyncDisposable {
  /** What prompts are merged over. */
  readonly options: ChatOptions
  /** Answers with the whole response. */
  readonly call: (input: Prompt.Input, options?: RunOptions) => Promise<ChatResponse>
  /** Answers part by part. */
  readonly stream: (input: Prompt.Input, options?: RunOptions) => AsyncIterable<ChatPart, undefined>
  /** Ends what is under way and closes the connections. */
  readonly close: () => Promise<void>
}

class Runner implements PromiseChatModel {
  readonly options: ChatOptions
  readonly close: () => Promise<void>
  readonly #model: ChatModel.ChatModel["Service"]
  readonly #host: Host<ChatModel.ChatModel>

  constructor(host: Host<ChatModel.ChatModel>) {
    this.#host = host
    this.#model = Context.get(host.services, ChatModel.ChatModel)
    this.options = this.#model.options
    this.close = host.close
    Handover.remember(this, host.services)
  }

  readonly call = (input: Prompt.Input, options: Handover.Traced = {}): Promise<ChatResponse> => {
    const call = Effect.suspend(() => this.#model.call(input))
    return this.#host.run(Effect.provideContext(call, this.#services(options)), options.signal)
  }

  readonly stream = (input: Prompt.Input, options: Handover.Traced = {}): AsyncIterable<ChatPart, undefined> =>
    this.#host.iterate(() => this.#model.stream(input), options.signal, this.#services(options))

  #services(options: Handover.Traced): Context.Context<ChatModel.ChatModel> {
    return Handover.below(this.#host.services, options)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/**
 * Runs any layer of a ChatModel. Rejects with the layer's own error.
 *
 * **Example** (A model of one's own making)
 *
 * ```ts
 * import { PromiseChatModel, TestChatModel } from "@understudy/chat-model/promise"
 *
 * await using chat = await PromiseChatModel.fromLayer(TestChatModel.layer(["A test."]))
 * const { text } = await chat.call("Who are you?")
 * text // => "A test."
 * ```
 */
export const fromLayer = <E>(layer: Layer.Layer<ChatModel.ChatModel, E>): Promise<PromiseChatModel> =>
  Host.open(layer, "chat model", (host) => new Runner(host))

/** From `path`, else the file that `UNDERSTUDY_CONFIG` names, else `./understudy.yaml`. */
export const fromYaml = (path?: string, options?: ChatOptions): Promise<PromiseChatModel> =>
  fromLayer(ChatModel.layerYaml(path, options))

/**
 * From an object of the shape of `understudy.yaml`.
 *
 * **Example** (Without a file)
 *
 * ```ts
 * import { PromiseChatModel } from "@understudy/chat-model/promise"
 *
 * await using chat = await PromiseChatModel.fromOptions({
 *   version: 1,
 *   providers: { qwen: { type: "qwen", keys: ["sk-demo-1", "sk-demo-2"] } },
 *   routes: [{ name: "aliyun", match: { model: { prefix: "qwen" } }, targets: [{ provider: "qwen" }] }]
 * }, { model: "qwen3.8-flash" })
 * const { text } = await chat.call("Tell me a joke")
 * ```
 */
export const fromOptions = (config: UnderstudyOptions, options?: ChatOptions): Promise<PromiseChatModel> =>
  fromLayer(ChatModel.layerUnderstudy(config, options))

/**
 * From the environment: `UNDERSTUDY_BASE_URL` and its like, else `understudy.yaml`; see `ChatModel.layerConfig`.
 *
 * **Example** (Settings that somebody else makes)
 *
 * ```ts
 * import { PromiseChatModel } from "@understudy/chat-model/promise"
 *
 * await using chat = await PromiseChatModel.fromEnvironment({ model: "qwen3.8-flash" })
 * const { text } = await chat.call("Tell me a joke")
 * ```
 */
export const fromEnvironment = (options?: ChatOptions): Promise<PromiseChatModel> =>
  fromLayer(ChatModel.layerConfig(options))

/**
 * In front of a gateway, or of any other OpenAI-compatible server.
 *
 * **Example** (A gateway)
 *
 * ```ts
 * import { PromiseChatModel } from "@understudy/chat-model/promise"
 *
 * const gateway = { baseUrl: "http://127.0.0.1:8080/v1", apiKey: "sk-demo-consumer", model: "deepseek-flash" }
 * await using chat = await PromiseChatModel.remote(gateway)
 * const { text } = await chat.call("Tell me a joke")
 * ```
 */
export const remote = (options: Remote): Promise<PromiseChatModel> => fromLayer(ChatModel.layerRemote(options))
