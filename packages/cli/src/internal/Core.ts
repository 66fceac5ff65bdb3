/** The failover core for a command: the configuration is read with the `.env` beside it, and an error becomes a failure. */
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import type { Failover } from "@understudy/core/failover/Failover"
import * as Understudy from "@understudy/core/Understudy"
import * as UndiciUpstream from "@understudy/core/upstream/UndiciUpstream"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Failed, fromError } from "../Failed.ts"
import * as Environment from "./Environment.ts"

/** Reads and checks the configuration file. */
export const load = (given: string | undefined): Effect.Effect<UnderstudyConfig.UnderstudyConfig, Failed> =>
  Effect.suspend(() => {
    const path = Environment.configPath(given)
    const env = Environment.beside(path)
    return UnderstudyConfig.load({ path: given, env })
  }).pipe(Effect.mapError(fromError))

/** The core over undici for a configuration that is being read. */
export const layer = (
  config: Effect.Effect<UnderstudyConfig.UnderstudyConfig, Failed>
): Layer.Layer<Understudy.Understudy | Failover, Failed> =>
  Layer.unwrap(
    // A configuration that has been checked is not refused again.
    Effect.map(config, (ready) => Understudy.layer(ready).pipe(Layer.provide(UndiciUpstream.layer()), Layer.orDie))
  )
