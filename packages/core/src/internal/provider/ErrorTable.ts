/**
 * From what a vendor answered to a reason: an ordered table of rows, the first that fits wins.
 *
 * A dialect lists its vendor's oddities; the rows here follow it and hold for every OpenAI-compatible server: first codes,
 * which mean one thing wherever they stand, then words (`ErrorWords`), for the many servers whose codes say nothing, and at
 * last the status alone. A status of 4xx that says something of the target's state (it is gone, locked, too small for this
 * request) is not held against the caller.
 */
import type { VendorReasonTag } from "../../failure/Reason.ts"
import type { ErrorBody } from "./ErrorBody.ts"
import * as ErrorRow from "./ErrorRow.ts"
import * as ErrorWords from "./ErrorWords.ts"

/** Rows in the order in which they are asked. */
export type Rows = ReadonlyArray<ErrorRow.ErrorRow>

const codes: Rows = [
  // A gateway tells of the vendors behind it, in their words: whose money or rate it is, it is not this key's.
  { status: ["5xx", "2xx"], code: /^upstream_error$/, reason: "ServerFailed" },
  {
    code: /^(context_length_exceeded|context_window_exceeded|model_context_window_exceeded|exceed_context_size_error|ContextWindowExceededError|(input|prompt|tokens|characters)_too_long|tokens_limit_reached|request_too_large)$/i,
    reason: "ContextTooLong"
  },
  {
    code: /^(content_filter(ed)?(_error)?|content_policy_violation|ResponsibleAIPolicyViolation|moderation_blocked)$/i,
    reason: "ContentFiltered"
  },
  {
    code: /^(model_not_found|model_not_(available|supported)|model_decommissioned|(invalid|unknown|unavailable)_model|ModelNotFound|ModelNotOpen|DeploymentNotFound|resource_not_found(_error)?|not_found_error|NOT_FOUND|NotFoundError)$/i,
    reason: "ModelNotFound"
  },
  {
    code: /^(insufficient_(balance|credits?|funds)(_error)?|exceeded_current_quota_error|insufficient_user_quota|pre_consume_token_quota_failed|budget_exceeded|Arrearage|credit_balance_exhausted|billing_\w+|payment_required)$/i,
    reason: "BalanceExhausted"
  },
  { status: ["4xx", "2xx"], code: /^insufficient_quota$/i, reason: "BalanceExhausted" },
  { code: /^((engine|server|model)_?overloaded(_error)?|overloaded(_error)?|slow_down)$/i, reason: "Overloaded" }
]

/** A rate is told by its code before anything else is read out of its words: "request too large … tokens per minute". */
const rates: Rows = [
  {
    code: /^(rate_limit(s|ed)?(_(exceeded|error|reached|reached_error))?|RateLimit(Exceeded|Reached)?(\..*)?|too_many_requests|RESOURCE_EXHAUSTED|Throttl\w*(\..+)?)$/i,
    reason: "RateLimited"
  }
]

const credentials: Rows = [
  {
    code: /^(invalid_api_key|api_key_invalid|incorrect_api_key(_error)?|invalid_authentication(_error)?|authentication_error|authorized_error|auth_error|expired_(key|token)|UNAUTHENTICATED)$/i,
    reason: "Unauthorized"
  },
  // This key may not use this model; with 401 some say so too.
  {
    code: /^(key|team|user|org|project)_model_access_denied$|^model_(terms_required|permission_blocked_\w+)$/,
    reason: "PermissionDenied"
  },
  { status: 403, code: /^unsupported_country_region_territory$/, reason: "Unsuited" }
]

/** Codes for a parameter, a role or a kind of content that others may take. */
const abilities: Rows = [
  {
    status: ["4xx", "2xx"],
    code: /^(unsupported_(parameter|value|content|content_type|model_feature|media_type|file)|unknown_parameter|model_not_supported_feature|OperationNotSupported|tool_use_failed|json_validate_failed)$/i,
    reason: "Unsuited"
  }
]

const statuses: Rows = [
  { status: 401, reason: "Unauthorized" },
  { status: 402, reason: "BalanceExhausted" },
  { status: 403, reason: "PermissionDenied" },
  // Nothing there answers such a request: the model, or the whole path, is not there or no longer.
  { status: [404, 405, 410], reason: "ModelNotFound" },
  { status: 413, reason: "ContextTooLong" },
  { status: [415, 451], reason: "Unsuited" },
  { status: [429, 420], reason: "RateLimited" },
  { status: [498, 503, 529], reason: "Overloaded" },
  // A server that is not in a state to answer: it timed out, is locked, waits for another, or thinks that it was left.
  { status: [407, 408, 409, 421, 423, 424, 425, 499], reason: "ServerFailed" },
  { status: "5xx", reason: "ServerFailed" },
  { status: "4xx", reason: "InvalidRequest" },
  // An error inside HTTP 200, or a redirect: the server broke its own protocol.
  { status: "2xx", reason: "ServerFailed" },
  { reason: "MalformedResponse" }
]

/** Rows that hold for every OpenAI-compatible server; the last one fits always. */
export const common: Rows = [
  ...codes,
  ...ErrorWords.money,
  ...ErrorWords.overload,
  ...rates,
  ...ErrorWords.rates,
  { status: 429, reason: "RateLimited" },
  ...credentials,
  ...ErrorWords.credentials,
  ...ErrorWords.contents,
  ...ErrorWords.contexts,
  ...ErrorWords.failures,
  ...ErrorWords.models,
  ...abilities,
  ...ErrorWords.abilities,
  ...statuses
]

/** The status that counts: the one that an error inside a 2xx names for itself, else the response's. */
export const statusOf = (answered: number, error: ErrorBody): number =>
  answered >= 200 && answered < 300 ? (error.status ?? answered) : answered

/** The reason of the first row that fits. */
export const classify = (rows: Rows, answered: number, error: ErrorBody): VendorReasonTag => {
  const status = statusOf(answered, error)
  const words = ErrorWords.of(error)
  const fits = (row: ErrorRow.ErrorRow): boolean => ErrorRow.fits(row, status, error, words)
  return (rows.find(fits) ?? common.find(fits))?.reason ?? "MalformedResponse"
}
