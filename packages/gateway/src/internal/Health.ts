/**
 * `GET /healthz` (the process is up) and `GET /readyz` (traffic is welcome: the gateway is not stopping, and at least one
 * target of a route has a key that may be used).
 */
import * as KeyState from "@understudy/core/key/KeyState"
import type { ProviderKeys } from "@understudy/core/Understudy"
import * as Effect from "effect/Effect"
import type { Exchange } from "./Exchange.ts"
import type { Services } from "./Services.ts"
import * as Work from "./Work.ts"

/** Says that the process is up. */
export const healthz = (exchange: Exchange): void => exchange.json(200, '{"status":"ok"}')

const usableProviders = ({ clock, compiled, understudy }: Services): Effect.Effect<number> =>
  Effect.map(understudy.keys, (providers) => {
    const now = clock.currentTimeMillisUnsafe()
    const used = compiled().providers
    const isUsable = ({ keys }: ProviderKeys): boolean => keys.some((key) => KeyState.isUsable(key.state, now))
    return providers.filter((each) => used.has(each.provider) && isUsable(each)).length
  })

/** Says whether traffic is welcome. */
export const readyz = (services: Services, exchange: Exchange): void => {
  if (services.isDraining()) return exchange.json(503, '{"status":"draining"}')
  Work.run(services, exchange, usableProviders(services), (usable) =>
    usable > 0
      ? exchange.json(200, '{"status":"ready"}')
      : exchange.json(
          503,
          '{"status":"no target","message":"No provider of any route has a key that may be used now."}'
        )
  )
}
