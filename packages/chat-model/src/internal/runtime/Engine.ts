/**
 * The core's engine, loaded when a layer asks for it: with it come undici and `effect/Schema`, two thirds of what everything
 * together takes to load. Who imports the SDK and builds no engine of its own does without.
 */
import type { ConfigError } from "@understudy/core/config/ConfigError"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import type { Failover } from "@understudy/core/failover/Failover"
import type { Understudy } from "@understudy/core/Understudy"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const core = Effect.promise(() => import("@understudy/core/Understudy"))

/** An engine from an object of the shape of `understudy.yaml`. */
export const layerOptions = (config: UnderstudyOptions): Layer.Layer<Understudy | Failover, ConfigError> =>
  Layer.unwrap(Effect.map(core, ({ layerOptions }) => layerOptions(config)))

/** An engine from `path`, else the file that `UNDERSTUDY_CONFIG` names, else `./understudy.yaml`. */
export const layerYaml = (path?: string): Layer.Layer<Understudy | Failover, ConfigError> =>
  Layer.unwrap(Effect.map(core, ({ layerYaml }) => layerYaml(path)))

/** The engine that is provided. */
export const provided: Effect.Effect<Understudy["Service"], never, Understudy> = Effect.flatMap(
  core,
  ({ Understudy }) => Understudy
)
