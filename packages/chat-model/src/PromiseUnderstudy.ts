/**
 * One engine with every way to ask it, for those who do not use Effect: a `fetch` and a client for programs on `openai`, a
 * ChatModel, the named ones, an EmbeddingModel. Keys, circuits and limits are known to all of them.
 *
 * **Details**
 *
 * - `openai(OpenAI)` makes a client of the caller's own `openai` package, which this one does not import. Its `maxRetries` is
 *   0, because the engine has repeated already what is worth repeating, and nothing it sends leaves the process.
 * - When it is made it rejects with the core's `ConfigError`.
 * - It holds connections and the state of its keys: make one for the application and `close` it at the end.
 *
 * **Example** (An `openai` client that stays answered)
 *
 * ```ts
 * import { PromiseUnderstudy } from "@understudy/chat-model/promise"
 * import OpenAI from "openai"
 *
 * const understudy = await PromiseUnderstudy.fromYaml("understudy.yaml")
 * const client = understudy.openai(OpenAI) // was: new OpenAI({ apiKey, baseURL })
 * const completion = await client.chat.completions.create({
 *   model: "qwen3.8-flash",
 *   messages: [{ role: "user", content: "Tell me a joke" }]
 * })
 * console.log(completion.choices[0]?.message.content, completion.model)
 * await understudy.close()
 * ```
 *
 * @see UnderstudyFetch for what its `fetch` answers
 */
import type { ConfigError } from "@understudy/core/config/ConfigError"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import type { Failover } from "@understudy/core/failover/Failover"
import type { Understudy } from "@understudy/core/Understudy"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as ChatModel from "./ChatModel.ts"
import * as ChatModels from "./ChatModels.ts"
import type { ChatOptions } from "./ChatOptions.ts"
import * as EmbeddingModel from "./EmbeddingModel.ts"
import * as Engine from "./internal/runtime/Engine.ts"
import { Host } from "./internal/runtime/Host.ts"
import * as PromiseChatModel from "./PromiseChatModel.ts"
import * as PromiseChatModels from "./PromiseChatModels.ts"
import * as PromiseEmbeddingModel from "./PromiseEmbeddingModel.ts"
import * as Remote from "./Remote.ts"
import * as UnderstudyFetch from "./UnderstudyFetch.ts"

/** An engine and the ways to ask it. */
export interface PromiseUnderstudy extends AsyncDisposable {
  /** The core: its keys, models and routes, and `reload`. */
  readonly engine: Understudy["Service"]
  /** For any client that takes a `fetch`: `new OpenAI({ fetch: understudy.fetch, apiKey: "unused", maxRetries: 0 })`. */
  readonly fetch: UnderstudyFetch.Fetch
  /** A client of this class over `fetch`; `options` are put over what it is given here, all but `fetch`. */
  readonly openai: <Client, Options extends object>(
    OpenAI: new (options?: Options) => Client,
    options?: Options
  ) => Client
  readonly chatModel: PromiseChatModel.PromiseChatModel
  /** The named models of the configuration. */
  readonly chatModels: PromiseChatModels.PromiseChatModels
  readonly embeddingModel: PromiseEmbeddingModel.PromiseEmbeddingModel
  /** Ends what is under way and closes the connections. */
  readonly close: () => Promise<void>
}

/** Keeps a client of a mistaken configuration from reaching anybody. */
const nowhere = "http://understudy.invalid/v1"

class EngineFetch extends Context.Service<EngineFetch, UnderstudyFetch.Fetch>()("understudy/chat-model/EngineFetch") {}

const fromLayer = (
  engine: Layer.Layer<Understudy | Failover, ConfigError>,
  options?: ChatOptions
): Promise<PromiseUnderstudy> => {
  const fetches = Layer.effect(EngineFetch, UnderstudyFetch.make)
  const models = Layer.mergeAll(ChatModel.layer(options), ChatModels.layerEngine, EmbeddingModel.layer(), fetches)
  return Host.open(Layer.provideMerge(models, engine), "engine", async (host) => {
    const fetch = Context.get(host.services, EngineFetch)
    return {
      engine: await host.run(Engine.provided, undefined),
      fetch,
      openai: <Client, Options extends object>(OpenAI: new (options?: Options) => Client, given?: Options) => {
        const all = { baseURL: nowhere, apiKey: "unused", maxRetries: 0, ...given, fetch }
        return new OpenAI(all as unknown as Options)
      },
      chatModel: await host.attach(PromiseChatModel.fromLayer),
      chatModels: await host.attach(PromiseChatModels.fromLayer),
      embeddingModel: await host.attach(PromiseEmbeddingModel.fromLayer),
      close: host.close,
      [Symbol.asyncDispose]: host.close
    }
  })
}

/** From `path`, else the file that `UNDERSTUDY_CONFIG` names, else `./understudy.yaml`; `options` are the ChatModel's. */
export const fromYaml = (path?: string, options?: ChatOptions): Promise<PromiseUnderstudy> =>
  fromLayer(Engine.layerYaml(path), options)

/**
 * From an object of the shape of `understudy.yaml`.
 *
 * **Example** (A ChatModel and a `fetch` over one engine)
 *
 * ```ts
 * import { PromiseUnderstudy } from "@understudy/chat-model/promise"
 *
 * await using understudy = await PromiseUnderstudy.fromOptions({
 *   version: 1,
 *   providers: { qwen: { type: "qwen", keys: ["sk-demo-1", "sk-demo-2"] } },
 *   routes: [{ name: "aliyun", match: { model: { prefix: "qwen" } }, targets: [{ provider: "qwen" }] }]
 * }, { model: "qwen3.8-flash" })
 * const { text } = await understudy.chatModel.call("Tell me a joke")
 * const models = await understudy.fetch("http://anywhere/v1/models")
 * models.status // => 200
 * ```
 */
export const fromOptions = (config: UnderstudyOptions, options?: ChatOptions): Promise<PromiseUnderstudy> =>
  fromLayer(Engine.layerOptions(config), options)

/**
 * In front of a gateway, or of any other OpenAI-compatible server.
 *
 * **Example** (A gateway)
 *
 * ```ts
 * import { PromiseUnderstudy } from "@understudy/chat-model/promise"
 *
 * const gateway = { baseUrl: "http://127.0.0.1:8080/v1", apiKey: "sk-demo-consumer", model: "deepseek-flash" }
 * await using understudy = await PromiseUnderstudy.remote(gateway)
 * const { text } = await understudy.chatModel.call("Tell me a joke")
 * ```
 */
export const remote = (options: Remote.Remote): Promise<PromiseUnderstudy> =>
  fromOptions(Remote.toConfig(options), Remote.toOptions(options))
