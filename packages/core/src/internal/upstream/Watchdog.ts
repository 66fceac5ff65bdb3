/**
 * Deadlines that can be moved, on the injected clock: one sleeping fiber a clock, however many attempts are under way.
 *
 * Arming only moves a number. The fiber sleeps until the earliest deadline that it knew when it fell asleep, sees which
 * have passed and which have moved on, and sleeps again. So a chunk costs one assignment and a call no timer of its own;
 * only a deadline that is earlier than the sleeper's restarts it. When nothing is armed it ends: a timer that is left
 * behind would keep the process alive.
 */
import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"

/** A deadline that can be moved. */
export interface Watchdog {
  /** Sets the deadline, in the milliseconds of `now`. */
  readonly arm: (at: number) => void
  /** Ends the watch. */
  readonly stop: () => void
}

/** Monotonic milliseconds of a clock: for elapsed times and deadlines, which a corrected wall clock must not move. */
export const now = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6

interface Watch {
  deadline: number
  readonly context: Context.Context<never>
  readonly onFire: () => void
}

class Sleeper {
  readonly #clock: Clock.Clock
  readonly #watches = new Set<Watch>()
  #wakesAt = Number.POSITIVE_INFINITY
  #fiber: Fiber.Fiber<void> | undefined
  readonly #onSlept = (exit: Exit.Exit<void>): void => {
    if (Exit.isSuccess(exit)) this.#wake()
  }

  constructor(clock: Clock.Clock) {
    this.#clock = clock
  }

  arm(watch: Watch): void {
    this.#watches.add(watch)
    if (watch.deadline < this.#wakesAt) this.#sleep(watch)
  }

  stop(watch: Watch): void {
    if (!this.#watches.delete(watch) || this.#watches.size > 0) return
    this.#fiber?.interruptUnsafe()
    this.#rest()
  }

  #rest(): void {
    this.#fiber = undefined
    this.#wakesAt = Number.POSITIVE_INFINITY
  }

  #sleep({ context, deadline }: Watch): void {
    this.#fiber?.interruptUnsafe()
    this.#wakesAt = deadline
    const millis = Duration.millis(Math.max(0, Math.ceil(deadline - now(this.#clock))))
    this.#fiber = Effect.runForkWith(context)(this.#clock.sleep(millis))
    this.#fiber.addObserver(this.#onSlept)
  }

  #wake(): void {
    this.#rest()
    const time = now(this.#clock)
    const due: Array<Watch> = []
    let next: Watch | undefined
    for (const watch of this.#watches) {
      if (watch.deadline <= time) due.push(watch)
      else if (next === undefined || watch.deadline < next.deadline) next = watch
    }
    if (next !== undefined && next.deadline < Number.POSITIVE_INFINITY) this.#sleep(next)
    for (const watch of due) {
      // A watch that fires may stop another one. Each has a fiber of its own: a defect ends one of them only.
      if (this.#watches.delete(watch)) Effect.runForkWith(watch.context)(Effect.sync(watch.onFire))
    }
  }
}

const sleepers = new WeakMap<Clock.Clock, Sleeper>()

const sleeperOf = (clock: Clock.Clock): Sleeper => {
  let sleeper = sleepers.get(clock)
  if (sleeper === undefined) {
    sleeper = new Sleeper(clock)
    sleepers.set(clock, sleeper)
  }
  return sleeper
}

/** Makes a watchdog that calls `onFire` once when its deadline has passed. */
export const make = (clock: Clock.Clock, context: Context.Context<never>, onFire: () => void): Watchdog => {
  const sleeper = sleeperOf(clock)
  const watch: Watch = { deadline: Number.POSITIVE_INFINITY, context, onFire }
  return {
    arm: (at) => {
      watch.deadline = at
      sleeper.arm(watch)
    },
    stop: () => sleeper.stop(watch)
  }
}
