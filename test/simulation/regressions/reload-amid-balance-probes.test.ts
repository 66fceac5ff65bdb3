/** The same with a free endpoint that tells of the balance, and a removal that took two failures. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 129_196,
  providers: {
    de0: {
      type: "deepseek",
      keys: [{ value: "sk-demo-de0-4" }],
      keyFailover: { failureThreshold: 2, successThreshold: 3 }
    }
  },
  natures: { de0: { latency: [25, 1000], chunks: 3, gap: 71 } },
  routes: [
    {
      name: "route-2",
      match: { model: { exact: "model-2" } },
      targets: [{ provider: "de0", model: "de0-b" }]
    }
  ],
  faults: [
    {
      kind: "badKey",
      provider: "de0",
      keys: ["sk-demo-de0-4"],
      from: 0,
      until: 61_000
    }
  ],
  calls: [
    { id: "call-7", at: 0, model: "model-2" },
    { id: "call-13", at: 55_000, model: "model-2" }
  ],
  reloads: [80_950],
  horizon: 675_000
}

it("brings a key back after three probes in a row, a reload between them or not", () => {
  expect(check(plan)).toEqual([])
})
