/** One side of a hedge had no key left, the other one waited for a silent target: that is no rest. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 3680,
  providers: {
    qw4: { type: "qwen", keys: [{ value: "sk-demo-qw4-1" }] },
    op1: { type: "openai-compatible", keys: [{ value: "demo.op1.1.secret" }] },
    qw0: { type: "qwen", keys: [{ value: "sk-demo-qw0-4" }, { value: "sk-demo-qw0-5" }] }
  },
  natures: {
    qw4: { latency: [100, 100], chunks: 2, gap: 10 },
    op1: { latency: [100, 100], chunks: 2, gap: 10 },
    qw0: { latency: [100, 100], chunks: 2, gap: 10 }
  },
  routes: [
    {
      name: "route-0",
      match: { model: { exact: "model-0" } },
      targets: [
        { provider: "qw4", model: "qwq-32b" },
        { provider: "qw0", model: "qwq-32b" },
        { provider: "qw0", model: "qw0-a" }
      ],
      fallback: [{ provider: "op1", model: "op1-b" }],
      hedge: { after: "100ms", percent: 100 }
    }
  ],
  faults: [
    { kind: "silent", provider: "qw0", model: "qwq-32b", from: 0, until: 100_000_000 },
    {
      kind: "badKey",
      provider: "qw0",
      keys: ["sk-demo-qw0-5", "sk-demo-qw0-4"],
      from: 0,
      until: 8000
    }
  ],
  calls: [{ id: "call-25", at: 0, model: "model-0" }],
  reloads: [],
  horizon: 620_000,
  skew: 700
}

it("does not rest while one side of a hedge is waited for", () => {
  expect(check(plan)).toEqual([])
})
