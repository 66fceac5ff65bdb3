/**
 * One re-armed timer an attempt, on the injected clock.
 *
 * Arming only moves a number; a sleeping fiber wakes at the time that it was started for, sees whether the deadline has
 * moved on, and sleeps again. So a chunk costs one assignment, not a timer. Only a deadline that moves closer than the
 * sleeper's own restarts it.
 */
import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"

/** A deadline that can be moved. */
export interface Watchdog {
  /** Sets the deadline, in the milliseconds of `now`. */
  readonly arm: (at: number) => void
  /** Ends the timer. */
  readonly stop: () => void
}

/** Monotonic milliseconds of a clock: for elapsed times and deadlines, which a corrected wall clock must not move. */
export const now = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6

/** Makes a watchdog that calls `onFire` once when its deadline has passed. */
export const make = (clock: Clock.Clock, context: Context.Context<never>, onFire: () => void): Watchdog => {
  let deadline = Number.POSITIVE_INFINITY
  let wakesAt = Number.POSITIVE_INFINITY
  let fiber: Fiber.Fiber<void> | undefined

  const sleep = (): void => {
    wakesAt = deadline
    if (deadline === Number.POSITIVE_INFINITY) return
    const millis = Math.max(0, Math.ceil(deadline - now(clock)))
    fiber = Effect.runForkWith(context)(Effect.flatMap(clock.sleep(Duration.millis(millis)), () => Effect.sync(wake)))
  }
  const wake = (): void => {
    fiber = undefined
    if (now(clock) < deadline) return sleep()
    deadline = wakesAt = Number.POSITIVE_INFINITY
    onFire()
  }
  const stop = (): void => {
    deadline = wakesAt = Number.POSITIVE_INFINITY
    fiber?.interruptUnsafe()
    fiber = undefined
  }
  return {
    arm: (at) => {
      deadline = at
      if (at >= wakesAt) return
      fiber?.interruptUnsafe()
      sleep()
    },
    stop
  }
}
