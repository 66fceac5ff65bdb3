/**
 * A fault, as asked for: what goes wrong, for whom, when and how often.
 *
 * Faults are tried in the order in which they were added, so `times: 1` twice is a script. Of the refusals the first that
 * fits wins; faults that bend answers add up. A request that never gets so far (a wrong key, an unknown path) uses up
 * nothing.
 *
 * **Example** (the second streaming answer of a key breaks off after four chunks)
 *
 * ```ts
 * vendors.addFault({ kind: "cut.midstream", key: "sk-demo-qwen-1", stream: true, skip: 1, times: 1, afterChunks: 4 })
 * ```
 */
import { adapters, catalogue, type FaultKind, names, type Stage } from "./FaultKind.ts"
import { fingerprint } from "./internal/key/KeyMask.ts"
import * as Check from "./internal/plan/Check.ts"
import * as Random from "./internal/plan/Random.ts"
import * as Window from "./internal/plan/Window.ts"
import type { Details } from "./internal/vendor/Personality.ts"
import type { AdapterName } from "./Journal.ts"
import { type VendorName, names as vendorNames } from "./VendorList.ts"

/** `Retry-After` in seconds, or as an HTTP date so far ahead. Neither vendor sends one by itself. */
export type RetryAfter = number | { readonly date: Check.Duration }

/** How a fault goes, for those kinds that can vary. */
export interface Manner {
  /**
   * Content chunks before a cut, stall, reset, error or bad frame. 3 unless told otherwise (`eof.noDone`: all); of JSON,
   * half the body.
   */
  readonly afterChunks?: number
  /** Counts them from the end of the model's thinking, however long that is. */
  readonly afterThinking?: boolean
  /** How long a slow fault or a queue takes (5 s), the gap of `slow.chunks` (100 ms), or the wait before a refusal (0). */
  readonly delay?: Check.Duration
  /** The interval of keep-alives in `overload.queue`; 5 s. */
  readonly every?: Check.Duration
  /** What follows a queue: the answer, or a closed connection. */
  readonly finally?: "answer" | "close"
  readonly retryAfter?: RetryAfter
  /** Another status than the recipe's: DashScope reports overload as 500, 503 or 400. */
  readonly status?: number
  /** Another text than the recipe's. */
  readonly message?: string
  /** `sse`: a 400 whose body is an SSE line. */
  readonly shape?: "json" | "sse" | "event"
  /** Bytes per slice of `bytes.sliced`; 7. */
  readonly size?: number
}

/** A fault and whom it hits. Every filter that is left out lets everything through. */
export interface FaultSpec extends Manner, Window.Schedule {
  readonly kind: FaultKind
  /** How it is called in lists and errors. */
  readonly name?: string
  readonly vendor?: VendorName
  /** An API key, or the name it was given. */
  readonly key?: string
  readonly account?: string
  readonly model?: string
  /** Only streaming requests, or only the others. */
  readonly stream?: boolean
  /** Only what this adapter carries. */
  readonly adapter?: AdapterName
  /** Only that attempt, or one of those, of a call that is marked `[call:ID]`. */
  readonly attempt?: number | ReadonlyArray<number>
  /** Lets so many fitting requests pass first. */
  readonly skip?: number
  /** Strikes so often, then never again. */
  readonly times?: number
  /** Strikes this share of fitting requests, drawn from the seed by ordinal. */
  readonly ratio?: number
  /** Strikes exactly those of the fitting requests, counted from 1; without `skip`, `times` and `ratio`. */
  readonly ordinals?: ReadonlyArray<number>
}

/** A fault that was accepted. */
export interface Fault {
  readonly id: string
  readonly spec: FaultSpec
  /** When in a request it strikes, and at whom it can. */
  readonly stage: Stage
  readonly vendors: ReadonlyArray<VendorName>
  readonly manner: Manner
  readonly window: Window.Window
  /** The fingerprint of the key that it is for. */
  readonly keyId: string | undefined
  /** Fitting requests so far, and how often it struck. */
  seen: number
  struck: number
  /** How it stood when last looked at, for those who listen to changes. */
  state: FaultState
}

/** Out of its window, in it, or in it and of no more use. */
export type FaultState = "off" | "on" | "used up"

/** A request as the filters see it. */
export interface Subject {
  readonly vendor: VendorName
  readonly keyId: string
  readonly keyName: string | undefined
  readonly account: string
  readonly model: string
  readonly stream: boolean
  readonly now: number
}

const mannerFields = [
  ...["afterChunks", "afterThinking", "delay", "every", "finally"],
  ...["retryAfter", "status", "message", "shape", "size"]
]
const filterFields = ["kind", "name", "vendor", "key", "account", "model", "stream", "adapter", "attempt"]
const countFields = ["skip", "times", "ratio"]

/** The fields of a fault. */
export const fields: ReadonlyArray<string> = [
  ...filterFields,
  ...countFields,
  "ordinals",
  ...Window.fields,
  ...mannerFields
]

/** The fields of a manner, which keys have too. */
export const mannerNames: ReadonlyArray<string> = mannerFields

const checkRetryAfter = (field: string, value: unknown): void => {
  if (typeof value === "number") Check.integer(field, value)
  else Check.duration(`${field}.date`, Check.object(field, value, ["date"])["date"])
}

/** Checks the fields that say how a fault goes. */
export const checkManner = (field: string, spec: Record<string, unknown>): void => {
  const check = Check.within(field, spec)
  check("afterChunks", (path, value) => Check.integer(path, value))
  check("afterThinking", Check.boolean)
  check("delay", Check.duration)
  check("every", (path, value) => {
    if (Check.duration(path, value) <= 0) throw new Check.BadInput(path, "a duration greater than 0", value)
  })
  check("finally", (path, value) => Check.oneOf(path, value, ["answer", "close"]))
  check("retryAfter", checkRetryAfter)
  check("status", (path, value) => Check.integer(path, value, 200))
  check("message", Check.text)
  check("shape", (path, value) => Check.oneOf(path, value, ["json", "sse", "event"]))
  check("size", Check.count)
}

const positive = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 1

const checkAttempt = (field: string, value: unknown): void => {
  if (!positive(value) && !(Array.isArray(value) && value.length > 0 && value.every(positive)))
    throw new Check.BadInput(field, "an integer >= 1 or a list of those", value)
}

const checkFilters = (field: string, spec: Record<string, unknown>, kind: FaultKind): void => {
  const vendors: ReadonlyArray<VendorName> = catalogue[kind].vendors
  const check = Check.within(field, spec)
  const vendor = check("vendor", (path, value) => Check.oneOf<VendorName>(path, value, vendorNames))
  if (vendor !== undefined && !vendors.includes(vendor)) {
    throw new Check.BadInput(
      `${field}.vendor`,
      `${vendors.join(" or ")} for "${kind}", which no other vendor answers`,
      vendor
    )
  }
  check("key", Check.key)
  for (const name of ["account", "model"]) check(name, Check.text)
  check("adapter", (path, value) => Check.oneOf(path, value, adapters))
  check("attempt", checkAttempt)
  check("stream", Check.boolean)
}

const checkCounts = (field: string, spec: Record<string, unknown>): void => {
  const check = Check.within(field, spec)
  check("skip", (path, value) => Check.integer(path, value))
  check("times", Check.count)
  const { ratio, ordinals } = spec
  if (ratio !== undefined && !(typeof ratio === "number" && ratio > 0 && ratio <= 1)) {
    throw new Check.BadInput(`${field}.ratio`, "a number greater than 0 and at most 1", ratio)
  }
  if (ordinals === undefined) return
  if (!Array.isArray(ordinals) || ordinals.length === 0 || !ordinals.every(positive))
    throw new Check.BadInput(`${field}.ordinals`, "a list of integers >= 1", ordinals)
  const rival = countFields.find((name) => spec[name] !== undefined)
  if (rival !== undefined)
    throw new Check.BadInput(`${field}.${rival}`, "left out where ordinals say which requests are struck", spec[rival])
}

/** How errors refer to a fault: by its name where it has one. */
export const label = ({ name }: { readonly name?: unknown }): string =>
  name === undefined ? "fault" : `fault ${JSON.stringify(name)}`

/** The fault that a state of a key stands for. */
export const ofState = (id: string, kind: FaultKind, manner: Manner, struck: number): Fault => ({
  id,
  spec: { kind },
  stage: catalogue[kind].stage,
  vendors: catalogue[kind].vendors,
  manner,
  window: Window.always,
  keyId: undefined,
  seen: 0,
  struck,
  state: "on"
})

/** Accepts a fault or says what is wrong with it. */
export const make = (id: string, input: unknown, now: number): Fault => {
  const spec = Check.object("fault", input, fields)
  Check.within("fault", spec)("name", Check.text)
  const field = label(spec)
  const kind = Check.oneOf(`${field}.kind`, spec["kind"], names)
  checkFilters(field, spec, kind)
  checkManner(field, spec)
  checkCounts(field, spec)
  return {
    ...ofState(id, kind, spec as unknown as Manner, 0),
    spec: spec as unknown as FaultSpec,
    window: Window.make(field, spec, now),
    keyId: Check.optional(spec["key"], (value) => fingerprint(String(value))),
    state: "off"
  }
}

const spent = ({ spec, struck, seen }: Fault): boolean =>
  struck >= (spec.times ?? Number.POSITIVE_INFINITY) || spec.ordinals?.every((ordinal) => ordinal <= seen) === true

/** How it stands at this moment. */
export const stateAt = (fault: Fault, now: number): FaultState =>
  Window.isOn(fault.window, now) ? (spent(fault) ? "used up" : "on") : "off"

/** Whether its window is on and it can still strike. */
export const isOn = (fault: Fault, now: number): boolean => stateAt(fault, now) === "on"

/** Whether it is on and meant for such a request, the adapter and the attempt aside. */
export const fits = (fault: Fault, subject: Subject): boolean => {
  const { spec } = fault
  return (
    isOn(fault, subject.now) &&
    (spec.vendor ?? subject.vendor) === subject.vendor &&
    fault.vendors.includes(subject.vendor) &&
    (spec.key === undefined || [spec.key, fault.keyId].some((id) => id === subject.keyName || id === subject.keyId)) &&
    (spec.account ?? subject.account) === subject.account &&
    (spec.model ?? subject.model) === subject.model &&
    (spec.stream ?? subject.stream) === subject.stream
  )
}

/** Whether it strikes every request that it fits. */
export const isSteady = ({ spec }: Fault): boolean =>
  ["skip", "times", "ratio", "ordinals", "attempt", "adapter"].every(
    (name) => spec[name as keyof FaultSpec] === undefined
  )

/** Whether a fitting request is struck; counts it. */
export const strikes = (fault: Fault, seed: number): boolean => {
  const { skip = 0, times = Number.POSITIVE_INFINITY, ratio, ordinals } = fault.spec
  const ordinal = ++fault.seen
  if (ordinals !== undefined && !ordinals.includes(ordinal)) return false
  if (ordinal <= skip || fault.struck >= times) return false
  if (ratio !== undefined && Random.make(seed, "fault", fault.id, ordinal).next() >= ratio) return false
  fault.struck++
  return true
}

/** What a manner puts into a refusal's text and shape. */
export const details = ({ message, shape }: Manner): Details => ({
  ...(message === undefined ? {} : { message }),
  ...(shape === undefined ? {} : { shape })
})
