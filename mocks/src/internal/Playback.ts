/**
 * Plays a plan against a sink: the shared half of the adapters.
 *
 * Timers are chained synchronously, so a manual clock can run a whole stream within one `advance`. The sink is told bytes
 * and the ending; how a FIN or an RST is made is its business.
 */
import type { Cancel, Clock } from "../Clock.ts"
import * as Plan from "../Plan.ts"

/** Where a plan goes. */
export interface Sink {
  /** Sends the status line and the headers. */
  open(): void
  /** Sends the bytes of a batch. */
  write(batch: Plan.Batch): void
  /** Stops as told. A `stall` arrives here too: the sink keeps the connection open. */
  end(as: Plan.EndingKind): void
}

/** Starts playing once `opening.after` has passed. The result stops it; what was sent stays sent. */
export const play = (plan: Plan.Plan, clock: Clock, sink: Sink): Cancel => {
  const batches = Plan.batches(plan)
  let index = 0
  let stopped = false
  let cancel: Cancel = () => undefined
  const wait = (ms: number, task: () => void): void => {
    if (ms > 0) cancel = clock.after(ms, task)
    else task()
  }
  const step = (): void => {
    for (; index < batches.length; index++) {
      const batch = batches[index]
      if (batch === undefined || stopped) break
      if (batch.after > 0 && !due) {
        due = true
        cancel = clock.after(batch.after, step)
        return
      }
      due = false
      sink.write(batch)
    }
    if (!stopped) wait(plan.ending.after, () => sink.end(plan.ending.as))
  }
  let due = false
  wait(plan.opening.after, () => {
    sink.open()
    step()
  })
  return () => {
    stopped = true
    cancel()
  }
}
