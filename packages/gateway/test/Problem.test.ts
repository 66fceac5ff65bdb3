import * as Headers from "@understudy/core/face/Headers"
import { FailoverError, type FailoverReason, type Trail } from "@understudy/core/failure/FailoverError"
import { expect, it } from "vitest"
import * as Problem from "../src/internal/Problem.ts"

const trail: Trail = [
  { provider: "p", model: "m", key: "k123", outcome: "Unauthorized", millis: 3, next: "fail", skipped: false }
]

const failure = (vendor?: { status: number; message: string; type?: string; code?: string; param?: string }) => ({
  reason: { _tag: "InvalidRequest" as const },
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
  Headers.tell(headers, { route: name, provider: name, model: name, trail: [{ ...trail[0]!, provider: name }] })
  expect(headers.join("")).toMatch(/^[\x20-\x7e]+$/)
  expect(headers.join(": \r\n").length).toBeLessThan(4_096)
})
