/** A request that would have been refused was not answered at all until the call's time was up: that is the target's fault. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 3209,
  providers: {
    de3: {
      type: "deepseek",
      keys: [{ value: "sk-demo-de3-1" }],
      deadlines: { firstContent: "4831ms" }
    },
    op0: { type: "openai-compatible", keys: [] }
  },
  natures: {
    de3: { latency: [100, 100], chunks: 2, gap: 10 },
    op0: { latency: [100, 100], chunks: 2, gap: 10 }
  },
  routes: [
    {
      name: "route-0",
      match: { model: { exact: "model-0" } },
      targets: [
        { provider: "de3", model: "de3-b" },
        { provider: "op0", model: "op0-a" }
      ],
      deadlines: { total: "5s" },
      balance: "latency"
    }
  ],
  faults: [{ kind: "slowError", provider: "de3", from: 0, until: 600_000, share: 0.7 }],
  calls: [
    { id: "call-22", at: 300_000, model: "model-0" },
    { id: "call-24", at: 300_000, model: "model-0" },
    { id: "call-27", at: 300_000, model: "model-0" },
    { id: "call-29", at: 300_000, model: "model-0" },
    { id: "call-30", at: 400_000, model: "model-0", stream: true, flaw: "invalid" }
  ],
  reloads: [],
  horizon: 425_000
}

it("holds silence against a target, also where the caller's mistake is what it was silent about", () => {
  expect(check(plan)).toEqual([])
})
