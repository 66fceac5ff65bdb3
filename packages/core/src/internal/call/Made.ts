/**
 * How an attempt is made: as a stream into the caller's sink, or as a whole answer, of JSON or folded; in chat completions, in
 * text completions, or at an endpoint of `Endpoints`.
 */
import * as Effect from "effect/Effect"
import type { ApiKey } from "../../key/ApiKey.ts"
import * as Provider from "../../provider/Provider.ts"
import type { UpstreamRequest } from "../../upstream/Upstream.ts"
import type { ChatCompletion, ChatCompletionRequest, ModelRequest, Said } from "../../wire/ChatCompletion.ts"
import type { JsonAnswer } from "../exchange/AnswerReader.ts"
import * as AnswerReader from "../exchange/AnswerReader.ts"
import * as Asked from "../exchange/Asked.ts"
import * as Exchange from "../exchange/Exchange.ts"
import * as FoldReader from "../exchange/FoldReader.ts"
import type { BodyPhase, MakeReader, Outcome } from "../exchange/Reader.ts"
import type { Batch, Flow, Head, Sink } from "../exchange/Sink.ts"
import { callers } from "../exchange/SinkDefect.ts"
import * as StreamReader from "../exchange/StreamReader.ts"
import * as TextCompletion from "../wire/TextCompletion.ts"
import type { Attempt, Call } from "./Call.ts"
import type { Make } from "./Drive.ts"
import type { JsonEndpoint } from "./Endpoints.ts"
import type { Target } from "./Target.ts"

/** One wire that texts are asked for in: how a request is phrased, and how its answer is read. Everything between is the same. */
export interface Wire<R extends ModelRequest, A> {
  readonly toRequest: (
    provider: Provider.Provider,
    key: ApiKey,
    body: Provider.Body<R>,
    model: string,
    stream: boolean
  ) => UpstreamRequest
  /** True when such a request is answered only as a stream; left out where none is. */
  readonly isStreamOnly?: (provider: Provider.Provider, request: R, model: string) => boolean
  readonly askedBy: (request: R) => Asked.Asked
  readonly kind: AnswerReader.Kind<A>
  /** The answer that a stream adds up to. */
  readonly folded: (completion: ChatCompletion) => A
}

/** Chat completions. */
export const chat: Wire<ChatCompletionRequest, ChatCompletion> = {
  toRequest: Provider.toChatRequest,
  isStreamOnly: Provider.isStreamOnly,
  askedBy: Asked.byChat,
  kind: AnswerReader.chat,
  folded: (completion) => completion
}

/** Text completions. */
export const text: Wire<TextCompletion.TextCompletionRequest, TextCompletion.TextCompletion> = {
  toRequest: Provider.toTextRequest,
  askedBy: Asked.byText,
  kind: AnswerReader.text,
  folded: TextCompletion.fromCompletion
}

/** Asked at the first content: may this attempt deliver? False for the loser of a hedge; undefined where nobody else answers. */
export type Claim = (() => boolean) | undefined

/** Who answers, as the caller is told. */
export const headOf = ({ ledger, route }: Call, { model, provider }: Target): Head => ({
  route: route.name,
  provider: provider.name,
  model,
  trail: [...ledger.trail]
})

/** Where a stream goes that may begin at a given moment. */
export interface Into {
  readonly gate: StreamReader.Output["gate"]
  readonly claim: Claim
  readonly begin: (flow: Flow) => void
  readonly write: (batch: Batch) => void
}

/** Makes one attempt that streams. */
export const stream = (
  call: Call,
  attempt: Attempt,
  request: UpstreamRequest,
  asked: Asked.Asked,
  into: Into
): Effect.Effect<Outcome<StreamReader.StreamEnd>> => {
  let delivers = false
  const output: StreamReader.Output = {
    gate: into.gate,
    begin: (flow, headers) => {
      delivers = into.claim === undefined || into.claim()
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

/** Makes attempts that stream into a sink. */
export const intoSink = <R extends ModelRequest, A>(
  wire: Wire<R, A>,
  body: Provider.Body<R>,
  call: Call,
  sink: Sink,
  claim: Claim
): Make<StreamReader.StreamEnd> => {
  const gate = (): StreamReader.Gate => (call.route.delivery === "buffered" ? "hold" : "commit")
  const asked = wire.askedBy(body.request)
  return (attempt) => {
    const { lease, provider, target } = attempt
    const request = wire.toRequest(provider, lease.key, body, target.requested, true)
    const begin = (flow: Flow): void => sink.begin(headOf(call, target), flow)
    return stream(call, attempt, request, asked, { gate, claim, begin, write: sink.write })
  }
}

/** Makes one attempt for a caller who wants the whole answer. */
const whole = <A extends Said>(
  call: Call,
  attempt: Attempt,
  request: UpstreamRequest,
  phase: BodyPhase,
  reader: MakeReader<JsonAnswer<A>>,
  claim: Claim
): Effect.Effect<Outcome<JsonAnswer<A>>> =>
  Effect.map(Exchange.run(attempt, request, phase, reader), (outcome) => {
    if (outcome._tag === "Failed") return outcome
    const { body, headers } = outcome.value
    attempt.target.said = body
    if (claim === undefined || claim()) call.answered(attempt, headers)
    return outcome
  })

/** Makes attempts for a caller who wants the whole answer; where a stream is asked for, or comes all the same, it is folded. */
export const asWhole =
  <R extends ModelRequest, A extends Said>(
    { askedBy, folded, isStreamOnly, kind, toRequest }: Wire<R, A>,
    body: Provider.Body<R>,
    call: Call,
    claim: Claim
  ): Make<JsonAnswer<A>> =>
  (attempt) => {
    const { lease, provider, target } = attempt
    const { requested } = target
    const isAsked = provider.dialect.isStreamOnly !== undefined
    const isDemanded = isAsked && isStreamOnly?.(provider, body.request, requested) === true
    const folds = call.route.upstream === "streamed" || isDemanded
    const request = toRequest(provider, lease.key, body, requested, folds)
    const opened = (said: Said): void => {
      target.said = said
    }
    const reader = AnswerReader.either(attempt, kind, (control, headers) =>
      FoldReader.make(attempt, control, headers, askedBy(body.request), opened, folded)
    )
    return whole(call, attempt, request, folds ? "firstContent" : "answer", reader, claim)
  }

/** Makes attempts at an endpoint that takes JSON and gives JSON. */
export const asJson =
  <R extends ModelRequest, A extends Said>(
    { answer, path }: JsonEndpoint<A>,
    body: Provider.Body<R>,
    call: Call
  ): Make<JsonAnswer<A>> =>
  (attempt) => {
    const { lease, provider, target } = attempt
    const request = Provider.toJsonRequest(provider, path, lease.key, body, target.requested)
    const kind = answer(body.request)
    const reader: MakeReader<JsonAnswer<A>> = (control, headers) => AnswerReader.json(attempt, control, headers, kind)
    return whole(call, attempt, request, "answer", reader, undefined)
  }
