/**
 * Spans of the client's own: around a turn, and around a tool's run. Requests to vendors have theirs from the core, below.
 *
 * **Gotchas**
 *
 * A span that failed says the tag of what went wrong and no more: messages may quote arguments or prompts.
 */
import * as Tracing from "@understudy/core/telemetry/Tracing"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"

type Attributes = Readonly<Record<string, string>>

const tagOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.findErrorOption(cause)
  if (error._tag === "None") return Cause.hasInterruptsOnly(cause) ? "Cancelled" : "Defect"
  const { value } = error
  const reason = Predicate.hasProperty(value, "reason") ? value.reason : value
  return Predicate.hasProperty(reason, "_tag") ? String(reason._tag) : "Unknown"
}

const open = (name: string, attributes: Attributes): Effect.Effect<Tracer.Span, never, Scope.Scope> =>
  Effect.acquireRelease(Effect.makeSpan(name, { kind: "internal", attributes }), (span, exit) =>
    Clock.clockWith((clock) =>
      Effect.sync(() => {
        const tag = Exit.isFailure(exit) ? tagOf(exit.cause) : undefined
        if (tag !== undefined) span.attribute("error.type", tag)
        span.end(clock.currentTimeNanosUnsafe(), tag === undefined ? Exit.void : Exit.fail(tag))
      })
    )
  )

/** Runs an effect in a span, where somebody traces. */
export const effect = <A, E>(name: string, attributes: Attributes, inside: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.contextWith((context: Context.Context<never>) => {
    if (Tracing.tracerOf(context) === undefined) return inside
    const within = (span: Tracer.Span) => Effect.provideService(inside, Tracer.ParentSpan, span)
    return Effect.scoped(Effect.flatMap(open(name, attributes), within))
  })

/** Runs a stream in a span, where somebody traces. */
export const stream = <A, E>(name: string, attributes: Attributes, inside: Stream.Stream<A, E>): Stream.Stream<A, E> =>
  Stream.unwrap(
    Effect.contextWith((context: Context.Context<never>) => {
      if (Tracing.tracerOf(context) === undefined) return Effect.succeed(inside)
      const within = (span: Tracer.Span) => Stream.provideService(inside, Tracer.ParentSpan, span)
      return Effect.map(open(name, attributes), within)
    })
  )
