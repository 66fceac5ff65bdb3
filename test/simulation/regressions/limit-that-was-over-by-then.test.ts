/** A path was thought to have been healthy all along when somebody else's answer came after its limit had ended. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 15_146,
  providers: { de0: { type: "deepseek", keys: [{ value: "sk-demo-de0-0" }] } },
  natures: { de0: { latency: [100, 100], chunks: 2, gap: 10 } },
  routes: [
    {
      name: "route-1",
      match: { model: { exact: "model-1" } },
      targets: [{ provider: "de0", model: "de0-b" }],
      fallback: [{ provider: "de0", model: "de0-a" }],
      waitAlone: "30s"
    },
    {
      name: "route-2",
      match: { model: { exact: "model-2" } },
      targets: [{ provider: "de0", model: "de0-a" }]
    },
    {
      name: "route-3",
      match: { model: { exact: "model-3" } },
      targets: [
        { provider: "de0", model: "de0-b" },
        { provider: "de0", model: "de0-a", weight: 0 }
      ]
    }
  ],
  faults: [
    {
      kind: "rateLimit",
      provider: "de0",
      keys: ["sk-demo-de0-0"],
      from: 0,
      until: 70_000,
      retryAfter: 20
    }
  ],
  calls: [
    { id: "call-11", at: 46_000, model: "model-1" },
    { id: "call-29", at: 85_000, model: "model-3" },
    { id: "call-36", at: 80_000, model: "model-2" }
  ],
  reloads: [],
  horizon: 705_000
}

it("waits for the end of a limit, whoever else's answer ends another one meanwhile", () => {
  expect(check(plan)).toEqual([])
})
