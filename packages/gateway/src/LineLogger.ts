/**
 * The log of a busy server: one line a message and one a request, gathered and written together.
 *
 * Effect's default logger formats generously and writes at once, which halves a gateway's throughput. This one joins what
 * comes within `window` into one write, and takes the gateway's access log without a detour over messages.
 *
 * **Example** (Lines of a request)
 *
 * ```text
 * 2026-01-31T10:00:00.123Z INFO POST /v1/chat/completions requestId=req_1 status=200 model=some-model attempts=1 ms=210
 * ```
 *
 * @see Lines for when they are written
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as AccessLog from "./AccessLog.ts"
import * as Line from "./internal/Line.ts"
import * as Lines from "./Lines.ts"

/** How lines look and where they go. */
export interface Options extends Pick<Lines.Options, "write" | "window"> {
  /** `text` (default) or one JSON object a line. */
  readonly format?: Line.Format | undefined
}

/** One message as one line, without its line end. */
export const format = (
  { cause, date, fiber, logLevel, message }: Logger.Options<unknown>,
  as: Line.Format = "text"
): string => {
  const line: Line.Line = {
    time: date.getTime(),
    level: logLevel.toUpperCase(),
    message: Line.messageOf(message),
    fields: fiber.getRef(References.CurrentLogAnnotations),
    cause: cause.reasons.length === 0 ? undefined : Cause.pretty(cause)
  }
  return Line.format(line, as)
}

const tellLost = (as: Line.Format) => (count: number) =>
  Line.format({ time: Date.now(), level: "WARN", message: "lines of the log were lost", fields: { count } }, as)

/** Replaces the installed loggers by one that writes lines, and writes the access log's. */
export const layer = (options: Options = {}): Layer.Layer<never> => {
  const { format: as = "text", window, write } = options
  return Layer.unwrap(
    Effect.map(Lines.make({ window, write, tellLost: tellLost(as) }), ({ put }) =>
      Layer.merge(
        Logger.layer([Logger.make<unknown, void>((options) => put(format(options, as)))]),
        Layer.succeed(AccessLog.AccessLog, (entry) => put(AccessLog.toLine(entry, as)))
      )
    )
  )
}
