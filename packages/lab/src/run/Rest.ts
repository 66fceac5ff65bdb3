/**
 * What a long run counts and does not keep: calls that went as they should, and what is beyond the most that is kept of the
 * others.
 */

/** Calls and probes of one minute. */
export interface RestMinute {
  readonly calls: number
  readonly probes: number
  /** The slowest of these calls, in milliseconds. */
  readonly slowest: number
}

/** The sums. */
export interface Rest {
  readonly calls: number
  readonly answered: number
  readonly rejected: number
  readonly left: number
  readonly attempts: number
  readonly mostAttempts: number
  readonly probes: number
  readonly tokens: number
  /** How many answers took so many milliseconds. */
  readonly times: ReadonlyMap<number, number>
  /** By the minute, from 0. */
  readonly minutes: ReadonlyMap<number, RestMinute>
}
