/** How vendors say that too much was asked. */
import { anthropic, e, gemini, type Row } from "./envelopes.ts"

export const limited: ReadonlyArray<Row> = [
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
  ["Qianfan, native, inside 200", 200, { error_code: 18, error_msg: "Open api qps request limit reached" }],
  ["GLM inside 200", 200, { code: 1302, msg: "您的账户已达到速率限制，请您控制请求频率", success: false }],
  ["a relay inside 200", 200, { code: 429, msg: "too many requests", data: {} }],
  ["a relay inside 200, in a list", 200, { errors: [{ code: 429, message: "slow down" }] }],
  ["WeChat's cloud inside 200", 200, { errcode: 45_009, errmsg: "reach max api daily quota limit" }],
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
