/**
 * The numbers of a run.
 *
 * `calls` is `answered + rejected + failed + left`. Times are those of the calls that got a whole answer; ranks are nearest
 * ranks.
 */
import * as Schema from "effect/Schema"
import type { Facts } from "./Facts.ts"

/** The numbers of a run. Durations in milliseconds; fields are written in this order. */
export const Figures = Schema.Struct({
  calls: Schema.Finite,
  /** Got a whole answer. */
  answered: Schema.Finite,
  /** Refused as the caller's own fault, where that is expected. */
  rejected: Schema.Finite,
  /** Everybody else who stayed: an error, nothing, or an answer that is not whole. */
  failed: Schema.Finite,
  left: Schema.Finite,
  /** Good endings as a share of calls whose callers stayed; 1 when there were none. */
  availability: Schema.Finite,
  /** Requests made for calls. */
  attempts: Schema.Finite,
  /** Requests made for the call that took most of them. */
  mostAttempts: Schema.Finite,
  /** Requests that belong to no call. */
  probes: Schema.Finite,
  tokens: Schema.Finite,
  medianAnswer: Schema.Finite,
  p95Answer: Schema.Finite,
  slowestAnswer: Schema.Finite
})

/** The numbers of a run. */
export type Figures = typeof Figures.Type

const ranked = (sorted: ReadonlyArray<number>, share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0

/** Counts. */
export const of = ({ attempts, cases, probes, run }: Facts): Figures => {
  const count = (ending: string): number => cases.filter((each) => each.ending === ending).length
  const [answered, rejected, left] = [count("whole"), count("rejected"), count("left")]
  const stayed = cases.length - left
  const times = cases
    .flatMap(({ call, ending }) => (ending === "whole" && call.endedAt !== undefined ? [call.endedAt - call.at] : []))
    .toSorted((a, b) => a - b)
  return {
    calls: cases.length,
    answered,
    rejected,
    failed: stayed - answered - rejected,
    left,
    availability: stayed === 0 ? 1 : (answered + rejected) / stayed,
    attempts: attempts.length,
    mostAttempts: cases.reduce((most, each) => Math.max(most, each.attempts.length), 0),
    probes: probes.length,
    tokens: run.attempts.reduce((sum, { tokens = 0 }) => sum + tokens, 0),
    medianAnswer: ranked(times, 0.5),
    p95Answer: ranked(times, 0.95),
    slowestAnswer: ranked(times, 1)
  }
}
