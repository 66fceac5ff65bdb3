/** Writes lines: results to standard output, everything about them to standard error. */
import * as Effect from "effect/Effect"

/** Lines on standard output. */
export const print = (...lines: ReadonlyArray<string>): Effect.Effect<void> =>
  Effect.sync(() => void process.stdout.write(`${lines.join("\n")}\n`))

/** Lines on standard error. */
export const tell = (...lines: ReadonlyArray<string>): Effect.Effect<void> =>
  Effect.sync(() => void process.stderr.write(`${lines.join("\n")}\n`))

/** A value as JSON, for machines. */
export const json = (value: unknown): Effect.Effect<void> => print(JSON.stringify(value, null, 2))
