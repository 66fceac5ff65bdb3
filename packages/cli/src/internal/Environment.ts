/**
 * The environment as a configuration sees it: the process's own variables over those of a `.env` file beside the
 * configuration.
 */
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { parseEnv } from "node:util"

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A text, or nothing when there is no such file. */
export const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return undefined
  }
}

/** A variable's value; one that is set to nothing counts as not set. */
export const valueOf = (env: Environment, name: string): string | undefined => {
  const value = env[name]?.trim()
  return value === undefined || value === "" ? undefined : value
}

/** The configuration's path: as given, else from the environment, else `./understudy.yaml`. */
export const configPath = (given: string | undefined, env: Environment = process.env): string =>
  given ?? valueOf(env, "UNDERSTUDY_CONFIG") ?? "understudy.yaml"

/** The variables for the configuration at `path`. */
export const beside = (path: string, env: Environment = process.env): Environment => {
  const file = parseEnv(readIfThere(join(dirname(path), ".env")) ?? "")
  const own = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""))
  return { ...file, ...own }
}
