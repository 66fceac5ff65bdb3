import { describe, expect, it } from "vitest"
import * as Timeline from "../../src/report/Timeline.ts"
import { attempt, call, day, failed } from "./support.ts"

describe("the outcome of an attempt", () => {
  const own = { call: "c1" }
  it.each([
    ["answered", attempt(1, 0, own)],
    ["answered", attempt(1, 0, { ...own, stream: true, end: "client-left" })],
    ["refused", attempt(1, 0, { ...own, status: 429, recipe: "rate.limit" })],
    ["failed", attempt(1, 0, { ...own, status: 500, recipe: "server.error" })],
    ["failed", attempt(1, 0, { ...own, status: 0, recipe: "refuse", end: "refused" })],
    ["failed", attempt(1, 0, { ...own, recipe: "frame.malformed" })],
    ["failed", attempt(1, 0, { ...own, recipe: "cut.midstream", end: "cut" })],
    ["stalled", attempt(1, 0, { ...own, status: 0, recipe: "stall.before", end: "client-left" })],
    ["stalled", attempt(1, 0, { ...own, status: 0, recipe: "stall.before", end: "open" })],
    ["cancelled", attempt(1, 0, { ...own, recipe: "slow.firstToken", end: "client-left", finish: "" })],
    ["probe", attempt(1, 0)]
  ] as const)("is %s", (outcome, made) => {
    const left = call("c1", 0, { outcome: outcome === "cancelled" ? "left" : "failed" })
    expect(Timeline.outcomeOf(made, left)).toBe(outcome)
  })
})

describe("a timeline", () => {
  const timeline = Timeline.of(failed, 80)

  it("has the states of phases, faults and keys as intervals", () => {
    expect(timeline.phases).toEqual([
      { from: 0, to: 3000, state: "calm" },
      { from: 3000, to: 8000, state: "storm" }
    ])
    expect(timeline.faults).toEqual([{ name: "slow.chunks", windows: [{ from: 3000, to: 5000, state: "on" }] }])
    expect(timeline.keys[0]?.states).toEqual([
      { from: 0, to: 3000, state: "valid" },
      { from: 3000, to: 8000, state: "revoked" }
    ])
  })

  it("marks attempts in the lane of their key, and those that a finding names", () => {
    expect(timeline.keys.map(({ group, name, marks }) => [group, name, marks.map(({ outcome }) => outcome)])).toEqual([
      ["qwen · main", "q1", ["answered", "answered", "refused", "probe"]],
      ["deepseek", "d1", ["answered"]]
    ])
    expect(timeline.keys[0]?.marks.map(({ finding }) => finding)).toEqual([undefined, undefined, 1, undefined])
  })

  it("has a lane for keys that the scenario does not know", () => {
    const run = { ...failed.run, attempts: [attempt(1, 0, { key: "k1a2" }), attempt(2, 0, { key: "" })] }
    expect(Timeline.of({ ...failed, run }, 80).keys.map(({ name }) => name)).toEqual(["q1", "d1", "k1a2", ""])
  })

  it("is bounded by its width, not by calls and changes", () => {
    const { run, verdict } = day()
    const changes = Array.from({ length: 10_000 }, (_, index) => ({
      at: index * 8640,
      what: "key" as const,
      name: "q1",
      from: "",
      to: index % 2 === 0 ? "valid" : "rate-limited"
    }))
    const { keys, calls } = Timeline.of({ run: { ...run, transitions: changes }, verdict }, 50)
    expect(keys[0]?.states.length).toBeLessThanOrEqual(100)
    expect(calls.reduce((sum, { count }) => sum + count, 0)).toBe(86_400)
    expect(calls.length).toBeLessThanOrEqual(50 * 3)
    expect(keys[0]?.marks.length).toBeLessThanOrEqual(50 * 3)
  })
})
