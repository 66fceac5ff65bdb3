import { describe, expect, it } from "@effect/vitest"
import { types, type VendorType } from "@understudy/core/provider/Vendors"
import { run } from "./Check.ts"
import { toLine } from "./oracle/Violation.ts"
import { shrink } from "./Shrink.ts"
import { generate } from "./world/Generate.ts"
import type { FaultKind, Plan } from "./world/Plan.ts"
import { truths } from "./world/Truth.ts"

/** Blocks of seeds, so that a failure is told soon and no test is long. */
const blocks = [1, 2, 3, 4, 5, 6].map((block) => [block * 1_000, block * 1_000 + 100] as const)

const report = (seed: number): ReadonlyArray<string> =>
  run(generate(seed), { twice: seed % 10 === 0 }).violations.map(
    (violation) => `seed ${seed}: ${toLine(violation)}; npm run simulate -- --seed ${seed}`
  )

describe("the core keeps its nine promises", () => {
  for (const [from, to] of blocks) {
    it(`over the seeds ${from} to ${to - 1}`, { timeout: 60_000 }, () => {
      const seeds = Array.from({ length: to - from }, (_, index) => from + index)
      expect(seeds.flatMap(report)).toEqual([])
    })
  }
})

describe("the world", () => {
  it("makes the same plan of a seed every time, and another of another", () => {
    expect(generate(5)).toEqual(generate(5))
    expect(generate(5)).not.toEqual(generate(6))
  })

  it("plays every fault of the catalogue, at every type of vendor, to streams and to JSON", () => {
    const played = new Set<string>()
    for (const type of types) {
      for (const kind of Object.keys(truths) as ReadonlyArray<FaultKind>) {
        const plan = oneFault(type, kind)
        const { journal, violations } = run(plan)
        expect(violations.map(toLine)).toEqual([])
        for (const { fault, stream } of journal.exchanges)
          if (fault !== undefined) played.add(`${fault.kind} ${stream}`)
      }
    }
    expect(played.size).toBe(Object.keys(truths).length * 2)
  })

  it("breaks enough that the promises mean something: most failures are survived, some calls cannot be saved", () => {
    let rescued = 0
    let failed = 0
    for (let seed = 1; seed <= 150; seed++) {
      const checked = run(generate(seed))
      rescued += checked.rescued
      failed += checked.journal.calls.filter(({ ending }) => ending?.tag === "failed").length
    }
    expect(rescued).toBeGreaterThan(100)
    expect(failed).toBeGreaterThan(100)
  })
})

describe("a failing plan", () => {
  it("is shrunk to what the failure needs", () => {
    const needs = (plan: Plan): boolean =>
      plan.faults.some(({ kind }) => kind === "badKey") && plan.calls.some(({ stream }) => stream === true)
    const seed = Array.from({ length: 500 }, (_, index) => index).find((each) => needs(generate(each)))
    const { calls, faults, routes } = shrink(generate(seed ?? 0), needs)
    expect(calls).toHaveLength(1)
    expect(faults).toHaveLength(1)
    expect(routes).toHaveLength(1)
    expect(Object.keys(calls[0] ?? {}).toSorted()).toEqual(["at", "id", "model", "stream"])
  })
})

const oneFault = (type: VendorType, kind: FaultKind): Plan => ({
  seed: 1,
  providers: {
    broken: { type, keys: ["sk-demo-broken-1", "sk-demo-broken-2"] },
    spare: { type: "openai-compatible", keys: ["sk-demo-spare-1"] }
  },
  natures: {
    broken: { latency: [100, 200], chunks: 3, gap: 20 },
    spare: { latency: [100, 200], chunks: 3, gap: 20 }
  },
  routes: [
    {
      name: "route",
      match: { model: { exact: "model" } },
      targets: [{ provider: "broken", model: "broken-a" }],
      fallback: [{ provider: "spare", model: "spare-a" }]
    }
  ],
  faults: [{ kind, provider: "broken", from: 0, until: 20_000, chunks: 1 }],
  calls: [
    { id: "json", at: 0, model: "model" },
    { id: "stream", at: 0, model: "model", stream: true },
    { id: "later", at: 700_000, model: "model" }
  ],
  horizon: 1_400_000
})
