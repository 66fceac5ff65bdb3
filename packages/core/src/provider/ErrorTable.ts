/**
 * From what a vendor answered to a reason: an ordered table of rows, the first that fits wins.
 *
 * A dialect lists its vendor's oddities; the rows here follow it and hold for every OpenAI-compatible server. Messages are
 * matched only where the vendor gives nothing better (DeepSeek sends one `code` for nearly everything), and always from
 * their beginning.
 */
import type { ReasonTag } from "../failure/Reason.ts"
import type { ErrorBody } from "./ErrorBody.ts"

/** One row: every given column must fit. */
export interface ErrorRow {
  /** Exact status, or a class such as `"5xx"`. */
  readonly status?: number | `${number}xx`
  /** `error.code` or, where a vendor swaps them, `error.type`. */
  readonly code?: RegExp
  readonly message?: RegExp
  readonly reason: ReasonTag
}

/** Rows that hold for every OpenAI-compatible server; the last one fits always. */
export const common: ReadonlyArray<ErrorRow> = [
  { code: /^context_length_exceeded$/, reason: "ContextTooLong" },
  { code: /^(content_filter|content_policy_violation)$/, reason: "ContentFiltered" },
  { code: /^model_not_found$/, reason: "ModelNotFound" },
  { status: 429, code: /^(insufficient_quota|billing_hard_limit_reached)$/, reason: "BalanceExhausted" },
  { status: 401, reason: "Unauthorized" },
  { status: 402, reason: "BalanceExhausted" },
  { status: 403, reason: "PermissionDenied" },
  { status: 404, reason: "ModelNotFound" },
  { status: 408, reason: "ServerFailed" },
  { status: 429, reason: "RateLimited" },
  { status: 503, reason: "Overloaded" },
  { status: 529, reason: "Overloaded" },
  { status: "5xx", reason: "ServerFailed" },
  { status: "4xx", reason: "InvalidRequest" },
  // An error inside HTTP 200, or a redirect: the server broke its own protocol.
  { status: "2xx", reason: "ServerFailed" },
  { reason: "MalformedResponse" }
]

const statusFits = (row: ErrorRow, status: number): boolean =>
  row.status === undefined ||
  (typeof row.status === "number" ? row.status === status : row.status === `${Math.floor(status / 100)}xx`)

const codeFits = (row: ErrorRow, error: ErrorBody): boolean =>
  row.code === undefined ||
  (error.code !== undefined && row.code.test(error.code)) ||
  (error.type !== undefined && row.code.test(error.type))

/** The reason of the first row that fits. */
export const classify = (rows: ReadonlyArray<ErrorRow>, status: number, error: ErrorBody): ReasonTag => {
  const fits = (row: ErrorRow): boolean =>
    statusFits(row, status) && codeFits(row, error) && (row.message === undefined || row.message.test(error.message))
  return (rows.find(fits) ?? common.find(fits))?.reason ?? "MalformedResponse"
}
