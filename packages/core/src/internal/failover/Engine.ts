/**
 * What stands behind `Failover`: it matches the route, lays out the targets, and hands the driver the way in which an attempt is
 * made: as JSON, as a stream into the caller's sink, or as a stream that is folded for a caller who wants JSON (stream-only
 * models, `upstream: streamed`). Text completions go the same way over those targets that have them, and embeddings, as JSON,
 * over those whose vectors compare; neither is hedged, nor gone on with where a stream breaks.
 *
 * @see call/Drive for the loop, call/Next for what follows a failure
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import * as Tracer from "effect/Tracer"
import { Failover, type Report, type Call as Request } from "../../failover/Failover.ts"
import * as AttemptFailure from "../../failure/AttemptFailure.ts"
import { FailoverError } from "../../failure/FailoverError.ts"
import * as Matcher from "../../route/Matcher.ts"
import * as Route from "../../route/Route.ts"
import { type CallEnding, Listener, type Operation } from "../../telemetry/Event.ts"
import * as Tracing from "../../telemetry/Tracing.ts"
import { Upstream } from "../../upstream/Upstream.ts"
import type { ModelRequest, Said } from "../../wire/ChatCompletion.ts"
import { Call } from "../call/Call.ts"
import { type Answer, drive, type Make } from "../call/Drive.ts"
import { embeddings, type JsonEndpoint } from "../call/Endpoints.ts"
import { asJson, asWhole, type Claim, chat, headOf, intoSink, text } from "../call/Made.ts"
import { hedged } from "../call/Race.ts"
import * as Target from "../call/Target.ts"
import type { JsonAnswer } from "../exchange/AnswerReader.ts"
import { guarded, type Head, type Sink } from "../exchange/Sink.ts"
import type { StreamEnd } from "../exchange/StreamReader.ts"
import { continued } from "../join/Continuation.ts"
import { Joint } from "../join/Joint.ts"
import { spansByTracer } from "../telemetry/Spans.ts"
import * as TraceContext from "../telemetry/TraceContext.ts"
import * as Chunk from "../wire/Chunk.ts"
import * as TextCompletion from "../wire/TextCompletion.ts"

/** A sink of text chunks for a stream that was read as a chat's. */
const inText = (sink: Sink): Sink => ({
  begin: sink.begin,
  write: (batch) => {
    const chunks = batch.chunks.map(TextCompletion.fromChunk)
    sink.write(chunks.length === 0 ? batch : { chunks, bytes: Buffer.concat(chunks.map(Chunk.toBytes)) })
  }
})

const withoutText = (route: string): FailoverError => {
  const says = `Route "${route}" has no target with text completions. For a prompt, send {"messages":[{"role":"user","content":PROMPT}]} to POST /v1/chat/completions.`
  return new FailoverError({
    reason: { _tag: "Rejected", failure: AttemptFailure.make({ _tag: "Unsuited" }, says) },
    trail: []
  })
}

/** Tells listeners how the call ended. */
const told = <A>({ ledger }: Call, answered: Effect.Effect<A, FailoverError>): Effect.Effect<A, FailoverError> =>
  Effect.onExit(answered, (exit) =>
    Effect.sync(() => ledger.ended(Exit.isSuccess(exit) ? "ok" : outcomeOf(exit.cause)))
  )

const outcomeOf = (cause: Cause.Cause<FailoverError>): CallEnding => {
  const error = Cause.findErrorOption(cause)
  if (error._tag === "Some") return error.value.reason._tag
  return Cause.hasInterruptsOnly(cause) ? "Cancelled" : "Defect"
}

/** The routes of the moment, in the order in which they are asked: a reload puts others in their place. */
export interface Current {
  readonly routes: ReadonlyArray<Route.Route>
}

/** A route's condition, for an error that says what exists. */
const toLabel = ({ match, name }: Route.Route): string => `${name} (${Matcher.toLabel(match.model)})`

/** What calls begin with: their route, their targets, their number; or why one does not begin. */
const starting = (current: Current, upstream: Upstream["Service"], listener: Listener) => {
  const spansAt = spansByTracer()
  let calls = 0
  return (
    context: Context.Context<never>,
    asked: Request<ModelRequest>,
    operation: Operation,
    ableOf?: JsonEndpoint<Said>["able"]
  ): Call | FailoverError => {
    const { consumer, headers, request } = asked
    const route = Matcher.find(current.routes, { model: request.model, headers, consumer })
    if (route === undefined) {
      const reason = { _tag: "NoRoute", model: request.model, routes: current.routes.map(toLabel) } as const
      return new FailoverError({ reason, trail: [] })
    }
    const clock = Context.get(context, Clock.Clock)
    const random = Context.get(context, Random.Random)
    const isAlone = route.targets.length === 1 && route.fallback.length === 0
    const order = isAlone ? route.targets : Route.order(route, request.model, clock.currentTimeMillisUnsafe(), random)
    const able = ableOf === undefined ? order : ableOf(route, request.model, order)
    if (operation === "text_completion" && !Route.completesText(able, request.model)) return withoutText(route.name)
    route.state.repeats.calls++
    const tracer = Tracing.tracerOf(context) ?? listener.tracer
    const spans = tracer === undefined ? undefined : spansAt(tracer, clock)
    const own = Context.getOrUndefined(context, Tracer.ParentSpan)
    const parent = headers?.["traceparent"] === undefined ? own : TraceContext.parentOf(own, headers)
    const subject = { call: ++calls, operation, route, request, clock, listener, spans, parent }
    const surroundings = { upstream, services: context, random, affinity: asked.affinity ?? consumer }
    return new Call(subject, Target.inOrder(able, request, operation), surroundings)
  }
}

/** Drives a chat, with a hedge where its route has one. */
const driveChat = <A>(call: Call, { request }: Request, make: (claim: Claim) => Make<A>) => {
  const { hedge } = call.route.state
  const mayHedge = hedge !== undefined && (hedge.tools || request["tools"] === undefined)
  return mayHedge ? hedged(call, (race, side) => make(() => race.claim(side))) : drive(call, make(undefined))
}

/** Drives a chat into a sink; where the stream breaks, it may be gone on with. */
const driveStream = (call: Call, request: Request, sink: Sink) => {
  const into = (end: Sink) => driveChat(call, request, (claim) => intoSink(chat, request, call, end, claim))
  if (call.route.afterCommit !== "continue") return into(sink)
  const joint = new Joint(sink)
  return continued(call, request, joint, into(joint))
}

/** Makes the engine over the routes of the moment: a call keeps the one that it began with. */
export const make = Effect.fnUntraced(function* (current: Current) {
  const start = starting(current, yield* Upstream, yield* Listener)
  const answer = <R extends ModelRequest, A, B>(
    request: Request<R>,
    operation: Operation,
    driven: (call: Call) => Effect.Effect<Answer<A>, FailoverError>,
    toAnswer: (head: Head, value: A) => B,
    able?: JsonEndpoint<Said>["able"]
  ): Effect.Effect<B, FailoverError> =>
    Effect.contextWith((context: Context.Context<never>) => {
      const call = start(context, request, operation, able)
      if ("reason" in call) return Effect.fail(call)
      const driving = driven(call)
      return Effect.map(call.ledger.isHeard ? told(call, driving) : driving, ({ target, value }) =>
        toAnswer(headOf(call, target), value)
      )
    })
  const toWhole = <A>(head: Head, { body, bytes }: JsonAnswer<A>) => ({ ...head, completion: body, bytes })
  const toReport = (head: Head, end: StreamEnd): Report => ({ ...head, ...end })
  const json = <R extends ModelRequest, A extends Said>(endpoint: JsonEndpoint<A>, request: Request<R>) =>
    answer(
      request,
      endpoint.operation,
      (call) => drive(call, asJson(endpoint, request, call)),
      (head, { body, bytes }: JsonAnswer<A>) => ({ ...head, response: body, bytes }),
      endpoint.able
    )
  return Failover.of({
    call: (request) =>
      answer(
        request,
        "chat",
        (call) => driveChat(call, request, (claim) => asWhole(chat, request, call, claim)),
        toWhole
      ),
    stream: (request, sink) => answer(request, "chat", (call) => driveStream(call, request, guarded(sink)), toReport),
    complete: (request) =>
      answer(request, "text_completion", (call) => drive(call, asWhole(text, request, call, undefined)), toWhole),
    streamText: (request, sink) =>
      answer(
        request,
        "text_completion",
        (call) => drive(call, intoSink(text, request, call, inText(guarded(sink)), undefined)),
        toReport
      ),
    embed: (request) => json(embeddings, request)
  })
})
