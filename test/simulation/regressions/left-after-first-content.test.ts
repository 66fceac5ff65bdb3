/** The first content of a probe closes its circuit, also where the caller leaves before the end: the slow start had begun. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 137_441,
  providers: {
    qw0: { type: "qwen", keys: [{ value: "sk-demo-qw0-6" }, { value: "sk-demo-qw0-7" }] }
  },
  natures: { qw0: { latency: [38, 1035], chunks: 2, gap: 200 } },
  routes: [
    {
      name: "route-1",
      match: { model: { exact: "model-1" } },
      targets: [{ provider: "qw0", model: "qw0-b" }],
      fallback: [{ provider: "qw0", model: "qw0-a" }]
    }
  ],
  faults: [{ kind: "refused", provider: "qw0", from: 0, until: 300_000 }],
  calls: [
    { id: "call-17", at: 200_000, model: "model-1" },
    { id: "call-18", at: 200_000, model: "model-1" },
    { id: "call-19", at: 200_000, model: "model-1" },
    { id: "call-30", at: 443_000, model: "model-1", stream: true, leaves: 650 },
    { id: "call-32", at: 450_000, model: "model-1" }
  ],
  reloads: [],
  horizon: 1_070_000
}

it("starts slowly after the first content of a probe whose caller left", () => {
  expect(check(plan)).toEqual([])
})
