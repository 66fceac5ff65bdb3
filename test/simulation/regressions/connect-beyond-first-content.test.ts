/** A connection that does not come was waited for longer than the first content may take. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 339,
  providers: {
    de1: { type: "deepseek", keys: [{ value: "sk-demo-de1-1" }] },
    qw0: { type: "qwen", keys: [{ value: "sk-demo-qw0-6" }], deadlines: { firstContent: "3450ms" } }
  },
  natures: {
    de1: { latency: [100, 100], chunks: 2, gap: 10 },
    qw0: { latency: [100, 100], chunks: 2, gap: 10 }
  },
  routes: [
    {
      name: "route-3",
      match: { model: { exact: "model-3" } },
      targets: [{ provider: "qw0", model: "qw0-a" }],
      fallback: [{ provider: "de1", model: "de1-a" }],
      upstream: "streamed"
    }
  ],
  faults: [{ kind: "unconnected", provider: "qw0", from: 0, until: 40_000 }],
  calls: [{ id: "call-8", at: 0, model: "model-3" }],
  horizon: 700_000
}

it("leaves a vendor that does not connect at the shorter of the two deadlines that run", () => {
  expect(check(plan)).toEqual([])
})
