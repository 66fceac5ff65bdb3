/** A key that live traffic restored before its probe, and that was removed anew, had two fibers probing it. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 206,
  providers: {
    op1: { type: "openai-compatible", keys: [{ value: "demo.op1.0.secret" }] },
    qw0: { type: "qwen", keys: [{ value: "sk-demo-qw0-0" }, { value: "sk-demo-qw0-1" }] }
  },
  natures: {
    op1: { latency: [100, 100], chunks: 2, gap: 10 },
    qw0: { latency: [39, 1033], chunks: 5, gap: 130 }
  },
  routes: [
    {
      name: "route-0",
      match: { model: { exact: "model-0" } },
      targets: [{ provider: "qw0", model: "qwq-32b" }],
      fallback: [{ provider: "op1", model: "op1-b" }]
    },
    { name: "route-1", match: { model: { exact: "model-1" } }, targets: [{ provider: "op1", model: "op1-a" }] }
  ],
  faults: [
    {
      kind: "badKey",
      provider: "op1",
      keys: ["demo.op1.0.secret"],
      from: 0,
      until: 100_000_000,
      flap: { period: 4687, on: 1365 }
    },
    { kind: "freeTier", provider: "qw0", keys: ["sk-demo-qw0-0", "sk-demo-qw0-1"], from: 0, until: 30_000 }
  ],
  calls: [
    { id: "call-30", at: 22_500, model: "model-0" },
    { id: "call-37", at: 27_000, model: "model-1" },
    { id: "call-38", at: 28_500, model: "model-1" }
  ],
  horizon: 700_000
}

it("probes a key with one fiber a removal, however often it comes and goes", () => {
  expect(check(plan)).toEqual([])
})
