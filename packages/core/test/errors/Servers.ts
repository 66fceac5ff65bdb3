/** How vendors say that they, or the key, are at fault. */
import { anthropic, e, gemini, type Row } from "./envelopes.ts"

export const overloaded: ReadonlyArray<Row> = [
  ["Anthropic", 529, anthropic("overloaded_error", "Overloaded")],
  ["Anthropic inside 200", 200, anthropic("overloaded_error", "Overloaded")],
  [
    "Moonshot as 429",
    429,
    e("The engine is currently overloaded, please try again later", undefined, "engine_overloaded_error")
  ],
  ["GLM as 429", 429, e("该模型当前访问量过大，请您稍后再试", "1305")],
  [
    "Ark as 429",
    429,
    e("The service is currently unable to handle additional requests", "ServerOverloaded", "TooManyRequests")
  ],
  [
    "Mistral as 429",
    429,
    {
      object: "error",
      message: "Service tier capacity exceeded for this model.",
      type: "service_tier_capacity_exceeded",
      code: "3505"
    }
  ],
  [
    "Gemini",
    503,
    gemini(503, "UNAVAILABLE", "This model is currently experiencing high demand. Please try again later.")
  ],
  ["Gemini inside 200", 200, gemini(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")],
  ["SiliconFlow", 503, { code: 50505, message: "System is too busy", data: null }],
  ["llama.cpp while it loads", 503, e("Loading model", 503, "unavailable_error")],
  ["Groq's flex tier", 498, e("Flex capacity exceeded", "capacity_exceeded")],
  ["a relay that sends 400", 400, e("The server is busy, please try again later")],
  ["a relay of Chinese", 500, e("当前分组上游负载已饱和，请稍后再试")],
  ["Chutes", 429, { detail: "Infrastructure is at maximum capacity, try again later" }]
]

export const unauthorized: ReadonlyArray<Row> = [
  [
    "Gemini as 400",
    400,
    gemini(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [{ reason: "API_KEY_INVALID" }])
  ],
  ["Gemini, expired", 400, gemini(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.")],
  [
    "xAI as 400",
    400,
    {
      code: "Client specified an invalid argument",
      error: "Incorrect API key provided: xa***ab. You can obtain an API key from https://console.x.ai."
    }
  ],
  ["xAI without a key", 401, { code: "unauthenticated:no-credentials", error: "No credentials" }],
  ["Mistral", 401, { detail: "Unauthorized" }],
  ["GLM", 401, e("令牌已过期或验证不正确", "1000")],
  [
    "MiniMax",
    401,
    e("login fail: Please carry the API secret key in the 'Authorization' field (1004)", undefined, "authorized_error")
  ],
  ["MiniMax inside 200", 200, { base_resp: { status_code: 2049, status_msg: "invalid api key" } }],
  ["a relay inside 200", 200, { code: 401, msg: "Invalid API key", data: null }],
  ["a function's host inside 200", 200, { statusCode: 401, message: "Unauthorized" }],
  ["SiliconFlow", 401, '"Api key is invalid"'],
  ["OpenRouter inside 200", 200, e("No auth credentials found", 401)],
  ["Azure", 401, e("Access denied due to invalid subscription key or wrong API endpoint.", "401")],
  ["LiteLLM as 400", 400, e("Authentication Error, ExpiredTokenError", 400, "auth_error")],
  ["LiteLLM, a key that is over", 400, e("Key Expiry time 2026-01-01", 400, "expired_key")],
  [
    "Gemini through two relays",
    400,
    e(JSON.stringify(e(JSON.stringify(e("API Key not found. Please pass a valid API key.", 400)), 400)))
  ],
  [
    "Gemini, a key in public",
    403,
    gemini(403, "PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API key.")
  ],
  ["Gemini, suspended", 403, gemini(403, "PERMISSION_DENIED", "Permission denied", [{ reason: "CONSUMER_SUSPENDED" }])],
  ["Bedrock", 403, { message: "The security token included in the request is expired" }],
  ["Anthropic, an organization", 400, anthropic("invalid_request_error", "This organization has been disabled.")],
  ["Groq, an organization", 400, e("Organization has been restricted.", "organization_restricted")]
]

export const denied: ReadonlyArray<Row> = [
  ["LiteLLM as 401", 401, e("key not allowed to access model", 401, "key_model_access_denied")],
  ["Groq, terms", 400, e("The model `x` requires terms acceptance.", "model_terms_required")],
  ["a bare 403", 403, ""]
]

export const failing: ReadonlyArray<Row> = [
  ...[408, 409, 421, 423, 424, 425, 499].map((status): Row => ["a proxy", status, "<html>nginx</html>"]),
  ["OpenRouter inside 200", 200, e("Provider returned error", 502)],
  ["MiniMax inside 200", 200, { base_resp: { status_code: 1000, status_msg: "unknown error" } }],
  ["GLM's plan inside 200", 200, { code: 500, msg: "404 NOT_FOUND", success: false }],
  ["an error without words inside 200", 200, { error: { type: "oops" } }],
  ["LM Studio, crashed", 400, { error: "The model has crashed without additional information. (Exit code: 1)" }],
  [
    "LM Studio, not loaded",
    400,
    e('Failed to load model "x". Error: insufficient system resources.', "model_load_failed")
  ],
  ["GLM, its network", 400, e("网络错误，错误id：1，请联系客服。", "1234")]
]

/** A caller's own mistakes: no key, no circuit and no other target may pay for them. */
