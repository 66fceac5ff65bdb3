import { FaultKind } from "@understudy/mocks"
import { describe, expect, it } from "vitest"
import { ask, deepseekKey, world } from "./support.ts"

type Row = [
  kind: FaultKind.FaultKind,
  status: number,
  type: string | undefined,
  code: string | null | undefined,
  message: string
]

const invalid = "invalid_request_error"

const deepseek: Array<Row> = [
  ["auth.missing", 401, undefined, undefined, "Authentication Fails (governor)"],
  ["auth.format", 401, undefined, undefined, "Authentication Fails (auth header format should be Bearer sk-...)"],
  [
    "auth.invalid",
    401,
    "authentication_error",
    invalid,
    `Authentication Fails, Your api key: ****${deepseekKey.slice(-4)} is invalid`
  ],
  ["billing.exhausted", 402, "unknown_error", invalid, "Insufficient Balance"],
  [
    "billing.shrinking",
    429,
    "rate_limit_error",
    invalid,
    "Your current concurrency is 8, which exceeds your concurrency limit of 7 based on"
  ],
  ["rate.limit", 429, "rate_limit_error", invalid, "Too many requests. Your current concurrency is"],
  ["rate.tokens", 429, "rate_limit_error", invalid, "Rate limit reached for TPM"],
  ["overload.fast", 503, "service_unavailable_error", "service_unavailable_error", "Service is too busy."],
  ["content.input", 400, invalid, invalid, "Content Exists Risk"],
  ["model.gone", 400, invalid, invalid, "Model Not Exist"],
  [
    "mode.mismatch",
    400,
    invalid,
    invalid,
    "The `reasoning_content` in the thinking mode must be passed back to the API."
  ],
  [
    "request.malformed",
    400,
    invalid,
    invalid,
    "Failed to deserialize the JSON body into the target type: messages[0].role: unknown variant"
  ],
  ["request.invalid", 422, invalid, invalid, "Invalid parameters"],
  [
    "request.tooLong",
    400,
    invalid,
    invalid,
    "This model's maximum context length is 65536 tokens. However, you requested 65537 tokens"
  ],
  ["request.tooLarge", 413, undefined, undefined, "Failed to buffer the request body: length limit exceeded"],
  ["server.error", 500, "internal_error", "internal_error", "Internal Server Error"],
  ["server.empty", 500, undefined, undefined, ""],
  ["edge.html", 502, undefined, undefined, "<html>"],
  ["edge.timeout", 504, undefined, undefined, "<html>"]
]

const qwen: Array<Row> = [
  ["auth.missing", 401, invalid, null, "You didn't provide an API key."],
  [
    "auth.invalid",
    401,
    invalid,
    "invalid_api_key",
    "Incorrect API key provided. For details, see: https://help.aliyun.com/"
  ],
  ["auth.workspace", 401, invalid, "invalid_api_key", "Invalid API-key provided."],
  ["auth.plan", 401, invalid, "invalid_api_key", "invalid access token or token expired"],
  ["access.denied", 403, "AccessDenied.Unpurchased", "AccessDenied.Unpurchased", "Access to model denied."],
  [
    "billing.exhausted",
    400,
    "Arrearage",
    "Arrearage",
    "Access denied, please make sure your account is in good standing."
  ],
  [
    "billing.freeTier",
    403,
    "AllocationQuota.FreeTierOnly",
    "AllocationQuota.FreeTierOnly",
    "The free tier of the model has been exhausted."
  ],
  ["billing.freeQuota", 403, "insufficient_quota", "insufficient_quota", "Free allocated quota exceeded."],
  ["billing.overdue", 429, "PostpaidBillOverdue", "PostpaidBillOverdue", "The postpaid bill is overdue."],
  ["rate.limit", 429, "limit_requests", "limit_requests", "You have exceeded your current request limit."],
  ["rate.tokens", 429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota"],
  ["rate.burst", 429, "limit_burst_rate", "limit_burst_rate", "Request rate increased too quickly."],
  ["overload.fast", 500, "ServiceUnavailable", "ServiceUnavailable", "<503> InternalError.Algo: Too many requests."],
  [
    "overload.disguised",
    400,
    "ServiceUnavailable",
    "ServiceUnavailable",
    "Too many requests. Your requests are being throttled due to system capacity limits."
  ],
  ["overload.serving", 503, "ModelServingError", "ModelServingError", "Too many requests."],
  ["model.unavailable", 503, "ModelUnavailable", "ModelUnavailable", "Model is unavailable, please try again later."],
  [
    "content.input",
    400,
    "data_inspection_failed",
    "data_inspection_failed",
    "Input data may contain inappropriate content."
  ],
  [
    "model.gone",
    404,
    invalid,
    "model_not_found",
    "The model `qwen-turbo` does not exist or you do not have access to it."
  ],
  [
    "model.unsupported",
    404,
    invalid,
    "model_not_supported",
    "Unsupported model qwen-turbo for OpenAI compatibility mode."
  ],
  ["mode.mismatch", 400, invalid, "invalid_parameter_error", "This model only support stream mode"],
  ["request.thinking", 400, invalid, "invalid_parameter_error", "parameter.enable_thinking must be set to false"],
  ["request.malformed", 400, invalid, "invalid_parameter_error", "Required body invalid"],
  [
    "request.invalid",
    400,
    invalid,
    "invalid_parameter_error",
    "<400> InternalError.Algo.InvalidParameter: Range of top_p"
  ],
  [
    "request.tooLong",
    400,
    invalid,
    "invalid_parameter_error",
    "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]"
  ],
  ["request.tooLarge", 413, invalid, "invalid_parameter_error", "Exceeded limit on max bytes"],
  ["server.error", 500, "internal_error", "internal_error", "An internal error has occured, please try again later"],
  ["server.timeout", 500, "RequestTimeOut", "RequestTimeOut", "Request timed out, please try again later."],
  ["edge.html", 502, undefined, undefined, "upstream connect error or disconnect/reset before headers"],
  ["edge.timeout", 504, undefined, undefined, "upstream request timeout"]
]

const tables = { deepseek, qwen }

for (const vendor of ["deepseek", "qwen"] as const) {
  describe(`${vendor}'s error catalogue`, () => {
    it.each(tables[vendor])("answers %s with %i", (kind, status, type, code, message) => {
      const { vendors } = world()
      vendors.addFault({ kind })
      const reply = ask(vendors, { vendor })
      expect(reply.status).toBe(status)
      expect(reply.plan.recipe).toBe(kind)
      if (type === undefined) return expect(reply.text).toContain(message)
      const { error } = reply.json()
      expect(error).toMatchObject({ type, code, param: null })
      expect(error.message).toContain(message)
    })

    it("has a row for every refusal that the fault catalogue promises", () => {
      const promised = FaultKind.names.filter((name) => {
        const kind: FaultKind.Description = FaultKind.catalogue[name]
        return (kind.stage === "service" || name.startsWith("edge.")) && kind.vendors.includes(vendor)
      })
      expect(tables[vendor].map(([kind]) => kind).toSorted()).toEqual(promised.toSorted())
    })
  })
}

describe("details of refusals", () => {
  it("sends DeepSeek's plain-text 401 without a content-type", () => {
    const reply = ask(world().vendors, { vendor: "deepseek", key: "" })
    expect([reply.status, reply.headers.has("content-type"), Buffer.byteLength(reply.text)]).toEqual([401, false, 31])
  })

  it("tells a key without sk- about the header's format", () => {
    expect(ask(world().vendors, { vendor: "deepseek", key: "nonsense" }).text).toContain("Bearer sk-...")
  })

  it("ends DeepSeek's messages with a request id when switched on", () => {
    const { vendors } = world({ requestIdInMessage: true, catalogue: "2025" })
    const reply = ask(vendors, { vendor: "deepseek", model: "gpt-4" })
    expect(reply.json().error.message).toMatch(/^Model Not Exist \(request_id: [0-9a-f-]{36}\)$/)
  })

  it("puts the id and the code first in Qwen's errors of the model stage", () => {
    const { vendors } = world()
    vendors.addFault({ kind: "overload.fast", vendor: "qwen" })
    const reply = ask(vendors, { vendor: "qwen" })
    const id = reply.headers.get("x-request-id")
    expect(Object.keys(reply.json().error)).toEqual(["code", "param", "message", "type"])
    expect(reply.json()).toMatchObject({ id: `chatcmpl-${id}`, request_id: id })
  })

  it("wraps Qwen's 400 in an SSE line when asked to", () => {
    const { vendors } = world()
    vendors.addFault({ kind: "content.input", vendor: "qwen", shape: "sse" })
    const reply = ask(vendors, { vendor: "qwen", stream: true })
    expect(reply.status).toBe(400)
    expect(reply.text).toMatch(/^data: \{"error":.*\}\n\n$/)
  })

  it("wraps it in an event that holds such a line as its message, when asked to", () => {
    const { vendors } = world()
    vendors.addFault({ kind: "content.input", vendor: "qwen", shape: "event" })
    const { status, text } = ask(vendors, { vendor: "qwen", stream: true })
    const [, data = ""] = /^event:error\ndata:(\{.*\})\n\n$/.exec(text) ?? []
    expect([status, JSON.parse(data)]).toMatchObject([400, { code: "InvalidParameter" }])
    expect(JSON.parse(JSON.parse(data).message.slice("data: ".length)).error.code).toBe("data_inspection_failed")
  })

  it("sends Retry-After in seconds or as a date, and neither unless asked", () => {
    const { vendors, clock } = world()
    const retryAfter = () => ask(vendors, { vendor: "qwen" }).headers.get("retry-after")
    vendors.addFault({ kind: "rate.limit", times: 1 })
    vendors.addFault({ kind: "rate.limit", times: 1, retryAfter: 7 })
    vendors.addFault({ kind: "rate.limit", times: 1, retryAfter: { date: "5s" } })
    expect([retryAfter(), retryAfter(), retryAfter()]).toEqual([
      undefined,
      "7",
      new Date(clock.now() + 5000).toUTCString()
    ])
  })

  it("shrinks DeepSeek's concurrency before the balance is exhausted", () => {
    const { vendors } = world()
    vendors.addFault({ kind: "billing.shrinking" })
    const replies = Array.from({ length: 5 }, () => ask(vendors, { vendor: "deepseek" }))
    expect(replies.map((reply) => reply.status)).toEqual([429, 429, 429, 429, 402])
    expect(replies[3]?.text).toContain("Your current concurrency is 2, which exceeds your concurrency limit of 1")
  })
})
