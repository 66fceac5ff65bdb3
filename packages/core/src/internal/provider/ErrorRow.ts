/**
 * One row of an error table, and whether it fits.
 *
 * Messages are matched only where the vendor gives nothing better: many servers send one code for nearly everything.
 */
import type { VendorReasonTag } from "../../failure/Reason.ts"
import type { ErrorBody } from "./ErrorBody.ts"

/** An exact status, or a class such as `"5xx"`. */
export type StatusMatch = number | `${number}xx`

/** One row: every given column must fit. */
export interface ErrorRow {
  /** Any one of these. */
  readonly status?: StatusMatch | ReadonlyArray<StatusMatch>
  /** `error.code` or, where a vendor swaps them, `error.type`. */
  readonly code?: RegExp
  /** Of the error's words, without what they quote of the request. */
  readonly message?: RegExp
  readonly reason: VendorReasonTag
}

const isStatus = (match: StatusMatch, status: number): boolean =>
  typeof match === "number" ? match === status : match === `${Math.floor(status / 100)}xx`

const statusFits = ({ status: match }: ErrorRow, status: number): boolean => {
  if (match === undefined) return true
  return typeof match === "object" ? match.some((each) => isStatus(each, status)) : isStatus(match, status)
}

const codeFits = ({ code: match }: ErrorRow, { code, type }: ErrorBody): boolean =>
  match === undefined || (code !== undefined && match.test(code)) || (type !== undefined && match.test(type))

/** True when every given column fits; `words` are the error's, as `ErrorWords.of` gives them. */
export const fits = (row: ErrorRow, status: number, error: ErrorBody, words: string): boolean =>
  statusFits(row, status) && codeFits(row, error) && (row.message === undefined || row.message.test(words))
