/** The failover core for a command: the configuration is read with the `.env` beside it, and an error becomes a failure. */
import { ConfigError, issue, type Path, type Place } from "@understudy/core/config/ConfigError"
import { Yaml } from "@understudy/core/config/Reading"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import type { Failover } from "@understudy/core/failover/Failover"
import * as Understudy from "@understudy/core/Understudy"
import * as UndiciUpstream from "@understudy/core/upstream/UndiciUpstream"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Failed, failed } from "../Failed.ts"
import type { Messages } from "../Messages.ts"
import * as Environment from "./Environment.ts"
import * as Output from "./Output.ts"
import * as Problems from "./Problems.ts"

/** Reads and checks the configuration file. */
export const read = (given: string | undefined): Effect.Effect<UnderstudyConfig.UnderstudyConfig, ConfigError> =>
  Effect.suspend(() => {
    const path = Environment.configPath(given)
    const file = Environment.fileBeside(path)
    if (Environment.isUnreadable(file)) {
      return Effect.fail(new ConfigError({ source: file, issues: [issue([], { _tag: "NotUtf8" })] }))
    }
    const env = Environment.beside(path)
    return UnderstudyConfig.load({ path: given, env })
  })

/** The same for a person: what is wrong with it is the command's failure. */
export const load = (
  messages: Messages,
  given: string | undefined
): Effect.Effect<UnderstudyConfig.UnderstudyConfig, Failed> => Effect.mapError(read(given), Problems.toFailed(messages))

/** The same for a machine: what is wrong with it is printed as JSON, beside the `empty` fields of the command's answer. */
export const loadForMachine = (
  messages: Messages,
  given: string | undefined,
  empty: Readonly<Record<string, unknown>>
): Effect.Effect<UnderstudyConfig.UnderstudyConfig, Failed> =>
  Effect.catchTag(read(given), "ConfigError", ({ issues, source }) =>
    Effect.andThen(
      Output.json({ config: source, ok: false, problems: Problems.toJson(messages, issues), ...empty }),
      Effect.fail(failed(""))
    )
  )

/** Where settings stand in a file; nowhere where it is no file. */
export const placesIn = (source: string): ((path: Path) => Place | undefined) => {
  const text = Environment.readIfThere(source)
  if (text === undefined) return () => undefined
  const { placeOf } = Yaml.parse(text, {})
  return (path) => placeOf({ path, message: "" })
}

/** The core over undici for a configuration that is being read. */
export const layer = (
  config: Effect.Effect<UnderstudyConfig.UnderstudyConfig, Failed>
): Layer.Layer<Understudy.Understudy | Failover, Failed> =>
  Layer.unwrap(
    // A configuration that has been checked is not refused again.
    Effect.map(config, (ready) => {
      const upstream = UndiciUpstream.layer({ environment: Environment.beside(ready.source) })
      return Understudy.layer(ready).pipe(Layer.provide(upstream), Layer.orDie)
    })
  )
