/**
 * The numbers of a run.
 *
 * `calls` is `answered + rejected + failed + left`. Times are those of the calls that got a whole answer; ranks are nearest
 * ranks.
 */
import * as Schema from "effect/Schema"
import { nothing } from "../run/Rest.ts"
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

/** The value at a rank among values, of each of which there are several. */
const ranked = (sorted: ReadonlyArray<readonly [value: number, count: number]>, share: number): number => {
  const rank = Math.max(1, Math.ceil(sorted.reduce((sum, [, count]) => sum + count, 0) * share))
  let seen = 0
  for (const [value, count] of sorted) {
    seen += count
    if (seen >= rank) return value
  }
  return 0
}

const timesOf = ({ cases, run }: Facts): ReadonlyArray<readonly [number, number]> => {
  const times = new Map(run.rest?.times)
  for (const { call, ending } of cases) {
    if (ending !== "whole" || call.endedAt === undefined) continue
    const took = call.endedAt - call.at
    times.set(took, (times.get(took) ?? 0) + 1)
  }
  return [...times].sort(([a], [b]) => a - b)
}

/** Counts, what is not kept of a long run included. */
export const of = (facts: Facts): Figures => {
  const { attempts, cases, probes, run } = facts
  const rest = run.rest ?? nothing
  const count = (ending: string): number => cases.filter((each) => each.ending === ending).length
  const answered = rest.answered + count("whole")
  const [rejected, left] = [rest.rejected + count("rejected"), rest.left + count("left")]
  const calls = rest.calls + cases.length
  const stayed = calls - left
  const times = timesOf(facts)
  return {
    calls,
    answered,
    rejected,
    failed: stayed - answered - rejected,
    left,
    availability: stayed === 0 ? 1 : (answered + rejected) / stayed,
    attempts: rest.attempts + attempts.length,
    mostAttempts: cases.reduce((most, each) => Math.max(most, each.attempts.length), rest.mostAttempts),
    probes: rest.probes + probes.length,
    tokens: run.attempts.reduce((sum, { tokens = 0 }) => sum + tokens, rest.tokens),
    medianAnswer: ranked(times, 0.5),
    p95Answer: ranked(times, 0.95),
    slowestAnswer: ranked(times, 1)
  }
}
