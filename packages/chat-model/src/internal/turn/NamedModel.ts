/**
 * A model by its name, or what names there are.
 */
import { ConfigError } from "@understudy/core/config/ConfigError"
import * as Effect from "effect/Effect"

/** The one of that name among those of a source; fails with a `ConfigError` that lists them. */
export const find = <A>(
  models: Readonly<Record<string, A>>,
  name: string,
  source: string
): Effect.Effect<A, ConfigError> => {
  const named = Object.hasOwn(models, name) ? models[name] : undefined
  if (named !== undefined) return Effect.succeed(named)
  const names = Object.keys(models).join(", ")
  const message = `is not there. ${names === "" ? "No models are named: add it under `models`" : `Models: ${names}`}`
  return Effect.fail(new ConfigError({ source, issues: [{ path: ["models", name], message }] }))
}
