/**
 * What vendors put on the wire when something is wrong, by provider type; the wordings are those of the vendors.
 */

import { types, type VendorType } from "@understudy/core/provider/Vendors"
import type { Prng } from "@understudy/lab/traffic/Prng"
import { Clock, type FaultKind as MockFaults, Plan as MockPlan, VendorList, Vendors } from "@understudy/mocks"
import type { Fault, FaultKind } from "./Plan.ts"

const { isVendor } = VendorList
type MockFaultKind = MockFaults.FaultKind

/** A refusal: status, body, headers. */
export interface Refusal {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

const envelope = (message: string, type: string, code: string | null): string =>
  JSON.stringify({ error: { message, type, param: null, code } })

const json = (status: number, message: string, type: string, code: string | null = type): Refusal => ({
  status,
  body: envelope(message, type, code),
  headers: { "content-type": "application/json" }
})

const plain = (status: number, body: string): Refusal => ({ status, body, headers: {} })

const html = (status: number): Refusal => ({
  status,
  body: `<html><head><title>${status}</title></head><body>upstream</body></html>`,
  headers: { "content-type": "text/html" }
})

type Variants = ReadonlyArray<Refusal>
type Table = Partial<Record<FaultKind, Variants>>

const request = "invalid_request_error"

const deepseek: Table = {
  badKey: [
    json(401, "Authentication Fails, Your api key: ****demo is invalid", "authentication_error", request),
    plain(401, "Authentication Fails (governor)")
  ],
  arrears: [json(402, "Insufficient Balance", "unknown_error", request)],
  freeTier: [json(402, "Insufficient Balance", "unknown_error", request)],
  forbidden: [json(403, "Access denied", request)],
  rateLimit: [json(429, "Too many requests. Your current concurrency is 9.", "rate_limit_error", request)],
  overload: [json(503, "Service is too busy. We advise users to temporarily switch.", "service_unavailable_error")],
  serverError: [
    json(500, "Internal Server Error", "internal_error"),
    { ...json(500, "", ""), body: "" },
    html(502),
    html(504)
  ],
  modelGone: [
    json(400, "Model Not Exist", request),
    json(400, "The supported API model names are a or b, but you passed c.", request)
  ]
}

const qwen: Table = {
  badKey: [json(401, "Incorrect API key provided.", request, "invalid_api_key")],
  arrears: [
    json(400, "Access denied, please make sure your account is in good standing.", "Arrearage"),
    {
      status: 400,
      body: JSON.stringify({ code: "Arrearage", message: "Access denied, overdue.", request_id: "1" }),
      headers: { "content-type": "application/json" }
    }
  ],
  freeTier: [
    json(403, "The free tier of the model has been exhausted.", "AllocationQuota.FreeTierOnly"),
    json(403, "free quota exhausted", "insufficient_quota")
  ],
  forbidden: [json(403, "Access to model denied.", "AccessDenied.Unpurchased")],
  rateLimit: [
    json(429, "You exceeded your current requests list.", "limit_requests"),
    json(429, "Request rate increased too quickly.", "limit_burst_rate"),
    json(429, "Allocated quota exceeded, please increase your quota limit.", "insufficient_quota")
  ],
  overload: [
    json(400, "Too many requests. Your requests are being throttled.", "ServiceUnavailable"),
    json(500, "<503> InternalError.Algo: ServiceUnavailable", "internal_error"),
    json(503, "Too many requests.", "ModelServingError")
  ],
  serverError: [
    json(500, "An internal error has occured, please try again later.", "internal_error"),
    plain(502, "upstream connect error or disconnect/reset before headers"),
    html(504)
  ],
  modelGone: [json(404, "The model `x` does not exist or you do not have access to it.", request, "model_not_found")]
}

const compatible: Table = {
  badKey: [json(401, "Incorrect API key provided", request, "invalid_api_key"), html(401)],
  arrears: [
    json(429, "You exceeded your current quota.", "insufficient_quota"),
    json(402, "Payment required", request)
  ],
  freeTier: [json(402, "Payment required", request)],
  forbidden: [json(403, "You are not allowed to sample from this model", request)],
  rateLimit: [json(429, "Rate limit reached", "requests", "rate_limit_exceeded")],
  overload: [json(503, "The engine is currently overloaded", "server_error", null), plain(529, "overloaded")],
  serverError: [json(500, "The server had an error", "server_error", null), html(502), plain(504, "")],
  modelGone: [json(404, "The model `x` does not exist", request, "model_not_found")]
}

/** Faults that every mocked vendor has words for. */
const mocked: Partial<Record<FaultKind, MockFaultKind>> = {
  badKey: "auth.invalid",
  arrears: "billing.exhausted",
  freeTier: "billing.exhausted",
  rateLimit: "rate.limit",
  overload: "overload.fast",
  serverError: "server.error",
  modelGone: "model.gone"
}

/** What the mock of a vendor says. */
const ofMock = (vendor: VendorList.VendorName): Table => {
  const said = (kind: MockFaultKind): Refusal => {
    const vendors = Vendors.make({ clock: Clock.manual(), acceptAnyKey: true, faults: [{ kind }] })
    const body = JSON.stringify({ model: "any", messages: [{ role: "user", content: "hi" }] })
    const { plan } = vendors.receive({
      ...{ adapter: "transport", vendor, method: "POST", path: "/chat/completions", body },
      authorization: "Bearer sk-demo-any"
    })
    const headers = plan.headers.filter(([name]) => name !== "transfer-encoding")
    return {
      status: plan.status,
      body: Buffer.from(MockPlan.body(plan)).toString(),
      headers: Object.fromEntries(headers)
    }
  }
  const refusals = Object.entries(mocked).map(([fault, kind]) => [fault, [said(kind)]])
  return {
    ...Object.fromEntries(refusals),
    // Of a body that never ends the status is all that is known, and 429 is a limit.
    slowError: [plain(503, "")],
    forbidden: [json(403, "Permission denied", "permission_denied_error")]
  }
}

/** Variants by hand where there are any. */
const written: Partial<Record<VendorType, Table>> = { deepseek, qwen, "openai-compatible": compatible }

const tables = Object.fromEntries(
  types.map((type) => [type, written[type] ?? (isVendor(type) ? ofMock(type) : compatible)])
) as Readonly<Record<VendorType, Table>>

/** The refusal that a fault stands for, if it is one; `key` is repeated in the message where the vendor echoes it. */
export const refusalOf = (
  type: VendorType,
  kind: FaultKind,
  luck: Prng,
  options: { readonly fault: Fault; readonly echo: string | undefined; readonly unix: number }
): Refusal | undefined => {
  const variants = tables[type][kind] ?? (kind === "slowError" ? tables[type].overload : undefined)
  if (variants === undefined) return undefined
  const refusal = stating(luck.pick(variants), options.fault, options.unix)
  const { echo } = options
  return echo === undefined || echo === "" ? refusal : { ...refusal, body: echoed(refusal.body, echo) }
}

const nonsense = ["-1", "1, 1", "NaN", "soon", "Thu, 01 Jan 1970 00:00:00 GMT", ""] as const

/** The refusal with the wait that the fault states; `unix` is the vendor's time. */
const stating = (refusal: Refusal, { retryAfter, stated = "seconds" }: Fault, unix: number): Refusal => {
  if (retryAfter === undefined) return refusal
  const withHeaders = (more: Refusal["headers"]): Refusal => ({ ...refusal, headers: { ...refusal.headers, ...more } })
  switch (stated) {
    case "seconds":
      return withHeaders({ "retry-after": String(retryAfter) })
    case "millis":
      return withHeaders({ "retry-after-ms": String(retryAfter * 1_000), "retry-after": "soon" })
    case "date":
      return withHeaders({
        date: new Date(unix).toUTCString(),
        "retry-after": new Date(unix + retryAfter * 1_000).toUTCString()
      })
    case "reset":
      return withHeaders({
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": `${Math.floor(retryAfter / 60)}m${retryAfter % 60}s`,
        "x-ratelimit-remaining-tokens": "9000",
        "x-ratelimit-reset-tokens": "6h0m0s"
      })
    case "words":
      return { ...refusal, body: refusal.body.replace(/"message":"/, `$&Please try again in ${retryAfter}s. `) }
    case "nonsense":
      return withHeaders({ "retry-after": nonsense[Math.floor(unix / 1_000) % nonsense.length] ?? "" })
  }
}

const echoed = (body: string, key: string): string => {
  if (!body.startsWith("{")) return `${body} (key ${key})`
  const { error, ...rest } = JSON.parse(body) as { readonly error?: Fields } & Fields
  return JSON.stringify(error === undefined ? withKey(rest, key) : { ...rest, error: withKey(error, key) })
}

type Fields = Readonly<Record<string, unknown>>

const withKey = (fields: Fields, key: string): Fields => ({
  ...fields,
  message: `${String(fields["message"])} You passed ${key} as Bearer ${key}`,
  param: `key=${key}`
})

/** What a vendor answers to a caller's own mistake. */
export const flawed = (type: VendorType, flaw: "invalid" | "filtered"): Refusal => {
  if (flaw === "invalid") return json(400, "Range of temperature should be [0, 2)", request)
  if (type === "deepseek") return json(400, "Content Exists Risk", request)
  return type === "qwen"
    ? json(400, "Input data may contain inappropriate content.", "data_inspection_failed")
    : json(400, "Your request was rejected by our safety system", request, "content_policy_violation")
}

/** One frame of a stream. Spelt out: most of what a run writes are frames. */
export const frame = (
  id: string,
  model: string,
  delta: object,
  finish: string | null = null,
  { index = 0, usage }: { readonly index?: number; readonly usage?: object | undefined } = {}
): string => {
  const choice = `{"index":${index},"delta":${JSON.stringify(delta)},"finish_reason":${JSON.stringify(finish)}}`
  const tail = usage === undefined ? "" : `,"usage":${JSON.stringify(usage)}`
  return `data: {"id":"${id}","object":"chat.completion.chunk","created":1,"model":"${model}","choices":[${choice}]${tail}}`
}

/** Frames that are there and say nothing, each odd in a way of its own. */
export const oddFrames: ReadonlyArray<string> = [
  { choices: [null] },
  { choices: {} },
  { choices: null },
  { choices: [{ index: "0", delta: null, finish_reason: "" }] },
  { choices: [{ index: 0, delta: [], finish_reason: false }] },
  { choices: [{ index: 0, delta: { content: "", tool_calls: null } }], usage: "none" }
].map((chunk) => `data: ${JSON.stringify(chunk)}`)

/** A whole answer; every choice says the same. */
export const completion = (id: string, model: string, content: string, finish = "stop", count = 1): string =>
  JSON.stringify({
    id,
    object: "chat.completion",
    created: 1,
    model,
    choices: Array.from({ length: count }, (_, index) => ({
      index,
      message: { role: "assistant", content },
      finish_reason: finish
    })),
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
  })
