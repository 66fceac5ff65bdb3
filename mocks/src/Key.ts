/**
 * An API key and its life: which account it belongs to, what state it is in, and when that changes.
 *
 * A life is a list of phases. A phase ends after a time, at a moment, or after so many requests; the last one stays. Nothing
 * ticks: the phase is worked out from the clock when a request arrives.
 *
 * **Details**
 *
 * - Keys of one account share its limits, as at every vendor: rotating among them does not help.
 * - A state is a word for a fault kind (`arrears` is `billing.exhausted`) or the kind itself.
 *
 * **Example** (revoked, and back after five seconds)
 *
 * ```ts
 * vendors.setKey("sk-demo-qwen-1", { vendor: "qwen", account: "main", state: "invalid", restoredAfter: "5s" })
 * ```
 */
import * as Fault from "./Fault.ts"
import { type FaultKind, names } from "./FaultKind.ts"
import type { Script } from "./internal/plan/Answer.ts"
import * as Check from "./internal/plan/Check.ts"
import { type VendorName, names as vendors } from "./VendorList.ts"

const words = {
  invalid: "auth.invalid",
  revoked: "auth.invalid",
  arrears: "billing.exhausted",
  "rate-limited": "rate.limit",
  overloaded: "overload.fast",
  slow: "slow.firstToken",
  stalled: "stall.midstream",
  cut: "cut.midstream",
  silent: "stall.before"
} as const satisfies Record<string, FaultKind>

/** `valid`, a word for what is wrong, or a fault kind. */
export type KeyState = "valid" | keyof typeof words | FaultKind

/** A later phase. With none of the three conditions it never comes. Times count from the beginning of the phase before. */
export interface Change {
  readonly state: KeyState
  readonly after?: Check.Duration
  readonly at?: Date | string | number
  readonly afterRequests?: number
}

/** Requests per window, for an account and model. */
export interface Limit {
  readonly requests: number
  readonly per: Check.Duration
  /** Sends a true Retry-After. */
  readonly retryAfter?: "seconds" | "date"
}

/** What a key is. */
export interface KeySpec extends Fault.Manner {
  readonly vendor: VendorName
  readonly state?: KeyState
  /** How it appears in the journal. */
  readonly name?: string
  /** The account whose limits it shares; its own unless told otherwise. */
  readonly account?: string
  readonly restoredAfter?: Check.Duration
  readonly restoredAt?: Date | string | number
  /** Valid again after so many requests in the first state. */
  readonly restoredAfterRequests?: number
  /** Phases after the first. */
  readonly changes?: ReadonlyArray<Change>
  readonly limit?: Limit
  /** Requests in flight per model of the account. */
  readonly concurrency?: number
  /** What `GET /user/balance` says; "110.00". */
  readonly balance?: string
  /** Always answers this. */
  readonly reply?: string
  /** Always answers so many tokens. */
  readonly replyTokens?: number
}

/** A change that was accepted: durations and moments in milliseconds, for every request asks whether it is due. */
export interface Turn {
  readonly state: KeyState
  readonly after: number | undefined
  readonly at: number | undefined
  readonly afterRequests: number | undefined
}

/** A key that was accepted, without the key. */
export interface KeyRecord {
  readonly id: string
  readonly mask: string
  readonly name: string
  readonly account: string
  readonly spec: KeySpec
  readonly changes: ReadonlyArray<Turn>
  readonly script: Script | undefined
  /** The current phase: 0 is the state given, n the nth change. */
  phase: number
  since: number
  requests: number
  /** The phase that requests made due and listeners know of, before a request begins it. */
  announced: number
}

const states: ReadonlyArray<KeyState> = ["valid", ...(Object.keys(words) as Array<keyof typeof words>), ...names]
const schedule = ["restoredAfter", "restoredAt", "restoredAfterRequests", "changes"]
const own = [
  "vendor",
  "state",
  "name",
  "account",
  ...schedule,
  "limit",
  "concurrency",
  "balance",
  "reply",
  "replyTokens"
]

/** The fields of a key. */
export const fields: ReadonlyArray<string> = [...own, ...Fault.mannerNames]

/** The fault that a state stands for, or nothing when it is valid. */
export const faultOf = (state: KeyState): FaultKind | undefined =>
  state === "valid" ? undefined : ((words as Record<string, FaultKind>)[state] ?? (state as FaultKind))

/** The fault kinds of all phases. */
export const kinds = ({ spec, changes }: KeyRecord): ReadonlyArray<FaultKind> =>
  [spec.state ?? "valid", ...changes.map((change) => change.state)].flatMap((state) => faultOf(state) ?? [])

/** When a change comes, by the names that its times have. */
const checkTimes = (
  field: string,
  spec: Record<string, unknown>,
  [after, at, afterRequests]: readonly [string, string, string]
): Omit<Turn, "state"> => {
  const check = Check.within(field, spec)
  return {
    after: check(after, Check.duration),
    at: check(at, Check.moment),
    afterRequests: check(afterRequests, Check.count)
  }
}

const checkChange = (field: string, input: unknown): Turn => {
  const change = Check.object(field, input, ["state", "after", "at", "afterRequests"])
  const state = Check.oneOf(`${field}.state`, change["state"], states)
  return { state, ...checkTimes(field, change, ["after", "at", "afterRequests"]) }
}

const toChanges = (spec: Record<string, unknown>): ReadonlyArray<Turn> => {
  const given = spec["changes"] ?? []
  if (!Array.isArray(given))
    throw new Check.BadInput("key.changes", "a list of { state, after | at | afterRequests }", given)
  const times = checkTimes("key", spec, ["restoredAfter", "restoredAt", "restoredAfterRequests"])
  const changes = given.map((change, index) => checkChange(`key.changes[${index}]`, change))
  const isRestored = Object.values(times).some((time) => time !== undefined)
  return isRestored ? [{ state: "valid", ...times }, ...changes] : changes
}

const checkLimit = (input: unknown): void => {
  const limit = Check.object("key.limit", input, ["requests", "per", "retryAfter"])
  Check.integer("key.limit.requests", limit["requests"], 1)
  Check.duration("key.limit.per", limit["per"])
  Check.optional(limit["retryAfter"], (value) => Check.oneOf("key.limit.retryAfter", value, ["seconds", "date"]))
}

const toScript = ({ reply, replyTokens }: KeySpec): Script | undefined =>
  reply === undefined && replyTokens === undefined
    ? undefined
    : {
        ...(reply === undefined ? {} : { content: reply }),
        ...(replyTokens === undefined ? {} : { tokens: replyTokens })
      }

/** Accepts a key or says what is wrong with it. */
export const make = (
  identity: { readonly id: string; readonly mask: string },
  input: unknown,
  now: number
): KeyRecord => {
  const fieldsGiven = Check.object("key", input, fields)
  const spec = fieldsGiven as unknown as KeySpec
  Check.oneOf("key.vendor", spec.vendor, vendors)
  Check.optional(spec.state, (value) => Check.oneOf("key.state", value, states))
  for (const name of ["name", "account", "balance", "reply"]) {
    Check.optional(fieldsGiven[name], (value) => Check.text(`key.${name}`, value))
  }
  Check.optional(spec.limit, checkLimit)
  Check.optional(spec.concurrency, (value) => Check.integer("key.concurrency", value, 1))
  Check.optional(spec.replyTokens, (value) => Check.integer("key.replyTokens", value))
  Fault.checkManner("key", fieldsGiven)
  const account = spec.account ?? `${spec.vendor}:${identity.id}`
  const [changes, script] = [toChanges(fieldsGiven), toScript(spec)]
  return {
    ...identity,
    name: spec.name ?? identity.id,
    account,
    spec,
    changes,
    script,
    phase: 0,
    since: now,
    requests: 0,
    announced: 0
  }
}

const endOf = (key: KeyRecord, next: Turn, now: number): number | undefined => {
  if (next.after !== undefined) return key.since + next.after
  if (next.at !== undefined) return next.at
  return next.afterRequests !== undefined && key.requests >= next.afterRequests ? now : undefined
}

/** A step from one state to the next, and when it was due. */
export interface Move {
  readonly from: KeyState
  readonly to: KeyState
  readonly at: number
}

const current = ({ phase, spec, changes }: KeyRecord): KeyState =>
  phase === 0 ? (spec.state ?? "valid") : (changes[phase - 1]?.state ?? "valid")

/** Moves the key into its current phase, and tells every step. */
export const advance = (key: KeyRecord, now: number, moved?: (move: Move) => void): KeyState => {
  for (let next = key.changes[key.phase]; next !== undefined; next = key.changes[key.phase]) {
    const end = endOf(key, next, now)
    if (end === undefined || end > now) break
    moved?.({ from: current(key), to: next.state, at: end })
    key.phase++
    key.since = end
    key.requests = 0
  }
  return current(key)
}

/** Takes the steps that time has made due, and says each. One that requests made due is said at once, and taken by the next. */
export const watch = (key: KeyRecord, now: number, moved: (move: Move) => void): void => {
  const next = key.changes[key.phase]
  if (next === undefined) return
  if (next.after !== undefined || next.at !== undefined) return void advance(key, now, moved)
  if (key.announced > key.phase || endOf(key, next, now) === undefined) return
  key.announced = key.phase + 1
  moved({ from: current(key), to: next.state, at: now })
}

/** When time moves it on; infinite when only requests do, or nothing. */
export const due = (key: KeyRecord): number => {
  const next = key.changes[key.phase]
  return (next && endOf(key, next, Number.POSITIVE_INFINITY)) ?? Number.POSITIVE_INFINITY
}

/** The state at this moment; changes nothing. */
export const stateAt = (key: KeyRecord, now: number): KeyState => advance({ ...key }, now)
