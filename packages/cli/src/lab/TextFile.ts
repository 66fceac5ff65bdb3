/** Files that the lab is given, and what an operating system has against them. */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { type Failed, misused } from "../Failed.ts"
import type { Messages } from "../Messages.ts"

/** The operating system's code, or else the error in words. */
export const why = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error)

/** Reads a file; one that cannot be read is the command line's fault. */
export const read = (messages: Messages, file: string): Effect.Effect<string, Failed> =>
  Effect.try({
    try: () => readFileSync(file, "utf8"),
    catch: (error) => misused(messages.lab.noFile(file, why(error)))
  })
