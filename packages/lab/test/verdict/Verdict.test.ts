/** The verdict as a whole: figures, what is allowed, bounds, order, and speed. */

import type { Run } from "@understudy/lab/run/Run"
import { findingKinds } from "@understudy/lab/scenario/FindingKind"
import * as ReplyText from "@understudy/lab/traffic/ReplyText"
import * as Verdict from "@understudy/lab/verdict/Verdict"
import { describe, expect, it } from "vitest"
import { type AttemptOptions, type CallOptions, calls, make, model } from "./Build.ts"

const bad: AttemptOptions = { recipe: "auth.invalid" }
const good: AttemptOptions = { key: "deepseek-1" }

/** A multiplicative generator: the same numbers for the same seed. */
const draws = (seed: number): ((below: number) => number) => {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

const recipes = [
  "answer",
  "auth.invalid",
  "rate.limit",
  "server.error",
  "cut.midstream",
  "content.input",
  "stall.midstream"
]
const keys = ["qwen-1", "qwen-2", "deepseek-1", "deepseek-2"]

const randomCall = (next: (below: number) => number, at: number): CallOptions => ({
  at,
  stream: next(2) === 1,
  text: (ordinals) =>
    next(4) === 0
      ? ReplyText.make(ordinals[0] ?? 1, "qwen").slice(0, next(90))
      : ReplyText.make(ordinals[0] ?? 1, "qwen"),
  ...(next(8) === 0 ? { outcome: "left", endedAt: at + next(3_000) } : {}),
  attempts: Array.from({ length: 1 + next(4) }, () => ({
    recipe: recipes[next(recipes.length)]!,
    key: keys[next(keys.length)]!,
    wait: next(300),
    took: next(40_000),
    stream: next(2) === 1,
    chunks: next(5)
  }))
})

const randomRun = (seed: number, count: number): Run => {
  const next = draws(seed)
  return make({
    calls: calls(count, 0, 2_000, (at) => randomCall(next, at)),
    well: Array.from({ length: 6 }, (_, index) => [index * 20_000, ...keys.filter(() => next(2) === 1)] as const)
  })
}

const shuffled = <A>(items: ReadonlyArray<A>, next: (below: number) => number): ReadonlyArray<A> =>
  items
    .map((item) => ({ item, rank: next(1_000_000) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item)

describe("Verdict", () => {
  it("does not pass a run in which nothing happened", () => {
    const verdict = Verdict.of(make({ calls: [] }))
    expect(verdict).toMatchObject({
      passed: false,
      error: { kind: "nothing-reached" },
      findings: [],
      figures: { calls: 0, availability: 1, slowestAnswer: 0 }
    })
  })

  it("counts calls by their ending, requests, tokens, and the times of whole answers", () => {
    const run = make({
      calls: [
        ...calls(20, 0, 1_000, (at, index) => ({ at, attempts: [{ took: 100 * (index + 1) }] })),
        { at: 30_000, attempts: [bad, bad, { recipe: "server.error" }] },
        { at: 31_000, outcome: "answered", text: "Reply 1 of qwen: alpha", attempts: [{ recipe: "cut.midstream" }] },
        { at: 32_000, outcome: "left", attempts: [{ took: 10 }] },
        { at: 33_000, outcome: "unfinished" }
      ],
      probes: [{ at: 40_000 }, { at: 50_000 }]
    })
    expect(Verdict.of(run).figures).toEqual({
      calls: 24,
      answered: 20,
      rejected: 0,
      failed: 3,
      left: 1,
      availability: 20 / 23,
      attempts: 25,
      mostAttempts: 3,
      probes: 2,
      tokens: 21 * 30,
      medianAnswer: 1_000,
      p95Answer: 1_900,
      slowestAnswer: 2_000
    })
  })

  it("counts what was rejected, where that is expected", () => {
    const refused: CallOptions = { at: 0, attempts: [{ recipe: "request.invalid" }] }
    const { figures, passed } = Verdict.of(make({ calls: [refused], expect: { outcome: "rejected" } }))
    expect(passed).toBe(true)
    expect(figures).toMatchObject({ answered: 0, rejected: 1, failed: 0, availability: 1 })
  })

  it("leaves out what the scenario allows, and passes when nothing else is left", () => {
    const run = make({
      calls: [{ at: 0, attempts: [bad] }],
      expect: { allow: ["low-availability", "failed-while-healthy"] }
    })
    expect(Verdict.of(run)).toMatchObject({ passed: true, findings: [] })
  })

  it("lists twenty calls and attempts at most, and counts all of them in both languages", () => {
    const run = make({
      calls: calls(40, 0, 10_000, (at) => ({ at, attempts: [bad, good] })),
      well: [[0, "deepseek"]]
    })
    const [finding, ...others] = Verdict.of(run).findings
    expect(others).toEqual([])
    expect(finding).toMatchObject({ kind: "key-reused" })
    expect([finding?.calls.length, finding?.attempts.length]).toEqual([20, 20])
    expect(finding?.message.en).toContain("39 times")
    expect(finding?.message.zh).toContain("39 次")
  })

  it("says the same whatever the order in which calls and attempts are listed", () => {
    const seen = new Set<string>()
    for (let seed = 1; seed <= 40; seed++) {
      const run = randomRun(seed, 60)
      const next = draws(seed + 1_000)
      const verdict = Verdict.of(run)
      for (const { kind } of verdict.findings) seen.add(kind)
      expect(Verdict.of(run)).toEqual(verdict)
      expect(Verdict.of({ ...run, calls: shuffled(run.calls, next), attempts: shuffled(run.attempts, next) })).toEqual(
        verdict
      )
    }
    expect(seen.size).toBeGreaterThan(5)
  })

  it("lists findings in the order of their kinds", () => {
    const kinds = Verdict.of(randomRun(7, 60)).findings.map(({ kind }) => findingKinds.indexOf(kind))
    expect(kinds).toEqual(kinds.toSorted((a, b) => a - b))
  })

  it("looks at each call and attempt a bounded number of times, however long the run is", () => {
    const looks = (count: number): number => {
      const run = make({
        calls: calls(count, 0, 1_000, (at, index) => ({
          at,
          attempts: [index % 2 === 0 ? bad : { recipe: "rate.limit" }, good]
        })),
        well: Array.from({ length: count / 10 }, (_, index) => [
          index * 10_000,
          "deepseek",
          index % 50 < 25 ? "qwen-1" : "qwen-2"
        ])
      })
      let counted = 0
      const watched = <A extends { readonly at: number }>(items: ReadonlyArray<A>): ReadonlyArray<A> =>
        items.map(({ at, ...rest }) => ({
          ...rest,
          get at() {
            counted++
            return at
          }
        })) as ReadonlyArray<unknown> as ReadonlyArray<A>
      Verdict.of({ ...run, calls: watched(run.calls), attempts: watched(run.attempts) })
      return counted / count
    }
    expect(looks(8_000)).toBeLessThan(1.5 * looks(1_000))
  })

  it("grants the ordinary life of a call that fails over", () => {
    const run = make({
      calls: [
        { at: 0, attempts: [bad, { key: "qwen-2" }] },
        {
          at: 1_000,
          model,
          attempts: [
            { recipe: "overload.fast", key: "qwen-2" },
            { recipe: "overload.fast", key: "qwen-2", wait: 180 },
            good
          ]
        },
        {
          at: 3_000,
          attempts: [
            { recipe: "rate.limit", key: "qwen-2", retryAfter: 2_000 },
            { key: "qwen-2", wait: 2_000 }
          ]
        },
        {
          at: 8_000,
          attempts: [
            { recipe: "reset.before", key: "qwen-2" },
            { key: "qwen-2", wait: 0 }
          ]
        }
      ],
      probes: [{ at: 5_000, recipe: "auth.invalid" }, { at: 15_000 }],
      well: [[0, "deepseek"]]
    })
    expect(Verdict.of(run).findings).toEqual([])
  })
})
