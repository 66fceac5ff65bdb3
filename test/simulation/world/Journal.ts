/**
 * What happened in a run, as the vendors and the callers saw it: the only thing, beside plan and schedule, that the oracle
 * reads.
 */
import type { Trail } from "@understudy/core/failure/Trail"
import type { Event } from "@understudy/core/telemetry/Event"
import type { CallPlan, Fault, Plan } from "./Plan.ts"

/** One request that reached a vendor. */
export interface Exchange {
  readonly n: number
  readonly provider: string
  /** The model asked for; undefined for the free endpoint. */
  readonly model: string | undefined
  readonly key: string
  /** The call that it was made for; undefined for a probe. */
  readonly call: string | undefined
  readonly stream: boolean
  /** Choices that were asked for. */
  readonly choices: number
  /** The beginning of an answer that it asks to be gone on with. */
  readonly prefill: string | undefined
  readonly sentAt: number
  /** What struck it, if anything. */
  readonly fault: Fault | undefined
  /** True when the caller's own mistake was refused. */
  readonly flawed: boolean
  /** Stamp of the answer's content. */
  readonly id: string
  connectedAt?: number
  status?: number
  /** When each piece with content went out. */
  readonly contentAt: Array<number>
  /** Data frames of a stream as sent. */
  readonly frames: Array<string>
  /** Body of a JSON answer as sent. */
  body: string
  endedAt?: number
  how?: "end" | "error" | "aborted"
  /** True once a good answer was sent whole. */
  whole: boolean
  /** When its finish was sent. */
  wholeAt?: number
}

/** How a call ended. */
export type Ending =
  | { readonly tag: "answered"; readonly provider: string; readonly model: string; readonly route: string }
  | { readonly tag: "failed"; readonly reason: string; readonly text: string; readonly retryAfter: number | undefined }
  | { readonly tag: "left" }
  | { readonly tag: "died"; readonly text: string }

/** What a caller got. */
export interface CallRecord {
  readonly plan: CallPlan
  startedAt: number
  endedAt?: number
  ending?: Ending
  leftAt?: number
  trail: Trail
  /** The trail as the header shows it. */
  trailLine: string
  /** Everything that the face could show of the ending. */
  shown: string
  /** How often the answer began, and whether a write came before it or after the end. */
  begun: number
  strayWrites: number
  /** What was written to a streaming caller. */
  delivered: string
  /** What a JSON caller got: the bytes, and the text inside. */
  body: string
  text: string
}

/** Everything in the order in which it happened. */
export type Entry =
  | { readonly at: number; readonly tag: "started"; readonly call: CallRecord }
  | { readonly at: number; readonly tag: "sent"; readonly exchange: Exchange }
  | { readonly at: number; readonly tag: "ended"; readonly exchange: Exchange }
  | { readonly at: number; readonly tag: "finished"; readonly call: CallRecord }
  | { readonly at: number; readonly tag: "told"; readonly event: Event }

/** One run. */
export interface Journal {
  readonly plan: Plan
  readonly entries: Array<Entry>
  readonly exchanges: Array<Exchange>
  readonly calls: Array<CallRecord>
  /** Everything that was logged. */
  readonly logs: Array<string>
  /** What the engine says of its keys at the end, as JSON. */
  keys: string
  /** What `explain` says at the end, as JSON. */
  explained: string
  /** Requests still open when everything was shut down. */
  openAtEnd: number
}
