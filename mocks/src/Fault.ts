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
import { adapters, catalogue, type FaultKind, names } from "./FaultKind.ts"
import * as Check from "./internal/Check.ts"
import type { Details } from "./internal/Personality.ts"
import * as Random from "./internal/Random.ts"
import type { AdapterName, VendorName } from "./Journal.ts"

/** `Retry-After` in seconds, or as an HTTP date so far ahead. Neither vendor sends one by itself. */
export type RetryAfter = number | { readonly date: Check.Duration }

/** How a fault goes, for those kinds that can vary. */
export interface Manner {
  /** Content chunks before a cut, stall, reset, error or bad frame. 3 unless told otherwise; of JSON, half the body. */
  readonly afterChunks?: number
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
  readonly shape?: "json" | "sse"
  /** Bytes per slice of `bytes.sliced`; 7. */
  readonly size?: number
}

/** A fault and whom it hits. Every filter that is left out lets everything through. */
export interface FaultSpec extends Manner {
  readonly kind: FaultKind
  readonly vendor?: VendorName
  /** An API key, or the name it was given. */
  readonly key?: string
  readonly account?: string
  readonly model?: string
  /** Only streaming requests, or only the others. */
  readonly stream?: boolean
  /** Only what this adapter carries. */
  readonly adapter?: AdapterName
  /** Lets so many fitting requests pass first. */
  readonly skip?: number
  /** Strikes so often, then never again. */
  readonly times?: number
  /** Strikes this share of fitting requests, drawn from the seed by ordinal. */
  readonly ratio?: number
  /** Begins then: a moment, or a duration from now. */
  readonly from?: Check.Duration | Date
  /** Ends then: a moment, or a duration from now. */
  readonly until?: Check.Duration | Date
  /** Lasts so long from its beginning. */
  readonly for?: Check.Duration
}

/** A fault that was accepted. */
export interface Fault {
  readonly id: string
  readonly spec: FaultSpec
  readonly manner: Manner
  readonly begins: number
  readonly ends: number
  /** Fitting requests so far, and how often it struck. */
  seen: number
  struck: number
}

const mannerFields = ["afterChunks", "delay", "every", "finally", "retryAfter", "status", "message", "shape", "size"]
const filterFields = ["kind", "vendor", "key", "account", "model", "stream", "adapter"]
const scheduleFields = ["skip", "times", "ratio", "from", "until", "for"]

/** The fields of a fault. */
export const fields: ReadonlyArray<string> = [...filterFields, ...scheduleFields, ...mannerFields]

/** The fields of a manner, which keys have too. */
export const mannerNames: ReadonlyArray<string> = mannerFields

const isMoment = (value: unknown): boolean =>
  value instanceof Date ||
  (typeof value === "number" ? value > 1e11 : typeof value === "string" && /^\d{4}-/.test(value))

const toMoment = (field: string, value: unknown, now: number): number =>
  isMoment(value) ? Check.moment(field, value) : now + Check.duration(field, value)

const checkRetryAfter = (field: string, value: unknown): void => {
  if (typeof value === "number") Check.integer(field, value)
  else Check.duration(`${field}.date`, Check.object(field, value, ["date"])["date"])
}

/** Checks the fields that say how a fault goes. */
export const checkManner = (field: string, spec: Record<string, unknown>): void => {
  const check = <A>(name: string, rule: (path: string, value: unknown) => A): unknown =>
    Check.optional(spec[name], (value) => rule(`${field}.${name}`, value))
  check("afterChunks", (path, value) => Check.integer(path, value))
  check("delay", Check.duration)
  check("every", (path, value) => {
    if (Check.duration(path, value) <= 0) throw new Check.BadInput(path, "a duration greater than 0", value)
  })
  check("finally", (path, value) => Check.oneOf(path, value, ["answer", "close"]))
  check("retryAfter", checkRetryAfter)
  check("status", (path, value) => Check.integer(path, value, 200))
  check("message", Check.text)
  check("shape", (path, value) => Check.oneOf(path, value, ["json", "sse"]))
  check("size", (path, value) => Check.integer(path, value, 1))
}

const checkFilters = (spec: Record<string, unknown>, kind: FaultKind): void => {
  const vendors: ReadonlyArray<VendorName> = catalogue[kind].vendors
  const vendor = Check.optional(spec["vendor"], (value) =>
    Check.oneOf<VendorName>("fault.vendor", value, ["deepseek", "qwen"])
  )
  if (vendor !== undefined && !vendors.includes(vendor)) {
    throw new Check.BadInput(
      "fault.vendor",
      `${vendors.join(" or ")} for "${kind}", which the other vendor never answers`,
      vendor
    )
  }
  Check.optional(spec["key"], (value) => Check.key("fault.key", value))
  for (const name of ["account", "model"]) Check.optional(spec[name], (value) => Check.text(`fault.${name}`, value))
  Check.optional(spec["adapter"], (value) => Check.oneOf("fault.adapter", value, adapters))
  if (spec["stream"] !== undefined && typeof spec["stream"] !== "boolean") {
    throw new Check.BadInput("fault.stream", "true or false", spec["stream"])
  }
}

/** Accepts a fault or says what is wrong with it. */
export const make = (id: string, input: unknown, now: number): Fault => {
  const spec = Check.object("fault", input, fields)
  const kind = Check.oneOf("fault.kind", spec["kind"], names)
  checkFilters(spec, kind)
  checkManner("fault", spec)
  Check.optional(spec["skip"], (value) => Check.integer("fault.skip", value))
  Check.optional(spec["times"], (value) => Check.integer("fault.times", value, 1))
  const ratio = spec["ratio"]
  if (ratio !== undefined && !(typeof ratio === "number" && ratio > 0 && ratio <= 1)) {
    throw new Check.BadInput("fault.ratio", "a number greater than 0 and at most 1", ratio)
  }
  const begins = Check.optional(spec["from"], (value) => toMoment("fault.from", value, now)) ?? now
  const lasts = Check.optional(spec["for"], (value) => Check.duration("fault.for", value))
  const ends = Check.optional(spec["until"], (value) => toMoment("fault.until", value, now))
  return {
    id,
    spec: spec as unknown as FaultSpec,
    manner: spec as unknown as Manner,
    begins,
    ends: ends ?? (lasts === undefined ? Number.POSITIVE_INFINITY : begins + lasts),
    seen: 0,
    struck: 0
  }
}

/** Whether a fitting request is struck; counts it. */
export const strikes = (fault: Fault, seed: number): boolean => {
  const { skip = 0, times = Number.POSITIVE_INFINITY, ratio } = fault.spec
  const ordinal = ++fault.seen
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
