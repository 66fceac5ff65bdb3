/**
 * What can be waited for (an Effect, a promise or a value), as an Effect. What they throw or reject with is the failure; when the
 * Effect is interrupted, the signal that they were handed aborts.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"

/** An Effect, a promise, or the value as it is. */
export type Awaitable<A, E = unknown> = Effect.Effect<A, E> | PromiseLike<A> | A

const isPromise = (given: unknown): given is PromiseLike<unknown> =>
  Predicate.hasProperty(given, "then") && typeof given.then === "function"

/** Calls `give` and waits for what it gives. */
export const toEffect = (give: (signal: AbortSignal) => unknown): Effect.Effect<unknown, unknown> =>
  Effect.suspend(() => {
    const controller = new AbortController()
    // @effect-diagnostics-next-line unknownInEffectCatch:off
    return Effect.try({ try: () => give(controller.signal), catch: (error) => error }).pipe(
      Effect.flatMap((given): Effect.Effect<unknown, unknown> => {
        if (Effect.isEffect(given)) return given as Effect.Effect<unknown, unknown>
        // @effect-diagnostics-next-line unknownInEffectCatch:off
        if (isPromise(given)) return Effect.tryPromise({ try: () => given, catch: (error) => error })
        return Effect.succeed(given)
      }),
      Effect.onInterrupt(() => Effect.sync(() => controller.abort()))
    )
  })

/** What people give as an Effect that fails only where theirs does: what they throw or reject with is a defect. */
export const orDefect = <A, E>(give: () => Awaitable<A, E>): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const given = give()
    if (Effect.isEffect(given)) return given as Effect.Effect<A, E>
    return isPromise(given) ? Effect.promise(async () => given) : Effect.succeed(given as A)
  })

/** True for what is no failure that anybody foresaw: a defect, or an interruption that came from inside. */
export const isUnforeseen = (cause: Cause.Cause<unknown>): boolean =>
  Cause.hasDies(cause) || Cause.hasInterruptsOnly(cause)
