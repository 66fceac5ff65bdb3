/**
 * Switches metrics on, and spans of callers who have no tracer of their own: a layer to be provided to whatever builds the
 * core.
 *
 * **Details**
 *
 * - Metrics go into the registry that is in force where the layer is built. So an exporter is provided to this layer, not
 *   beside it.
 * - Spans need no layer where a fiber that calls has a tracer: they go there, below the caller's span. Callers without one,
 *   such as a gateway's or a promise's, are traced by the tracer that is in force where this layer is built.
 * - A listener that is there already goes on hearing everything.
 *
 * **Example** (Below a core, above an exporter)
 *
 * ```ts
 * import * as Telemetry from "@understudy/core/telemetry/Telemetry"
 * import * as Understudy from "@understudy/core/Understudy"
 * import * as Layer from "effect/Layer"
 *
 * const observed = (exporter: Layer.Layer<never>) =>
 *   Understudy.layerYaml().pipe(Layer.provide(Telemetry.layer), Layer.provide(exporter))
 * ```
 *
 * @see Names for what they are called
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metrics from "../internal/telemetry/Metrics.ts"
import * as Spans from "../internal/telemetry/Spans.ts"
import { all, Listener } from "./Event.ts"

/** Spans and metrics of every call. */
export const layer: Layer.Layer<never> = Layer.effect(
  Listener,
  Effect.map(Effect.all([Listener, Spans.make, Metrics.make]), (listeners) => all(...listeners))
)
