/**
 * Virtual time for Effect: a `Clock` and a `Scheduler` that belong together, and a loop that drives both without the event
 * loop of the machine.
 *
 * Fibers yield into a list of ready tasks; sleeps and other timers stand in a binary heap. `run` drains the list, then moves
 * the clock to the next timer, and so on: time moves only when nobody can go on, and a run is one synchronous function.
 *
 * **Gotchas**
 *
 * - Timers of one instant fire in the order in which they were set; each one's tasks are drained before the next fires.
 * - Promises are never waited for: an effect that awaits one hangs. Nothing in the core does.
 * - Times are whole milliseconds; a sleep is rounded up.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Scheduler from "effect/Scheduler"
import * as EffectClock from "./EffectClock.ts"

/** Something that happens at an instant; `cancel` takes it off. */
export interface Timer {
  readonly at: number
  readonly order: number
  run: (() => void) | undefined
}

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** A clock that stands still until it is run. Times are milliseconds since the start of the simulation. */
export class VirtualTime {
  readonly clock: Clock.Clock
  readonly scheduler: Scheduler.Scheduler
  readonly #epoch: number
  readonly #heap: Array<Timer> = []
  #ready: Array<() => void> = []
  #now = 0
  #nanos = 0n
  #order = 0
  #live = 0
  #steps = 0

  /** `epoch` is the Unix time of the start. */
  constructor(epoch = 1_764_547_200_000) {
    this.#epoch = epoch
    this.clock = EffectClock.make({
      now: () => this.unix,
      nanos: () => this.#nanos,
      after: (millis, task) => {
        const timer = this.after(millis, task)
        return () => this.cancel(timer)
      }
    })
    this.scheduler = new Scheduler.MixedScheduler("async", (task) => {
      let cancelled = false
      this.#ready.push(() => {
        if (!cancelled) task()
      })
      return () => {
        cancelled = true
      }
    })
  }

  /** Milliseconds since the start. */
  get now(): number {
    return this.#now
  }

  /** Unix time in milliseconds. */
  get unix(): number {
    return this.#epoch + this.#now
  }

  /** Timers that have fired. */
  get steps(): number {
    return this.#steps
  }

  /** Timers that have not fired. */
  get pending(): number {
    return this.#live
  }

  /** Both services, for a fiber that is to live in this time. */
  get context(): Context.Context<never> {
    return Context.make(Clock.Clock, this.clock).pipe(Context.add(Scheduler.Scheduler, this.scheduler))
  }

  /** Does something when the clock stands at `at`; the past means now. */
  at(at: number, run: () => void): Timer {
    const timer: Timer = { at: Math.max(this.#now, Math.ceil(at)), order: this.#order++, run }
    this.#live++
    this.#heap.push(timer)
    this.#up(this.#heap.length - 1)
    return timer
  }

  /** Does something after so many milliseconds. */
  after(millis: number, run: () => void): Timer {
    return this.at(this.#now + millis, run)
  }

  /** Takes a timer off; one that has fired stays fired. */
  cancel(timer: Timer): void {
    if (timer.run === undefined) return
    timer.run = undefined
    this.#live--
    // A cancelled timer stays in the heap until its time or until the heap is mostly such.
    if (this.#heap.length > 64 && this.#live * 2 < this.#heap.length) this.#sweep()
  }

  /** Runs everything that can run up to and including `until`, and leaves the clock there. */
  run(until: number): void {
    while (this.step(until)) {}
  }

  /** Runs what is ready and the next timer up to `until`; without one, leaves the clock there and says false. */
  step(until: number): boolean {
    this.drain()
    for (let timer = this.#heap[0]; timer !== undefined && timer.at <= until; timer = this.#heap[0]) {
      this.#pop()
      const { run } = timer
      if (run === undefined) continue
      timer.run = undefined
      this.#live--
      this.#steps++
      if (timer.at > this.#now) this.#set(timer.at)
      run()
      this.drain()
      return true
    }
    if (until > this.#now && until !== Number.POSITIVE_INFINITY) this.#set(until)
    return false
  }

  /** Runs what is ready now, without moving the clock. */
  drain(): void {
    while (this.#ready.length > 0) {
      const tasks = this.#ready
      this.#ready = []
      for (const task of tasks) task()
    }
  }

  #set(now: number): void {
    this.#now = now
    this.#nanos = BigInt(now) * 1_000_000n
  }

  #sweep(): void {
    const live = this.#heap.filter((timer) => timer.run !== undefined)
    this.#heap.length = 0
    for (const timer of live.sort((a, b) => a.at - b.at || a.order - b.order)) this.#heap.push(timer)
  }

  #up(from: number): void {
    const heap = this.#heap
    const timer = heap[from]!
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!before(timer, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = timer
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let index = 0
    for (let child = 1; child < heap.length; child = 2 * index + 1) {
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, last)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
  }
}
