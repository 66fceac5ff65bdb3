/**
 * What happens to keys and circuits, as log lines: removed, cooling, probed, restored, opened. A listener of the core, to be provided to
 * whatever builds the core.
 *
 * **Example** (Below a core)
 *
 * ```ts
 * import * as Understudy from "@understudy/core/Understudy"
 * import * as EventLog from "@understudy/gateway/EventLog"
 * import * as Layer from "effect/Layer"
 *
 * const core = Understudy.layerYaml().pipe(Layer.provide(EventLog.layer))
 * ```
 */
import { type CircuitEvent, isCallEvent, type KeyEvent, Listener } from "@understudy/core/telemetry/Event"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** What is logged here; single calls are the access log's. */
export type LoggedEvent = KeyEvent | CircuitEvent

const toLine = (event: LoggedEvent): Effect.Effect<void> => {
  switch (event._tag) {
    case "KeyRemoved":
      return Effect.logWarning("key removed")
    case "KeyCooling":
      return Effect.logWarning("key cooling down")
    case "KeyRestored":
      return Effect.logInfo("key restored")
    case "KeyProbed":
      return event.ok ? Effect.logInfo("key probed: accepted") : Effect.logInfo("key probed: refused")
    case "CircuitChanged":
      return event.to === "Open" ? Effect.logWarning("circuit opened") : Effect.logInfo("circuit changed")
  }
}

/** Logs one event. Its fields become annotations; a key appears by its id. */
export const log = (event: LoggedEvent): Effect.Effect<void> => {
  const { _tag, ...fields } = event
  return Effect.annotateLogs(toLine(event), fields)
}

/** A listener that logs, through the loggers that are installed where the layer is built. */
export const layer: Layer.Layer<never> = Layer.effect(
  Listener,
  Effect.map(Effect.context<never>(), (context) => {
    const fork = Effect.runForkWith(context)
    return {
      emit: (event) => {
        if (!isCallEvent(event)) fork(log(event))
      },
      wantsCalls: false
    }
  })
)
