/**
 * What a client in another language tells of its calls: `POST /_mock/calls`.
 *
 * The journal knows what reached the vendors; only the client knows what its caller was given. What it leaves out is taken
 * from the scenario's traffic and from the call's first attempt.
 */
import * as Schema from "effect/Schema"
import { type Attempt, CallRecord } from "../run/Run.ts"
import type { PlannedCall } from "../scenario/Scenario.ts"

const optional = Schema.optionalKey
const { Boolean, Finite, String } = Schema

/** One call as its client saw it. */
export const ReportedCall = Schema.Struct({
  id: String.check(Schema.isPattern(/^[\w.:-]{1,64}$/u, { expected: "the ID of a mark [call:ID]" })),
  outcome: Schema.Literals(["answered", "failed", "left", "unfinished"]),
  /** What the caller had of the text in the end. */
  text: optional(String),
  /** What the pieces of a stream added up to for the caller, where a client passes them on. */
  streamed: optional(String),
  finish: optional(String),
  /** The model that the answer names. */
  answeredBy: optional(String),
  error: CallRecord.fields.error,
  toolRuns: CallRecord.fields.toolRuns,
  /** What was asked, where it is none of the scenario's calls. */
  model: optional(String),
  stream: optional(Boolean),
  /** Milliseconds from its beginning to the first content that its caller had, of a stream, by the client's own clock. */
  firstContent: optional(Finite),
  /** Milliseconds from its beginning to its end, by the client's own clock; from its first attempt to the telling unless told. */
  took: optional(Finite)
})

/** One call as its client saw it. */
export type ReportedCall = typeof ReportedCall.Type

/** What else is known of a call. */
export interface Known {
  readonly planned: PlannedCall | undefined
  readonly first: Attempt | undefined
}

/** Only the scenario's callers leave: who says so of others has failed them. */
const outcomeOf = ({ outcome }: ReportedCall, planned: PlannedCall | undefined): CallRecord["outcome"] =>
  outcome === "left" && planned !== undefined && planned.leaves === undefined ? "failed" : outcome

/** The record of a call that was told at a moment of the run. */
export const toRecord = (told: ReportedCall, now: number, { first, planned }: Known): CallRecord => {
  const { firstContent, streamed, took, ...reported } = told
  const at = took === undefined ? (first?.at ?? now) : Math.max(0, now - took)
  const { text = "" } = reported
  return {
    model: planned?.model ?? first?.model ?? "",
    stream: planned?.stream ?? first?.stream ?? false,
    ...reported,
    outcome: outcomeOf(told, planned),
    text,
    at,
    ...(streamed === undefined || streamed.trim() === text.trim() ? {} : { streamed }),
    ...(firstContent === undefined ? {} : { firstContentAt: at + firstContent }),
    ...(reported.outcome === "unfinished" ? {} : { endedAt: now })
  }
}

/** The record of a call that was seen by the vendors and never told of. */
export const unknown = (first: Attempt & { readonly call: string }, planned: PlannedCall | undefined): CallRecord => ({
  id: first.call,
  at: first.at,
  model: planned?.model ?? first.model,
  stream: planned?.stream ?? first.stream,
  outcome: "unknown",
  text: ""
})
