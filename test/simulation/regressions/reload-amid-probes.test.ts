/** A probe that a reload gave up was taken for one that had failed: the key was back earlier than it was thought to be. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 13_063,
  providers: {
    qw1: { type: "qwen", keys: [{ value: "sk-demo-qw1-0" }] },
    op0: {
      type: "openai-compatible",
      keys: [{ value: "demo.op0.3.secret" }],
      keyFailover: { successThreshold: 3, healthCheckInterval: "1s" }
    }
  },
  natures: {
    qw1: { latency: [100, 100], chunks: 2, gap: 10 },
    op0: { latency: [47, 920], chunks: 2, gap: 109 }
  },
  routes: [
    {
      name: "route-0",
      match: { model: { exact: "model-0" } },
      targets: [{ provider: "qw1", model: "qw1-b" }],
      fallback: [{ provider: "op0", model: "op0-a" }]
    }
  ],
  faults: [
    {
      kind: "arrears",
      provider: "qw1",
      keys: ["sk-demo-qw1-0"],
      from: 0,
      until: 100_000_000
    },
    {
      kind: "badKey",
      provider: "op0",
      keys: ["demo.op0.3.secret"],
      from: 0,
      until: 30_000,
      hidden: true
    }
  ],
  calls: [
    { id: "call-22", at: 0, model: "model-0" },
    { id: "call-31", at: 23_000, model: "model-0" }
  ],
  reloads: [25_494],
  horizon: 170_000
}

it("counts the probes that a key passed before a reload, and not the one that the reload gave up", () => {
  expect(check(plan)).toEqual([])
})
