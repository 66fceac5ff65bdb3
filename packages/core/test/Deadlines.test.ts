import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import * as Deadlines from "../src/internal/provider/Deadlines.ts"
import * as Route from "../src/route/Route.ts"

const unset = Schema.decodeSync(Deadlines.settings)({})
const never = Number.POSITIVE_INFINITY

/** Section 6 of the semantics: a row a phase. */
const table: ReadonlyArray<[keyof Deadlines.Limits, withNext: number, alone: number]> = [
  ["connect", 5_000, 5_000],
  ["firstContent", 10_000, never],
  ["idle", 20_000, 20_000],
  ["answer", 120_000, never]
]

describe("Deadlines.toLimits", () => {
  it.each(table)("has the default of the table for %s", (phase, withNext, alone) => {
    const limits = Deadlines.toLimits(unset)
    expect(limits.withNext[phase]).toBe(withNext)
    expect(limits.alone[phase]).toBe(alone)
  })

  it.each(table)("keeps to what is configured for %s, with somewhere to go or not", (phase) => {
    const configured = { ...unset, [phase]: 1_234 }
    const { alone, withNext } = Deadlines.toLimits(configured)
    expect([withNext[phase], alone[phase]]).toEqual([1_234, 1_234])
  })

  it("gives a call ten minutes, a stated wait three seconds with somewhere to go and ten with nowhere", () => {
    const { deadlines, waitAlone, waitUpTo } = Schema.decodeSync(Schema.Struct(Route.settings))({})
    expect([deadlines.total, waitUpTo, waitAlone]).toEqual([600_000, 3_000, 10_000])
  })
})
