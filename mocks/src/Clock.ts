/**
 * Time for the mocks: the one module that reads the machine's clock and sets its timers.
 *
 * Nothing else in this workspace calls `Date.now` or `setTimeout`. `Clock.real()` looks both up at the moment of use, so a
 * test runner's fake timers drive it too. It can also be pushed forward (`advance`), which is how a person at a terminal
 * makes "restored in five minutes" happen now, and run faster than the machine's (`speed`), for clients whose own waits are as
 * much shorter. `Clock.manual()` moves only when told to.
 *
 * **Gotchas**
 *
 * - `advance` is synchronous: timers that come due run in order, with `now()` at their own moment, including those that
 *   they set themselves. What waits for a socket runs afterwards, as sockets do.
 *
 * **Example** (an outage of five minutes in no time)
 *
 * ```ts
 * const clock = Clock.manual()
 * const vendors = Vendors.make({ clock })
 * vendors.setKey("sk-demo-qwen-1", { vendor: "qwen", state: "invalid", restoredAfter: "5m" })
 * clock.advance("5m")
 * ```
 */
import { type Duration, duration, factor } from "./internal/plan/Check.ts"

/** Takes a timer back. Harmless when it has run. */
export type Cancel = () => void

/** The clock of those who call, beside one that runs faster or was moved on. */
export interface CallersClock {
  /** Milliseconds of the mocks' clock in one of the callers'; 1 is real time. */
  readonly speed: number
  /** Milliseconds that `advance` has added to the mocks' clock. */
  jumped(): number
  /** What callers' clocks show: milliseconds since 1970. */
  now(): number
}

/** A source of time. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `task` once, `ms` from now. */
  after(ms: number, task: () => void): Cancel
  /** Moves time forward and runs what comes due, in order. */
  advance(by: Duration): void
  /** The clock of those who call; left out where they live by this one. */
  readonly callers?: CallersClock
}

/** A clock that may run faster than those of its callers. */
export interface FasterClock extends Clock {
  readonly callers: CallersClock
}

/** How a clock goes. */
export interface Options {
  /** How many times faster than the machine's, from 1 to 100; 1 unless told otherwise. */
  readonly speed?: number
}

interface Timer {
  readonly due: number
  readonly task: () => void
}

/** The first moment of a manual clock unless told otherwise: 2025-02-17T14:11:55Z, the article's `created`. */
export const epoch = 1739801515000

const earliest = (timers: Iterable<Timer>, limit: number): Timer | undefined => {
  let found: Timer | undefined
  for (const timer of timers) if (timer.due <= limit && (found === undefined || timer.due < found.due)) found = timer
  return found
}

/** A clock that stands still until `advance`. */
export const manual = (start: number = epoch): Clock => {
  const timers = new Set<Timer>()
  let time = start
  return {
    now: () => time,
    after: (ms, task) => {
      const timer = { due: time + ms, task }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    advance: (by) => {
      const target = time + duration("advance", by)
      for (let next = earliest(timers, target); next !== undefined; next = earliest(timers, target)) {
        timers.delete(next)
        time = Math.max(time, next.due)
        next.task()
      }
      time = target
    }
  }
}

/** The longest that a timer of the machine can wait: 24 days. One that is set for longer fires at once. */
const longest = 2 ** 31 - 1

/**
 * The machine's clock, or the test runner's fake one, as many times faster as it is told, plus whatever it was advanced by. The
 * one place of the mocks that asks the globals, at every call: everything else is handed a `Clock`, and a runner may put its
 * fake timers there at any time. Throws for a speed that is none.
 */
export const real = ({ speed = 1 }: Options = {}): FasterClock => {
  factor("speed", speed)
  const pending = new Map<Timer, ReturnType<typeof setTimeout>>()
  const begun = Date.now()
  let offset = 0
  const running = (): number => begun + Math.round((Date.now() - begun) * speed)
  const now = (): number => running() + offset
  const drop = (timer: Timer): void => {
    clearTimeout(pending.get(timer))
    pending.delete(timer)
  }
  const arm = (timer: Timer): void => {
    drop(timer)
    const wait = Math.ceil(Math.max(0, timer.due - now()) / speed)
    const run = (): void => {
      pending.delete(timer)
      if (wait > longest) arm(timer)
      else timer.task()
    }
    pending.set(timer, setTimeout(run, Math.min(wait, longest)))
  }
  return {
    now,
    after: (ms, task) => {
      const timer = { due: now() + ms, task }
      arm(timer)
      return () => drop(timer)
    },
    advance: (by) => {
      // Whatever time goes by meanwhile comes on top.
      const jumped = offset + duration("advance", by)
      const target = running() + jumped
      const next = (): Timer | undefined => earliest(pending.keys(), target)
      for (let timer = next(); timer !== undefined; timer = next()) {
        drop(timer)
        offset = Math.max(offset, timer.due - running())
        timer.task()
      }
      offset = Math.max(offset, jumped)
      for (const timer of [...pending.keys()]) arm(timer)
    },
    callers: { speed, jumped: () => offset, now: () => Date.now() }
  }
}
