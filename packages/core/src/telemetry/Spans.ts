/**
 * Spans from events: one a call, named `chat MODEL` or `embeddings MODEL`, and one an attempt below it. Without a listener there are none.
 *
 * **Gotchas**
 *
 * Times are the clock's at the moment of the event; keys appear by id; prompts and answers never appear.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import type { AttemptRecord } from "../failure/FailoverError.ts"
import { type Event, isCallEvent, type Listener, type Operation } from "./Event.ts"
import { attribute } from "./Names.ts"

interface Open {
  readonly operation: Operation
  readonly span: Tracer.Span
  attempts: Array<Tracer.Span>
}

const ended = (outcome: string): Exit.Exit<void, string> => (outcome === "ok" ? Exit.void : Exit.fail(outcome))

const describe = (span: Tracer.Span, attempt: AttemptRecord): void => {
  span.attribute(attribute.outcome, attempt.outcome)
  span.attribute(attribute.next, attempt.next)
  if (attempt.outcome !== "ok") span.attribute(attribute.errorType, attempt.outcome)
  if (attempt.usage?.prompt_tokens !== undefined) span.attribute(attribute.inputTokens, attempt.usage.prompt_tokens)
  if (attempt.usage?.completion_tokens !== undefined)
    span.attribute(attribute.outputTokens, attempt.usage.completion_tokens)
}

/** Makes a listener that writes spans to the tracer in force. */
export const make: Effect.Effect<Listener> = Effect.gen(function* () {
  const tracer = yield* Tracer.Tracer
  const clock = yield* Clock.Clock
  const open = new Map<number, Open>()

  const start = (name: string, parent: Tracer.AnySpan | undefined, attributes: Record<string, string>): Tracer.Span => {
    const span = tracer.span({
      name,
      parent: Option.fromUndefinedOr(parent),
      annotations: Context.empty(),
      links: [],
      startTime: clock.currentTimeNanosUnsafe(),
      kind: "client",
      root: false,
      sampled: true
    })
    for (const [key, value] of Object.entries(attributes)) span.attribute(key, value)
    return span
  }

  const onEvent = (event: Event): void => {
    if (!isCallEvent(event)) return
    const now = clock.currentTimeNanosUnsafe()
    if (event._tag === "CallStarted") {
      const { model, operation, parent, route } = event
      const attributes = { [attribute.operation]: operation, [attribute.requestModel]: model, [attribute.route]: route }
      open.set(event.call, { operation, span: start(`${operation} ${model}`, parent, attributes), attempts: [] })
      return
    }
    const call = open.get(event.call)
    if (call === undefined) return
    if (event._tag === "AttemptStarted") {
      const { key, model, provider } = event
      const attributes = {
        [attribute.operation]: call.operation,
        [attribute.provider]: provider,
        [attribute.requestModel]: model,
        ...(key === undefined ? {} : { [attribute.key]: key })
      }
      call.attempts.push(start(`${call.operation} ${provider}/${model}`, call.span, attributes))
    } else if (event._tag === "AttemptEnded") {
      const { attempt } = event
      const at = call.attempts.findIndex(
        ({ name }) => name === `${call.operation} ${attempt.provider}/${attempt.model}`
      )
      const [span] = attempt.skipped || at === -1 ? [] : call.attempts.splice(at, 1)
      if (span === undefined) return call.span.event(attempt.outcome, now, { [attribute.provider]: attempt.provider })
      describe(span, attempt)
      span.end(now, ended(attempt.outcome))
    } else {
      open.delete(event.call)
      // Attempts that their caller left behind.
      for (const span of call.attempts) span.end(now, ended("Cancelled"))
      call.span.attribute(attribute.outcome, event.outcome)
      if (event.answer !== undefined) {
        describe(call.span, event.answer)
        call.span.attribute(attribute.provider, event.answer.provider)
        call.span.attribute(attribute.responseModel, event.answer.model)
      }
      call.span.end(now, ended(event.outcome))
    }
  }
  return { emit: onEvent }
})
