import { describe, expect, it } from "vitest"
import * as AttemptFailure from "../src/failure/AttemptFailure.ts"
import * as Decision from "../src/failure/Decision.ts"
import { type KeyEffect, type Reason, tags } from "../src/failure/Reason.ts"

const row = (
  key: KeyEffect,
  anotherKey: Decision.Decision["anotherKey"],
  again: Decision.Decision["again"],
  fallback: boolean,
  circuit: boolean
) => ({ key, anotherKey, again, fallback, circuit })

/** Section 3 of the semantics, a row a reason. */
const table: ReadonlyArray<[Reason, Decision.Decision]> = [
  [{ _tag: "Unauthorized" }, row("count", "any", "no", true, false)],
  [{ _tag: "BalanceExhausted" }, row("removeAccount", "otherAccount", "no", true, false)],
  [{ _tag: "PermissionDenied" }, row("coolModel", "any", "no", true, false)],
  [{ _tag: "RateLimited", retryAfter: undefined }, row("coolAccountModel", "otherAccount", "afterWait", true, false)],
  [{ _tag: "Overloaded", retryAfter: undefined }, row("none", "no", "once", true, true)],
  [{ _tag: "ServerFailed" }, row("none", "no", "once", true, true)],
  [{ _tag: "ConnectionFailed", code: "ECONNREFUSED" }, row("none", "no", "once", true, true)],
  [{ _tag: "TimedOut", phase: "connect" }, row("none", "no", "no", true, true)],
  [{ _tag: "TimedOut", phase: "firstContent" }, row("none", "no", "no", true, true)],
  [{ _tag: "TimedOut", phase: "answer" }, row("none", "no", "no", true, true)],
  [{ _tag: "TimedOut", phase: "idle" }, row("none", "no", "no", true, true)],
  [{ _tag: "TimedOut", phase: "total" }, row("none", "no", "no", false, true)],
  [{ _tag: "MalformedResponse" }, row("none", "no", "once", true, true)],
  [{ _tag: "EmptyResponse" }, row("none", "no", "once", true, true)],
  [{ _tag: "Interrupted" }, row("none", "no", "once", true, true)],
  [{ _tag: "ModelNotFound" }, row("none", "no", "no", true, false)],
  [{ _tag: "ContextTooLong" }, row("none", "no", "no", true, false)],
  [{ _tag: "ContentFiltered" }, row("none", "no", "no", false, false)],
  [{ _tag: "Unsuited" }, row("none", "no", "no", true, false)],
  [{ _tag: "InvalidRequest" }, row("none", "no", "no", false, false)],
  [{ _tag: "Cancelled" }, row("none", "no", "no", false, false)]
]

const failure = (reason: Reason, status?: number) =>
  AttemptFailure.make(reason, "x", status === undefined ? undefined : { status, message: "x" })

describe("Decision.decide", () => {
  it.each(table)("follows the table for %o", (reason, expected) => {
    expect(Decision.decide(failure(reason))).toEqual(expected)
  })

  it("has a row for every reason", () => {
    expect(new Set(table.map(([reason]) => reason._tag))).toEqual(new Set(tags))
  })

  it.each(["reason", "status", "class"] as const)("lets a route override every reason by %s", (by) => {
    for (const [reason, expected] of table) {
      const final = reason._tag === "Cancelled" || (reason._tag === "TimedOut" && reason.phase === "total")
      const name = by === "reason" ? reason._tag : by === "status" ? "418" : "4xx"
      const decided = Decision.decide(failure(reason, 418), {
        [name]: { fallback: !expected.fallback, again: true, anotherKey: true }
      })
      expect(decided).toEqual(
        final ? expected : { ...expected, fallback: !expected.fallback, again: "once", anotherKey: "any" }
      )
    }
  })

  it("takes the override by reason before the one by status before the one by class", () => {
    const of = (overrides: Decision.Overrides) => Decision.decide(failure({ _tag: "InvalidRequest" }, 422), overrides)
    const on = { fallback: true }
    const off = { fallback: false }
    expect(of({ InvalidRequest: on, "422": off, "4xx": off }).fallback).toBe(true)
    expect(of({ "422": on, "4xx": off }).fallback).toBe(true)
    expect(of({ "4xx": on }).fallback).toBe(true)
    expect(of({ "5xx": on, "400": on }).fallback).toBe(false)
  })
})

describe("Decision.table", () => {
  it("is the defaults, with a route's overrides by reason", () => {
    const defaults = Decision.table()
    for (const [reason, expected] of table) {
      if (reason._tag !== "TimedOut") expect(defaults[reason._tag]).toEqual(expected)
    }
    expect(defaults.TimedOut).toEqual(row("none", "no", "no", true, true))
    expect(Decision.table({ ContentFiltered: { fallback: true }, Cancelled: { fallback: true } })).toEqual({
      ...defaults,
      ContentFiltered: { ...defaults.ContentFiltered, fallback: true }
    })
  })
})

describe("AttemptFailure.redact", () => {
  it("clears what looks like a key, the given secrets, and cuts what is long", () => {
    expect(AttemptFailure.redact("key sk-demo-123456 and Bearer abc.def; topsecret", ["topsecret"])).toBe(
      "key <redacted> and Bearer <redacted>; <redacted>"
    )
    expect(AttemptFailure.redact("x".repeat(5_000))).toHaveLength(AttemptFailure.maxMessage + 1)
  })

  it("leaves the quotes around a header that a message names", () => {
    expect(AttemptFailure.redact("as `Authorization: Bearer KEY`, or `api-key: KEY`")).toBe(
      "as `Authorization: Bearer <redacted>`, or `api-key: KEY`"
    )
  })
})
