/** How vendors say that an account has no money left. */
import { anthropic, e, gemini, type Row } from "./envelopes.ts"

export const penniless: ReadonlyArray<Row> = [
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

export const relayedPenniless: ReadonlyArray<Row> = [
  ["New API", 403, e("user quota is not enough", "insufficient_user_quota")],
  ["DashScope behind a relay", 400, e("Access denied, please make sure your account is in good standing.", "Arrearage")]
]
