import { describe, expect, it } from "vitest"
import * as RetryAfter from "../src/internal/wire/RetryAfter.ts"

const now = Date.parse("2026-11-21T08:00:00Z")

describe("RetryAfter.parse", () => {
  it.each<[Record<string, string>, number | undefined]>([
    [{ "retry-after": "2" }, 2_000],
    [{ "retry-after": " 2 " }, 2_000],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "86400" }, 86_400_000],
    [{ "retry-after": "20s" }, 20_000],
    [{ "retry-after": "1m30s" }, 90_000],
    [{ "retry-after": "Sat, 21 Nov 2026 08:00:30 GMT" }, 30_000],
    [{ "retry-after": "Saturday, 21-Nov-26 08:00:30 GMT" }, 30_000],
    [{ "retry-after": "Sat Nov 21 08:00:30 2026" }, 30_000],
    [{ "retry-after": "2026-11-21T08:00:30Z" }, 30_000],
    [{ "retry-after": String(now / 1_000 + 30) }, 30_000],
    [{ "retry-after": String(now + 30_000) }, 30_000],
    // A clock that is an hour off changes nothing where the vendor tells its own time.
    [{ "retry-after": "Sat, 21 Nov 2026 09:00:30 GMT", date: "Sat, 21 Nov 2026 09:00:00 GMT" }, 30_000],
    [{ "retry-after": "Sat, 21 Nov 2026 08:00:30 GMT", date: "yesterday" }, 30_000],
    [{ "retry-after": "Sat, 21 Nov 2026 07:59:00 GMT" }, 0],
    [{ "retry-after-ms": "1500", "retry-after": "9" }, 1_500],
    [{ "retry-after-ms": "soon", "retry-after": "9" }, 9_000],
    [{ "retry-after-ms": "-1" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "" }, undefined],
    [{ "retry-after": "-1" }, undefined],
    [{ "retry-after": "1, 1" }, undefined],
    [{ "retry-after": "1,1" }, undefined],
    [{ "retry-after": "1, 1, 2099" }, undefined],
    [{ "retry-after": "NaN" }, undefined],
    [{ "retry-after": "Infinity" }, undefined],
    [{ "retry-after": "null" }, undefined],
    [{ "retry-after": "1e3" }, undefined],
    [{ "retry-after": "0x10" }, undefined],
    [{ "retry-after": "2026" + "-13-45T99:00:00Z" }, undefined],
    [{ "retry-after": "99999999999999999999" }, undefined],
    [{ "retry-after": "Sat, 21 Nov 2026 08:00:30 UTC" }, 30_000],
    [{ "retry-after": "Sat, 21 Nov 2026 16:00:30 +0800" }, 30_000],
    [{ "retry-after": "sat, 21 nov 2026 08:00:30 gmt" }, 30_000],
    [{ "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }, undefined],
    [{ "retry-after": "Fri, 20 Nov 2026 08:00:00 GMT" }, undefined],
    [{}, undefined]
  ])("reads %o as %s", (headers, expected) => {
    expect(RetryAfter.parse(headers, now)).toBe(expected)
  })
})

describe("RetryAfter.ofLimit", () => {
  it.each<[string, number | undefined]>([
    ['"default";r=0;t=33', 33_000],
    ['"burst";r=5;t=10, "daily";r=0;t=3600', 3_600_000],
    ["limit=10, remaining=0, reset=33", 33_000],
    ['"default";r=4;t=33', undefined],
    ['"default";q=100;w=60', undefined],
    ["33", undefined]
  ])("reads the header of the drafts, %j, as %s", (ratelimit, expected) => {
    expect(RetryAfter.ofLimit({ ratelimit }, "slow down", now)).toBe(expected)
  })

  it.each<[object, number | undefined]>([
    [{ retry_after: 36.2, global: false }, 36_200],
    [{ retryAfter: "36" }, 36_000],
    [{ retry_after_ms: 500 }, 500],
    [{ retry_after_seconds: 5 }, 5_000],
    [{ details: [{ "@type": "type.googleapis.com/google.rpc.Help" }, { retryDelay: "36s" }] }, 36_000],
    [{ metadata: { retry_after: 1 } }, 1_000],
    [{ retry_after: -1 }, undefined],
    [{ retry_after: null }, undefined],
    [{ retry_after: "soon" }, undefined],
    [{ retry_after: { a: 1 } }, undefined],
    [{ retries_after: 3 }, undefined]
  ])("reads the fields of an error, %j, as %s", (fields, expected) => {
    expect(RetryAfter.ofLimit({}, "slow down", now, fields)).toBe(expected)
    expect(RetryAfter.ofLimit({ "retry-after": "2" }, "slow down", now, fields)).toBe(2_000)
    expect(RetryAfter.ofLimit({}, "请30s后重试", now, fields)).toBe(expected ?? 30_000)
  })

  const of = (headers: Record<string, string>, message = "slow down") => RetryAfter.ofLimit(headers, message, now)

  it.each<[string, number | undefined]>([
    ["1s", 1_000],
    ["6m0s", 360_000],
    ["350ms", 350],
    ["1m30.951s", 90_951],
    ["1h2m3s", 3_723_000],
    ["1d", 86_400_000],
    ["7.66s", 7_660],
    ["12", 12_000],
    ["0", 0],
    [String(now / 1_000 + 5), 5_000],
    [String(now + 5_000), 5_000],
    ["2026-11-21T08:00:05Z", 5_000],
    ["2026-11-21T16:00:05.250+08:00", 5_250],
    ["-1", undefined],
    ["1, 1", undefined],
    ["s", undefined],
    ["", undefined],
    ["5 apples", undefined]
  ])("reads a reset of %o as %s", (text, expected) => {
    expect(of({ "x-ratelimit-reset-requests": text })).toBe(expected)
    expect(of({ "x-ratelimit-reset": text })).toBe(expected)
    expect(of({ "acme-ratelimit-input-tokens-reset": text })).toBe(expected)
    expect(of({ "ratelimit-reset": text })).toBe(expected)
  })

  it("takes a limit for used up where less than nothing is left of it", () => {
    const headers = { "x-ratelimit-reset-tokens": "20s", "x-ratelimit-reset-requests": "60s" }
    expect(of({ ...headers, "x-ratelimit-remaining-tokens": "-3", "x-ratelimit-remaining-requests": "9" })).toBe(20_000)
    expect(of({ "x-rate-limit-reset": "30" })).toBe(30_000)
  })

  it("takes the reset of the limit that is used up, and the latest where none tells what is left", () => {
    const resets = { "x-ratelimit-reset-requests": "20s", "x-ratelimit-reset-tokens": "2s" }
    expect(of(resets)).toBe(20_000)
    expect(of({ ...resets, "x-ratelimit-remaining-requests": "9", "x-ratelimit-remaining-tokens": "0" })).toBe(2_000)
    expect(of({ ...resets, "x-ratelimit-remaining-requests": "9", "x-ratelimit-remaining-tokens": "9" })).toBe(
      undefined
    )
    expect(
      of({
        "acme-ratelimit-requests-reset": "2026-11-21T08:00:09Z",
        "acme-ratelimit-requests-remaining": "0",
        "acme-ratelimit-tokens-reset": "2026-11-21T08:01:00Z",
        "acme-ratelimit-tokens-remaining": "10"
      })
    ).toBe(9_000)
  })

  it("takes what was asked for outright before a reset, and a reset before the message", () => {
    const headers = { "x-ratelimit-reset": "9" }
    expect(of({ ...headers, "retry-after": "2" }, "try again in 5s")).toBe(2_000)
    expect(of({ ...headers, "retry-after": "-1" }, "try again in 5s")).toBe(9_000)
    expect(of({}, "try again in 5s")).toBe(5_000)
  })

  it.each<[string, number | undefined]>([
    ["Rate limit reached for requests per min. Please try again in 1.2s. Visit the docs.", 1_200],
    ["Rate limit reached on tokens per day (TPD): Limit 100000. Please try again in 9m52.272s.", 592_272],
    ["Please try again in 350ms.", 350],
    ["request reached organization max RPM: 3, please try again after 1 seconds", 1_000],
    ["Quota exceeded. Please retry in 39.4s.", 39_400],
    ["have exceeded token rate limit. Please retry after 13 seconds.", 13_000],
    ["Try again in 2 minutes", 120_000],
    ["please try again later", undefined],
    ["try again in 500 ms", 500],
    ["try again in 1 min", 60_000],
    ["Try again in 2 hrs.", 7_200_000],
    ["Retry after 1 day", 86_400_000],
    ["Please wait 3600 seconds before retrying.", 3_600_000],
    ["Please wait before trying again.", undefined],
    ["wait for 3 models", undefined],
    ["请求过于频繁，请 30 秒后再试", 30_000],
    ["请在2分钟后重试", 120_000],
    ["24 小时内的额度", undefined],
    ["do not retry", undefined]
  ])("reads %o as %s", (message, expected) => {
    expect(RetryAfter.inWords(message)).toBe(expected)
  })
})

describe("RetryAfter.format", () => {
  it("rounds up to whole seconds, one at least", () => {
    expect([0, 1, 1_000, 1_001, 3_600_000].map(RetryAfter.format)).toEqual(["1", "1", "1", "2", "3600"])
  })
})
