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
 */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import * as ChatModel from "./ChatModel.ts"
import { type ChatModelError, closed } from "./ChatModelError.ts"
import type { ChatOptions } from "./ChatOptions.ts"
import type { ChatPart } from "./ChatPart.ts"
import type { ChatResponse } from "./ChatResponse.ts"
import { ofExit } from "./internal/runtime/Exits.ts"
import * as Handover from "./internal/stream/Handover.ts"
import { PartIterator } from "./internal/stream/PartIterator.ts"
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

const closedError = (): ChatModelError => closed("chat model")

class Runner implements PromiseChatModel {
  readonly options: ChatOptions
  readonly #model: ChatModel.ChatModel["Service"]
  readonly #runtime: ManagedRuntime.ManagedRuntime<ChatModel.ChatModel, unknown>
  readonly #context: Context.Context<ChatModel.ChatModel>
  readonly #open = new Set<PartIterator>()
  #closed = false

  constructor(
    runtime: ManagedRuntime.ManagedRuntime<ChatModel.ChatModel, unknown>,
    context: Context.Context<ChatModel.ChatModel>,
    model: ChatModel.ChatModel["Service"]
  ) {
    this.#runtime = runtime
    this.#context = context
    this.#model = model
    this.options = model.options
    Handover.remember(this, context)
  }

  readonly call = async (input: Prompt.Input, options: Handover.Traced = {}): Promise<ChatResponse> => {
    const { signal } = options
    if (this.#closed) throw closedError()
    signal?.throwIfAborted()
    const call = Effect.provideContext(this.#model.call(input), Handover.below(this.#context, options))
    const exit = await this.#runtime.runPromiseExit(call, { signal })
    return ofExit(exit, signal, closedError)
  }

  readonly stream = (input: Prompt.Input, options: Handover.Traced = {}): AsyncIterable<ChatPart, undefined> => ({
    [Symbol.asyncIterator]: () => {
      const { signal } = options
      const parts = Stream.toAsyncIterableWith(this.#model.stream(input), Handover.below(this.#context, options))
      const iterator = new PartIterator(parts[Symbol.asyncIterator](), signal, (ended) => this.#open.delete(ended))
      this.#open.add(iterator)
      if (this.#closed) void iterator.stop(closedError())
      return iterator
    }
  })

  readonly close = async (): Promise<void> => {
    this.#closed = true
    await Promise.all([...this.#open].map((iterator) => iterator.stop(closedError())))
    await this.#runtime.dispose()
  };

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
export const fromLayer = async <E>(layer: Layer.Layer<ChatModel.ChatModel, E>): Promise<PromiseChatModel> => {
  const runtime = ManagedRuntime.make(layer)
  try {
    const context = await runtime.context()
    return new Runner(runtime, context, Context.get(context, ChatModel.ChatModel))
  } catch (error) {
    await runtime.dispose()
    throw error
  }
}

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
