import * as AttemptFailure from "@understudy/core/failure/AttemptFailure"
import { FailoverError, type FailoverReason } from "@understudy/core/failure/FailoverError"
import type { Reason } from "@understudy/core/failure/Reason"
import type { Failed } from "@understudy/core/failure/Trail"
import { describe, expect, it } from "vitest"
import { fromFailover } from "../src/ChatModelError.ts"

const failure = (reason: Reason) =>
  AttemptFailure.make(reason, "qwen answered 503: busy", { status: 503, message: "busy", code: "ServiceUnavailable" })
const overloaded = failure({ _tag: "Overloaded", retryAfter: undefined })
const vendor = {
  kind: "Overloaded",
  detail: "qwen answered 503: busy",
  status: 503,
  code: "ServiceUnavailable",
  type: undefined,
  param: undefined
}

describe("an error of the core's", () => {
  it.each<[FailoverReason, object, boolean, number | undefined]>([
    [{ _tag: "NoRoute", model: "m", routes: ["qwen-*"] }, { model: "m", routes: ["qwen-*"] }, false, undefined],
    [{ _tag: "NoTarget", route: "aliyun", retryAfter: 5000 }, { route: "aliyun", retryAfter: 5000 }, true, 5000],
    [{ _tag: "Limited", retryAfter: undefined }, { retryAfter: undefined }, true, undefined],
    [{ _tag: "Limited", retryAfter: 700 }, { retryAfter: 700 }, true, 700],
    [{ _tag: "Rejected", failure: overloaded }, vendor, false, undefined],
    [{ _tag: "UpstreamFailed", failure: overloaded }, vendor, true, undefined],
    [
      { _tag: "UpstreamFailed", failure: failure({ _tag: "BalanceExhausted" }) },
      { kind: "BalanceExhausted" },
      false,
      undefined
    ],
    [{ _tag: "Broken", failure: overloaded }, vendor, true, undefined],
    [{ _tag: "DeadlineExceeded", total: 60_000 }, { total: 60_000 }, true, undefined]
  ])("$_tag becomes a ChatModelError with the same reason, message and trail (%#)", (reason, fields, retryable, wait) => {
    const attempt: Failed = {
      _tag: "Failed",
      provider: "qwen",
      model: "m",
      key: "k1",
      millis: 1,
      next: { _tag: "Fail" },
      reason: "failure" in reason ? reason.failure.reason : overloaded.reason,
      afterContent: false,
      message: "no"
    }
    const original = new FailoverError({ reason, trail: [attempt] })
    const error = fromFailover(original)
    expect(error.reason).toEqual(expect.objectContaining({ _tag: reason._tag, ...fields }))
    expect(error.message).toBe(original.message)
    expect(error.trail).toEqual([attempt])
    expect([error.isRetryable, error.retryAfter]).toEqual([retryable, wait])
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ _tag: "ChatModelError", message: original.message })
  })
})
