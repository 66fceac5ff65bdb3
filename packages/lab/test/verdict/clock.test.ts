/** What is held against a client whose own clock is another than the run's. */
import type { Run, RunClock } from "@understudy/lab/run/Run"
import * as Verdict from "@understudy/lab/verdict/Verdict"
import { describe, expect, it } from "vitest"
import { type AttemptOptions, calls, make, type RunOptions } from "./Build.ts"

const minute = 60_000
const overload: AttemptOptions = { recipe: "overload.fast", vendor: "qwen" }
const fallback: AttemptOptions = { key: "deepseek-1" }

const judge = (options: RunOptions, clock?: RunClock): ReadonlyArray<string> => {
  const run: Run = { ...make(options), ...(clock === undefined ? {} : { clock }) }
  return Verdict.of(run).findings.map(({ kind }) => kind)
}

const jumped: RunClock = { speed: 1, jumped: 20 * minute }
const faster: RunClock = { speed: 10, jumped: 0 }

/** Qwen fails in the second minute and is not asked again. */
const shunned: RunOptions = {
  calls: [
    ...calls(30, 0, 2_000, (at) => ({ at, attempts: [{}] })),
    { at: minute, attempts: [overload, fallback] },
    ...calls(400, minute + 2_000, 2_000, (at) => ({ at, attempts: [fallback] }))
  ],
  well: [
    [0, ""],
    [minute, "deepseek"],
    [2 * minute, ""]
  ]
}

/** Nobody is well in the second minute, and the client fails on for two minutes more. */
const shy: RunOptions = {
  calls: [
    ...calls(30, 0, 2_000, (at) => ({ at, attempts: [{}] })),
    ...calls(120, minute, 2_000, (at) => ({ at, attempts: [overload] }))
  ],
  well: [
    [0, ""],
    [minute, "nothing"],
    [2 * minute, ""]
  ],
  expect: { availability: 0.5 }
}

const slow: RunOptions = { calls: [{ at: 0, attempts: [{ took: 6_000 }] }], expect: { within: "5s" } }

describe("a clock that was moved on", () => {
  it("lets nobody be blamed for a recovery that the client's own clock has not reached", () => {
    expect([judge(shunned), judge(shunned, jumped)]).toEqual([["key-not-restored"], []])
    expect([judge(shy), judge(shy, jumped)]).toEqual([["low-availability", "failed-while-healthy"], []])
  })

  it("leaves what was well all the time to be used", () => {
    const { well: _, ...always } = shy
    expect(judge(always, jumped)).toEqual(["failed-while-healthy"])
  })

  it("says which kinds were not looked for, but for those that the scenario allows", () => {
    const run = { ...make({ ...slow, expect: { within: "5s", allow: ["stall-undetected"] } }), clock: jumped }
    const { findings, passed, withheld } = Verdict.of(run)
    expect([findings, passed, withheld]).toEqual([
      [],
      true,
      ["too-slow", "key-not-restored", "cancelled-left-running", "left-running", "dead-target-asked"]
    ])
    expect(Verdict.of(make(slow)).withheld).toEqual([])
  })
})

describe("a clock that runs faster", () => {
  it("grants the client's own work, which is no faster", () => {
    const took = (millis: number): RunOptions => ({ ...slow, calls: [{ at: 0, attempts: [{ took: millis }] }] })
    expect([judge(took(5_800)), judge(took(5_800), faster)]).toEqual([["too-slow"], []])
    expect(judge(took(6_200), faster)).toEqual(["too-slow"])
  })

  it("judges recoveries as ever", () => {
    expect(judge(shunned, faster)).toEqual(["key-not-restored"])
  })
})
