/**
 * Spans from events: one a call, named by its operation (`chat MODEL`), and one an attempt below it. Where nobody traces
 * there are none.
 *
 * **Details**
 *
 * - They go to the tracer of the fiber that makes the call, below its span; of a fiber without one, to the tracer that
 *   `Telemetry.layer` was built with.
 * - Tokens are told once: those of the answer on the call, those of attempts that failed or were left on the attempt. So the
 *   sum over all spans is what was billed.
 *
 * **Gotchas**
 *
 * Times are the clock's at the moment of the event; keys appear by id; prompts and answers never appear.
 */
import type * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import { isSent, nextOf, type Ok, outcomeOf } from "../../failure/Trail.ts"
import * as Event from "../../telemetry/Event.ts"
import * as Tracing from "../../telemetry/Tracing.ts"
import type { Cost } from "../../wire/PriceTable.ts"
import * as TokenCounts from "../wire/TokenCounts.ts"
import { attribute } from "./Names.ts"

type Of<Tag extends Event.CallEvent["_tag"]> = Extract<Event.CallEvent, { readonly _tag: Tag }>

interface Open {
  readonly operation: Event.Operation
  readonly span: Tracer.Span
  readonly attempts: Array<Tracer.Span>
  /** How many attempts were made. */
  count: number
  /** Of the answer that came last. */
  response: Event.ResponseInfo | undefined
}

type Attributes = Readonly<Record<string, unknown>>

const ended = (outcome: string, isOk: boolean): Exit.Exit<void, string> => (isOk ? Exit.void : Exit.fail(outcome))

const put = (span: Tracer.Span, attributes: Attributes): void => {
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) span.attribute(name, value)
}

const ofOutcome = (outcome: string, isOk: boolean): Attributes => ({
  [attribute.outcome]: outcome,
  [attribute.errorType]: isOk ? undefined : outcome
})

const ofCost = (name: string, cost: Cost | undefined): Attributes => ({
  [name]: cost?.amount,
  [attribute.currency]: cost?.currency
})

const ofUsage = ({ usage }: Pick<Ok, "usage">): Attributes => {
  const { cacheRead, cacheWrite, input, output, reasoning } = TokenCounts.of(usage)
  return {
    [attribute.inputTokens]: input,
    [attribute.outputTokens]: output,
    [attribute.cacheRead]: cacheRead,
    [attribute.cacheWrite]: cacheWrite,
    [attribute.reasoning]: reasoning
  }
}

const ofResponse = (response: Event.ResponseInfo | undefined): Attributes => ({
  [attribute.responseId]: response?.id,
  [attribute.responseModel]: response?.model,
  [attribute.finishReasons]: response?.finishReasons.length === 0 ? undefined : response?.finishReasons
})

const ofServer = (origin: string): Attributes => {
  const { hostname, port, protocol } = new URL(origin)
  const usual = protocol === "https:" ? 443 : 80
  return { [attribute.address]: hostname, [attribute.port]: port === "" ? usual : Number(port) }
}

/** The spans of calls under way, at one tracer. */
export class Spans implements Event.Listener {
  readonly #tracer: Tracer.Tracer
  readonly #clock: Clock.Clock
  readonly #open = new Map<number, Open>()

  constructor(tracer: Tracer.Tracer, clock: Clock.Clock) {
    this.#tracer = tracer
    this.#clock = clock
  }

  /** The span of the attempt that the call has begun last. */
  attemptOf(call: number): Tracer.Span | undefined {
    return this.#open.get(call)?.attempts.at(-1)
  }

  readonly emit = (event: Event.Event): void => {
    if (Event.isCallEvent(event)) this.#onCall(event, this.#clock.currentTimeNanosUnsafe())
  }

  #onCall(event: Event.CallEvent, now: bigint): void {
    if (event._tag === "CallStarted") return this.#callStarted(event, now)
    const call = this.#open.get(event.call)
    if (call === undefined) return
    if (event._tag === "AttemptStarted") this.#attemptStarted(call, event, now)
    else if (event._tag === "AttemptEnded") this.#attemptEnded(call, event, now)
    else this.#callEnded(call, event, now)
  }

  #callStarted({ call, model, operation, parameters, parent, route, streamed }: Of<"CallStarted">, now: bigint): void {
    const span = this.#start(`${operation} ${model}`, parent, now)
    put(span, {
      [attribute.operation]: operation,
      [attribute.requestModel]: model,
      [attribute.stream]: streamed ? true : undefined,
      [attribute.route]: route,
      ...parameters
    })
    this.#open.set(call, { operation, span, attempts: [], count: 0, response: undefined })
  }

  #attemptStarted(call: Open, { key, model, provider, server }: Of<"AttemptStarted">, now: bigint): void {
    const span = this.#start(`${call.operation} ${provider}/${model}`, call.span, now)
    put(span, {
      [attribute.operation]: call.operation,
      [attribute.provider]: provider,
      [attribute.requestModel]: model,
      [attribute.key]: key,
      ...ofServer(server)
    })
    call.attempts.push(span)
    call.count++
  }

  #attemptEnded(call: Open, { attempt, response }: Of<"AttemptEnded">, now: bigint): void {
    const name = `${call.operation} ${attempt.provider}/${attempt.model}`
    const outcome = outcomeOf(attempt)
    const at = isSent(attempt) ? call.attempts.findIndex((span) => span.name === name) : -1
    const [span] = at === -1 ? [] : call.attempts.splice(at, 1)
    if (span === undefined || !isSent(attempt)) {
      return call.span.event(outcome, now, { [attribute.provider]: attempt.provider })
    }
    const isOk = attempt._tag === "Ok"
    put(span, {
      ...ofOutcome(outcome, isOk),
      [attribute.next]: nextOf(attempt),
      [attribute.status]: attempt._tag === "Failed" ? attempt.status : undefined,
      ...ofResponse(response),
      // The answer's tokens stand on the call: here, they would count twice.
      ...(isOk ? {} : ofUsage(attempt)),
      ...ofCost(attribute.attemptCost, attempt.cost)
    })
    span.end(now, ended(outcome, isOk))
    if (isOk) call.response = response
  }

  #callEnded(call: Open, event: Of<"CallEnded">, now: bigint): void {
    const { answer, cost, firstContent, outcome, streamed } = event
    const isOk = outcome === "ok"
    this.#open.delete(event.call)
    put(call.span, {
      ...ofOutcome(outcome, isOk),
      [attribute.attempts]: call.count,
      [attribute.firstChunk]: streamed && firstContent !== undefined ? firstContent / 1000 : undefined,
      ...ofCost(attribute.cost, cost)
    })
    if (answer !== undefined) {
      put(call.span, { [attribute.provider]: answer.provider, ...ofResponse(call.response), ...ofUsage(answer) })
    }
    call.span.end(now, ended(outcome, isOk))
  }

  #start(name: string, parent: Tracer.AnySpan | undefined, startTime: bigint): Tracer.Span {
    return this.#tracer.span({
      name,
      parent: Option.fromUndefinedOr(parent),
      annotations: Context.empty(),
      links: [],
      startTime,
      kind: "client",
      root: false,
      sampled: parent?.sampled ?? true
    })
  }
}

/** Makes a listener that gives its tracer to calls whose own fiber has none. */
export const make: Effect.Effect<Event.Listener> = Effect.map(Effect.context<never>(), (context) => ({
  emit: () => {},
  wantsCalls: false,
  tracer: Tracing.tracerOf(context)
}))

/** Finds the spans of a tracer. */
export const spansByTracer = (): ((tracer: Tracer.Tracer, clock: Clock.Clock) => Spans) => {
  const known = new WeakMap<Tracer.Tracer, Spans>()
  return (tracer, clock) => {
    const spans = known.get(tracer) ?? new Spans(tracer, clock)
    known.set(tracer, spans)
    return spans
  }
}
