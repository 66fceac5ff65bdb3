/**
 * The decision table: what each reason does to the key and where the call goes next.
 *
 * Pure and total: a row for every reason, overridable per route by reason, by exact status or by status class. The
 * engine (`failover/Failover`) only carries the rows out; it holds no status and no special case of its own.
 *
 * | column       | question                                                             |
 * | ------------ | -------------------------------------------------------------------- |
 * | `key`        | what happens to the key that was used                                |
 * | `anotherKey` | may another key of the same target be tried at once                  |
 * | `again`      | may the same target, with the same key, be asked again               |
 * | `fallback`   | may the next target be tried                                         |
 * | `circuit`    | does the failure count against the target                            |
 */
import type { AttemptFailure } from "./AttemptFailure.ts"
import type { Reason, ReasonTag } from "./Reason.ts"

/** What a failure does to the key that was used. */
export type KeyEffect = "none" | "count" | "removeAccount" | "coolModel" | "coolAccountModel"

/** One row of the table. */
export interface Decision {
  readonly key: KeyEffect
  readonly anotherKey: "no" | "any" | "otherAccount"
  readonly again: "no" | "once" | "afterWait"
  readonly fallback: boolean
  readonly circuit: boolean
}

/** What a route may change of a row. */
export interface Override {
  readonly fallback?: boolean | undefined
  readonly anotherKey?: boolean | undefined
  readonly again?: boolean | undefined
}

/** Overrides by reason (`Overloaded`), exact status (`"429"`) or status class (`"4xx"`). */
export type Overrides = Readonly<Record<string, Override>>

const keysFault = { again: "no", fallback: true, circuit: false } as const
const targetsFault = { key: "none", anotherKey: "no", again: "once", fallback: true, circuit: true } as const
const modelsFault = { key: "none", anotherKey: "no", again: "no", fallback: true, circuit: false } as const
const callersFault = { key: "none", anotherKey: "no", again: "no", fallback: false, circuit: false } as const

/** The defaults, one row a reason. */
export const defaults: Readonly<Record<ReasonTag, Decision>> = {
  Unauthorized: { ...keysFault, key: "count", anotherKey: "any" },
  BalanceExhausted: { ...keysFault, key: "removeAccount", anotherKey: "otherAccount" },
  PermissionDenied: { ...keysFault, key: "coolModel", anotherKey: "any" },
  RateLimited: { ...keysFault, key: "coolAccountModel", anotherKey: "otherAccount", again: "afterWait" },
  Overloaded: targetsFault,
  ServerFailed: targetsFault,
  ConnectionFailed: targetsFault,
  // A silent target is left, not asked again: peers that ask again take minutes.
  TimedOut: { ...targetsFault, again: "no" },
  MalformedResponse: targetsFault,
  EmptyResponse: targetsFault,
  Interrupted: targetsFault,
  ModelNotFound: modelsFault,
  ContextTooLong: modelsFault,
  ContentFiltered: callersFault,
  // Images, tools, a role, a schema: another target may take what this one cannot.
  Unsuited: modelsFault,
  InvalidRequest: callersFault,
  Cancelled: callersFault
}

/** The caller's time is up: nothing may follow, whatever a route says. */
const outOfTime: Decision = { ...callersFault, circuit: true }

const statusClass = (status: number): string => `${Math.floor(status / 100)}xx`

/** The override that applies: reason before exact status before class, because the reason says most. */
const overrideFor = (failure: AttemptFailure, overrides: Overrides): Override | undefined => {
  const byReason = overrides[failure.reason._tag]
  if (byReason !== undefined) return byReason
  const status = failure.vendor?.status
  return status === undefined ? undefined : (overrides[String(status)] ?? overrides[statusClass(status)])
}

const isFinal = (reason: Reason): boolean =>
  reason._tag === "Cancelled" || (reason._tag === "TimedOut" && reason.phase === "total")

const withOverride = (row: Decision, override: Override | undefined): Decision => {
  if (override === undefined) return row
  const { again, anotherKey, fallback } = override
  return {
    ...row,
    ...(fallback === undefined ? {} : { fallback }),
    ...(anotherKey === undefined ? {} : { anotherKey: anotherKey ? ("any" as const) : ("no" as const) }),
    ...(again === undefined ? {} : { again: again ? ("once" as const) : ("no" as const) })
  }
}

/** What to do after this failure. */
export const decide = (failure: AttemptFailure, overrides: Overrides = {}): Decision => {
  const row = defaults[failure.reason._tag]
  if (isFinal(failure.reason)) return failure.reason._tag === "Cancelled" ? row : outOfTime
  return withOverride(row, overrideFor(failure, overrides))
}

/** The whole table under a route's overrides by reason; overrides by status apply only where a status is known. */
export const table = (overrides: Overrides = {}): Readonly<Record<ReasonTag, Decision>> =>
  Object.fromEntries(
    Object.entries(defaults).map(([tag, row]) => [tag, tag === "Cancelled" ? row : withOverride(row, overrides[tag])])
  ) as Record<ReasonTag, Decision>
