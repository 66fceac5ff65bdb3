/**
 * DeepSeek's error catalogue: one row per recipe, with the vendor's own words.
 *
 * **Gotchas**
 *
 * - `error.code` is `invalid_request_error` for nearly everything, 401, 402 and 429 included; only `type` tells them apart.
 * - Two of the 401s are plain text without a content-type.
 */
import * as ErrorPage from "../ErrorPage.ts"
import type { Details, ErrorReply, Refusal, Scene } from "../Personality.ts"
import * as Models from "./Models.ts"

interface Row {
  readonly status: number
  readonly message: (details: Details, scene: Scene) => string
  readonly type: string
  readonly code?: string
}

const json = (status: number, type: string, message: string | Row["message"], code?: string): Row => ({
  status,
  type,
  message: typeof message === "string" ? () => message : message,
  ...(code === undefined ? {} : { code })
})

const bad = (message: string | Row["message"], status = 400): Row => json(status, "invalid_request_error", message)

const gone: Row["message"] = (_, { model, switches }) =>
  Models.eraOf(switches.catalogue, model) === "2025"
    ? "Model Not Exist"
    : `The supported API model names are deepseek-v4-pro or deepseek-v4-flash, but you passed ${model}.`

const tooLong: Row["message"] = (details) => {
  const limit = details["limit"] ?? 65536
  const asked = details["asked"] ?? Number(limit) + 1
  const completion = Number(details["completion"] ?? 0)
  return `This model's maximum context length is ${limit} tokens. However, you requested ${asked} tokens (${Number(asked) - completion} in the messages, ${completion} in the completion). Please reduce the length of the messages or completion.`
}

const concurrency: Row["message"] = (details) =>
  `Too many requests. Your current concurrency is ${details["current"] ?? 6}, which exceeds your concurrency limit of ${details["limit"] ?? 5} based on your remaining balance. Please top up your balance to restore your concurrency.`

const rows: Record<string, Row> = {
  "auth.invalid": json(
    401,
    "authentication_error",
    (_, { keyTail }) => `Authentication Fails, Your api key: ****${keyTail} is invalid`
  ),
  "billing.exhausted": json(402, "unknown_error", "Insufficient Balance"),
  "billing.shrinking": json(429, "rate_limit_error", concurrency),
  "rate.limit": json(429, "rate_limit_error", concurrency),
  "rate.tokens": json(429, "rate_limit_error", "Rate limit reached for TPM"),
  "overload.fast": json(
    503,
    "service_unavailable_error",
    "Service is too busy. We advise users to temporarily switch to alternative LLM API service providers.",
    "service_unavailable_error"
  ),
  "content.input": bad("Content Exists Risk"),
  "model.gone": bad(gone),
  "mode.mismatch": bad("The `reasoning_content` in the thinking mode must be passed back to the API."),
  "request.malformed": bad(
    (details) =>
      `Failed to deserialize the JSON body into the target type: ${details["why"] ?? "messages[0].role: unknown variant `person`, expected one of `system`, `user`, `assistant`, `tool`"}`
  ),
  "request.notJson": bad("Failed to parse the request body as JSON: EOF while parsing a value at line 1 column 0"),
  "request.maxTokens": bad(
    (_, { model, switches }) =>
      `Invalid max_tokens value, the valid range of max_tokens is [1, ${Models.maxTokens[Models.eraOf(switches.catalogue, model)]}]`
  ),
  "request.invalid": bad((details) => String(details["why"] ?? "Invalid parameters"), 422),
  "request.json": bad(
    "Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'."
  ),
  "request.format": bad("This response_format type is unavailable now"),
  "request.prefix": bad("prefix is only supported on the beta endpoint: set base_url to https://api.deepseek.com/beta"),
  "request.toolOrphan": bad("Messages with role 'tool' must be a response to a preceding message with 'tool_calls'"),
  "request.toolUnanswered": bad(
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. (insufficient tool messages following tool_calls message)"
  ),
  "request.toolChoice": bad("Thinking mode does not support this tool_choice"),
  "request.tooLong": bad(tooLong),
  "server.error": json(500, "internal_error", "Internal Server Error", "internal_error")
}

const fixed: Record<string, ErrorReply> = {
  "auth.missing": { status: 401, type: null, body: "Authentication Fails (governor)" },
  "auth.format": { status: 401, type: null, body: "Authentication Fails (auth header format should be Bearer sk-...)" },
  "request.tooLarge": {
    status: 413,
    type: "text/plain; charset=utf-8",
    body: "Failed to buffer the request body: length limit exceeded"
  },
  "server.empty": { status: 500, type: null, body: "" },
  ...ErrorPage.of("openresty")
}

/** `{"error":{message,type,param,code}}` of a recipe. */
export const envelope = (recipe: string, details: Details, scene: Scene): string => {
  const row = rows[recipe] ?? bad(recipe)
  const words = String(details["message"] ?? row.message(details, scene))
  const message = scene.switches.requestIdInMessage ? `${words} (request_id: ${scene.random.uuid(4)})` : words
  return JSON.stringify({ error: { message, type: row.type, param: null, code: row.code ?? "invalid_request_error" } })
}

/** The response of a recipe. */
export const reply = ({ recipe, details }: Refusal, scene: Scene): ErrorReply =>
  fixed[recipe] ?? {
    status: (rows[recipe] ?? bad(recipe)).status,
    type: "application/json",
    body: envelope(recipe, details, scene)
  }
