/**
 * The ordered attempts of one call as data: what became of each, and what the call turned to next.
 *
 * Programs read the data. What people read of it, in a header, a log line or a metric's label, is written here and nowhere else.
 */
import type { CompletionUsage } from "../wire/ChatCompletion.ts"
import type { Cost } from "../wire/PriceTable.ts"
import { type Reason, type ReasonTag, toLabel } from "./Reason.ts"

/** What the call turned to after an attempt. */
export type Next =
  /** The attempt answered. */
  | { readonly _tag: "Answer" }
  /** Another key of the same target. */
  | { readonly _tag: "AnotherKey" }
  /** The same target, with the same key if it is still there, `after` so many milliseconds. */
  | { readonly _tag: "Again"; readonly after: number }
  | { readonly _tag: "NextTarget" }
  /** The target itself once more, as it was passed over and nothing else is left, `after` so many milliseconds. */
  | { readonly _tag: "LastResort"; readonly after: number }
  /** Nothing: the other side of a hedge was faster. */
  | { readonly _tag: "Overtaken" }
  | { readonly _tag: "CallerLeft" }
  /** Nothing: the call failed. */
  | { readonly _tag: "Fail" }

/** Why a target was passed over: its keys are out, its circuit is open, or its model is known not to take the request. */
export type SkippedBecause = "NoUsableKey" | "CircuitOpen" | "Unsuited"

/** What every entry has, or may have. */
interface Entry {
  readonly provider: string
  /** The model that was really asked for, after renames and aliases. */
  readonly model: string
  /** `k` and three characters of the key's hash; undefined for a provider without keys, and for a target that was passed over. */
  readonly key: string | undefined
  readonly next: Next
  /** How a schema was put to the target: as its `response_format`, or as an instruction. Present only when one was asked for. */
  readonly structured?: "native" | "instructed"
  /** The trail of the gateway behind this target, where there is one. */
  readonly via?: string
  /** What the vendor reported, and so billed, for this attempt. */
  readonly usage?: CompletionUsage
  /** What that comes to; present only for a model with a price. */
  readonly cost?: Cost
}

/** What an attempt that was sent has besides. */
interface Sent extends Entry {
  /** Milliseconds that the attempt took; for a stream that has begun, until its first content. */
  readonly millis: number
}

/** An attempt that answered. */
export interface Ok extends Sent {
  readonly _tag: "Ok"
}

/** An attempt that failed. */
export interface Failed extends Sent {
  readonly _tag: "Failed"
  readonly reason: Reason
  /** True when content had been delivered. */
  readonly afterContent: boolean
  /** The vendor's status, where there was one. */
  readonly status?: number
  /** One line: what failed, with which value. Holds no secret. */
  readonly message: string
}

/** An attempt that was given up: another one was faster, or the caller left. */
export interface Cancelled extends Sent {
  readonly _tag: "Cancelled"
  /** True when content had been delivered. */
  readonly afterContent: boolean
}

/** A target that was passed over without a request. */
export interface Skipped extends Entry {
  readonly _tag: "Skipped"
  readonly because: SkippedBecause
  /** Why its keys are out, each reason once; empty where it is not for them. */
  readonly keysOut: ReadonlyArray<ReasonTag>
}

/** One attempt as the trail keeps it, or a target that was passed over. Keys appear by id, never by value. */
export type AttemptRecord = Ok | Failed | Cancelled | Skipped

/** The ordered attempts of one call. */
export type Trail = ReadonlyArray<AttemptRecord>

/** True for an attempt that was really sent: a target that was passed over is in the trail, but is no attempt. */
export const isSent = (record: AttemptRecord): record is Exclude<AttemptRecord, Skipped> => record._tag !== "Skipped"

/** How many attempts were sent. */
export const attempts = (trail: Trail): number => {
  let count = 0
  for (const { _tag } of trail) if (_tag !== "Skipped") count++
  return count
}

const after = (millis: number): string => (millis === 0 ? "" : ` after ${millis} ms`)

/** What came next in words: `answer`, `another key`, `again after 200 ms`, `next target`, `fail`. */
export const nextOf = ({ next }: Pick<AttemptRecord, "next">): string => {
  switch (next._tag) {
    case "Answer":
      return "answer"
    case "AnotherKey":
      return "another key"
    case "Again":
      return `again${after(next.after)}`
    case "NextTarget":
      return "next target"
    case "LastResort":
      return `last resort${after(next.after)}`
    case "Overtaken":
      return "another was faster"
    case "CallerLeft":
      return "the caller left"
    case "Fail":
      return "fail"
  }
}

const because: Readonly<Record<SkippedBecause, string>> = {
  NoUsableKey: "no usable key",
  CircuitOpen: "circuit open",
  Unsuited: "unsuited"
}

const begun = ({ afterContent }: Failed | Cancelled): string => (afterContent ? " after content" : "")

/** What became of it in words, as metrics label it: `ok`, `RateLimited`, `Interrupted after content`, `skipped(circuit open)`. */
export const outcomeOf = (record: AttemptRecord): string => {
  switch (record._tag) {
    case "Ok":
      return "ok"
    case "Failed":
      return `${toLabel(record.reason)}${begun(record)}`
    case "Cancelled":
      return `Cancelled${begun(record)}`
    case "Skipped":
      return `skipped(${because[record.because]})`
  }
}

/** One entry: `qwen/qwen3.8-flash#k3f9 Unauthorized 12ms`, `qwen/qwen3.8-flash skipped(no usable key): RateLimited`. */
export const toText = (record: AttemptRecord): string => {
  const { key, model, provider } = record
  const course = isSent(record)
    ? `${outcomeOf(record)} ${record.millis}ms${record.via === undefined ? "" : ` (${record.via})`}`
    : [outcomeOf(record), ...(record.keysOut.length === 0 ? [] : [record.keysOut.join("/")])].join(": ")
  return `${provider}/${model}${key === undefined ? "" : `#${key}`} ${course}`
}

/**
 * One line; what a gateway behind a target says of itself stands in parentheses: `qwen/qwen3.8-flash#k3f9 Unauthorized 12ms, deepseek/deepseek-flash#k07a ok 210ms`. Safe in an HTTP header:
 * anything but visible ASCII is replaced.
 */
export const toLine = (trail: Trail): string =>
  trail
    .map(toText)
    .join(", ")
    .replace(/[^\x20-\x7e]/g, "?")
