/**
 * What a long run counts and does not keep: calls that went as they should, and what is beyond the most that is kept of the
 * others.
 */

import * as Schema from "effect/Schema"

const { Finite } = Schema

/** Calls and probes of one minute. */
export const RestMinute = Schema.Struct({
  calls: Finite,
  probes: Finite,
  /** The slowest of these calls, in milliseconds. */
  slowest: Finite
})

export type RestMinute = typeof RestMinute.Type

/** The numbers of no calls at all. */
export const nothing = {
  calls: 0,
  answered: 0,
  rejected: 0,
  left: 0,
  attempts: 0,
  mostAttempts: 0,
  probes: 0,
  tokens: 0
}

/** The numbers of some calls, as a verdict has them. */
export type Counted = Readonly<typeof nothing>

/** The sums. */
export interface Rest extends Counted {
  /** How many calls were worth keeping and are beyond the most that is kept: findings count the others. */
  readonly beyond: number
  /** How many answers took so many milliseconds. */
  readonly times: ReadonlyMap<number, number>
  /** By the minute, from 0. */
  readonly minutes: ReadonlyMap<number, RestMinute>
  /** How many calls made one attempt, and where: by minute, by model, by target. */
  readonly straight: ReadonlyMap<number, ReadonlyMap<string, ReadonlyMap<string, number>>>
}

/** Adds calls and probes of a moment, in milliseconds, to those of its minute. */
export const inMinute = (minutes: Map<number, RestMinute>, at: number, more: RestMinute): void => {
  const minute = Math.floor(at / 60_000)
  const { calls, probes, slowest } = minutes.get(minute) ?? { calls: 0, probes: 0, slowest: 0 }
  minutes.set(minute, {
    calls: calls + more.calls,
    probes: probes + more.probes,
    slowest: Math.max(slowest, more.slowest)
  })
}
