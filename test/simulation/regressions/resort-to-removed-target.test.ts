/** The last resort tried targets in their order, one whose keys are removed before one whose key had come back meanwhile. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 484,
  providers: {
    qw2: { type: "qwen", keys: [{ value: "sk-demo-qw2-0" }], keyFailover: { successThreshold: 2 } },
    de1: { type: "deepseek", keys: [{ value: "sk-demo-de1-0" }] },
    qw0: { type: "qwen", keys: [{ value: "sk-demo-qw0-2" }] }
  },
  natures: {
    qw2: { latency: [43, 520], chunks: 1, gap: 86 },
    de1: { latency: [44, 354], chunks: 1, gap: 175 },
    qw0: { latency: [28, 1377], chunks: 3, gap: 6 }
  },
  routes: [
    {
      name: "route-0",
      match: { model: { exact: "model-0" } },
      targets: [
        { provider: "de1", model: "de1-b" },
        { provider: "qw0", model: "qwq-32b" }
      ],
      fallback: [{ provider: "qw2", model: "qw2-a" }]
    },
    { name: "route-1", match: { model: { exact: "model-1" } }, targets: [{ provider: "qw2", model: "qw2-b" }] }
  ],
  faults: [
    { kind: "badKey", provider: "qw2", keys: ["sk-demo-qw2-0"], from: 0, until: 5000 },
    { kind: "arrears", provider: "qw0", keys: ["sk-demo-qw0-2"], from: 0, until: 100_000_000 },
    { kind: "badKey", provider: "de1", keys: ["sk-demo-de1-0"], from: 0, until: 30_000 }
  ],
  calls: [
    { id: "call-3", at: 4100, model: "model-1" },
    { id: "call-13", at: 13_000, model: "model-0" },
    { id: "call-15", at: 14_500, model: "model-0" }
  ],
  horizon: 700_000
}

it("turns to a target whose key is back before one whose keys are removed", () => {
  expect(check(plan)).toEqual([])
})
