/**
 * The engines of one module: one for a module whose options are known, one for each result of options that a request gives.
 */
import type { OnApplicationShutdown } from "@nestjs/common"
import type { PromiseUnderstudy } from "@understudy/chat-model/PromiseUnderstudy"
import { UnderstudyHost } from "../UnderstudyHost.ts"
import type { UnderstudyModuleOptions } from "../UnderstudyModuleOptions.ts"
import * as Engine from "./Engine.ts"

/** What tells options from others: equal ones are of one engine. */
const keyOf = (options: UnderstudyModuleOptions): string =>
  JSON.stringify(options, (_, value: unknown) => (typeof value === "function" ? String(value) : value)) ?? ""

/**
 * The engines of one module. A factory that is injected what lives for a request runs with every request: the engine for its
 * options is started once all the same, and ends with the application.
 */
export class Engines implements OnApplicationShutdown {
  readonly #engines = new Map<string, Promise<PromiseUnderstudy>>()

  /** A host of the engine for what `makeOptions` gives, which is asked when the host starts. */
  host(makeOptions: () => UnderstudyModuleOptions | PromiseLike<UnderstudyModuleOptions>): UnderstudyHost {
    return new UnderstudyHost(async () => this.#engineOf(await makeOptions()))
  }

  /** Ends all of them. */
  async onApplicationShutdown(): Promise<void> {
    const ending = [...this.#engines.values()].map((engine) => engine.then(({ close }) => close()))
    await Promise.all(ending)
  }

  #engineOf(options: UnderstudyModuleOptions): Promise<PromiseUnderstudy> {
    const key = keyOf(options)
    const known = this.#engines.get(key)
    if (known !== undefined) return known
    const engine = Engine.open(options)
    this.#engines.set(key, engine)
    engine.catch(() => this.#engines.delete(key))
    return engine
  }
}
