/**
 * The files of a new configuration: worked out first, then written at one go. Each is written beside its place and moved
 * there, so that whatever interrupts it leaves an old file or a new one, never half of one.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { type Failed, failed } from "../Failed.ts"
import { readIfThere } from "../internal/Environment.ts"
import type { Language } from "../Language.ts"
import type { Messages } from "../Messages.ts"
import type { Answers } from "./Answers.ts"
import * as ConfigText from "./ConfigText.ts"
import * as EnvFile from "./EnvFile.ts"
import * as GitIgnore from "./GitIgnore.ts"

/** A file to write. */
export interface File {
  readonly path: string
  readonly text: string
  readonly mode: number
}

/** What is to be written, and what would be lost by it. */
export interface Plan {
  readonly files: ReadonlyArray<File>
  /** What exists and would be overwritten: file names, or variables of `.env`. */
  readonly overwritten: ReadonlyArray<string>
}

/** The configuration's file name. */
export const configFile = "understudy.yaml"

/** Works out the files for the answers. */
export const plan = (
  messages: Messages,
  language: Language,
  folder: string,
  answers: Answers,
  schema: string
): Plan => {
  const config = join(folder, configFile)
  const env = readIfThere(join(folder, ".env")) ?? ""
  const variables = EnvFile.variables(messages, answers)
  const ignore = GitIgnore.change(folder)
  return {
    files: [
      { path: config, text: ConfigText.make(messages, language, answers), mode: 0o644 },
      { path: join(folder, ".env"), text: EnvFile.merge(env, variables), mode: 0o600 },
      { path: join(folder, ConfigText.schemaFile), text: `${schema}\n`, mode: 0o644 },
      ...(ignore === undefined ? [] : [{ path: join(folder, ".gitignore"), text: ignore, mode: 0o644 }])
    ],
    overwritten: [
      ...(existsSync(config) ? [config] : []),
      ...EnvFile.conflicts(env, variables).map((name) => `${join(folder, ".env")} (${name})`)
    ]
  }
}

const temporary = (path: string): string => `${path}.${process.pid}.tmp`

const writeAll = (folder: string, files: ReadonlyArray<File>): void => {
  mkdirSync(folder, { recursive: true })
  try {
    for (const { mode, path, text } of files) writeFileSync(temporary(path), text, { mode })
    for (const { path } of files) renameSync(temporary(path), path)
  } finally {
    for (const { path } of files) rmSync(temporary(path), { force: true })
  }
}

/** Writes all of them. */
export const write = (messages: Messages, folder: string, files: ReadonlyArray<File>): Effect.Effect<void, Failed> =>
  Effect.try({
    try: () => writeAll(folder, files),
    catch: (error) => failed(messages.init.cannotWrite(folder, error instanceof Error ? error.message : String(error)))
  })
