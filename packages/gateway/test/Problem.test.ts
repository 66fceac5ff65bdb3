import { Headers } from "@understudy/core/face/Face"
import { FailoverError, type FailoverReason } from "@understudy/core/failure/FailoverError"
import type { Reason } from "@understudy/core/failure/Reason"
import type { Trail } from "@understudy/core/failure/Trail"
import { expect, it } from "vitest"
import * as Problem from "../src/internal/Problem.ts"

const trail: Trail = [
  {
    ...{ _tag: "Failed", provider: "p", model: "m", key: "k123", millis: 3, next: { _tag: "Fail" } },
    ...{ reason: { _tag: "Unauthorized" }, afterContent: false, message: "no" }
  }
]

type Vendor = { status: number; message: string; type?: string; code?: string; param?: string }

const failure = (vendor?: Vendor, reason: Reason = { _tag: "InvalidRequest" }) => ({
  reason,
  message: "p answered",
  vendor
})

const rows: ReadonlyArray<readonly [FailoverReason, object]> = [
  [
    { _tag: "NoRoute", model: "m", routes: ["a (= b)"] },
    { status: 404, code: "model_not_found", param: "model", type: "invalid_request_error" }
  ],
  [
    { _tag: "NoTarget", route: "r", retryAfter: 1_500 },
    { status: 503, code: "no_target_available", retryAfter: 1_500 }
  ],
  [
    { _tag: "Limited", retryAfter: 9_000 },
    { status: 429, code: "rate_limit_exceeded", retryAfter: 9_000 }
  ],
  [
    { _tag: "UpstreamFailed", failure: failure() },
    { status: 502, code: "upstream_failed", retryAfter: undefined }
  ],
  [
    { _tag: "DeadlineExceeded", total: 5 },
    { status: 504, code: "deadline_exceeded" }
  ],
  [{ _tag: "Broken", failure: failure() }, { code: "stream_interrupted" }],
  [
    { _tag: "Rejected", failure: failure({ status: 422, message: "bad n", type: "t", code: "c", param: "n" }) },
    { status: 422, message: "bad n", type: "t", code: "c", param: "n" }
  ],
  [
    { _tag: "Rejected", failure: failure({ status: 400, message: "" }) },
    { status: 400, message: "p answered", type: "invalid_request_error", code: null, param: null }
  ],
  [
    { _tag: "Rejected", failure: failure({ status: 200, message: "inside" }) },
    { status: 400, message: "inside" }
  ],
  [
    { _tag: "Rejected", failure: failure() },
    { status: 400, message: "p answered" }
  ],
  ...[401, 403, 407].map(
    (status) =>
      [
        { _tag: "Rejected", failure: failure({ status, message: "your key" }) },
        { status: 502, code: "upstream_failed", message: "p answered" }
      ] as const
  )
]

it.each(rows)("answers %j", (reason, problem) => {
  expect(Problem.fromFailover(new FailoverError({ reason, trail }))).toMatchObject({ ...problem, trail })
})

const arrears = { status: 400, message: "Access denied", type: "Arrearage", code: "Arrearage" }

const known: ReadonlyArray<
  readonly [FailoverReason["_tag"] & ("Rejected" | "UpstreamFailed" | "Broken"), Reason, Vendor, object]
> = [
  [
    "Rejected",
    { _tag: "ContextTooLong" },
    {
      status: 400,
      message: "maximum context length is 8",
      type: "invalid_request_error",
      code: "invalid_request_error"
    },
    {
      status: 400,
      code: "context_length_exceeded",
      type: "invalid_request_error",
      message: "maximum context length is 8"
    }
  ],
  [
    "Rejected",
    { _tag: "ContextTooLong" },
    { status: 413, message: "long" },
    { status: 413, code: "context_length_exceeded" }
  ],
  [
    "Rejected",
    { _tag: "ContextTooLong" },
    { status: 500, message: "long" },
    { status: 400, code: "context_length_exceeded" }
  ],
  [
    "Rejected",
    { _tag: "ContextTooLong" },
    { status: 429, message: "long" },
    { status: 400, code: "context_length_exceeded" }
  ],
  [
    "Rejected",
    { _tag: "ContentFiltered" },
    { status: 403, message: "unsafe", code: "system_unsafe" },
    { status: 400, code: "content_filter", message: "unsafe" }
  ],
  [
    "Rejected",
    { _tag: "ContentFiltered" },
    { status: 200, message: "risk", code: "data_inspection_failed" },
    { status: 400, code: "content_filter" }
  ],
  [
    "Rejected",
    { _tag: "ModelNotFound" },
    { status: 400, message: "Model Not Exist" },
    { status: 400, code: "model_not_found" }
  ],
  [
    "Rejected",
    { _tag: "ModelNotFound" },
    { status: 403, message: "no access" },
    { status: 404, code: "model_not_found" }
  ],
  [
    "UpstreamFailed",
    { _tag: "BalanceExhausted" },
    arrears,
    { status: 502, code: "insufficient_quota", type: "upstream_error" }
  ],
  [
    "UpstreamFailed",
    { _tag: "RateLimited", retryAfter: 4_000 },
    { status: 429, message: "slow" },
    { status: 502, code: "rate_limit_exceeded", retryAfter: 4_000 }
  ],
  [
    "Broken",
    { _tag: "ContentFiltered" },
    { status: 200, message: "risk", code: "data_inspection_failed" },
    { code: "content_filter", type: "upstream_error", message: expect.stringContaining("broke off") }
  ],
  ["Broken", { _tag: "BalanceExhausted" }, arrears, { code: "insufficient_quota" }]
]

it.each(
  known
)("has OpenAI's code for what is known, and the vendor's words beside it: %s %j", (_tag, reason, vendor, problem) => {
  const error = new FailoverError({ reason: { _tag, failure: failure(vendor, reason) }, trail })
  const made = Problem.fromFailover(error)
  expect(made).toMatchObject({ ...problem, trail })
  expect(JSON.parse(Problem.toBody(made)).understudy).toEqual({ trail, vendor })
})

it.each<Reason>([
  { _tag: "Unauthorized" },
  { _tag: "PermissionDenied" }
])("never blames the caller's key for %j", (reason) => {
  const vendor = { status: 401, message: "Incorrect API key", code: "invalid_api_key" }
  for (const _tag of ["Rejected", "UpstreamFailed", "Broken"] as const) {
    const problem = Problem.fromFailover(
      new FailoverError({ reason: { _tag, failure: failure(vendor, reason) }, trail })
    )
    expect([problem.status, problem.type]).toEqual([502, "upstream_error"])
    expect(Problem.toBody(problem)).not.toContain("invalid_api_key")
  }
})

it("tells when an overloaded vendor wants to be asked again, and then does not keep clients from it", () => {
  const reason = {
    _tag: "UpstreamFailed",
    failure: failure(undefined, { _tag: "Overloaded", retryAfter: 2_500 })
  } as const
  const headers: Array<string> = []
  Headers.appendProblem(headers, Problem.fromFailover(new FailoverError({ reason, trail })), "r")
  expect(headers.slice(0, 2)).toEqual(["retry-after", "3"])
  expect(headers).not.toContain("x-should-retry")
})

it("has the body that OpenAI clients parse, and the trail", () => {
  const problem = Problem.fromFailover(new FailoverError({ reason: { _tag: "Limited", retryAfter: undefined }, trail }))
  expect(JSON.parse(Problem.toBody(problem))).toEqual({
    error: {
      message: "Every target that could answer is rate limited.",
      type: "rate_limit_error",
      param: null,
      code: "rate_limit_exceeded"
    },
    understudy: { trail }
  })
})

it("keeps a long trail under its limit, cut between two attempts", () => {
  const long = Array.from({ length: 100 }, () => ({ ...trail[0]!, provider: "a-provider", model: "a-model" }))
  const line = Headers.toTrailLine(long)
  expect(line.length).toBeLessThanOrEqual(Headers.maxTrail)
  expect(line).toMatch(/^(a-provider\/a-model#k123 Unauthorized 3ms, )+\.\.\. \d+ more$/)
})

it("makes names safe for headers and keeps all of them under 4 KB", () => {
  const headers: Array<string> = []
  const name = "通义\r\nset-cookie: x".repeat(100)
  Headers.append(headers, { route: name, provider: name, model: name, trail: [{ ...trail[0]!, provider: name }] })
  expect(headers.join("")).toMatch(/^[\x20-\x7e]+$/)
  expect(headers.join(": \r\n").length).toBeLessThan(4_096)
})
