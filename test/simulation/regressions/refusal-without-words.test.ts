/** A 400 whose body never came was taken for the caller's own mistake, and ended the call: overload comes as 400 too. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 34,
  providers: {
    qw2: { type: "qwen", keys: [{ value: "sk-demo-qw2-0" }] },
    op1: { type: "openai-compatible", keys: [{ value: "demo.op1.0.secret" }] }
  },
  natures: {
    qw2: { latency: [100, 100], chunks: 2, gap: 10 },
    op1: { latency: [100, 100], chunks: 2, gap: 10 }
  },
  routes: [
    {
      name: "route-1",
      match: { model: { exact: "model-1" } },
      targets: [{ provider: "qw2", model: "qw2-a" }],
      fallback: [{ provider: "op1", model: "op1-b" }]
    }
  ],
  faults: [{ kind: "slowError", provider: "qw2", from: 0, until: 60_000 }],
  calls: [{ id: "call-39", at: 0, model: "model-1" }],
  horizon: 700_000
}

it("does not hold a refusal without its words against the caller", () => {
  expect(check(plan)).toEqual([])
})
