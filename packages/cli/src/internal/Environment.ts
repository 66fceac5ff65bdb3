/**
 * The environment as a configuration sees it: the process's own variables over those of a `.env` file beside the
 * configuration.
 */
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { parseEnv } from "node:util"
import { TextFile } from "@understudy/core/config/Texts"

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

const readBytes = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

/** A text without its byte order mark, or nothing when there is no such file, or none in UTF-8. */
export const readIfThere = (path: string): string | undefined => {
  const bytes = readBytes(path)
  return bytes === undefined ? undefined : TextFile.decode(bytes)
}

/** The `.env` beside a configuration. */
export const fileBeside = (path: string): string => join(dirname(path), ".env")

/** True for a file that is there and no UTF-8: nothing of it would be found. */
export const isUnreadable = (path: string): boolean => {
  const bytes = readBytes(path)
  return bytes !== undefined && TextFile.decode(bytes) === undefined
}

/** A variable's value; one that is set to nothing counts as not set. */
export const valueOf = (env: Environment, name: string): string | undefined => {
  const value = env[name]?.trim()
  return value === undefined || value === "" ? undefined : value
}

/** The configuration's path: as given, else from the environment, else `./understudy.yaml`. */
export const configPath = (given: string | undefined, env: Environment = process.env): string =>
  given ?? valueOf(env, "UNDERSTUDY_CONFIG") ?? "understudy.yaml"

/**
 * The variables of a text. Node's reader (v24) makes the next line the value of a variable that has nothing but spaces, takes
 * an `export` into the name where nothing at all follows, and knows no lines that a carriage return alone ends.
 */
const toVariables = (text: string): Environment =>
  parseEnv(
    text
      .replace(/\r\n?/g, "\n")
      .replace(/^[^\S\n]*export[^\S\n]+(?=[^\s=#]+[^\S\n]*=)/gm, "")
      .replace(/^([^\S\n]*[^\s=#]+[^\S\n]*=)[^\S\n]+$/gm, "$1")
  )

/** The variables for the configuration at `path`. */
export const beside = (path: string, env: Environment = process.env): Environment => {
  const file = toVariables(readIfThere(fileBeside(path)) ?? "")
  const own = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""))
  return { ...file, ...own }
}
