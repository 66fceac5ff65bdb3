/**
 * Deadlines that can be moved, on the injected clock: one timer a clock, however many attempts are under way.
 *
 * Arming only moves a number. The timer goes off at the earliest deadline that was known when it was set, sees which have
 * passed and which have moved on, and is set again. So a chunk costs one assignment and a call no timer of its own; only a
 * deadline that is earlier than the timer's sets it anew. When nothing is armed it is cleared: one that is left behind would
 * keep the process alive.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"

/** Monotonic milliseconds of a clock: for elapsed times and deadlines, which a corrected wall clock must not move. */
export const now = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6

/** The machine's own clock: a fiber that sleeps on it costs a lone call as much as all that the engine does besides. */
const machine: Clock.Clock = Context.get(Context.empty(), Clock.Clock)

/** The longest that a timer of the machine takes, in milliseconds: it is set again then. */
const longest = 2 ** 31 - 1

/** Something that can be put into a bag, into one at a time. */
export interface Item {
  /** Its place in the bag; the bag's own to change. */
  place: number
}

/** What is under way, in no order: items come and go with every call, for which a `Set` is too dear (docs/decisions/0037). */
export class Bag<A extends Item> {
  /** The place of an item that is in no bag. */
  static readonly nowhere = -1
  readonly #items: Array<A> = []

  /** Puts an item in, if it is not there. */
  add(item: A): void {
    if (item.place !== Bag.nowhere) return
    item.place = this.#items.length
    this.#items.push(item)
  }

  /** Takes an item out: how many are left, or undefined if it was not there. */
  delete(item: A): number | undefined {
    const { place } = item
    if (place === Bag.nowhere) return undefined
    const last = this.#items.pop() as A
    if (last !== item) {
      last.place = place
      this.#items[place] = last
    }
    item.place = Bag.nowhere
    return this.#items.length
  }

  /** What is in it now: items may come and go meanwhile. */
  [Symbol.iterator](): IterableIterator<A> {
    return this.#items.slice().values()
  }
}

/** What is watched on one clock. */
class Watches {
  readonly #clock: Clock.Clock
  readonly all = new Bag<Watchdog>()
  /** When the timer goes off. */
  wakesAt = Number.POSITIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined
  #fiber: Fiber.Fiber<void> | undefined
  readonly #wake = (): void => {
    this.rest()
    const time = now(this.#clock)
    const due: Array<Watchdog> = []
    let next: Watchdog | undefined
    for (const watch of this.all) {
      if (watch.deadline <= time) due.push(watch)
      else if (next === undefined || watch.deadline < next.deadline) next = watch
    }
    if (next !== undefined && next.deadline < Number.POSITIVE_INFINITY) this.wakeFor(next)
    for (const watch of due) {
      // A watch that fires may stop another one. Each has a fiber of its own: a defect ends one of them only.
      if (this.all.delete(watch) !== undefined) Effect.runForkWith(watch.context)(Effect.sync(watch.onFire))
    }
  }

  constructor(clock: Clock.Clock) {
    this.#clock = clock
  }

  rest(): void {
    clearTimeout(this.#timer)
    this.#fiber?.interruptUnsafe()
    this.#fiber = undefined
    this.wakesAt = Number.POSITIVE_INFINITY
  }

  wakeFor({ context, deadline }: Watchdog): void {
    if (this.wakesAt < Number.POSITIVE_INFINITY) this.rest()
    this.wakesAt = deadline
    const millis = Math.max(0, Math.ceil(deadline - now(this.#clock)))
    if (this.#clock === machine) {
      // The one timer of the core that is the machine's own: this is what the clock in force would do, without a fiber. Whoever
      // hands in another clock (a test, the simulator, the lab) never comes here.
      this.#timer = setTimeout(this.#wake, Math.min(millis, longest))
      return
    }
    this.#fiber = Effect.runForkWith(context)(this.#clock.sleep(Duration.millis(millis)))
    this.#fiber.addObserver((exit) => {
      if (Exit.isSuccess(exit)) this.#wake()
    })
  }
}

const watchesOf = new WeakMap<Clock.Clock, Watches>()

/** A deadline that can be moved: calls `onFire` once when it has passed. */
export class Watchdog {
  readonly #watches: Watches
  readonly context: Context.Context<never>
  readonly onFire: () => void
  /** In the milliseconds of `now`. */
  deadline: number
  place: number

  constructor(clock: Clock.Clock, context: Context.Context<never>, onFire: () => void) {
    const known = watchesOf.get(clock)
    this.#watches = known ?? new Watches(clock)
    if (known === undefined) watchesOf.set(clock, this.#watches)
    this.context = context
    this.onFire = onFire
    this.deadline = Number.POSITIVE_INFINITY
    this.place = Bag.nowhere
  }

  /** Sets the deadline. */
  arm(at: number): void {
    this.deadline = at
    this.#watches.all.add(this)
    if (at < this.#watches.wakesAt) this.#watches.wakeFor(this)
  }

  /** Ends the watch. */
  stop(): void {
    if (this.#watches.all.delete(this) === 0) this.#watches.rest()
  }
}
