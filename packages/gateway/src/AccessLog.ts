/**
 * The access log: one record a request, made when its response is closed and handed to one function. No fiber, no annotations,
 * no write of its own. Without a sink no record is made.
 *
 * **Gotchas**
 *
 * - Nothing of a record comes from a header that could hold a key. The model's name is the caller's, and may hold anything:
 *   whoever writes lines escapes it, as `toLine` does.
 * - Requests for `/healthz` and `/readyz` have no record.
 *
 * **Example** (Records for a program)
 *
 * ```ts
 * import * as AccessLog from "@understudy/gateway/AccessLog"
 * import * as Layer from "effect/Layer"
 *
 * const slow = Layer.succeed(AccessLog.AccessLog, ({ fields }) => {
 *   if (fields.ms > 5_000) console.log(fields.requestId, fields.trail)
 * })
 * ```
 */
import * as Context from "effect/Context"
import * as Line from "./internal/Line.ts"

/** What a line says of a request, in this order; undefined where there is nothing to say. */
export type Fields = {
  readonly requestId: string
  /** As it was answered; 499 for a caller who left before the answer was whole. */
  readonly status: number
  /** The error's code. A stream that broke after it had begun has status 200 and an error. */
  readonly error: string | undefined
  readonly consumer: string | undefined
  /** The model that was asked for. */
  readonly model: string | undefined
  readonly route: string | undefined
  /** Who answered, or who was asked last. */
  readonly provider: string | undefined
  /** The model that answered. */
  readonly answeredBy: string | undefined
  /** Requests that went out. */
  readonly attempts: number
  /** Every attempt, on one line. */
  readonly trail: string | undefined
  /** What the vendors reported, all attempts together. */
  readonly inputTokens: number | undefined
  readonly outputTokens: number | undefined
  /** What that comes to, where every attempt's price is known. */
  readonly cost: number | undefined
  readonly currency: string | undefined
  /** Milliseconds from the request to the first content of a stream. */
  readonly firstMs: number | undefined
  /** Milliseconds from the request until its response was closed. */
  readonly ms: number
}

/** The record of one request. */
export interface Entry {
  /** When the response was closed: milliseconds since 1970. */
  readonly time: number
  /** `WARN` for what failed here or above: a status of 500 or more, a stream that broke. */
  readonly level: "INFO" | "WARN"
  /** Method and path as the gateway knows them: `POST /v1/chat/completions`. */
  readonly message: string
  readonly fields: Fields
}

/** Takes records. Must not throw and must not wait. */
export type Sink = (entry: Entry) => void

/**
 * Where the records of a gateway go. By default, undefined, they are messages to the installed Effect loggers, which cost several
 * times as much.
 */
export const AccessLog: Context.Reference<Sink | undefined> = Context.Reference<Sink | undefined>(
  "understudy/gateway/AccessLog",
  { defaultValue: () => undefined }
)

/** A record as a line, without its end. */
export const toLine = (entry: Entry, format: Line.Format = "text"): string => Line.format(entry, format)
