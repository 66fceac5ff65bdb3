/**
 * The verdict on a run: what is held against the client, and the numbers. A pure function of the run.
 */
import type { Run } from "../run/Run.ts"
import type { Finding } from "./Finding.ts"

/** The numbers of a run. Durations in milliseconds. */
export interface Figures {
  readonly calls: number
  readonly answered: number
  /** Refused as the caller's own fault, where that is expected. */
  readonly rejected: number
  readonly failed: number
  readonly left: number
  /** Good endings as a share of calls whose callers stayed; 1 when there were none. */
  readonly availability: number
  readonly attempts: number
  readonly mostAttempts: number
  /** Requests that belong to no call. */
  readonly probes: number
  readonly tokens: number
  readonly medianAnswer: number
  readonly p95Answer: number
  readonly slowestAnswer: number
}

/** A verdict. */
export interface Verdict {
  readonly passed: boolean
  readonly findings: ReadonlyArray<Finding>
  readonly figures: Figures
}

/** Judges a run. */
export const of = (_run: Run): Verdict => {
  throw new Error("not written yet")
}
