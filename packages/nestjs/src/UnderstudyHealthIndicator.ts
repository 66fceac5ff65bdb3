/**
 * Says how many keys of each provider may be used now, in the manner of `@nestjs/terminus`, which need not be installed.
 *
 * **Details**
 *
 * `down` means that no provider of any route has a usable key: nothing can be answered. A provider without one while others
 * have some is `up`, with 0 in its line. Nothing is sent to a vendor.
 *
 * **Example** (A health endpoint)
 *
 * ```ts
 * import { Controller, Get, Inject } from "@nestjs/common"
 * import { HealthCheck, HealthCheckService } from "@nestjs/terminus"
 * import { UnderstudyHealthIndicator } from "@understudy/nestjs"
 *
 * @Controller("health")
 * class HealthController {
 *   @Inject(HealthCheckService) readonly health!: HealthCheckService
 *   @Inject(UnderstudyHealthIndicator) readonly understudy!: UnderstudyHealthIndicator
 *
 *   @Get()
 *   @HealthCheck()
 *   check() {
 *     return this.health.check([() => this.understudy.isHealthy("models")])
 *   }
 * }
 * ```
 */
import { Inject, Injectable } from "@nestjs/common"
import { ModuleRef } from "@nestjs/core"
import type { RouteConfig } from "@understudy/core/config/UnderstudyConfig"
import * as KeyState from "@understudy/core/key/KeyState"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { getUnderstudyToken } from "./InjectChatModel.ts"
import type { UnderstudyHost } from "./UnderstudyHost.ts"

/** A provider's keys. */
export interface ProviderHealth {
  /** How many may be used now. */
  readonly usable: number
  readonly keys: number
}

/** How the engine is. */
export interface Health {
  readonly status: "up" | "down"
  /** Present when it is down, or not started. */
  readonly message?: string
  /** The providers that routes lead to. */
  readonly providers: Readonly<Record<string, ProviderHealth>>
}

const providersOf = (routes: ReadonlyArray<RouteConfig>): ReadonlySet<string> =>
  new Set(routes.flatMap(({ fallback, targets }) => [...targets, ...fallback].map(({ provider }) => provider)))

const examine = Effect.fnUntraced(function* ({ understudy }: UnderstudyHost) {
  const now = yield* Clock.currentTimeMillis
  const routed = providersOf(understudy.config.routes)
  const providers: Record<string, ProviderHealth> = {}
  for (const { keys, provider } of yield* understudy.keys) {
    if (!routed.has(provider)) continue
    providers[provider] = {
      usable: keys.filter(({ state }) => KeyState.isUsable(state, now)).length,
      keys: keys.length
    }
  }
  const isUp = Object.values(providers).some(({ usable }) => usable > 0)
  const health: Health = isUp
    ? { status: "up", providers }
    : { status: "down", message: "No provider of any route has a key that may be used now", providers }
  return health
})

/** Of an engine that nobody asks: every ChatModel of its module is overridden, or none has been injected yet. */
const idle: Health = { status: "up", message: "No engine has been started", providers: {} }

/** Reports on an application's engines. */
export class UnderstudyHealthIndicator {
  readonly #moduleRef: ModuleRef

  /** @internal */
  constructor(moduleRef: ModuleRef) {
    this.#moduleRef = moduleRef
  }

  /** The health of the engine of the module with this name, under `key`. */
  async isHealthy<const Key extends string>(key: Key, name?: string): Promise<Record<Key, Health>> {
    const host: UnderstudyHost = await this.#moduleRef.resolve(getUnderstudyToken(name), undefined, { strict: false })
    const health = host.isStarted ? await Effect.runPromise(examine(host)) : idle
    return { [key]: health } as Record<Key, Health>
  }
}

Injectable()(UnderstudyHealthIndicator)
Inject(ModuleRef)(UnderstudyHealthIndicator, undefined, 0)
