/**
 * What a client of promises and its model tell each other, and a promise would lose: with which services the model's calls
 * run (a tracer, loggers), and in which span the client asks.
 */
import * as Context from "effect/Context"
import * as Tracer from "effect/Tracer"

type Services = Context.Context<never>

const known = new WeakMap<object, Services>()

/** Remembers the services of a model. */
export const remember = (model: object, services: Services): void => void known.set(model, services)

/** The services of a model; none for one of another making. */
export const servicesOf = (model: object): Services => known.get(model) ?? Context.empty()

const parent: unique symbol = Symbol.for("understudy/chat-model/parentSpan") as never

/** The options of a call with the span that it belongs under. */
export interface Traced {
  readonly signal?: AbortSignal | undefined
  readonly [parent]?: Tracer.AnySpan | undefined
}

/** The options of a call that is made with these services. */
export const within = (services: Services, signal?: AbortSignal): Traced => ({
  signal,
  [parent]: Context.getOrUndefined(services, Tracer.ParentSpan)
})

/** A model's services for a call with these options. */
export const below = <R>(services: Context.Context<R>, { [parent]: span }: Traced): Context.Context<R> =>
  span === undefined ? services : Context.add(services, Tracer.ParentSpan, span)
