/**
 * A logger for a busy server: one line a message, gathered and written together.
 *
 * Effect's default logger formats generously and writes at once, which halves a gateway's throughput. This one joins what
 * comes within `window` into one write, and writes what is left when its scope closes or the process exits.
 *
 * **Example** (Lines of a request)
 *
 * ```text
 * 2026-01-31T10:00:00.123Z INFO POST /v1/chat/completions requestId=req_1 status=200 model=some-model attempts=1 ms=210
 * ```
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"

/** How lines look and where they go. */
export interface Options {
  /** `text` (default) or one JSON object a line. */
  readonly format?: "text" | "json" | undefined
  /** Takes one or more whole lines. Default: standard output. */
  readonly write?: ((lines: string) => void) | undefined
  /** Milliseconds for which lines are gathered. Default 50. */
  readonly window?: number | undefined
}

const plain = /^[\x21\x23-\x3c\x3e-\x7e]+$/

const toText = (value: unknown): string => {
  if (typeof value === "number" || typeof value === "boolean") return String(value)
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value))
  // Quoting keeps a line one line, whatever a caller put into a model's name.
  return plain.test(text) ? text : JSON.stringify(text)
}

const messageOf = (message: unknown): string =>
  (Array.isArray(message) ? message : [message])
    .map((part) => (typeof part === "string" ? part.replace(/[\r\n]+/g, " ") : toText(part)))
    .join(" ")

let lastTime = Number.NaN
let lastStamp = ""

/** Many lines fall into one millisecond. */
const toStamp = (date: Date): string => {
  const time = date.getTime()
  if (time !== lastTime) {
    lastTime = time
    lastStamp = date.toISOString()
  }
  return lastStamp
}

/** One message as one line, without its line end. */
export const format = (
  { cause, date, fiber, logLevel, message }: Logger.Options<unknown>,
  as: "text" | "json" = "text"
): string => {
  const annotations = fiber.getRef(References.CurrentLogAnnotations)
  const failure = cause.reasons.length === 0 ? undefined : Cause.pretty(cause)
  if (as === "json") {
    const level = logLevel.toUpperCase()
    return JSON.stringify({
      time: toStamp(date),
      level,
      message: messageOf(message),
      ...annotations,
      cause: failure
    })
  }
  let line = `${toStamp(date)} ${logLevel.toUpperCase()} ${messageOf(message)}`
  for (const name in annotations) {
    const value = annotations[name]
    if (value !== undefined) line += ` ${name}=${toText(value)}`
  }
  return failure === undefined ? line : `${line} cause=${JSON.stringify(failure)}`
}

const make = Effect.fnUntraced(function* (options: Options) {
  const { format: as = "text", window = 50, write = (lines) => void process.stdout.write(lines) } = options
  let gathered = ""
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const lines = gathered
    gathered = ""
    if (lines !== "") write(lines)
  }
  process.on("exit", flush)
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      process.off("exit", flush)
      flush()
    })
  )
  return Logger.make<unknown, void>((options) => {
    gathered += `${format(options, as)}\n`
    timer ??= setTimeout(flush, window).unref()
  })
})

/** Replaces the installed loggers by one that writes lines. */
export const layer = (options: Options = {}): Layer.Layer<never> => Logger.layer([make(options)])
