/** Files that the lab is given, and what an operating system has against them. */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { type Failed, misused } from "../Failed.ts"
import type { Messages } from "../Messages.ts"

/** What the operating system says, in words where its code has some. */
export const why = ({ lab }: Messages, error: unknown): string => {
  if (!(error instanceof Error && "code" in error)) return String(error)
  const code = String(error.code)
  const words: Readonly<Record<string, string>> = lab.codes
  return words[code] ?? code
}

/** Reads a file; one that cannot be read is the command line's fault. */
export const read = (messages: Messages, file: string): Effect.Effect<string, Failed> =>
  Effect.try({
    try: () => readFileSync(file, "utf8"),
    catch: (error) => misused(messages.lab.noFile(file, why(messages, error)))
  })
