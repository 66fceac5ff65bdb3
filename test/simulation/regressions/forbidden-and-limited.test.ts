/** A key that may not use a model was let in again after seconds, because another key of its account had been limited. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const account = "one"

const plan: Plan = {
  seed: 759,
  providers: {
    op2: {
      type: "openai-compatible",
      keys: [
        { value: "demo.op2.0.secret", account },
        { value: "demo.op2.1.secret", account }
      ]
    },
    qw1: { type: "qwen", keys: [{ value: "sk-demo-qw1-0" }] }
  },
  natures: {
    op2: { latency: [100, 100], chunks: 2, gap: 10 },
    qw1: { latency: [100, 100], chunks: 2, gap: 10 }
  },
  routes: [
    {
      name: "route-0",
      match: { model: { exact: "model-0" } },
      targets: [{ provider: "op2", model: "op2-a" }],
      fallback: [{ provider: "qw1", model: "qw1-a" }]
    }
  ],
  faults: [
    { kind: "forbidden", provider: "op2", keys: ["demo.op2.0.secret"], from: 0, until: 100_000 },
    { kind: "rateLimit", provider: "op2", keys: ["demo.op2.1.secret"], from: 0, until: 5000 }
  ],
  calls: Array.from({ length: 30 }, (_, index) => ({ id: `call-${index}`, at: index * 3_000, model: "model-0" })),
  horizon: 800_000
}

it("keeps a key from a model that it may not use, whatever happens to its account", () => {
  expect(check(plan)).toEqual([])
})
