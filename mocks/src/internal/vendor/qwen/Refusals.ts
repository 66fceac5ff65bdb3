/**
 * Model Studio's error catalogue in compatible mode: one row per recipe, with the vendor's own words and typos.
 *
 * **Gotchas**
 *
 * - Arrears are a 400 (`Arrearage`). Overload may be a 500, a 503 or even a 400 whose body says `ServiceUnavailable`.
 * - `insufficient_quota` is a throttle at 429 and final at 403.
 * - A streaming caller may get its 400 as an SSE line: `details.shape` is then `sse`. It may even get an event that holds such a
 *   line as its message: `event`.
 */
import type { Details, ErrorReply, Refusal, Scene } from "../Personality.ts"

interface Row {
  readonly status: number
  readonly code: string | null
  readonly type: string
  readonly message: (details: Details, scene: Scene) => string
  /** Errors of the model stage carry the completion id and put `code` first. */
  readonly late?: boolean
  /** Errors of embeddings carry the bare id. */
  readonly embedding?: true
}

const help = "https://help.aliyun.com/zh/model-studio/error-code"

const row = (
  status: number,
  code: string | null,
  message: string | Row["message"],
  type = code ?? "",
  late = false
): Row => ({
  status,
  code,
  type,
  message: typeof message === "string" ? () => message : message,
  late
})

const bad = (message: string | Row["message"], late = false): Row =>
  row(400, "invalid_parameter_error", message, "invalid_request_error", late)

const auth = (code: string | null, message: string): Row => row(401, code, message, "invalid_request_error")

const algo = ({ bare }: Details, words: string): string =>
  bare === undefined ? `<400> InternalError.Algo.InvalidParameter: ${words}` : words

const capacity =
  "Too many requests. Your requests are being throttled due to system capacity limits. Please try again later."

const rows: Record<string, Row> = {
  "auth.invalid": auth("invalid_api_key", `Incorrect API key provided. For details, see: ${help}#apikey-error`),
  "auth.workspace": auth("invalid_api_key", `Invalid API-key provided. For details, see: ${help}#apikey-error`),
  "auth.missing": auth(
    null,
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
  ),
  "auth.plan": auth("invalid_api_key", "invalid access token or token expired"),
  "access.denied": row(
    403,
    "AccessDenied.Unpurchased",
    "Access to model denied. Please make sure you are eligible for using the model."
  ),
  "billing.exhausted": row(
    400,
    "Arrearage",
    `Access denied, please make sure your account is in good standing. For details, see: ${help}#overdue-payment`
  ),
  "billing.freeTier": row(
    403,
    "AllocationQuota.FreeTierOnly",
    'The free tier of the model has been exhausted. If you wish to continue access the model on a paid basis, please disable the "use free tier only" mode in the management console.'
  ),
  "billing.freeQuota": row(403, "insufficient_quota", "Free allocated quota exceeded."),
  "billing.overdue": row(429, "PostpaidBillOverdue", "The postpaid bill is overdue."),
  "rate.limit": row(
    429,
    "limit_requests",
    `You have exceeded your current request limit. For details, see: ${help}#rate-limit`
  ),
  "rate.tokens": row(
    429,
    "insufficient_quota",
    "You exceeded your current quota, please check your plan and billing details."
  ),
  "rate.burst": row(
    429,
    "limit_burst_rate",
    "Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time."
  ),
  "overload.fast": row(500, "ServiceUnavailable", `<503> InternalError.Algo: ${capacity}`, "ServiceUnavailable", true),
  "overload.disguised": row(400, "ServiceUnavailable", capacity),
  "overload.serving": row(503, "ModelServingError", capacity),
  "model.unavailable": row(503, "ModelUnavailable", "Model is unavailable, please try again later."),
  "content.input": row(
    400,
    "data_inspection_failed",
    "Input data may contain inappropriate content.",
    "data_inspection_failed",
    true
  ),
  "content.output": row(400, "data_inspection_failed", "Output data may contain inappropriate content."),
  "model.gone": row(
    404,
    "model_not_found",
    (_, { model }) => `The model \`${model}\` does not exist or you do not have access to it.`,
    "invalid_request_error"
  ),
  "model.goneHere": row(404, "model_not_found", "Model not exist.", "invalid_request_error"),
  "model.unsupported": row(
    404,
    "model_not_supported",
    (_, { model }) => `Unsupported model ${model} for OpenAI compatibility mode.`,
    "invalid_request_error"
  ),
  "mode.mismatch": bad("This model only support stream mode, please enable the stream parameter to access the model. "),
  "request.thinking": bad("parameter.enable_thinking must be set to false for non-streaming calls"),
  "request.malformed": bad((details) =>
    String(details["why"] ?? "Required body invalid, please check the request body format.")
  ),
  "request.notJson": bad("Required body invalid, please check the request body format."),
  "request.maxTokens": bad(
    (details) => algo(details, `Range of max_tokens should be [1, ${details["limit"] ?? 8192}]`),
    true
  ),
  "request.invalid": bad(
    (details) => algo(details, `${details["why"] ?? "Range of top_p should be (0.0, 1.0]"}`),
    true
  ),
  "request.json": bad(
    "<400> InternalError.Algo.InvalidParameter: 'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
    true
  ),
  "request.embedding": {
    ...row(
      400,
      "InvalidParameter",
      (details) => `<400> InternalError.Algo.InvalidParameter: Value error, ${details["why"]}`
    ),
    embedding: true
  },
  "request.role": bad(
    (details) =>
      `${details["role"]} is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.[${details["at"]}].role'`,
    true
  ),
  "request.tooLong": bad(
    (details) =>
      `<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, ${details["limit"] ?? 129024}]`,
    true
  ),
  "request.tooLarge": row(
    413,
    "invalid_parameter_error",
    "Exceeded limit on max bytes of the request body.",
    "invalid_request_error"
  ),
  "server.error": row(
    500,
    "internal_error",
    "An internal error has occured, please try again later or contact service support."
  ),
  "server.timeout": row(500, "RequestTimeOut", "Request timed out, please try again later.")
}

const edge: Record<string, ErrorReply> = {
  "edge.html": {
    status: 502,
    type: "text/plain",
    body: "upstream connect error or disconnect/reset before headers. reset reason: connection termination"
  },
  "edge.timeout": { status: 504, type: "text/plain", body: "upstream request timeout" }
}

/** What a workspace's own host says otherwise: its gateway has words of its own. */
const workspace: Record<string, string> = { "auth.invalid": "auth.workspace", "model.gone": "model.goneHere" }

/** The envelope of a recipe, as one line of JSON. */
export const envelope = (recipe: string, details: Details, scene: Scene): string => {
  const isOwn = scene.site === "workspace"
  const {
    code,
    type,
    message: words,
    late,
    embedding
  } = rows[(isOwn ? workspace[recipe] : undefined) ?? recipe] ?? bad(recipe)
  const message = String(details["message"] ?? words(details, scene))
  // What the model's stage refuses passes through the gateway; the rest is the gateway's own.
  if (late === true)
    return JSON.stringify({
      error: { code, param: null, message, type },
      id: `chatcmpl-${scene.id}`,
      request_id: scene.id
    })
  if (isOwn) return JSON.stringify({ error: { message, id: scene.random.uuid(4), type, code } })
  return JSON.stringify({
    error: { message, type, param: null, code },
    ...(embedding === true ? { id: scene.id } : {}),
    request_id: scene.id
  })
}

const stream = "text/event-stream;charset=utf-8"

/** An event of a stream whose message is a line of another. */
const nested = (body: string, scene: Scene): string => {
  const data = { request_id: scene.random.uuid(4), code: "InvalidParameter", message: `data: ${body}` }
  return `event:error\ndata:${JSON.stringify(data)}\n\n`
}

/** The response of a recipe. */
export const reply = ({ recipe, details }: Refusal, scene: Scene): ErrorReply => {
  const known = edge[recipe]
  if (known !== undefined) return known
  const body = envelope(recipe, details, scene)
  const status = (rows[recipe] ?? bad(recipe)).status
  if (details["shape"] === "event") return { status, type: stream, body: nested(body, scene) }
  return details["shape"] === "sse"
    ? { status, type: stream, body: `data: ${body}\n\n` }
    : { status, type: "application/json", body }
}
