/**
 * The way back of a removed key: asks the vendor, in the background, whether the key is well again.
 *
 * One fiber a removal, in the scope of the provider; it sleeps until the key's `nextProbeAt`, probes, tells the pool, and
 * ends with its removal: a key that live traffic restored and that was removed anew has a fiber of its own. The probe
 * itself (a free endpoint, or one token of a completion) is the dialect's, handed in as an effect.
 *
 * Of several replicas whose pools share states, the one that gets the lease of a probe makes it; the others look again when the
 * lease is over, by when they have heard how it ended, or take it from a replica that is gone.
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

/** Leave to make the probe that is due at a time; false when another replica has it for so many milliseconds. */
export type Lease = (key: ApiKey, dueAt: number, millis: number) => Effect.Effect<boolean>

/** Time that a prober has, beyond that of the probe, to tell how it ended; in milliseconds. */
const telling = 1_000

/** Probes a removed key until it is back. */
export const untilRestored = Effect.fnUntraced(function* (pool: KeyPool, probe: Probe, lease: Lease, key: ApiKey) {
  const clock = yield* Clock.Clock
  const random = yield* Random.Random
  let state = pool.stateOf(key)
  if (state._tag !== "Removed") return
  const { since } = state
  const leased = pool.options.policy.healthCheckTimeout + telling
  while (state._tag === "Removed") {
    yield* Effect.sleep(Duration.millis(Math.max(0, state.nextProbeAt - clock.currentTimeMillisUnsafe())))
    if (!isSame(pool.stateOf(key), since)) return
    if (!(yield* lease(key, state.nextProbeAt, leased))) {
      yield* Effect.sleep(Duration.millis(leased))
      state = pool.stateOf(key)
      if (!isSame(state, since)) return
      continue
    }
    const ok = yield* probe(key)
    // What a probe of an earlier removal says is old news.
    if (!isSame(pool.stateOf(key), since)) return
    state = pool.probed(key, ok, clock.currentTimeMillisUnsafe(), random)
  }
})
