import { describe, expect, it } from "vitest"
import * as Lab from "../../src/Lab.ts"
import * as Library from "../../src/library/Library.ts"
import type { FindingKind } from "../../src/scenario/FindingKind.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import { broken } from "../clients/Broken.ts"

/** Where each broken client is caught. */
const occasions = {
  "low-availability": "resets",
  "failed-while-healthy": "overload",
  "too-slow": "slow",
  "truncated-accepted": "broken",
  spliced: "broken",
  "key-reused": "key",
  "key-not-restored": "restored",
  "same-account-rotation": "limit",
  "retry-storm": "overload",
  "no-backoff": "overload",
  "retry-after-ignored": "limit",
  "retried-caller-error": "mistaken",
  "stall-undetected": "silent",
  "health-check-cost": "well",
  "double-billing": "well",
  "leaked-upstream-error": "refused",
  "cancelled-left-running": "left",
  "made-up-answer": "resets",
  "garbled-answer": "well",
  "left-running": "silent",
  "wrong-request": "well",
  "key-disclosed": "well",
  "tool-run-twice": "restored",
  "late-first-content": "well"
} as const satisfies { readonly [Kind in FindingKind]?: string }

const kinds = Object.keys(occasions) as ReadonlyArray<keyof typeof occasions>

describe("the quick library", () => {
  it("has a dozen scenarios of ten to twenty seconds, three minutes in all, which sockets can play", () => {
    expect(Library.quick).toHaveLength(12)
    for (const scenario of Library.quick) {
      Scenario.check(scenario, "sockets")
      expect(scenario.length, scenario.name).toBeGreaterThanOrEqual(9_000)
      expect(scenario.length, scenario.name).toBeLessThanOrEqual(20_000)
    }
    expect(Library.quick.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(180_000)
  })

  it("asks one and the same setting of a client", () => {
    const settings = Library.quick.map(({ config, keys }) =>
      JSON.stringify([config, keys.map(({ account, name, value, vendor }) => [account, name, value, vendor])])
    )
    expect(new Set(settings).size).toBe(1)
  })

  it("teaches a lesson of its own by each, in both languages, and is none of the others", () => {
    expect(new Set(Library.quick.map(({ teaches }) => teaches.en)).size).toBe(12)
    for (const { name, teaches } of Library.quick) {
      expect(teaches.zh, name).toMatch(/^(?=.*\p{Script=Han}.*\p{Script=Han}).{12,}。$/u)
      expect(Library.all.some((scenario) => scenario.name === name)).toBe(false)
      expect(Library.find(name).name).toBe(name)
    }
  })

  it.each(kinds)("gives %s an occasion", async (kind) => {
    const { verdict } = await Lab.run(`quick.${occasions[kind]}`, { client: broken[kind] })
    expect(verdict.findings.map((finding) => finding.kind)).toContain(kind)
  })

  it.each(Library.quick.map(({ name }) => name))("holds nothing against Understudy: %s", async (name) => {
    const { verdict } = await Lab.run(name)
    expect(verdict.findings).toEqual([])
  })
})
