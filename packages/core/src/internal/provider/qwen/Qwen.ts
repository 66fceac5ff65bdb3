/**
 * Qwen on Alibaba Cloud Model Studio, OpenAI-compatible mode (help.aliyun.com model-studio: error-code, rate-limit).
 *
 * **Gotchas**
 *
 * Status says little: arrears are 400 `Arrearage`, overload comes as 400, 500 or 503 with code `ServiceUnavailable`, and
 * `insufficient_quota` is a passing tokens-a-minute limit with 429 but a used-up free tier with 403. Limits hold per main
 * account and model, whichever key is used.
 */

import type { Dialect, StructuredOutput } from "../../../provider/Dialect.ts"
import type { ModelRequest } from "../../../wire/ChatCompletion.ts"
import * as Conversation from "../Conversation.ts"
import * as ModelTable from "../ModelTable.ts"
import * as Switch from "../Switch.ts"
import type { Vendor } from "../Vendor.ts"
import * as Models from "./Models.ts"
import { offers } from "./Offers.ts"

/** What Qwen has and not every other vendor. */
export interface Options {
  /** Wire name `enable_thinking`: whether the model thinks before it answers. */
  readonly enableThinking?: boolean | undefined
  /** Wire name `thinking_budget`: the most tokens that it may think; at least 1. */
  readonly thinkingBudget?: number | undefined
  /** Wire name `enable_search`: whether the model may look things up on the web. */
  readonly enableSearch?: boolean | undefined
  /** Wire name `search_options`. */
  readonly searchOptions?: Readonly<Record<string, unknown>> | undefined
}

const thinks = ({ enable_thinking, model }: ModelRequest): boolean => {
  const known = Models.of(model).thinks
  if (known === "always" || known === "never") return known === "always"
  return typeof enable_thinking === "boolean" ? enable_thinking : known === "byDefault"
}

/** A model that thinks takes neither a format ("Json mode response is not supported when enable_thinking is true") nor a demand. */
const settle = <R extends ModelRequest>(request: R): R =>
  request["enable_thinking"] == null &&
  Models.of(request.model).thinks === "byDefault" &&
  (ModelTable.wantsFormat(request) || ModelTable.forcesTool(request))
    ? { ...request, enable_thinking: false }
    : request

/** "parameter.enable_thinking must be set to false for non-streaming calls" */
const isStreamOnly = (request: ModelRequest): boolean => {
  const { streams } = Models.of(request.model)
  return streams === "always" || (streams === "whileThinking" && thinks(request))
}

const structuredOutput = (request: ModelRequest): StructuredOutput => {
  if (thinks(request)) return "none"
  return Models.takesSchema(request.model) ? "json_schema" : "json_object"
}

/** The dialect of provider type `qwen`. */
export const dialect: Dialect<Options> = {
  type: "qwen",
  baseUrl: "https://dashscope.aliyuncs.com/compatible-mode/v1",
  defaultPath: "/compatible-mode/v1",
  errors: [
    { code: /^(Arrearage|CommodityNotPurchased|PrepaidBillOverdue|PostpaidBillOverdue)$/, reason: "BalanceExhausted" },
    { code: /^AllocationQuota\.FreeTierOnly$/, reason: "BalanceExhausted" },
    { status: 403, code: /^insufficient_quota$/, reason: "BalanceExhausted" },
    // A plan's window, not the minute's tokens: no key of the account gets through for hours.
    { message: /^(hour|week|month)(ly)? allocated quota exceeded/i, reason: "BalanceExhausted" },
    { status: 429, code: /^insufficient_quota$/, reason: "RateLimited" },
    {
      code: /^(ServiceUnavailable|ModelServingError|ModelServiceFailed|SystemError|ModelUnavailable)$/,
      reason: "Overloaded"
    },
    { message: /^<503> /, reason: "Overloaded" },
    { code: /^(limit_requests|limit_burst_rate|Throttling(\..+)?)$/, reason: "RateLimited" },
    {
      code: /^(data_inspection_failed|DataInspectionFailed|IPInfringementSuspect|FaqRuleBlocked|CustomRoleBlocked)$/,
      reason: "ContentFiltered"
    },
    { status: 400, message: /^(<400> \S+ )?Range of input length /, reason: "ContextTooLong" },
    { code: /^(invalid_api_key|InvalidApiKey)$/, reason: "Unauthorized" },
    { status: 401, reason: "Unauthorized" },
    { code: /^(model_not_found|model_not_supported|ModelNotFound)$/, reason: "ModelNotFound" },
    { code: /^(RequestTimeOut|RequestTimeout)$/, reason: "TimedOut" },
    { status: 403, reason: "PermissionDenied" },
    { status: 404, reason: "ModelNotFound" },
    { status: 429, reason: "RateLimited" }
  ],
  probe: { path: "/models", isHealthy: (status) => status === 200 },
  settle,
  unsuited: (request) => (Models.of(request.model).textOnly ? ModelTable.beyondText(request) : undefined),
  lengthField: "max_tokens",
  isStreamOnly,
  // A non-streamed call that ran into the vendor's own limit is 200 with the text so far.
  isPartial: (headers) => headers["x-dashscope-partialresponse"] === "true",
  structuredOutput,
  switches: {
    enableThinking: Switch.flag("enable_thinking"),
    thinkingBudget: Switch.count("thinking_budget"),
    enableSearch: Switch.flag("enable_search"),
    searchOptions: Switch.bag("search_options")
  },
  lower: ({ messages }) =>
    Conversation.map(messages, (message) => Conversation.asSystem(Conversation.rename(message, "prefix", "partial"))),
  prefill: { field: "partial", toPath: (path) => path },
  completionsPath: (model, path) => (Models.of(model).completes === true ? path : undefined),
  retired: {}
}

/** Qwen. */
export const vendor: Vendor<Options> = {
  dialect,
  offers,
  service: {
    label: { en: "Qwen (DashScope)", zh: "通义千问（百炼）" },
    console: "https://bailian.console.aliyun.com/",
    variable: "DASHSCOPE_API_KEY",
    urlVariable: "DASHSCOPE_BASE_URL",
    model: "qwen3.8-flash",
    families: { aliyun: "qwen", qwq: "qwq", qvq: "qvq" },
    vectors: "text-embedding-"
  }
}
