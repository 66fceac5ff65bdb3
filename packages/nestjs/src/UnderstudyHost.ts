/**
 * An engine with its ChatModel, for as long as an application lives.
 *
 * **Example** (Outside of Nest, in a test for instance)
 *
 * ```ts
 * import * as UnderstudyHost from "@understudy/nestjs/UnderstudyHost"
 *
 * const host = await UnderstudyHost.open({ path: "understudy.yaml", options: { model: "qwen-turbo" } })
 * const { text } = await host.chatModel.call("Tell me a joke")
 * await host.onApplicationShutdown()
 * ```
 */
import type { OnApplicationShutdown } from "@nestjs/common"
import * as ChatModel from "@understudy/chat-model/ChatModel"
import * as ChatModels from "@understudy/chat-model/ChatModels"
import * as ChatOptions from "@understudy/chat-model/ChatOptions"
import * as PromiseChatModel from "@understudy/chat-model/PromiseChatModel"
import * as PromiseChatModels from "@understudy/chat-model/PromiseChatModels"
import * as Remote from "@understudy/chat-model/Remote"
import { ConfigError } from "@understudy/core/config/ConfigError"
import * as Understudy from "@understudy/core/Understudy"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type { UnderstudyModuleOptions } from "./UnderstudyModuleOptions.ts"

/** An engine that runs. */
interface Engine {
  readonly chatModel: PromiseChatModel.PromiseChatModel
  readonly chatModels: PromiseChatModels.PromiseChatModels
  readonly understudy: Understudy.Understudy["Service"]
  readonly close: () => Promise<void>
}

/** An engine that is started when something of it is injected: a test that overrides its ChatModel starts none. */
export class UnderstudyHost implements OnApplicationShutdown {
  readonly #open: () => Promise<Engine>
  #opening: Promise<Engine> | undefined
  #engine: Engine | undefined

  /** @internal */
  constructor(open: () => Promise<Engine>) {
    this.#open = open
  }

  /** True from the moment when the engine runs. */
  get isStarted(): boolean {
    return this.#engine !== undefined
  }

  /** What `@InjectChatModel()` injects. */
  get chatModel(): PromiseChatModel.PromiseChatModel {
    return this.#started.chatModel
  }

  /** The named models of the configuration, over the same engine. */
  get chatModels(): PromiseChatModels.PromiseChatModels {
    return this.#started.chatModels
  }

  /** The core: its keys, models and routes, and `reload`. */
  get understudy(): Understudy.Understudy["Service"] {
    return this.#started.understudy
  }

  /** Starts the engine, once. Rejects with a `ConfigError` that names every problem. */
  async start(): Promise<this> {
    this.#opening ??= this.#open()
    this.#engine = await this.#opening
    return this
  }

  /** Closes the models and ends the engine. Nest calls it after the HTTP server is closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.#opening?.then(
      (engine) => engine.close(),
      // What did not start need not end.
      () => undefined
    )
  }

  get #started(): Engine {
    if (this.#engine !== undefined) return this.#engine
    throw new Error("No engine has been started, for its ChatModel is overridden: call start() first")
  }
}

const misconfigured = (message: string): ConfigError =>
  new ConfigError({ source: "UnderstudyModule", issues: [{ path: [], message }] })

const sources = ["config", "path", "remote"] as const

const toEngine = ({ config, path, remote }: UnderstudyModuleOptions) => {
  if (remote !== undefined) return Understudy.layerOptions(Remote.toConfig(remote))
  return config === undefined ? Understudy.layerYaml(path) : Understudy.layerOptions(config)
}

const toLayer = (options: UnderstudyModuleOptions) => {
  const defaults = options.remote === undefined ? ChatOptions.empty : Remote.toOptions(options.remote)
  const chatModel = ChatModel.layer(ChatOptions.merge(defaults, options.options ?? ChatOptions.empty))
  return Layer.provideMerge(Layer.merge(chatModel, ChatModels.layerEngine), toEngine(options))
}

/** Names the ways out to somebody who has given no configuration at all. */
const explained = (error: unknown): unknown => {
  if (!(error instanceof ConfigError)) return error
  const message = "was looked for because UnderstudyModule was given none of config, path and remote: give one of them"
  return new ConfigError({ source: error.source, issues: [...error.issues, { path: [], message }] })
}

const openEngine = async (options: UnderstudyModuleOptions): Promise<Engine> => {
  if (typeof options !== "object" || options === null) {
    throw misconfigured(`useFactory must return options such as { path: "understudy.yaml" }, got ${String(options)}`)
  }
  const given = sources.filter((source) => options[source] !== undefined)
  if (given.length > 1) throw misconfigured(`takes one of config, path and remote, got ${given.join(" and ")}`)
  const runtime = ManagedRuntime.make(toLayer(options))
  try {
    const services = await runtime.context()
    const chatModel = await PromiseChatModel.fromLayer(
      Layer.succeed(ChatModel.ChatModel, Context.get(services, ChatModel.ChatModel))
    )
    const chatModels = await PromiseChatModels.fromLayer(
      Layer.succeed(ChatModels.ChatModels, Context.get(services, ChatModels.ChatModels))
    )
    const close = async (): Promise<void> => {
      await Promise.all([chatModel.close(), chatModels.close()])
      await runtime.dispose()
    }
    return { chatModel, chatModels, understudy: Context.get(services, Understudy.Understudy), close }
  } catch (error) {
    await runtime.dispose()
    throw given.length === 0 ? explained(error) : error
  }
}

/** Starts an engine. Rejects with a `ConfigError` that names every problem. */
export const open = (options: UnderstudyModuleOptions): Promise<UnderstudyHost> =>
  new UnderstudyHost(() => openEngine(options)).start()

/** What tells options from others: equal ones are of one engine. */
const keyOf = (options: UnderstudyModuleOptions): string =>
  JSON.stringify(options, (_, value: unknown) => (typeof value === "function" ? String(value) : value)) ?? ""

/**
 * The engines of one module. A factory that is injected what lives for a request runs with every request: the engine for its
 * options is started once all the same, and ends with the application.
 */
export class UnderstudyEngines implements OnApplicationShutdown {
  readonly #engines = new Map<string, Promise<Engine>>()

  /** A host of the engine for what `makeOptions` gives, which is asked when the host starts. */
  host(makeOptions: () => UnderstudyModuleOptions | PromiseLike<UnderstudyModuleOptions>): UnderstudyHost {
    return new UnderstudyHost(async () => this.#engineOf(await makeOptions()))
  }

  /** Ends all of them. */
  async onApplicationShutdown(): Promise<void> {
    const ending = [...this.#engines.values()].map((engine) => engine.then(({ close }) => close()))
    await Promise.all(ending)
  }

  #engineOf(options: UnderstudyModuleOptions): Promise<Engine> {
    const key = keyOf(options)
    const known = this.#engines.get(key)
    if (known !== undefined) return known
    const engine = openEngine(options)
    this.#engines.set(key, engine)
    engine.catch(() => this.#engines.delete(key))
    return engine
  }
}
