/**
 * Plays a plan against a sink: the shared half of the adapters.
 *
 * Timers are chained synchronously, so a manual clock can run a whole stream within one `advance`. The sink is told bytes
 * and the ending; how a FIN or an RST is made is its business.
 */
import type { Cancel, Clock } from "../../Clock.ts"
import * as Plan from "../../Plan.ts"

/** Where a plan goes. */
export interface Sink {
  /** Sends the status line and the headers. */
  open(): void
  /** Sends the bytes of a batch. */
  write(batch: Plan.Batch): void
  /** Stops as told. A `stall` arrives here too: the sink keeps the connection open. */
  end(as: Plan.EndingKind): void
}

class Player {
  readonly #plan: Plan.Plan
  readonly #batches: ReadonlyArray<Plan.Batch>
  readonly #clock: Clock
  readonly #sink: Sink
  #next = 0
  #stopped = false
  #cancel: Cancel | undefined

  constructor(plan: Plan.Plan, clock: Clock, sink: Sink) {
    this.#plan = plan
    this.#batches = Plan.batches(plan)
    this.#clock = clock
    this.#sink = sink
  }

  begin(): void {
    const { after } = this.#plan.opening
    if (after > 0) this.#cancel = this.#clock.after(after, () => this.#open())
    else this.#open()
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }

  #open(): void {
    this.#sink.open()
    this.#go()
  }

  /** Writes what needs no wait, and waits for the rest. */
  #go(): void {
    for (let batch = this.#batches[this.#next]; batch !== undefined; batch = this.#batches[this.#next]) {
      if (this.#stopped) return
      if (batch.after > 0) return this.#wait(batch.after, batch)
      this.#write(batch)
    }
    if (this.#stopped) return
    const { after } = this.#plan.ending
    if (after > 0) this.#cancel = this.#clock.after(after, () => this.#end())
    else this.#end()
  }

  #wait(millis: number, batch: Plan.Batch): void {
    this.#cancel = this.#clock.after(millis, () => {
      this.#write(batch)
      this.#go()
    })
  }

  #write(batch: Plan.Batch): void {
    this.#next++
    this.#sink.write(batch)
  }

  #end(): void {
    this.#sink.end(this.#plan.ending.as)
  }
}

/** Starts playing once `opening.after` has passed. The result stops it; what was sent stays sent. */
export const play = (plan: Plan.Plan, clock: Clock, sink: Sink): Cancel => {
  const player = new Player(plan, clock, sink)
  player.begin()
  return () => player.stop()
}
