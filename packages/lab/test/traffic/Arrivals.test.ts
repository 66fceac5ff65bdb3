import { describe, expect, it } from "vitest"
import * as Lab from "../../src/Lab.ts"
import type { ScenarioOptions, TrafficOptions } from "../../src/scenario/Options.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import * as Schedule from "../../src/scenario/Schedule.ts"
import * as Traffic from "../../src/traffic/Traffic.ts"

const make = (traffic: Partial<TrafficOptions>, more: Partial<ScenarioOptions> = {}) =>
  Scenario.make({
    name: "arrives",
    teaches: { en: "Nothing.", zh: "无。" },
    traffic: { model: "qwen-plus", every: "1s", ...traffic },
    ...more
  })

const moments = (traffic: Partial<TrafficOptions>, seed = 42): ReadonlyArray<number> =>
  Traffic.calls(make(traffic), seed).map(({ at }) => at)

const between = (all: ReadonlyArray<number>, from: number, to: number): number =>
  all.filter((at) => at >= from && at < to).length

describe("arrivals", () => {
  it("come in even steps unless told otherwise", () => {
    expect(moments({ for: "4s" })).toEqual([0, 1_000, 2_000, 3_000])
    expect(moments({ for: "4s", arrivals: "constant" })).toEqual([0, 1_000, 2_000, 3_000])
  })

  it("come whenever they like in a Poisson process, as often on average, and the same of the same seed", () => {
    const all = moments({ for: "1h", arrivals: "poisson" })
    expect(all).toEqual(moments({ for: "1h", arrivals: "poisson" }))
    expect(all).not.toEqual(moments({ for: "1h", arrivals: "poisson" }, 43))
    expect(all.length).toBeGreaterThan(3_600 - 180)
    expect(all.length).toBeLessThan(3_600 + 180)
    const steps = all.slice(1).map((at, index) => at - (all[index] ?? 0))
    const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length
    const variance = steps.reduce((sum, step) => sum + (step - mean) ** 2, 0) / steps.length
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.9)
    expect(Math.sqrt(variance) / mean).toBeLessThan(1.1)
    expect(all).toEqual(all.toSorted((a, b) => a - b))
  })

  it("do not move when the traffic goes on for longer", () => {
    const short = moments({ for: "1m", arrivals: "poisson" })
    expect(moments({ for: "2m", arrivals: "poisson" }).slice(0, short.length)).toEqual(short)
  })

  it("rise and fall along a ramp, stage by stage", () => {
    const ramp = [
      { for: "1m", every: "100ms" },
      { for: "1m", every: "100ms" },
      { for: "1m", every: "1s" }
    ]
    const all = moments({ ramp })
    // From 1 to 10 calls a second within a minute: 330; then 600; then 330 again.
    expect([all.length, between(all, 60_000, 120_000)]).toEqual([1_260, 600])
    expect(between(all, 0, 30_000)).toBeLessThan(between(all, 30_000, 60_000))
    expect(all).toEqual(all.toSorted((a, b) => a - b))
    expect(Schedule.count(make({ ramp }).source.traffic)).toBe(1_260)
    expect(make({ ramp }).length).toBe(180_000)
    const poisson = moments({ ramp, arrivals: "poisson" })
    expect(Math.abs(poisson.length - 1_260)).toBeLessThan(150)
  })

  it("come in bursts on top, at once or within a while, with ids in the order of time", () => {
    const all = moments({ for: "6s", bursts: { every: "2s", calls: 3 } })
    expect(all).toEqual([0, 1_000, 2_000, 2_000, 2_000, 2_000, 3_000, 4_000, 4_000, 4_000, 4_000, 5_000])
    const spread = Traffic.calls(make({ for: "3s", bursts: { every: "2s", calls: 2, within: "500ms" } }))
    expect(spread.map(({ at, id }) => [id, at])).toEqual([
      ["c1", 0],
      ["c2", 1_000],
      ["c3", 2_000],
      ["c4", 2_000],
      ["c5", 2_250]
    ])
    expect(Schedule.count(make({ for: "6s", bursts: { every: "2s", calls: 3 } }).source.traffic)).toBe(12)
  })

  it("are run as they come, over links that take their time", async () => {
    const links = { qwen: { latency: { median: "400ms", p99: "2s" }, bandwidth: 20_000 } }
    const scenario = make(
      { for: "2m", arrivals: "poisson", stream: 0.5, bursts: { every: "30s", calls: 5 } },
      { links }
    )
    const { run, verdict } = await Lab.run(scenario)
    const planned = Traffic.calls(scenario)
    expect(run.calls.map(({ at, id }) => [id, at])).toEqual(planned.map(({ at, id }) => [id, at]))
    expect([verdict.findings, verdict.figures.availability]).toEqual([[], 1])
    expect(verdict.figures.medianAnswer).toBeGreaterThan(300)
  })
})
