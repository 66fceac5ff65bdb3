/**
 * The two ways in which an attempt is made: as a stream into the caller's sink, or as a whole answer, of JSON or folded.
 */
import * as Effect from "effect/Effect"
import type { UpstreamRequest } from "../../upstream/Upstream.ts"
import type { Said } from "../../wire/ChatCompletion.ts"
import type { Asked } from "../exchange/Asked.ts"
import * as Exchange from "../exchange/Exchange.ts"
import type { JsonAnswer } from "../exchange/JsonAnswer.ts"
import type { Batch, Flow } from "../exchange/Sink.ts"
import { callers } from "../exchange/SinkDefect.ts"
import * as StreamReader from "../exchange/StreamReader.ts"
import type { Attempt, Call } from "./Call.ts"

/** Asked at the first content: may this attempt deliver? False for the loser of a hedge. */
export type Claim = () => boolean

/** Nobody else answers. */
export const alone: Claim = () => true

/** Where a stream goes that may begin at a given moment. */
export interface Into {
  readonly gate: StreamReader.Output["gate"]
  readonly claim: Claim
  readonly begin: (flow: Flow) => void
  readonly write: (batch: Batch) => void
}

/** An attempt that streams. */
export const streamed = (
  call: Call,
  attempt: Attempt,
  request: UpstreamRequest,
  asked: Asked,
  into: Into
): Effect.Effect<Exchange.Outcome<StreamReader.StreamEnd>> => {
  let delivers = false
  const output: StreamReader.Output = {
    gate: into.gate,
    begin: (flow, headers) => {
      delivers = into.claim()
      if (!delivers) return
      callers(() => call.answered(attempt, headers))
      into.begin(flow)
    },
    write: (batch) => {
      if (delivers) into.write(batch)
    },
    opened: (said) => {
      attempt.target.said = said
    }
  }
  return Exchange.run(attempt, request, "firstContent", StreamReader.make(attempt, output, asked))
}

/** An attempt for a caller who wants the whole answer. */
export const whole = <A extends Said>(
  call: Call,
  attempt: Attempt,
  request: UpstreamRequest,
  phase: Exchange.BodyPhase,
  reader: Exchange.MakeReader<JsonAnswer<A>>,
  claim: Claim
): Effect.Effect<Exchange.Outcome<JsonAnswer<A>>> =>
  Effect.map(Exchange.run(attempt, request, phase, reader), (outcome) => {
    if (outcome._tag === "Failed") return outcome
    const { body, headers } = outcome.value
    attempt.target.said = body
    if (claim()) call.answered(attempt, headers)
    return outcome
  })
