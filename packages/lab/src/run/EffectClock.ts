/** Effect's `Clock` over another source of time. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** A source of time. */
export interface Source {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Monotonic nanoseconds. */
  readonly nanos: () => bigint
  /** Does something later; the result takes it back. */
  readonly after: (millis: number, task: () => void) => () => void
}

/** The clock of a source. */
export const make = ({ after, nanos, now }: Source): Clock.Clock => ({
  currentTimeMillisUnsafe: now,
  currentTimeMillis: Effect.sync(now),
  currentTimeNanosUnsafe: () => BigInt(now()) * 1_000_000n,
  currentTimeNanos: Effect.sync(() => BigInt(now()) * 1_000_000n),
  monotonicTimeNanosUnsafe: nanos,
  monotonicTimeNanos: Effect.sync(nanos),
  sleep: (duration) => {
    const millis = Duration.toMillis(duration)
    if (millis <= 0) return Effect.yieldNow
    return Effect.callback((resume) => {
      const cancel = after(millis, () => resume(Effect.void))
      return Effect.sync(cancel)
    })
  }
})
