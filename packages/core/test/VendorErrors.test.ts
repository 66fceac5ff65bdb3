/**
 * Bodies of errors as vendors send them, and what each of them means. From vendors' pages and public captures; what a table
 * of ours makes of them is judged by these rows alone.
 */
import { describe, expect, it } from "vitest"
import type { ReasonTag } from "../src/failure/Reason.ts"
import * as ErrorBody from "../src/internal/provider/ErrorBody.ts"
import * as ErrorTable from "../src/internal/provider/ErrorTable.ts"
import * as OpenAiCompatible from "../src/internal/provider/openai-compatible/OpenAiCompatible.ts"
import * as DeepSeek from "../src/provider/deepseek/DeepSeek.ts"
import * as Qwen from "../src/provider/qwen/Qwen.ts"

type Row = [who: string, status: number, body: unknown]

const text = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body))

const classify = (dialect: { readonly errors: ErrorTable.Rows }, status: number, body: unknown): ReasonTag =>
  ErrorTable.classify(dialect.errors, status, ErrorBody.parse(text(body)))

/** OpenAI's envelope. */
const e = (message: string, code?: unknown, type?: string, more: object = {}) => ({
  error: { message, ...(type === undefined ? {} : { type }), ...(code === undefined ? {} : { code }), ...more }
})

const anthropic = (type: string, message: string) => ({ type: "error", error: { type, message }, request_id: "req_1" })
const gemini = (code: number, status: string, message: string, details: ReadonlyArray<object> = []) => [
  { error: { code, message, status, details } }
]
const relayed = (raw: object) =>
  e("Provider returned error", 400, undefined, { metadata: { raw: JSON.stringify(raw) } })

const tooLong: ReadonlyArray<Row> = [
  ["OpenAI", 400, e("Your input exceeds the context window of this model.", "context_length_exceeded")],
  [
    "OpenAI without a code",
    400,
    e("This model's maximum context length is 128000 tokens. However, you requested 130000.")
  ],
  ["Azure", 400, e("This model's maximum context length is 8192 tokens.", "context_length_exceeded")],
  ["Anthropic", 400, anthropic("invalid_request_error", "prompt is too long: 213462 tokens > 200000 maximum")],
  [
    "Anthropic, with max_tokens",
    400,
    anthropic("invalid_request_error", "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000")
  ],
  ["Anthropic, by bytes", 413, anthropic("request_too_large", "Request exceeds the maximum size")],
  [
    "Gemini",
    400,
    gemini(
      400,
      "INVALID_ARGUMENT",
      "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
    )
  ],
  [
    "Moonshot",
    400,
    e(
      "Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)",
      undefined,
      "invalid_request_error"
    )
  ],
  ["Moonshot, shorter", 400, e("Input token length too long", undefined, "invalid_request_error")],
  ["GLM", 400, e("Prompt exceeds max length", "1261")],
  ["GLM in Chinese", 400, e("Prompt 超长", "1261")],
  [
    "Ark",
    400,
    e("Total tokens of image and text exceed max message tokens. Request id: 1", "InvalidParameter", "BadRequest")
  ],
  ["MiniMax", 400, anthropic("invalid_request_error", "invalid params, context window exceeds limit (2013)")],
  [
    "MiniMax inside 200",
    200,
    { choices: null, base_resp: { status_code: 2013, status_msg: "invalid params, context window exceeds limit" } }
  ],
  [
    "SiliconFlow",
    400,
    { code: 20015, message: "length of prompt_tokens (68957) must be less than max_seq_len (65536).", data: null }
  ],
  ["Qianfan", 400, e("Prompt tokens too long", "tokens_too_long")],
  ["Qianfan, by characters", 400, e("the max input characters is 516096", "characters_too_long")],
  [
    "OpenRouter",
    400,
    e("This endpoint's maximum context length is 131072 tokens. However, you requested about 150000 tokens", 400)
  ],
  [
    "OpenRouter's Poolside",
    400,
    e("Input length 140000 exceeds the maximum allowed input length of 131072 tokens.", 400)
  ],
  ["OpenRouter, in what is behind it", 400, relayed(e("Input is too long for requested model."))],
  ["Groq", 400, e("Please reduce the length of the messages or completion.", "context_length_exceeded")],
  [
    "Mistral",
    400,
    {
      object: "error",
      message: "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
      code: "3051"
    }
  ],
  [
    "xAI",
    400,
    {
      code: "invalid-argument",
      error: "This model's maximum prompt length is 131072 but the request contains 537812 tokens."
    }
  ],
  [
    "vLLM",
    400,
    {
      object: "error",
      message:
        "This model's maximum context length is 4096 tokens. However, you requested 512 output tokens and your prompt contains at least 3585 input tokens, for a total of at least 4097 tokens. (parameter=input_tokens, value=3585)",
      type: "BadRequestError",
      code: 400
    }
  ],
  [
    "vLLM, wrapped",
    400,
    e(
      "max_tokens must be at least 1, got -5. This model's maximum context length is 4096 tokens",
      400,
      "BadRequestError"
    )
  ],
  [
    "SGLang",
    400,
    {
      object: "error",
      message:
        "Requested token count exceeds the model's maximum context length of 8192 tokens. You requested a total of 9000 tokens",
      type: "BadRequest",
      code: 400
    }
  ],
  [
    "SGLang, older",
    400,
    { object: "error", message: "The input (9000 tokens) is longer than the model's context length (8192 tokens)." }
  ],
  [
    "llama.cpp",
    400,
    e(
      "request (13392 tokens) exceeds the available context size (8192 tokens), try increasing it",
      400,
      "exceed_context_size_error",
      { n_prompt_tokens: 13392, n_ctx: 8192 }
    )
  ],
  [
    "llama.cpp, by batch",
    500,
    e("input is too large to process. increase the physical batch size", 500, "server_error")
  ],
  ["Ollama", 400, { error: "prompt too long; exceeded max context length by 4 tokens" }],
  [
    "LM Studio",
    400,
    {
      error:
        "The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 4166>= n_ctx: 4096). Try to load the model with a larger context length"
    }
  ],
  [
    "LM Studio as a stream",
    400,
    'event: error\ndata: {"error":{"message":"The number of tokens to keep from the initial prompt is greater than the context length"}}\n\n'
  ],
  ["Bedrock", 400, { message: "Input is too long for requested model." }],
  [
    "Together",
    400,
    e("The input is longer than the model's context length: 32769 tokens", null, "invalid_request_error")
  ],
  [
    "Together, by TGI",
    422,
    {
      error:
        "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 4000 `inputs` tokens and 512 `max_new_tokens`"
    }
  ],
  ["GitHub Models", 413, e("Request body too large for gpt-4o model. Max size: 8000 tokens.", "tokens_limit_reached")],
  ["Copilot", 400, e("prompt token count of 130000 exceeds the limit of 128000", "model_max_prompt_tokens_exceeded")],
  [
    "LiteLLM, a repr in text",
    400,
    e(
      `litellm.BadRequestError: AnthropicException - b'{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}'`,
      "400"
    )
  ],
  [
    "LiteLLM, in Python",
    400,
    `Error code: 400 - {'error': {'message': "This model's maximum context length is 8192 tokens.", 'code': 'x'}}`
  ],
  ["a proxy of Chinese", 400, e("输入内容过长，超出模型上下文限制")],
  ["a body that was cut", 400, `{"error":{"message":"This model's maximum context length is 4096 tok`],
  ["LiteLLM as 500", 500, e("litellm.ContextWindowExceededError: AzureException - context_length_exceeded")],
  [
    "LM Studio, newer",
    400,
    {
      error:
        "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens"
    }
  ],
  ["a plain 413", 413, "<html><h1>413 Request Entity Too Large</h1></html>"],
  ["llama.cpp, newer", 400, e("Context size has been exceeded.", 400, "server_error")],
  ["Bedrock, by characters", 400, { message: "Malformed input request: expected maxLength: 50000, actual: 62000" }],
  ["Bedrock, by tokens", 400, { message: "ValidationException: Input exceeds the max input token limit" }],
  ["Cohere", 400, { message: "too many tokens: total tokens exceeds the model's max of 4096" }],
  ["a count of input tokens", 400, e("Exceeded maximum number of input tokens")],
  ["Qwen, relayed", 400, e("Total message token length exceed model limit (10000 tokens).")],
  ["TabbyAPI", 400, e("Prompt length 5000 is greater than max_seq_len 4096")],
  [
    "SambaNova",
    400,
    e("The provided prompt is 9000 tokens long, but the maximum supported sequence length is just 8192!")
  ],
  ["a list of messages", 400, e("the total length of messages exceeds the limit")],
  ["a list of messages, in short", 400, e("messages are too long")],
  ["tokens in Chinese", 400, e("tokens 总数超过上限")]
]

const limited: ReadonlyArray<Row> = [
  [
    "OpenAI",
    429,
    e(
      "Rate limit reached for gpt-6 in organization org-1 on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 1.2s.",
      "rate_limit_exceeded",
      "tokens"
    )
  ],
  [
    "OpenAI, a request over the minute's tokens",
    429,
    e(
      "Request too large for gpt-6 on tokens per min (TPM): Limit 10000, Requested 12000. The input or output tokens must be reduced in order to run successfully.",
      "rate_limit_exceeded",
      "tokens"
    )
  ],
  [
    "Azure",
    429,
    e(
      "Requests to the ChatCompletions_Create Operation have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 13 seconds.",
      "429"
    )
  ],
  ["Azure inside 200", 200, e("Your requests to gpt for gpt in East US have exceeded token rate limit.", "429")],
  [
    "Anthropic",
    429,
    anthropic(
      "rate_limit_error",
      "This request would exceed your organization's rate limit of 40,000 input tokens per minute"
    )
  ],
  [
    "Gemini",
    429,
    gemini(
      429,
      "RESOURCE_EXHAUSTED",
      "You exceeded your current quota, please check your plan and billing details. Please retry in 39.4s.",
      [{ "@type": "RetryInfo", retryDelay: "39s" }]
    )
  ],
  [
    "Groq, 413",
    413,
    e(
      "Request too large for model `x` in organization `o` service tier `on_demand` on tokens per minute (TPM): Limit 8000, Requested 11881, please reduce your message size and try again.",
      "rate_limit_exceeded",
      "tokens"
    )
  ],
  [
    "Groq, a day's tokens",
    429,
    e(
      "Rate limit reached for model `x` on tokens per day (TPD): Limit 500000. Please try again in 9m52.272s",
      "rate_limit_exceeded",
      "tokens"
    )
  ],
  [
    "Moonshot",
    429,
    e(
      "Your account reached organization max RPM: 3, please try again after 1 seconds",
      undefined,
      "rate_limit_reached_error"
    )
  ],
  ["GLM", 429, e("您当前使用该API的并发数过高", "1302")],
  ["GLM, frequency", 429, e("API 调用频率超限", "1303")],
  ["Ark", 429, e("Requests has exceeded the limit", "RateLimitExceeded.EndpointTPMExceeded", "TooManyRequests")],
  ["Ark, burst", 429, e("too fast", "RequestBurstTooFast")],
  ["MiniMax inside 200", 200, { choices: null, base_resp: { status_code: 1002, status_msg: "rate limit" } }],
  [
    "SiliconFlow",
    429,
    { message: "Request was rejected due to rate limiting. Details: TPM limit reached.", data: null }
  ],
  ["SiliconFlow, a bare text", 429, '"Request was rejected due to rate limiting"'],
  ["TokenHub", 429, e("rate limit exceeded on dimension: rpm", "429001", "rate_limit_error")],
  ["Qianfan", 429, e("Rate limit reached for RPM", "rpm_rate_limit_exceeded")],
  ["Mistral", 429, { object: "error", message: "Rate limit exceeded", type: "rate_limited", code: "1300" }],
  [
    "OpenRouter inside 200",
    200,
    { error: { message: "Provider returned error", code: 429, metadata: {} }, user_id: "u" }
  ],
  ["OpenRouter inside 200, the number as text", 200, e("Provider returned error", "429")],
  [
    "OpenRouter, credits in flight",
    402,
    e("Insufficient credits right now", 402, undefined, { metadata: { limit_source: "openrouter_in_flight_budget" } })
  ],
  ["a relay that sends 500", 500, e("litellm.RateLimitError: too many requests")],
  ["a relay that sends 400", 400, e("当前请求过于频繁，请稍后再试")],
  ["GLM in words, relayed", 400, e("您的账户已达到速率限制，请您控制请求频率")],
  ["an empty 429", 429, ""],
  [
    "Model Studio behind a plain type",
    429,
    e("Allocated quota exceeded, please increase your quota limit.", "insufficient_quota")
  ],
  [
    "Bedrock as 400",
    400,
    { __type: "ThrottlingException", message: "Too many tokens, please wait before trying again." }
  ],
  ["a count of minutes called usage", 429, e("You have reached your usage limit of 60 requests per minute")],
  ["a day's limit inside 200", 200, { code: 11201, message: "tokens exceeds daily limit" }]
]

const penniless: ReadonlyArray<Row> = [
  [
    "OpenAI",
    429,
    e(
      "You exceeded your current quota, please check your plan and billing details.",
      "insufficient_quota",
      "insufficient_quota"
    )
  ],
  ["OpenAI, 2026", 429, e("Your credits are used up", "credit_balance_exhausted", "insufficient_quota")],
  [
    "Anthropic as 400",
    400,
    anthropic(
      "invalid_request_error",
      "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."
    )
  ],
  ["Anthropic as 402", 402, anthropic("billing_error", "Billing")],
  [
    "Moonshot as 429",
    429,
    e(
      "Your account org-1 <ak-1> is suspended due to insufficient balance, please recharge your account or check your plan and billing details",
      undefined,
      "exceeded_current_quota_error"
    )
  ],
  [
    "Moonshot as 403",
    403,
    e("Your account org-1 is not active, exceeded current quota", undefined, "exceeded_current_quota_error")
  ],
  ["GLM", 429, e("余额不足或无可用资源包,请充值。", "1113")],
  ["GLM in English", 429, e("Insufficient balance or no resource package. Please recharge.", "1113")],
  [
    "GLM behind the Messages face",
    429,
    { type: "error", error: { type: "rate_limit_error", code: "1113", message: "[1113][余额不足][id]" } }
  ],
  [
    "GLM, a plan's window",
    429,
    e("Usage limit reached for 5 hour. Your limit will reset at 2026-12-01 03:00:00", "1308")
  ],
  [
    "Ark, set limit",
    429,
    e(
      "Your account [1] has reached the set inference limit for the [m] model, and the model service has been paused.",
      "SetLimitExceeded",
      "TooManyRequests"
    )
  ],
  ["Ark, trial", 429, e("free trial", "QuotaExceeded", "TooManyRequests")],
  [
    "Ark, overdue",
    403,
    e("The request failed because your account has an overdue balance.", "AccountOverdueError", "Forbidden")
  ],
  [
    "MiniMax as 429",
    429,
    {
      error: { http_code: "429", message: "insufficient balance (1008)", type: "insufficient_balance_error" },
      request_id: "r"
    }
  ],
  ["MiniMax as 500", 500, anthropic("api_error", "insufficient balance (1008)")],
  ["MiniMax as 200", 200, { choices: null, base_resp: { status_code: 1008, status_msg: "insufficient balance" } }],
  ["MiniMax, a plan's window", 429, anthropic("rate_limit_error", "usage limit exceeded (2056)")],
  ["SiliconFlow as 403", 403, { code: 30001, message: "Sorry, your account balance is insufficient", data: null }],
  ["SiliconFlow as 402", 402, { code: 30001, message: "Sorry, your account balance is insufficient", data: null }],
  ["TokenHub", 402, e("endpoint is inactive: FREE_QUOTA_EXHAUSTED", "401007", "permission_error")],
  [
    "xAI as 403",
    403,
    {
      code: "The caller does not have permission to execute the specified operation",
      error: "Your team 1 has either used all available credits or reached its monthly spending limit."
    }
  ],
  [
    "xAI as 429",
    429,
    {
      code: "Some resource has been exhausted",
      error: "Your team 1 has either used all available credits or reached its monthly spending limit."
    }
  ],
  ["OpenRouter", 402, e("Insufficient credits. Add more using https://openrouter.ai/settings/credits", 402)],
  ["OpenRouter inside 200", 200, e("Provider returned error", 402)],
  [
    "Gemini, a spending cap",
    429,
    gemini(429, "RESOURCE_EXHAUSTED", "Your billing account has exceeded its monthly spending cap.")
  ],
  ["LiteLLM", 400, e("Budget has been exceeded! Current cost: 1.2, Max budget: 1.0", 400, "budget_exceeded")],
  ["LiteLLM in words alone", 429, e("ExceededBudget: User=x over budget. Spend=2, Budget=1")],
  ["OpenRouter, a key's limit", 403, e("Key limit exceeded (monthly limit). Manage it in the settings", 403)],
  [
    "OpenAI, an account without billing",
    429,
    e("Your account is not active, please check your billing details on our website.")
  ],
  ["Azure, a quota of days", 403, e("Out of call volume quota. Quota will be replenished in 10 days.", "403")],
  [
    "Anthropic, a limit that was set",
    400,
    anthropic(
      "invalid_request_error",
      "You have reached your specified API usage limits. You will regain access on 2026-12-01."
    )
  ],
  [
    "Kimi, a billing cycle",
    403,
    e("You've reached your usage limit for this billing cycle.", undefined, "access_terminated_error")
  ],
  ["Ollama, a week", 429, { error: "you have reached your weekly usage limit, upgrade for higher limits" }],
  [
    "Ark, a plan's window",
    429,
    e("You have exceeded the 5-hour usage quota.", "AccountQuotaExceeded", "TooManyRequests")
  ],
  [
    "ModelScope",
    429,
    { errors: { message: "You have exceeded today's quota for model x, please try again tomorrow" } }
  ],
  ["Qianfan, a plan's window", 429, e("coding plan hour quota exceeded", "coding_plan_hour_quota_exceeded")],
  ["Novita", 403, { code: 403, reason: "NOT_ENOUGH_BALANCE", message: "refused", metadata: {} }],
  [
    "a sentence beside a word",
    403,
    { statusCode: 403, message: "Forbidden", error: "You've run out of credits. Please top up" }
  ],
  ["New API, before the call", 403, e("预扣费额度失败, 用户剩余额度: $0.01", "pre_consume_token_quota_failed")],
  ["Qwen's arrears, relayed", 400, e("Access denied, please make sure your account is in good standing.")]
]

const relayedPenniless: ReadonlyArray<Row> = [
  ["New API", 403, e("user quota is not enough", "insufficient_user_quota")],
  ["DashScope behind a relay", 400, e("Access denied, please make sure your account is in good standing.", "Arrearage")]
]

const overloaded: ReadonlyArray<Row> = [
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

const filtered: ReadonlyArray<Row> = [
  ["OpenAI", 400, e("Your request was rejected as a result of our safety system.", "content_policy_violation")],
  [
    "OpenAI in words",
    400,
    e("Invalid prompt: your prompt was flagged as potentially violating our usage policy.", "invalid_prompt")
  ],
  [
    "Azure",
    400,
    e(
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      "content_filter",
      undefined,
      { status: 400, innererror: { code: "ResponsibleAIPolicyViolation" } }
    )
  ],
  ["Moonshot", 400, e("The request was rejected because it was considered high risk", undefined, "content_filter")],
  [
    "GLM",
    400,
    { ...e("系统检测到输入或生成内容可能包含不安全或敏感内容", "1301"), contentFilter: [{ level: 1, role: "user" }] }
  ],
  [
    "Ark",
    400,
    e(
      "The request failed because the input text may contain sensitive information.",
      "InputTextSensitiveContentDetected",
      "BadRequest"
    )
  ],
  ["Ark, output", 400, e("risk", "OutputTextRiskDetection")],
  ["MiniMax", 200, { base_resp: { status_code: 1026, status_msg: "input new_sensitive" } }],
  ["TokenHub", 451, e("content", "451001", "content_filter_error")],
  ["Qianfan", 403, e("the content of the system field is invalid", "system_unsafe", "unsafe_request")],
  [
    "OpenRouter",
    403,
    e('x requires moderation on OpenInference. Your input was flagged for "harassment".', 403, undefined, {
      metadata: { flagged_input: "tell me of rate limits" }
    })
  ]
]

const unauthorized: ReadonlyArray<Row> = [
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

const missing: ReadonlyArray<Row> = [
  ["OpenAI", 404, e("The model `x` does not exist or you do not have access to it.", "model_not_found")],
  ["OpenAI as 403", 403, e("Project `p` does not have access to model `x`", "model_not_found")],
  ["GLM as 400", 400, e("模型不存在，请检查模型代码。", "1211")],
  ["SiliconFlow as 400", 400, { code: 20012, message: "Model does not exist. Please check it carefully.", data: null }],
  ["Qianfan as 401", 401, e("No permission to use the model", "invalid_model")],
  [
    "Ark",
    404,
    e(
      "The model or endpoint x does not exist or you do not have access to it.",
      "InvalidEndpointOrModel.NotFound",
      "NotFound"
    )
  ],
  ["Ark, closed", 400, e("closed", "InvalidEndpoint.ClosedEndpoint")],
  ["Azure", 404, e("The API deployment for this resource does not exist.", "DeploymentNotFound")],
  ["Anthropic", 404, anthropic("not_found_error", "model: x")],
  ["Ollama", 404, { error: "model 'x' not found" }],
  ["OpenRouter", 400, e("x/y is not a valid model ID", 400)],
  ["a relay", 400, e("Unsupported model: 'x'.", "bad_response_status_code")],
  ["a route that is not there", 404, { detail: "Not Found" }],
  ["a method that is not there", 405, { detail: "Method Not Allowed" }],
  ["a model that is gone", 410, ""],
  [
    "Groq, a model of the past",
    400,
    e("The model `x` has been decommissioned and is no longer supported.", "model_decommissioned")
  ],
  ["Bedrock", 400, { message: "The provided model identifier is invalid." }],
  ["Together", 400, e("Unable to access non-serverless model x.", "model_not_available")],
  [
    "Hugging Face",
    400,
    e("The requested model 'x' is not supported by any provider you have enabled.", "model_not_supported")
  ],
  ["ModelScope", 400, { errors: { message: "Model id: x has no provider supported" } }],
  ["SiliconFlow, switched off", 403, { code: 30003, message: "Model disabled.", data: null }],
  ["GitHub Models", 400, e("Unavailable model: x", "unavailable_model")]
]

const unsuited: ReadonlyArray<Row> = [
  ["Ollama, images", 400, { error: "this model does not support image input (ref: 1)" }],
  ["Ark, images", 400, e("Model do not support image input. Request id: 1", "InvalidParameter")],
  ["Ollama, tools", 400, { error: "models.example/library/x does not support tools" }],
  [
    "OpenRouter, tools",
    404,
    e("No endpoints found that support tool use. To learn more visit https://openrouter.ai/docs", 404)
  ],
  ["OpenRouter, images", 404, e("No endpoints found that support image input", 404)],
  [
    "OpenRouter, in what is behind it",
    400,
    relayed(e("Invalid content type. image_url is only supported by certain models."))
  ],
  ["vLLM, images", 400, { object: "error", message: "At most 0 image(s) may be provided in one request.", code: 400 }],
  [
    "vLLM, tools",
    400,
    {
      object: "error",
      message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
      code: 400
    }
  ],
  [
    "vLLM, a parameter",
    400,
    {
      object: "error",
      message:
        "[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), 'msg': 'Extra inputs are not permitted', 'input': 8192}]",
      code: 400
    }
  ],
  [
    "llama.cpp, images",
    500,
    e("image input is not supported - hint: if this is unexpected, you may need to provide the mmproj", 500)
  ],
  ["llama.cpp, tools", 500, e("tools param requires --jinja flag", 500)],
  [
    "OpenAI, a parameter",
    400,
    e(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      "unsupported_parameter"
    )
  ],
  [
    "OpenAI, a value",
    400,
    e("Unsupported value: 'temperature' does not support 0.3 with this model.", "unsupported_value")
  ],
  [
    "OpenAI, a role",
    400,
    e(
      "Invalid value: 'developer'. Supported values are: 'system', 'assistant', 'user', 'function', and 'tool'.",
      "invalid_value"
    )
  ],
  [
    "Ark, a role",
    400,
    e(
      "The parameter `messages.role` specified in the request are not valid: invalid value: `developer`, supported values are: `system`, `assistant`, `user`, `tool`."
    )
  ],
  [
    "TokenHub, a role",
    400,
    e(
      "invalid parameter 'messages[0].role': invalid role 'developer', must be one of: system, user, assistant, tool",
      "400002",
      "gateway_error"
    )
  ],
  [
    "FastAPI, a role",
    422,
    {
      detail: [
        {
          loc: ["body", "messages", 0, "role"],
          msg: "Input should be 'system', 'user', 'assistant' or 'tool'",
          input: "developer"
        }
      ]
    }
  ],
  [
    "FastAPI, images",
    400,
    { detail: [{ loc: ["body", "messages", 0, "content", 0, "type"], msg: "Input should be 'text'" }] }
  ],
  [
    "Groq, a field",
    400,
    e(
      "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]"
    )
  ],
  [
    "Gemini, a field",
    400,
    gemini(400, "INVALID_ARGUMENT", 'Invalid JSON payload received. Unknown name "seed": Cannot find field.')
  ],
  ["Gemini, tools", 400, gemini(400, "INVALID_ARGUMENT", "Function calling is not enabled for models/x")],
  [
    "Moonshot, temperature",
    400,
    e("invalid temperature: only 1 is allowed for this model", undefined, "invalid_request_error")
  ],
  ["Moonshot, tool_choice", 400, e("tool_choice 'required' is incompatible with thinking enabled")],
  [
    "Anthropic, prefill",
    400,
    anthropic("invalid_request_error", "This model does not support assistant message prefill.")
  ],
  ["a server of text", 400, e("Unsupported content part type for text-only server: image_url")],
  ["a server of Chinese", 400, e("该模型不支持图片输入")],
  ["a server of text, in other words", 400, e("image_url is not allowed: only text content is supported")],
  ["DeepSeek, a format", 400, e("This response_format type is unavailable now", "invalid_request_error")],
  ["a model without eyes", 400, e("This model does not have vision capability")],
  ["a bare 451", 451, ""],
  ["a bare 415", 415, ""],
  [
    "Azure, an operation",
    400,
    e("The chatCompletion operation does not work with the specified model, x.", "OperationNotSupported")
  ],
  [
    "Bedrock, an apostrophe of print",
    400,
    { message: "Invocation of model ID x with on-demand throughput isn’t supported." }
  ],
  [
    "Anthropic, two samplings",
    400,
    anthropic("invalid_request_error", "`temperature` and `top_p` cannot both be specified for this model.")
  ],
  [
    "Groq, a call that the model got wrong",
    400,
    e("Failed to call a function. Please adjust your prompt.", "tool_use_failed")
  ],
  ["vLLM, a template", 400, e("System message must be at the beginning.", 400, "BadRequestError")],
  ["LM Studio, a format", 400, { error: "'response_format.type' must be 'json_schema' or 'text'" }],
  [
    "LM Studio, a choice",
    400,
    { error: "Invalid tool_choice type: 'object'. Supported string values: none, auto, required" }
  ]
]

const denied: ReadonlyArray<Row> = [
  ["LiteLLM as 401", 401, e("key not allowed to access model", 401, "key_model_access_denied")],
  ["Groq, terms", 400, e("The model `x` requires terms acceptance.", "model_terms_required")],
  ["a bare 403", 403, ""]
]

const failing: ReadonlyArray<Row> = [
  ...[408, 409, 421, 423, 424, 425, 499].map((status): Row => ["a proxy", status, "<html>nginx</html>"]),
  ["OpenRouter inside 200", 200, e("Provider returned error", 502)],
  ["MiniMax inside 200", 200, { base_resp: { status_code: 1000, status_msg: "unknown error" } }],
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
const callers: ReadonlyArray<Row> = [
  ["a range", 400, e("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]")],
  [
    "OpenAI, max_tokens",
    400,
    e(
      "max_tokens is too large: 5000. This model supports at most 4096 completion tokens, whereas you provided 5000.",
      "invalid_value"
    )
  ],
  [
    "OpenAI, a long string",
    400,
    e(
      "Invalid 'messages[0].name': string too long. Expected a string with maximum length 64.",
      "string_above_max_length"
    )
  ],
  [
    "OpenAI, a type",
    400,
    e(
      "Invalid type for 'messages[0].role': expected one of 'system' or 'user', but got an integer instead.",
      "invalid_type"
    )
  ],
  ["OpenAI, no model", 400, e("you must provide a model parameter")],
  [
    "a tool's result without its call",
    400,
    e("Messages with role 'tool' must be a response to a preceding message with 'tool_calls'")
  ],
  [
    "a call without its result",
    400,
    e("An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.")
  ],
  ["no JSON", 400, e("We could not parse the JSON body of your request: unexpected token in JSON at position 4")],
  [
    "a missing field",
    422,
    e("Failed to deserialize the JSON body into the target type: missing field `messages` at line 1 column 12")
  ],
  [
    "a schema",
    400,
    e(
      "Invalid schema for response_format 'x': In context=(), 'additionalProperties' is required to be supplied and to be false."
    )
  ],
  [
    "FastAPI, a number",
    422,
    {
      detail: [
        { loc: ["body", "temperature"], msg: "Input should be less than or equal to 2", input: "insufficient balance" }
      ]
    }
  ],
  ["an image that is too large", 400, e("The input image is too large: 30 MB")],
  ["a bare 400", 400, ""],
  ["a bare 422", 422, ""],
  ["inside 200", 200, e("bad temperature", 400)],
  [
    "a prompt about limits, quoted",
    400,
    e(
      'Invalid value for messages[0].content: "my API key is invalid and the rate limit was exceeded, prompt is too long"'
    )
  ],
  [
    "a prompt about money, quoted",
    400,
    e("Input validation failed, input_value='insufficient balance, please recharge', input_type=str")
  ],
  [
    "a prompt about models, quoted",
    400,
    e("Could not parse `the model gpt does not exist and images are not supported`")
  ],
  [
    "a schema's field by the name of money",
    400,
    e("Invalid schema for function 'pay': In context=('properties', 'insufficient_balance'), 'required' is required")
  ],
  [
    "FastAPI, a number that is too small",
    422,
    { detail: [{ loc: ["body", "prompt"], msg: "Input should be greater than 0" }] }
  ],
  ["a format that is no object", 400, e("'response_format' must be an object")]
]

const meant: ReadonlyArray<readonly [ReasonTag, ReadonlyArray<Row>]> = [
  ["ContextTooLong", tooLong],
  ["RateLimited", limited],
  ["BalanceExhausted", [...penniless, ...relayedPenniless]],
  ["Overloaded", overloaded],
  ["ContentFiltered", filtered],
  ["Unauthorized", unauthorized],
  ["PermissionDenied", denied],
  ["ModelNotFound", missing],
  ["Unsuited", unsuited],
  ["ServerFailed", failing],
  ["InvalidRequest", callers]
]

describe.each(meant)("%s", (reason, rows) => {
  it.each(rows)("is what %s means by %i %j", (_, status, body) => {
    expect(classify(OpenAiCompatible.dialect, status, body)).toBe(reason)
  })
})

describe("at the vendors with a table of their own", () => {
  const qwen = (code: string | null, message: string) => ({ error: { code, param: null, message, type: code } })
  const algo = "<400> InternalError.Algo.InvalidParameter: "
  const bad = "invalid_parameter_error"

  it.each<[ReasonTag, number, unknown]>([
    [
      "Unsuited",
      400,
      qwen(bad, "developer is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.['0].role'")
    ],
    [
      "Unsuited",
      400,
      qwen(bad, `${algo}The tool_choice parameter does not support being set to required or object in thinking mode`)
    ],
    ["Unsuited", 400, qwen(bad, "parameter.enable_thinking must be set to false for non-streaming calls")],
    ["Unsuited", 400, qwen(bad, "The value of the enable_thinking parameter is restricted to True.")],
    ["Unsuited", 400, qwen(bad, "Json mode response is not supported when enable_thinking is true")],
    ["Unsuited", 400, qwen(null, "qwen-omni-turbo-2025-01-19 only support with stream=true")],
    [
      "Unsuited",
      400,
      qwen(bad, `${algo}The provided messages input is invalid. The error info is [Unexpected item type in content.]`)
    ],
    ["Unsuited", 400, qwen(bad, "This model does not support enable_search.")],
    [
      "ContentFiltered",
      400,
      { code: "IPInfringementSuspect", message: "Input data is suspected of being involved in IP infringement." }
    ],
    ["InvalidRequest", 400, qwen(bad, `${algo}Range of temperature should be [0, 2)`)],
    [
      "InvalidRequest",
      400,
      qwen(
        bad,
        `${algo}'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.`
      )
    ],
    [
      "BalanceExhausted",
      429,
      qwen("insufficient_quota", "hour allocated quota exceeded, please increase your quota limit.")
    ],
    ["RateLimited", 429, qwen("insufficient_quota", "Allocated quota exceeded, please increase your quota limit.")],
    [
      "RateLimited",
      400,
      'id:1\nevent:error\n:HTTP_STATUS/429\ndata:{"code":"Throttling.AllocationQuota","message":"quota","request_id":"r"}\n\n'
    ],
    [
      "ContentFiltered",
      400,
      'event:error\ndata:{"request_id":"r","code":"InvalidParameter","message":"data: {\\"error\\":{\\"code\\":\\"data_inspection_failed\\",\\"message\\":\\"no\\"}}"}\n\n'
    ]
  ])("is %s what Qwen means by %i %j", (reason, status, body) => {
    expect(classify(Qwen.dialect, status, body)).toBe(reason)
  })

  it.each<[ReasonTag, number, string]>([
    ["Unsuited", 400, "Thinking mode does not support this tool_choice"],
    [
      "Unsuited",
      400,
      "Failed to deserialize the JSON body into the target type: messages[0]: unknown variant `image_url`, expected `text` at line 1 column 90"
    ],
    [
      "Unsuited",
      400,
      "Failed to deserialize the JSON body into the target type: messages[0].role: unknown variant `developer`, expected one of `system`, `user`"
    ],
    ["Unsuited", 400, "Missing reasoning_content field in the assistant message at message index 2"],
    [
      "RateLimited",
      429,
      "Too many requests. Your current concurrency is 8, which exceeds your concurrency limit of 7 based on your remaining balance. Please top up your balance to restore your concurrency."
    ],
    [
      "ModelNotFound",
      400,
      "The supported API model names are deepseek-v4-pro or deepseek-flash, but you passed x. (request_id: 1)"
    ],
    ["InvalidRequest", 400, "Messages with role 'tool' must be a response to a preceding message with 'tool_calls'"]
  ])("is %s what DeepSeek means by %i %s", (reason, status, message) => {
    const body = e(message, "invalid_request_error", "invalid_request_error")
    expect(classify(DeepSeek.dialect, status, body)).toBe(reason)
  })
})
