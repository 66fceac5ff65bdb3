/**
 * The way back of a removed key: asks the vendor, in the background, whether the key is well again.
 *
 * One fiber a removed key, in the scope of the provider; it sleeps until the key's `nextProbeAt`, probes, tells the pool,
 * and ends when the key is no longer removed. The probe itself (a free endpoint, or one token of a completion) is the
 * dialect's, handed in as an effect.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { ApiKey } from "./ApiKey.ts"
import type { KeyPool } from "./KeyPool.ts"

/** Proves a key: true when the vendor accepts it. Never fails. */
export type Probe = (key: ApiKey) => Effect.Effect<boolean>

/** Probes a removed key until it is back. */
export const untilRestored = Effect.fnUntraced(function* (pool: KeyPool, probe: Probe, key: ApiKey) {
  const clock = yield* Clock.Clock
  const random = yield* Random.Random
  let state = pool.stateOf(key)
  while (state._tag === "Removed") {
    yield* Effect.sleep(Duration.millis(Math.max(0, state.nextProbeAt - clock.currentTimeMillisUnsafe())))
    // A success of live traffic may have restored it meanwhile.
    if (pool.stateOf(key)._tag !== "Removed") return
    const ok = yield* probe(key)
    state = pool.probed(key, ok, clock.currentTimeMillisUnsafe(), random)
  }
})
