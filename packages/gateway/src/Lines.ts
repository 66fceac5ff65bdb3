/**
 * Lines of a log, gathered and written together: one write for all that come within a window. What is left is written when the
 * scope closes and when the process exits, by a crash, too.
 *
 * **Gotchas**
 *
 * - Standard output is never waited for: a full pipe keeps up to 8 MB here, beyond that lines are dropped, counted and told. A log
 *   that cannot be written costs lines, never calls.
 * - A signal that nobody handles ends a process without its exit: up to a window's lines are lost then.
 *
 * **Example** (Lines on standard output)
 *
 * ```ts
 * import * as Lines from "@understudy/gateway/Lines"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.scoped(Effect.map(Lines.make(), (lines) => lines.put("a line")))
 * ```
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { StandardOutput } from "./internal/StandardOutput.ts"

/** Where lines go, and how long they are gathered. */
export interface Options {
  /** Takes one or more whole lines. Default: standard output. */
  readonly write?: ((lines: string) => void) | undefined
  /** Milliseconds for which lines are gathered. Default 50. */
  readonly window?: number | undefined
  /** The line that says how many did not reach standard output. */
  readonly tellLost?: ((count: number) => string) | undefined
}

/** Takes lines. */
export interface Lines {
  /** A line, without its end and without line ends in it. */
  readonly put: (line: string) => void
}

/** What is gathered is written at once beyond so many characters. */
const enough = 65_536

const told = (count: number): string => `${count} lines of the log were lost`

/** Makes an output of lines. */
export const make: (options?: Options) => Effect.Effect<Lines, never, Scope.Scope> = Effect.fnUntraced(function* ({
  tellLost = told,
  window = 50,
  write
}: Options = {}) {
  const standard = write === undefined ? new StandardOutput(tellLost) : undefined
  let gathered = ""
  let timer: NodeJS.Timeout | undefined
  const wait = (): void => {
    timer ??= setTimeout(flush, window).unref()
  }
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const lines = gathered
    gathered = ""
    if (standard !== undefined && !standard.write(lines)) wait()
    if (write !== undefined && lines !== "") write(lines)
  }
  const close = (): void => {
    flush()
    standard?.drain()
  }
  process.on("exit", close)
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      process.off("exit", close)
      close()
      clearTimeout(timer)
    })
  )
  return {
    put: (line) => {
      gathered += `${line}\n`
      if (gathered.length > enough) flush()
      else wait()
    }
  }
})
