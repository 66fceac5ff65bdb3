/** Moonshot's error catalogue: one row per recipe. There is no code; limits, arrears and overload are all 429. */
import * as ErrorPage from "../ErrorPage.ts"
import type { Details, ErrorReply, Refusal, Scene } from "../Personality.ts"

type Row = readonly [status: number, type: string, message: string | ((details: Details, scene: Scene) => string)]

const invalid = "invalid_request_error"
const bad = (message: Row[2]): Row => [400, invalid, message]

const rows: Readonly<Record<string, Row>> = {
  "auth.invalid": [401, "invalid_authentication_error", "Invalid Authentication"],
  "auth.missing": [401, "incorrect_api_key_error", "Incorrect API key provided"],
  "billing.exhausted": [
    429,
    "exceeded_current_quota_error",
    "Your account is suspended due to insufficient balance, please recharge your account or check your plan and billing details"
  ],
  "rate.limit": [
    429,
    "rate_limit_reached_error",
    "Your account reached organization max RPM: 3, please try again after 1 seconds"
  ],
  "rate.tokens": [
    429,
    "rate_limit_reached_error",
    "Your account reached organization TPM rate limit, current: 32001, limit: 32000"
  ],
  "overload.fast": [429, "engine_overloaded_error", "The engine is currently overloaded, please try again later"],
  "content.input": [400, "content_filter", "The request was rejected because it was considered high risk"],
  "model.gone": [
    404,
    "resource_not_found_error",
    (_, { model }) => `Not found the model ${model} or Permission denied`
  ],
  "mode.mismatch": bad(
    "thinking is enabled but reasoning_content is missing in assistant tool call message at index 1"
  ),
  "request.invalid": bad(({ why = "invalid temperature: only 1 is allowed for this model" }) => String(why)),
  "request.malformed": bad(({ why = "messages" }) => `Invalid request: ${why}`),
  "request.notJson": bad("Invalid request: the body is not JSON"),
  "request.maxTokens": bad(({ limit = 0 }) => `Invalid request: max_tokens must be between 1 and ${limit}`),
  "request.role": bad(({ role = "person" }) => `Invalid request: unknown role ${role}`),
  "request.tools": bad("Invalid request: tool_call_id is not found, or a tool call has no result"),
  "request.tooLong": bad(
    ({ limit = 262_144, asked = 269_030 }) =>
      `Invalid request: Your request exceeded model token limit: ${limit} (requested: ${asked})`
  ),
  "request.tooLarge": [413, invalid, "Request body too large"],
  "server.error": [500, "server_error", "Internal server error"]
}

const edge = ErrorPage.of("nginx")

/** The response of a recipe. */
export const reply = ({ recipe, details }: Refusal, scene: Scene): ErrorReply => {
  const known = edge[recipe]
  if (known !== undefined) return known
  const [status, type, words] = rows[recipe] ?? bad(recipe)
  const message = String(details["message"] ?? (typeof words === "string" ? words : words(details, scene)))
  return { status, type: "application/json", body: JSON.stringify({ error: { message, type } }) }
}
