import { describe, expect, it } from "vitest"
import * as Deadlines from "../src/internal/failover/Deadlines.ts"

const unset = { connect: undefined, firstContent: undefined, idle: undefined, answer: undefined }
const never = Number.POSITIVE_INFINITY

/** Section 6 of the semantics: a row a phase. */
const table: ReadonlyArray<[keyof Deadlines.Limits, withNext: number, alone: number]> = [
  ["connect", 5_000, 5_000],
  ["firstContent", 10_000, never],
  ["idle", 20_000, 20_000],
  ["answer", 120_000, never]
]

describe("Deadlines.resolve", () => {
  it.each(table)("has the default of the table for %s", (phase, withNext, alone) => {
    expect(Deadlines.resolve(unset, true)[phase]).toBe(withNext)
    expect(Deadlines.resolve(unset, false)[phase]).toBe(alone)
  })

  it.each(table)("keeps to what is configured for %s, with somewhere to go or not", (phase) => {
    const configured = { ...unset, [phase]: 1_234 }
    expect([true, false].map((hasNext) => Deadlines.resolve(configured, hasNext)[phase])).toEqual([1_234, 1_234])
  })

  it("gives a call ten minutes, a stated wait three seconds with somewhere to go and ten with nowhere", () => {
    expect([Deadlines.defaultTotal, Deadlines.defaultWaitUpTo, Deadlines.defaultWaitAlone]).toEqual([
      600_000, 3_000, 10_000
    ])
  })
})
