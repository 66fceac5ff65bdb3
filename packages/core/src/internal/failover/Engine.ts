/**
 * What stands behind `Failover`: it matches the route, lays out the steps, and hands `Loop` the way in which an attempt is
 * made: as JSON, as a stream into the caller's sink, or as a stream that is folded for a caller who wants JSON (stream-only
 * models, `upstream: streamed`). Text completions go the same way over those targets that have them, and embeddings, as JSON,
 * over those whose vectors compare; neither is hedged, nor gone on with where a stream breaks.
 *
 * @see Loop for what happens after a failure
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import { type Call, Failover } from "../../failover/Failover.ts"
import * as AttemptFailure from "../../failure/AttemptFailure.ts"
import { FailoverError } from "../../failure/FailoverError.ts"
import * as Provider from "../../provider/Provider.ts"
import * as Route from "../../route/Route.ts"
import * as RouteTable from "../../route/RouteTable.ts"
import { type CallEnding, Listener, type Operation } from "../../telemetry/Event.ts"
import { Upstream, type UpstreamRequest } from "../../upstream/Upstream.ts"
import type { ModelRequest, Said } from "../../wire/ChatCompletion.ts"
import type { EmbeddingRequest, EmbeddingResponse } from "../../wire/Embedding.ts"
import { tracing } from "../telemetry/Spans.ts"
import * as TraceContext from "../telemetry/TraceContext.ts"
import * as Attempt from "./Attempt.ts"
import { continued } from "./Continuation.ts"
import { hedged } from "./Hedged.ts"
import { Joint } from "./Joint.ts"
import type { JsonAnswer } from "./JsonAnswer.ts"
import * as JsonReader from "./JsonReader.ts"
import { type Attempting, loop, type Services, type Tried, type Try } from "./Loop.ts"
import { Run } from "./Run.ts"
import { guarded, type Head, type Sink } from "./Sink.ts"
import { callers } from "./SinkDefect.ts"
import { type Step, steps } from "./Step.ts"
import * as StreamReader from "./StreamReader.ts"
import { chat, inText, text, type Wire } from "./Wire.ts"

const headOf = (run: Run, step: Step): Head => ({
  route: run.route.name,
  provider: step.target.provider.name,
  model: step.model,
  trail: run.ledger.trail
})

/** Asked at the first content: may this attempt deliver? False for the loser of a hedge. */
type Claim = () => boolean

const alone: Claim = () => true

const commit = (): StreamReader.Gate => "commit"
const hold = (): StreamReader.Gate => "hold"

const gateOf = (run: Run): (() => StreamReader.Gate) => (run.route.delivery === "buffered" ? hold : commit)

/** An attempt that streams into an output which begins at the given moment. */
const streamAttempt = <R extends ModelRequest, A>(
  wire: Wire<R, A>,
  call: Call<R>,
  { context, lease, run, step }: Attempting,
  output: { readonly gate: StreamReader.Output["gate"]; readonly claim: Claim; readonly sink: Sink }
): Effect.Effect<Tried<StreamReader.StreamEnd>> => {
  let begun = false
  const reader = StreamReader.make(
    context,
    {
      gate: output.gate,
      begin: (flow, headers) => {
        begun = output.claim()
        if (!begun) return
        callers(() => run.answered(step, lease, context.startedAt, headers))
        output.sink.begin(headOf(run, step), flow)
      },
      write: (batch) => {
        if (begun) output.sink.write(batch)
      },
      opened: (said) => {
        step.said = said
      }
    },
    wire.askedBy(call.request)
  )
  const request = wire.toRequest(context.provider, lease.key, call, step.requested, true)
  return Effect.map(Attempt.run(context, request, "firstContent", reader), (outcome) => ({
    outcome,
    begun
  }))
}

/** What a whole answer consists of. */
interface Body<A> {
  readonly body: A
  readonly bytes: Buffer
}

const wholeFrom = <A extends Said>(
  request: UpstreamRequest,
  phase: Attempt.BodyPhase,
  reader: Attempt.MakeReader<JsonAnswer<A>>,
  { context, lease, run, step }: Attempting,
  claim: Claim
): Effect.Effect<Tried<Body<A>>> =>
  Effect.map(Attempt.run(context, request, phase, reader), (outcome) => {
    if (outcome._tag === "Failed") return { outcome, begun: false }
    const { body, bytes, headers } = outcome.value
    step.said = body
    if (claim()) run.answered(step, lease, context.startedAt, headers)
    return { outcome: { _tag: "Answered", value: { body, bytes } }, begun: false }
  })

/** An attempt for a caller who wants the whole answer; where a stream is asked for, or comes all the same, it is folded. */
const wholeAttempt = <R extends ModelRequest, A extends Said>(
  wire: Wire<R, A>,
  call: Call<R>,
  attempting: Attempting,
  claim: Claim
): Effect.Effect<Tried<Body<A>>> => {
  const { context, lease, run, step } = attempting
  const { provider } = context
  const folds = run.route.upstream === "streamed" || wire.isStreamOnly(provider, call.request, step.requested)
  const request = wire.toRequest(provider, lease.key, call, step.requested, folds)
  const reader = wire.reader(context, wire.askedBy(call.request), (said) => {
    step.said = said
  })
  return wholeFrom(request, folds ? "firstContent" : "answer", reader, attempting, claim)
}

const embeddingAttempt =
  (call: Call<EmbeddingRequest>): Try<Body<EmbeddingResponse>> =>
  (attempting) => {
    const { context, lease, step } = attempting
    const request = Provider.toEmbeddingRequest(context.provider, lease.key, call, step.requested)
    return wholeFrom(request, "answer", JsonReader.embedding(context), attempting, alone)
  }

const withoutText = (route: string): FailoverError => {
  const says = `Route "${route}" has no target with text completions. For a prompt, send {"messages":[{"role":"user","content":PROMPT}]} to POST /v1/chat/completions.`
  return new FailoverError({
    reason: { _tag: "Rejected", failure: AttemptFailure.make({ _tag: "Unsuited" }, says) },
    trail: []
  })
}

/** Tells listeners how the call ended; without any it costs nothing. */
const told = <A>(run: Run, answered: Effect.Effect<A, FailoverError>): Effect.Effect<A, FailoverError> =>
  run.ledger.isHeard
    ? Effect.onExit(answered, (exit) =>
        Effect.sync(() => run.ledger.ended(Exit.isSuccess(exit) ? "ok" : outcomeOf(exit.cause)))
      )
    : answered

const outcomeOf = (cause: Cause.Cause<FailoverError>): CallEnding => {
  const error = Cause.findErrorOption(cause)
  if (error._tag === "Some") return error.value.reason._tag
  return Cause.hasInterruptsOnly(cause) ? "Cancelled" : "Defect"
}

/** What calls begin with: their route, their steps, their number; or why one does not begin. */
const starting = (current: () => RouteTable.RouteTable, upstream: Services["upstream"], listener: Listener) => {
  const spansOf = tracing(listener)
  let calls = 0
  return (context: Context.Context<never>, call: Call<ModelRequest>, operation: Operation) => {
    const { consumer, headers, request } = call
    const table = current()
    const route = RouteTable.match(table, { model: request.model, headers, consumer })
    if (route === undefined) {
      const reason = { _tag: "NoRoute", model: request.model, routes: RouteTable.labels(table) } as const
      return new FailoverError({ reason, trail: [] })
    }
    const clock = Context.get(context, Clock.Clock)
    const random = Context.get(context, Random.Random)
    const targets = Route.order(route, request.model, clock.currentTimeMillisUnsafe(), random)
    const able = operation === "embeddings" ? Route.forEmbeddings(route, request.model, targets) : targets
    if (operation === "text_completion" && !Route.completesText(able, request.model)) return withoutText(route.name)
    route.state.repeats.deposit()
    const parent = TraceContext.parentOf(context, headers)
    const spans = spansOf(context, clock)
    const subject = { call: ++calls, operation, route, request, clock, listener, spans, parent }
    const services: Services = { upstream, clock, services: context }
    return { services, run: new Run(subject, steps(able, request, operation), random, call.affinity ?? consumer) }
  }
}

const go = <A>(call: Call, services: Services, run: Run, attempt: (claim: Claim) => Try<A>) => {
  const { hedge } = run.route.state
  const mayHedge = hedge !== undefined && (hedge.tools || call.request["tools"] === undefined)
  if (!mayHedge) return loop(services, run, attempt(alone))
  return hedged(services, run, (race, side) => attempt(() => race.claim(side)))
}

/** Makes the engine over the route table of the moment: a call keeps the one that it began with. */
export const make = Effect.fnUntraced(function* (current: () => RouteTable.RouteTable) {
  const start = starting(current, yield* Upstream, yield* Listener)
  return Failover.of({
    call: Effect.fnUntraced(function* (call) {
      const started = start(yield* Effect.context<never>(), call, "chat")
      if (started instanceof FailoverError) return yield* started
      const { run, services } = started
      const attempt = (claim: Claim) => (attempting: Attempting) => wholeAttempt(chat, call, attempting, claim)
      const { step, value } = yield* told(run, go(call, services, run, attempt))
      return { ...headOf(run, step), completion: value.body, bytes: value.bytes }
    }),
    complete: Effect.fnUntraced(function* (call) {
      const started = start(yield* Effect.context<never>(), call, "text_completion")
      if (started instanceof FailoverError) return yield* started
      const { run, services } = started
      const attempt = (attempting: Attempting) => wholeAttempt(text, call, attempting, alone)
      const { step, value } = yield* told(run, loop(services, run, attempt))
      return { ...headOf(run, step), completion: value.body, bytes: value.bytes }
    }),
    streamText: Effect.fnUntraced(function* (call, sink) {
      const started = start(yield* Effect.context<never>(), call, "text_completion")
      if (started instanceof FailoverError) return yield* started
      const { run, services } = started
      const into = { gate: gateOf(run), claim: alone, sink: inText(guarded(sink)) }
      const attempt = (attempting: Attempting) => streamAttempt(text, call, attempting, into)
      const { step, value } = yield* told(run, loop(services, run, attempt))
      return { ...headOf(run, step), ...value }
    }),
    embed: Effect.fnUntraced(function* (call) {
      const started = start(yield* Effect.context<never>(), call, "embeddings")
      if (started instanceof FailoverError) return yield* started
      const { run, services } = started
      const { step, value } = yield* told(run, loop(services, run, embeddingAttempt(call)))
      return { ...headOf(run, step), response: value.body, bytes: value.bytes }
    }),
    stream: Effect.fnUntraced(function* (call, sink) {
      const started = start(yield* Effect.context<never>(), call, "chat")
      if (started instanceof FailoverError) return yield* started
      const { run, services } = started
      const gate = gateOf(run)
      const streamed = (into: Sink) =>
        go<StreamReader.StreamEnd>(
          call,
          services,
          run,
          (claim) => (attempting) => streamAttempt(chat, call, attempting, { gate, claim, sink: into })
        )
      const own = guarded(sink)
      const joint = run.route.afterCommit === "continue" ? new Joint(own) : undefined
      const answered = joint === undefined ? streamed(own) : continued(services, run, call, joint, streamed(joint))
      const { step, value } = yield* told(run, answered)
      return { ...headOf(run, step), ...value }
    })
  })
})
