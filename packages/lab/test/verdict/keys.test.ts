/** What is found in how keys were treated: reuse, return, accounts, and probes. */
import { describe, expect, it } from "vitest"
import { type AttemptOptions, type CallOptions, calls, kinds, type RunOptions } from "./Build.ts"

const second = 1_000
const minute = 60 * second

const bad = (recipe = "auth.invalid", key = "qwen-1"): AttemptOptions => ({ recipe, key })
const good = (key = "deepseek-1"): AttemptOptions => ({ key })
const withoutFirst: RunOptions["well"] = [[0, "qwen-2", "deepseek"]]

describe("key-reused", () => {
  const reused = (recipe: string, options: Partial<RunOptions> = {}, every = 10 * second): RunOptions => ({
    calls: calls(4, 0, every, (at) => ({ at, attempts: [bad(recipe), good()] })),
    well: withoutFirst,
    ...options
  })

  it("is found when a refused key is used again and again beside a healthy path", () => {
    for (const recipe of ["auth.invalid", "billing.exhausted", "access.denied"]) {
      expect(kinds(reused(recipe))).toEqual(["key-reused"])
    }
  })

  it("is not found for requests that were on their way when the refusal came", () => {
    expect(kinds(reused("auth.invalid", {}, 20))).toEqual([])
    expect(kinds({ ...reused("auth.invalid"), calls: reused("auth.invalid").calls.slice(0, 3) })).toEqual([])
  })

  it("is not found when nothing else was healthy", () => {
    expect(kinds(reused("auth.invalid", { well: [[0]] }))).toEqual([])
  })

  it("is not found when a probe said before each use that the key was well", () => {
    const probes = [5, 15, 25].map((at) => ({ at: at * second, key: "qwen-1" }))
    expect(kinds(reused("billing.exhausted", { probes }))).toEqual([])
  })

  it("is not found when the key had really been well in between", () => {
    const well = [0, 1, 2, 3].flatMap(
      (round): NonNullable<RunOptions["well"]> => [
        [round * 10 * second, "qwen-2", "deepseek"],
        [(round * 10 + 5) * second, ""]
      ]
    )
    expect(kinds(reused("auth.invalid", { well }))).toEqual([])
  })

  it("is not found for a look every five minutes", () => {
    expect(kinds(reused("access.denied", {}, 6 * minute))).toEqual([])
  })

  it("is not found when a key that may not use one model is used for others", () => {
    const other = { model: "qwen-max" }
    const run: RunOptions = {
      calls: calls(6, 0, 10 * second, (at) => ({ at, ...other, attempts: [{ ...good("qwen-1"), ...other }] })),
      well: withoutFirst
    }
    expect(kinds({ ...run, calls: [{ at: 0, attempts: [bad("access.denied"), good()] }, ...run.calls] })).toEqual([])
  })
})

describe("key-not-restored", () => {
  /** Five minutes with a first vendor that is away for the first minute. */
  const outage = (after: (at: number) => ReadonlyArray<AttemptOptions>): RunOptions => ({
    calls: calls(100, 0, 3 * second, (at) => ({
      at: at + 5 * second,
      attempts: at < minute ? [{ recipe: "server.error" }, good()] : after(at)
    })),
    well: [
      [0, "deepseek"],
      [minute + 5 * second, ""]
    ]
  })

  it("is found when the first target is never asked again", () => {
    expect(kinds(outage(() => [good()]))).toEqual(["key-not-restored"])
  })

  it("is not found when it is asked again in time", () => {
    expect(kinds(outage((at) => [good(at < 2.5 * minute ? "deepseek-1" : "qwen-1")]))).toEqual([])
  })

  it("is not found when the client had never used it, or traffic stopped", () => {
    const { well } = outage(() => [])
    expect(kinds({ calls: calls(100, 0, 3 * second, (at) => ({ at, attempts: [good()] })), well: well! })).toEqual([])
    const short = outage(() => [good()])
    expect(kinds({ ...short, calls: short.calls.slice(0, 60) })).toEqual([])
  })

  /** Ten minutes in which the first of two keys is refused once, and well again after five seconds. */
  const refused = (count: number, keyOf: (index: number) => string): RunOptions => ({
    calls: [
      { at: 0, attempts: [bad(), good("qwen-2")] },
      ...calls(count, 10 * second, 5 * second, (at, index) => ({ at, attempts: [good(keyOf(index))] }))
    ],
    well: [
      [0, "qwen-2", "deepseek"],
      [5 * second, ""]
    ]
  })

  it("is found when one key of two is never drawn again in many draws", () => {
    expect(kinds(refused(100, () => "qwen-2"))).toEqual(["key-not-restored"])
  })

  it("is not found when the key is drawn again, or had too few chances", () => {
    expect(kinds(refused(100, (index) => (index === 50 ? "qwen-1" : "qwen-2")))).toEqual([])
    expect(kinds(refused(50, () => "qwen-2"))).toEqual([])
  })

  it("gives a client that can only try a key's permission with a caller's request ten minutes more", () => {
    const denied = (recipe: string, back: number): RunOptions => ({
      calls: calls(300, 0, 5 * second, (at) => ({
        at,
        attempts: at === 0 ? [{ recipe }, { key: "qwen-2" }] : [{ key: at < back ? "qwen-2" : "qwen-1" }]
      })),
      well: [
        [0, "qwen-2", "deepseek"],
        [5 * minute, ""]
      ]
    })
    expect(kinds(denied("auth.invalid", 19 * minute))).toEqual(["key-not-restored"])
    expect(kinds(denied("access.denied", 19 * minute))).toEqual([])
    expect(kinds(denied("access.denied", 25 * minute))).toEqual(["key-not-restored"])
  })

  it("gives a client whose probes come apart as long as the trouble lasted", () => {
    const long = (back: number): RunOptions => ({
      calls: calls(200, 0, 10 * second, (at) => ({
        at,
        attempts: at < 10 * minute ? [{ recipe: "server.error" }, good()] : [good(at < back ? "deepseek-1" : "qwen-1")]
      })),
      well: [
        [0, "deepseek"],
        [10 * minute, ""]
      ]
    })
    expect(kinds(long(20 * minute))).toEqual([])
    expect(kinds(long(25 * minute))).toEqual(["key-not-restored"])
  })
})

describe("same-account-rotation", () => {
  const shared = {
    "qwen-1": { vendor: "qwen", account: "main" },
    "qwen-2": { vendor: "qwen", account: "main" }
  } as const
  const keys = { ...shared, "deepseek-1": { vendor: "deepseek" } } as const
  const main = { account: "main" }
  const rotated = (recipe: string, next: AttemptOptions): RunOptions => ({
    keys,
    calls: [{ at: 0, attempts: [{ recipe, ...main }, { key: "qwen-2", wait: 0, ...main, ...next }, good()] }],
    well: [[0, "deepseek"]]
  })

  it("is found when another key of a limited or empty account is asked", () => {
    expect(kinds(rotated("rate.limit", { recipe: "rate.limit" }))).toEqual(["same-account-rotation"])
    expect(kinds(rotated("billing.exhausted", { recipe: "billing.exhausted" }))).toEqual(["same-account-rotation"])
  })

  it("is not found for another account, or after a wait", () => {
    expect(kinds(rotated("rate.limit", { recipe: "rate.limit", account: "other" }))).toEqual([])
    expect(kinds(rotated("rate.limit", { recipe: "rate.limit", wait: 1_000 }))).toEqual([])
  })

  it("is not found for money as the last resort, nor for a wrong key", () => {
    const last = rotated("billing.exhausted", { recipe: "billing.exhausted" })
    expect(kinds({ ...last, well: [[0]] })).toEqual([])
    expect(kinds(rotated("auth.invalid", { recipe: "auth.invalid" }))).toEqual([])
  })
})

describe("health-check-cost", () => {
  const traffic: ReadonlyArray<CallOptions> = [{ at: 0, attempts: [bad(), good()] }]
  const probed = (moments: ReadonlyArray<number>, fields: AttemptOptions = {}): RunOptions => ({
    calls: traffic,
    probes: moments.map((at) => ({ at, recipe: "auth.invalid", ...fields })),
    well: withoutFirst
  })
  const every = (count: number, gap: number): ReadonlyArray<number> =>
    Array.from({ length: count }, (_, index) => 1_000 + index * gap)
  /** Intervals that double from five seconds, up to ten minutes, with a fifth off. */
  const doubling = Array.from({ length: 40 }, (_, index) =>
    index < 7 ? 4 * (2 ** index - 1) : 252 + (index - 6) * 480
  ).map((at) => (at + 5) * second)
  const completion: AttemptOptions = { path: "/v1/chat/completions", method: "POST", model: "qwen-plus", maxTokens: 1 }

  it("is found when a key is checked every few seconds for long", () => {
    expect(kinds(probed(every(200, 5 * second)))).toEqual(["health-check-cost"])
    expect(kinds(probed(every(60, 500)))).toEqual(["health-check-cost"])
  })

  it("is found when keys are checked by completions every minute", () => {
    expect(kinds(probed(every(60, minute), completion))).toEqual(["health-check-cost"])
  })

  it("is not found for probes that come apart", () => {
    expect(kinds(probed(doubling))).toEqual([])
    expect(kinds(probed(doubling, completion))).toEqual([])
  })

  it("is not found for a probe after each refusal of a flapping key", () => {
    const flapping: RunOptions = {
      calls: calls(60, 0, minute, (at) => ({ at, attempts: [bad(), good()] })),
      probes: calls(60, 0, minute, (at) => ({ at: at + 5 * second })),
      well: withoutFirst
    }
    expect(
      kinds({ ...flapping, probes: flapping.probes!.map((probe) => ({ ...probe, ...completion, recipe: "answer" })) })
    ).toEqual([])
  })

  it("does not take traffic without marks for probes", () => {
    expect(kinds({ ...probed(every(60, minute), completion), calls: [] })).toEqual([])
  })
})
