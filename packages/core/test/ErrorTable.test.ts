import { describe, expect, it } from "vitest"
import type { ReasonTag } from "../src/failure/Reason.ts"
import * as DeepSeek from "../src/internal/provider/deepseek/DeepSeek.ts"
import * as ErrorBody from "../src/internal/provider/ErrorBody.ts"
import * as ErrorTable from "../src/internal/provider/ErrorTable.ts"
import * as Moonshot from "../src/internal/provider/moonshot/Moonshot.ts"
import * as OpenAiCompatible from "../src/internal/provider/openai-compatible/OpenAiCompatible.ts"
import * as Qwen from "../src/internal/provider/qwen/Qwen.ts"
import * as Zhipu from "../src/internal/provider/zhipu/Zhipu.ts"

type Row = [status: number, body: string, reason: ReasonTag]

const deepseek = (message: string, type: string, code = "invalid_request_error") =>
  JSON.stringify({ error: { message, type, param: null, code } })

const deepseekRows: ReadonlyArray<Row> = [
  [400, deepseek("Model Not Exist", "invalid_request_error"), "ModelNotFound"],
  [
    400,
    deepseek(
      "The supported API model names are deepseek-v4-pro or deepseek-v4-flash, but you passed x.",
      "invalid_request_error"
    ),
    "ModelNotFound"
  ],
  [400, deepseek("Content Exists Risk", "invalid_request_error"), "ContentFiltered"],
  [
    400,
    deepseek("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", "invalid_request_error"),
    "InvalidRequest"
  ],
  [
    400,
    deepseek(
      "This model's maximum context length is 65536 tokens. However, you requested 70000 tokens (…)",
      "invalid_request_error"
    ),
    "ContextTooLong"
  ],
  [400, deepseek("too long", "invalid_request_error", "context_length_exceeded"), "ContextTooLong"],
  [
    400,
    deepseek("The `reasoning_content` in the thinking mode must be passed back to the API.", "invalid_request_error"),
    "Unsuited"
  ],
  [
    422,
    deepseek("Failed to deserialize the JSON body into the target type", "invalid_request_error"),
    "InvalidRequest"
  ],
  [401, "Authentication Fails (governor)", "Unauthorized"],
  [401, deepseek("Authentication Fails, Your api key: ****abcd is invalid", "authentication_error"), "Unauthorized"],
  [402, deepseek("Insufficient Balance", "unknown_error"), "BalanceExhausted"],
  [413, "Failed to buffer the request body: length limit exceeded", "ContextTooLong"],
  [
    429,
    deepseek(
      "Too many requests. Your current concurrency is 8, which exceeds your concurrency limit of 7",
      "rate_limit_error"
    ),
    "RateLimited"
  ],
  [500, deepseek("Internal Server Error", "internal_error", "internal_error"), "ServerFailed"],
  [500, "", "ServerFailed"],
  [502, "<html><h1>502 Bad Gateway</h1></html>", "ServerFailed"],
  [503, deepseek("Service is too busy.", "service_unavailable_error", "service_unavailable_error"), "Overloaded"]
]

const qwen = (code: string | null, type: string, message: string) =>
  JSON.stringify({ error: { message, type, param: null, code }, request_id: "r" })

const qwenRows: ReadonlyArray<Row> = [
  [400, qwen("invalid_parameter_error", "invalid_request_error", "This model only support stream mode"), "Unsuited"],
  [
    400,
    qwen(
      "invalid_parameter_error",
      "invalid_request_error",
      "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 6000]"
    ),
    "ContextTooLong"
  ],
  [
    400,
    qwen("Arrearage", "Arrearage", "Access denied, please make sure your account is in good standing."),
    "BalanceExhausted"
  ],
  [
    400,
    qwen("data_inspection_failed", "data_inspection_failed", "Input data may contain inappropriate content."),
    "ContentFiltered"
  ],
  [
    400,
    qwen(
      "ServiceUnavailable",
      "ServiceUnavailable",
      "Too many requests. Your requests are being throttled due to system capacity limits."
    ),
    "Overloaded"
  ],
  [401, qwen("invalid_api_key", "invalid_request_error", "Incorrect API key provided."), "Unauthorized"],
  [401, qwen(null, "invalid_request_error", "You didn't provide an API key."), "Unauthorized"],
  [401, JSON.stringify({ message: "invalid access token or token expired" }), "Unauthorized"],
  [403, qwen("AccessDenied.Unpurchased", "AccessDenied.Unpurchased", "Access to model denied."), "PermissionDenied"],
  [403, qwen("Model.AccessDenied", "Model.AccessDenied", "Access to model denied."), "PermissionDenied"],
  [
    403,
    qwen(
      "AllocationQuota.FreeTierOnly",
      "AllocationQuota.FreeTierOnly",
      "The free tier of the model has been exhausted."
    ),
    "BalanceExhausted"
  ],
  [403, qwen("insufficient_quota", "insufficient_quota", "free quota exhausted"), "BalanceExhausted"],
  [
    404,
    qwen("model_not_found", "invalid_request_error", "The model `x` does not exist or you do not have access to it."),
    "ModelNotFound"
  ],
  [
    404,
    JSON.stringify({
      error: { message: "Unsupported model x for OpenAI compatibility mode.", code: "model_not_supported" }
    }),
    "ModelNotFound"
  ],
  [429, qwen("limit_requests", "limit_requests", "You exceeded your current requests list."), "RateLimited"],
  [429, qwen("limit_burst_rate", "limit_burst_rate", "Request rate increased too quickly."), "RateLimited"],
  [429, qwen("insufficient_quota", "insufficient_quota", "You exceeded your current quota"), "RateLimited"],
  [429, qwen("CommodityNotPurchased", "CommodityNotPurchased", "not purchased"), "BalanceExhausted"],
  [429, qwen("PrepaidBillOverdue", "PrepaidBillOverdue", "overdue"), "BalanceExhausted"],
  [500, qwen("internal_error", "internal_error", "An internal error has occured"), "ServerFailed"],
  [
    500,
    qwen("ServiceUnavailable", "ServiceUnavailable", "<503> InternalError.Algo: An error occurred in model serving"),
    "Overloaded"
  ],
  [
    500,
    qwen("internal_error", "internal_error", "<503> InternalError.Algo: An error occurred in model serving"),
    "Overloaded"
  ],
  [500, qwen("RequestTimeOut", "RequestTimeOut", "Request timed out, please try again later."), "TimedOut"],
  [503, qwen("ModelUnavailable", "ModelUnavailable", "Model is unavailable, please try again later."), "Overloaded"],
  [500, qwen("ModelServingError", "ModelServingError", "Failed to request model service."), "Overloaded"],
  [429, JSON.stringify({ code: "Throttling.AllocationQuota", message: "quota", request_id: "r" }), "RateLimited"],
  [
    400,
    `data: ${qwen("data_inspection_failed", "data_inspection_failed", "Input text data may contain inappropriate content.")}\n\n`,
    "ContentFiltered"
  ],
  [
    200,
    qwen("data_inspection_failed", "data_inspection_failed", "Output data may contain inappropriate content."),
    "ContentFiltered"
  ],
  [200, qwen("internal_error", "internal_error", "inference internal error."), "ServerFailed"]
]

const kimi = (type: string, message: string) => JSON.stringify({ error: { message, type } })

const moonshotRows: ReadonlyArray<Row> = [
  [401, kimi("invalid_authentication_error", "Invalid Authentication"), "Unauthorized"],
  [401, kimi("incorrect_api_key_error", "Incorrect API key provided"), "Unauthorized"],
  [
    429,
    kimi("exceeded_current_quota_error", "Your account is suspended due to insufficient balance"),
    "BalanceExhausted"
  ],
  [403, kimi("exceeded_current_quota_error", "Your account is not active, exceeded current quota"), "BalanceExhausted"],
  [429, kimi("rate_limit_reached_error", "request reached organization max RPM: 3"), "RateLimited"],
  [429, kimi("engine_overloaded_error", "The engine is currently overloaded, please try again later"), "Overloaded"],
  [
    400,
    kimi(
      "invalid_request_error",
      "Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)"
    ),
    "ContextTooLong"
  ],
  [400, kimi("invalid_request_error", "Input token length too long"), "ContextTooLong"],
  [400, kimi("content_filter", "The request was rejected because it was considered high risk"), "ContentFiltered"],
  [404, kimi("resource_not_found_error", "Not found the model x or Permission denied"), "ModelNotFound"],
  [403, kimi("permission_denied_error", "Permission denied"), "PermissionDenied"]
]

const glm = (code: string, message: string) => JSON.stringify({ error: { code, message } })

const zhipuRows: ReadonlyArray<Row> = [
  [401, glm("1000", "身份验证失败。"), "Unauthorized"],
  [429, glm("1112", "您的账户已被锁定，请联系客服解锁。"), "Unauthorized"],
  [429, glm("1113", "余额不足或无可用资源包,请充值。"), "BalanceExhausted"],
  [429, glm("1308", "已达到 5 小时的使用上限。"), "BalanceExhausted"],
  [429, glm("1302", "您的账户已达到速率限制"), "RateLimited"],
  [429, glm("1305", "该模型当前访问量过大，请您稍后再试"), "Overloaded"],
  [400, glm("1211", "模型不存在，请检查模型代码。"), "ModelNotFound"],
  [400, glm("1261", "Prompt 超长"), "ContextTooLong"],
  [400, glm("1301", "系统检测到输入或生成内容可能包含不安全或敏感内容"), "ContentFiltered"],
  [400, glm("1210", "API 调用参数有误，请检查文档。"), "InvalidRequest"],
  [500, glm("1234", "网络错误"), "ServerFailed"]
]

const commonRows: ReadonlyArray<Row> = [
  [400, JSON.stringify({ error: { message: "bad", type: "invalid_request_error" } }), "InvalidRequest"],
  [400, JSON.stringify({ error: "a bare string" }), "InvalidRequest"],
  [403, "", "PermissionDenied"],
  [404, JSON.stringify({ error: { message: "model 'x' not found" } }), "ModelNotFound"],
  [429, JSON.stringify({ error: { message: "quota", code: "insufficient_quota" } }), "BalanceExhausted"],
  [400, JSON.stringify({ error: { message: "filtered", code: "content_filter" } }), "ContentFiltered"],
  [301, "", "MalformedResponse"],
  [529, "", "Overloaded"]
]

describe.each([
  ["DeepSeek", DeepSeek.dialect, deepseekRows],
  ["Qwen", Qwen.dialect, qwenRows],
  ["Moonshot", Moonshot.dialect, moonshotRows],
  ["Zhipu", Zhipu.dialect, zhipuRows],
  ["an OpenAI-compatible server", OpenAiCompatible.dialect, commonRows]
] as const)("the error table of %s", (_, dialect, rows) => {
  it.each(rows)("reads %i %s as %s", (status, body, reason) => {
    expect(ErrorTable.classify(dialect.errors, status, ErrorBody.parse(body))).toBe(reason)
  })
})

describe("ErrorBody.parse", () => {
  it("makes plain text the message", () => {
    expect(ErrorBody.parse("Authentication Fails (governor)").message).toBe("Authentication Fails (governor)")
  })

  it("never fails on hostile bodies", () => {
    for (const body of ["", "null", "[]", "{}", '{"error":null}', '{"error":{"message":{}}}', "data: {", "\u0000"]) {
      expect(ErrorBody.parse(body)).toHaveProperty("message")
    }
  })
})
