import { describe, expect, it } from "vitest"
import { Latency } from "../src/internal/health/Latency.ts"

const measured = (...millis: ReadonlyArray<number>): Latency => {
  const latency = new Latency()
  for (const each of millis) {
    latency.start("m")
    latency.end("m", each, 0)
  }
  return latency
}

describe("Latency", () => {
  it("costs nothing to ask a target of which nothing is known, so that it is tried", () => {
    expect(new Latency().cost("m", 0)).toBe(0)
  })

  it("takes a slower answer at its word, and a faster one by and by", () => {
    expect(measured(100, 900).cost("m", 0)).toBe(900)
    const latency = measured(900)
    latency.end("m", 100, 1_000)
    expect(latency.cost("m", 1_000)).toBeGreaterThan(800)
    for (let at = 2_000; at <= 60_000; at += 1_000) latency.end("m", 100, at)
    expect(latency.cost("m", 60_000)).toBeLessThan(110)
  })

  it("counts the calls under way, so that a crowd does not choose one target all together", () => {
    const latency = measured(100)
    for (let nth = 1; nth <= 3; nth++) {
      latency.start("m")
      expect(latency.cost("m", 0)).toBe(100 * (nth + 1))
    }
    latency.end("m", 100, 0)
    expect(latency.cost("m", 0)).toBe(300)
  })

  it("counts a call that had no answer as over, and learns nothing from it", () => {
    const latency = measured(100)
    latency.start("m")
    latency.end("m", undefined, 0)
    expect(latency.cost("m", 0)).toBe(100)
    latency.end("m", undefined, 0)
    expect(latency.cost("m", 0)).toBe(100)
  })

  it("fades, so that a target that nobody asks any more becomes worth a try", () => {
    const latency = measured(1_000)
    expect(latency.cost("m", 10_000)).toBeCloseTo(1_000 / Math.E)
    expect(latency.cost("m", 120_000)).toBeLessThan(1)
  })

  it("keeps the models apart", () => {
    expect(measured(100).cost("other", 0)).toBe(0)
  })
})
