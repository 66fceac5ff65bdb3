/**
 * `GET /healthz` (the process is up) and `GET /readyz` (traffic is welcome: the gateway is not stopping, and at least one
 * target of a route has a key that may be used).
 */
import * as KeyState from "@understudy/core/key/KeyState"
import * as Effect from "effect/Effect"
import type { Exchange } from "./Exchange.ts"
import type { Services } from "./Services.ts"
import * as Work from "./Work.ts"

/** Says that the process is up. */
export const healthz = (exchange: Exchange): void => exchange.json(200, '{"status":"ok"}')

const usableProviders = ({ clock, understudy }: Services): Effect.Effect<number> => {
  const { config, keys } = understudy
  const used = new Set(
    config.routes.flatMap(({ fallback, targets }) => [...targets, ...fallback]).map((target) => target.provider)
  )
  return Effect.map(keys, (providers) => {
    const now = clock.currentTimeMillisUnsafe()
    return providers.filter(
      (each) => used.has(each.provider) && each.keys.some((key) => KeyState.isUsable(key.state, now))
    ).length
  })
}

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
