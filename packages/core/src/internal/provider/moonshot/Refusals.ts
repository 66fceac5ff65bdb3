/**
 * How Moonshot says no (platform.kimi.com/docs/api/errors; MoonshotAI/kimi-code#3176, MoonshotAI/Kimi-K2#5 and #34,
 * MoonshotAI/kimi-cli#2011). There is no code: the type decides, for arrears, limits and overload are all 429.
 */
import type { ErrorRow } from "../ErrorRow.ts"

/** The rows, before those that hold for every server. */
export const rows: ReadonlyArray<ErrorRow> = [
  // Arrears: 403 in 2025, 429 since.
  { code: /^exceeded_current_quota_error$/, reason: "BalanceExhausted" },
  { code: /^engine_overloaded_error$/, reason: "Overloaded" },
  { code: /^rate_limit_reached_error$/, reason: "RateLimited" },
  { code: /^content_filter$/, reason: "ContentFiltered" },
  { status: 400, message: /exceeded model token limit|input token length too long/i, reason: "ContextTooLong" },
  { code: /^(invalid_authentication_error|incorrect_api_key_error)$/, reason: "Unauthorized" },
  { code: /^permission_denied_error$/, reason: "PermissionDenied" },
  { code: /^resource_not_found_error$/, reason: "ModelNotFound" }
]
