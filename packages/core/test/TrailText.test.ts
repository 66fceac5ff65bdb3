import { describe, expect, it } from "vitest"
import * as Trail from "../src/failure/Trail.ts"

const about = { provider: "qwen", model: "qwen-plus", key: "k3f9", millis: 12, next: { _tag: "Fail" } } as const
const failed = { ...about, _tag: "Failed", afterContent: false, message: "no" } as const
const skipped = { ...about, _tag: "Skipped", key: undefined, keysOut: [] } as const

const entries: ReadonlyArray<readonly [text: string, record: Trail.AttemptRecord]> = [
  ["qwen/qwen-plus#k3f9 ok 12ms", { ...about, _tag: "Ok" }],
  ["qwen/qwen-plus ok 12ms", { ...about, _tag: "Ok", key: undefined }],
  ["qwen/qwen-plus#k3f9 ok 12ms (b/m#k1 ok 9ms)", { ...about, _tag: "Ok", via: "b/m#k1 ok 9ms" }],
  ["qwen/qwen-plus#k3f9 Unauthorized 12ms", { ...failed, reason: { _tag: "Unauthorized" } }],
  ["qwen/qwen-plus#k3f9 RateLimited 12ms", { ...failed, reason: { _tag: "RateLimited", retryAfter: 9 } }],
  ["qwen/qwen-plus#k3f9 TimedOut(connect) 12ms", { ...failed, reason: { _tag: "TimedOut", phase: "connect" } }],
  [
    "qwen/qwen-plus#k3f9 ConnectionFailed(ECONNRESET) 12ms",
    { ...failed, reason: { _tag: "ConnectionFailed", code: "ECONNRESET" } }
  ],
  [
    "qwen/qwen-plus#k3f9 Interrupted after content 12ms",
    { ...failed, reason: { _tag: "Interrupted" }, afterContent: true }
  ],
  ["qwen/qwen-plus#k3f9 Cancelled 12ms", { ...about, _tag: "Cancelled", afterContent: false }],
  ["qwen/qwen-plus#k3f9 Cancelled after content 12ms", { ...about, _tag: "Cancelled", afterContent: true }],
  ["qwen/qwen-plus skipped(no usable key)", { ...skipped, because: "NoUsableKey" }],
  [
    "qwen/qwen-plus skipped(no usable key): Unauthorized/RateLimited",
    { ...skipped, because: "NoUsableKey", keysOut: ["Unauthorized", "RateLimited"] }
  ],
  ["qwen/qwen-plus skipped(circuit open)", { ...skipped, because: "CircuitOpen" }],
  ["qwen/qwen-plus skipped(unsuited)", { ...skipped, because: "Unsuited" }]
]

const turns: ReadonlyArray<readonly [text: string, next: Trail.Next]> = [
  ["answer", { _tag: "Answer" }],
  ["another key", { _tag: "AnotherKey" }],
  ["again", { _tag: "Again", after: 0 }],
  ["again after 200 ms", { _tag: "Again", after: 200 }],
  ["next target", { _tag: "NextTarget" }],
  ["last resort", { _tag: "LastResort", after: 0 }],
  ["last resort after 3000 ms", { _tag: "LastResort", after: 3_000 }],
  ["another was faster", { _tag: "Overtaken" }],
  ["the caller left", { _tag: "CallerLeft" }],
  ["fail", { _tag: "Fail" }]
]

describe("a trail", () => {
  it.each(entries)("says %s of an attempt", (text, record) => {
    expect(Trail.toText(record)).toBe(text)
  })

  it.each(turns)("says %s of what came next", (text, next) => {
    expect(Trail.nextOf({ next })).toBe(text)
  })

  it("is one line of visible ASCII, and counts what was sent", () => {
    const trail = entries.map(([, record]) => record)
    expect(Trail.toLine(trail)).toBe(entries.map(([text]) => text).join(", "))
    expect(Trail.toLine([{ ...about, _tag: "Ok", model: "通义" }])).toBe("qwen/??#k3f9 ok 12ms")
    expect(Trail.attempts(trail)).toBe(10)
  })
})
