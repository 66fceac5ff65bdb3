/**
 * The way back of a removed key: asks the vendor, in the background, whether the key is well again.
 *
 * One fiber a removal, in the scope of the provider; it sleeps until the key's `nextProbeAt`, probes, tells the pool, and
 * ends with its removal: a key that live traffic restored and that was removed anew has a fiber of its own. The probe
 * itself (a free endpoint, or one token of a completion) is the dialect's, handed in as an effect.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { ApiKey } from "../../key/ApiKey.ts"
import type { KeyPool } from "../../key/KeyPool.ts"
import type { KeyState } from "../../key/KeyState.ts"

/** Proves a key: true when the vendor accepts it. Never fails. */
export type Probe = (key: ApiKey) => Effect.Effect<boolean>

/** The removal is still the one that the fiber was started for. */
const isSame = (state: KeyState, since: number): boolean => state._tag === "Removed" && state.since === since

/** Probes a removed key until it is back. */
export const untilRestored = Effect.fnUntraced(function* (pool: KeyPool, probe: Probe, key: ApiKey) {
  const clock = yield* Clock.Clock
  const random = yield* Random.Random
  let state = pool.stateOf(key)
  if (state._tag !== "Removed") return
  const { since } = state
  while (state._tag === "Removed") {
    yield* Effect.sleep(Duration.millis(Math.max(0, state.nextProbeAt - clock.currentTimeMillisUnsafe())))
    if (!isSame(pool.stateOf(key), since)) return
    const ok = yield* probe(key)
    // What a probe of an earlier removal says is old news.
    if (!isSame(pool.stateOf(key), since)) return
    state = pool.probed(key, ok, clock.currentTimeMillisUnsafe(), random)
  }
})
