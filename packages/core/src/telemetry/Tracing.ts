/**
 * Who traces a call: the tracer of the fiber that makes it, however the engine was put together; of a caller who has none,
 * the one that `Telemetry.layer` was built with.
 */
import * as Context from "effect/Context"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"

/** Effect's own tracer, which keeps nothing: a span of it would be nobody's parent. */
const nobody: Tracer.Tracer = Context.get(Context.empty(), Tracer.Tracer)

/** The tracer of a fiber, where somebody traces. */
export const tracerOf = (context: Context.Context<never>): Tracer.Tracer | undefined => {
  const tracer = Context.get(context, Tracer.Tracer)
  return tracer === nobody || !Context.get(context, References.TracerEnabled) ? undefined : tracer
}
