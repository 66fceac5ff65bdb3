/**
 * An engine with its ChatModel, for as long as an application lives.
 *
 * **Example** (Outside of Nest, in a test for instance)
 *
 * ```ts
 * import * as UnderstudyHost from "@understudy/nestjs/UnderstudyHost"
 *
 * const host = await UnderstudyHost.open({ path: "understudy.yaml", options: { model: "qwen3.8-flash" } })
 * const { text } = await host.chatModel.call("Tell me a joke")
 * if (!host.isStarted) await host.start() // for one that Nest gave to a test: `open` has started this one
 * console.log(host.understudy.config.routes.length, Object.keys(host.chatModels))
 * await host.onApplicationShutdown()
 * ```
 */
import type { OnApplicationShutdown } from "@nestjs/common"
import type { PromiseChatModel } from "@understudy/chat-model/PromiseChatModel"
import type { PromiseChatModels } from "@understudy/chat-model/PromiseChatModels"
import type { PromiseUnderstudy } from "@understudy/chat-model/PromiseUnderstudy"
import type { Understudy } from "@understudy/core/Understudy"
import * as Engine from "./internal/Engine.ts"
import type { UnderstudyModuleOptions } from "./UnderstudyModuleOptions.ts"

/** An engine that is started when something of it is injected: a test that overrides its ChatModel starts none. */
export class UnderstudyHost implements OnApplicationShutdown {
  readonly #open: () => Promise<PromiseUnderstudy>
  #opening: Promise<PromiseUnderstudy> | undefined
  #engine: PromiseUnderstudy | undefined

  /** @internal */
  constructor(open: () => Promise<PromiseUnderstudy>) {
    this.#open = open
  }

  /** True from the moment when the engine runs. */
  get isStarted(): boolean {
    return this.#engine !== undefined
  }

  /** What `@InjectChatModel()` injects. */
  get chatModel(): PromiseChatModel {
    return this.#started.chatModel
  }

  /** The named models of the configuration, over the same engine. */
  get chatModels(): PromiseChatModels {
    return this.#started.chatModels
  }

  /** The core: its keys, models and routes, and `reload`. */
  get understudy(): Understudy["Service"] {
    return this.#started.engine
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

  get #started(): PromiseUnderstudy {
    if (this.#engine !== undefined) return this.#engine
    throw new Error("No engine has been started, for its ChatModel is overridden: call start() first")
  }
}

/** Starts an engine. Rejects with a `ConfigError` that names every problem. */
export const open = (options: UnderstudyModuleOptions): Promise<UnderstudyHost> =>
  new UnderstudyHost(() => Engine.open(options)).start()
