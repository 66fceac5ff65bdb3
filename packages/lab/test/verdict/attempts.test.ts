/** What is found in the attempts of calls: how many, how soon, and how long. */
import { describe, expect, it } from "vitest"
import { type AttemptOptions, type CallOptions, calls, kinds, open, type RunOptions } from "./Build.ts"

const second = 1_000
const good: AttemptOptions = { key: "deepseek-1" }
const onlyFallback: RunOptions["well"] = [[0, "deepseek"]]

describe("retry-storm", () => {
  const attempts = (count: number): RunOptions => ({
    calls: [{ at: 0, attempts: [...Array.from({ length: count - 1 }, () => ({ recipe: "server.error" })), good] }],
    expect: { attemptsPerCall: 4 }
  })

  it("is found when a call makes more attempts than allowed", () => {
    expect(kinds(attempts(5))).toEqual(["retry-storm"])
  })

  it("is not found up to that number", () => {
    expect(kinds(attempts(4))).toEqual([])
  })
})

describe("no-backoff", () => {
  const again = (recipe: string, fields: AttemptOptions = { wait: 0 }, times = 3): RunOptions => ({
    calls: [{ at: 0, attempts: [...Array.from({ length: times }, () => ({ recipe, ...fields })), good] }]
  })

  it("is found when a busy target is asked again at once, with any key", () => {
    expect(kinds(again("overload.fast"))).toEqual(["no-backoff"])
    expect(kinds(again("rate.limit"))).toEqual(["no-backoff"])
    const attempts = [{ recipe: "server.error" }, { recipe: "server.error", key: "qwen-2", wait: 0 }, good]
    expect(kinds({ calls: calls(3, 0, 10 * second, (at) => ({ at, attempts })) })).toEqual(["no-backoff"])
  })

  it("is not found when the client waits a moment, or repeats at once by chance", () => {
    expect(kinds(again("overload.fast", { wait: 100 }))).toEqual([])
    expect(kinds(again("overload.fast", { wait: 0 }, 2))).toEqual([])
  })

  it("is not found when a broken connection is repeated at once, or another target is asked", () => {
    expect(kinds(again("reset.before"))).toEqual([])
    const attempts = [{ recipe: "overload.fast" }, { ...good, wait: 0 }]
    expect(kinds({ calls: calls(9, 0, second, (at) => ({ at, attempts })) })).toEqual([])
  })
})

describe("retry-after-ignored", () => {
  const limited: AttemptOptions = { recipe: "rate.limit", retryAfter: 30 * second }
  const asked = (options: Partial<RunOptions> = {}, every = second, first = limited): RunOptions => ({
    calls: calls(4, 0, every, (at) => ({ at, attempts: [first, good] })),
    well: onlyFallback,
    ...options
  })

  it("is found when calls keep asking a limited account", () => {
    expect(kinds(asked())).toEqual(["retry-after-ignored"])
  })

  it("is not found once the time is over, nor for requests on their way", () => {
    expect(kinds(asked({}, 30_051))).toEqual([])
    expect(kinds(asked({}, 10))).toEqual([])
  })

  it("is not found for another account or as the last resort", () => {
    const other = calls(4, 0, second, (at, index) => ({ at, attempts: [{ ...limited, account: `a${index}` }, good] }))
    expect(kinds(asked({ calls: other }))).toEqual([])
    expect(kinds(asked({ well: [[0]] }))).toEqual([])
  })

  it("is not found for an overloaded target, nor when the limit was over early", () => {
    expect(kinds(asked({}, second, { recipe: "overload.fast", retryAfter: 30 * second }))).toEqual([])
    const early = calls(6, 0, second, (at, index) => ({ at, attempts: index === 0 ? [limited, good] : [{}] }))
    expect(kinds(asked({ calls: early }))).toEqual([])
  })

  it("is found although a stream from before ended well", () => {
    const stream: CallOptions = { at: -second, attempts: [{ at: -second, took: 1_500, stream: true }] }
    expect(kinds(asked({ calls: [stream, ...asked().calls] }))).toEqual(["retry-after-ignored"])
  })
})

describe("retried-caller-error", () => {
  const refused = (recipe: string, next: AttemptOptions, outcome: "answered" | "rejected"): RunOptions => ({
    calls: [{ at: 0, attempts: [{ recipe }, { recipe, ...next }] }],
    expect: { outcome, availability: 0 },
    well: onlyFallback
  })

  it("is found when a wrong request is made again", () => {
    for (const recipe of ["request.invalid", "content.input", "request.tooLong", "mode.mismatch"]) {
      expect(kinds(refused(recipe, { key: "qwen-2" }, "rejected"))).toEqual(["retried-caller-error"])
    }
    expect(kinds(refused("content.input", good, "rejected"))).toEqual(["retried-caller-error"])
  })

  it("is not found when another target, or the other mode, may help", () => {
    expect(kinds(refused("request.tooLong", good, "rejected"))).toEqual([])
    expect(kinds(refused("mode.mismatch", { stream: true }, "rejected"))).toEqual([])
    expect(kinds(refused("content.input", good, "answered"))).toEqual([])
  })

  it("is not found for a hedge", () => {
    const attempts = [
      { recipe: "content.input", took: 500 },
      { ...good, recipe: "content.input", at: 300 }
    ]
    expect(kinds({ calls: [{ at: 0, attempts }], expect: { outcome: "rejected" } })).toEqual([])
  })
})

describe("stall-undetected", () => {
  const silent = (attempt: AttemptOptions, options: Partial<RunOptions> = {}): RunOptions => ({
    calls: [
      {
        at: 0,
        stream: true,
        attempts: [{ recipe: "stall.midstream", stream: true, end: "client-left", ...attempt }, good]
      }
    ],
    well: onlyFallback,
    ...options
  })

  it("is found when a silent stream is waited for too long", () => {
    expect(kinds(silent({ took: 60 * second, chunks: 3 }))).toEqual(["stall-undetected"])
    expect(kinds(silent({ took: 60 * second, recipe: "stall.before" }))).toEqual(["stall-undetected"])
    expect(kinds(silent({ took: 60 * second, recipe: "overload.queue" }))).toEqual(["stall-undetected"])
  })

  it("is found in a call that never ends", () => {
    const run: RunOptions = {
      calls: [
        {
          at: 0,
          stream: true,
          outcome: "unfinished",
          text: "Reply 1 of qwen: al",
          attempts: [{ recipe: "stall.midstream", stream: true, chunks: 3, ...open }]
        }
      ],
      expect: { availability: 0 },
      duration: 60 * second
    }
    expect(kinds(run)).toEqual(["stall-undetected"])
  })

  it("is not found within the time, counted from the last content", () => {
    expect(kinds(silent({ took: 20 * second, chunks: 3 }))).toEqual([])
    expect(kinds(silent({ took: 60 * second, chunks: 2_000 }))).toEqual([])
  })

  it("gives JSON answers two minutes", () => {
    expect(kinds(silent({ took: 120 * second, stream: false }))).toEqual([])
    expect(kinds(silent({ took: 125 * second, stream: false }))).toEqual(["stall-undetected"])
  })

  it("is not found before the first content when no other target was healthy", () => {
    expect(kinds(silent({ took: 60 * second, recipe: "stall.before" }, { well: [[0, "qwen-2"]] }))).toEqual([])
  })

  it("is not found when the caller left", () => {
    const left: CallOptions = {
      at: 0,
      outcome: "left",
      endedAt: 10 * second,
      attempts: [{ recipe: "stall.midstream", stream: true, chunks: 3, took: 10 * second, end: "client-left" }]
    }
    expect(kinds({ calls: [left] })).toEqual([])
  })
})
