/** The same with paid probes: a key that was back saw traffic, and was thought to be out. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 148_253,
  providers: {
    op2: { type: "openai-compatible", keys: [{ value: "demo.op2.2.secret" }] },
    qw1: { type: "qwen", keys: [{ value: "sk-demo-qw1-0" }] },
    op0: {
      type: "openai-compatible",
      keys: [{ value: "demo.op0.0.secret" }],
      keyFailover: { successThreshold: 3, healthCheckModel: "probe-model" }
    }
  },
  natures: {
    op2: { latency: [100, 100], chunks: 2, gap: 10 },
    qw1: { latency: [100, 100], chunks: 2, gap: 10 },
    op0: { latency: [34, 1153], chunks: 4, gap: 100 }
  },
  routes: [
    {
      name: "route-1",
      match: { model: { exact: "model-1" } },
      targets: [
        { provider: "op0", model: "op0-a" },
        { provider: "op2", model: "op2-a" },
        { provider: "qw1", model: "qw1-a" }
      ]
    }
  ],
  faults: [
    {
      kind: "badKey",
      provider: "op0",
      keys: ["demo.op0.0.secret"],
      from: 0,
      until: 50_000,
      share: 0.3
    },
    {
      kind: "rateLimit",
      provider: "qw1",
      keys: ["sk-demo-qw1-0"],
      from: 0,
      until: 600_000,
      retryAfter: 2
    },
    { kind: "partial", provider: "op2", from: 0, until: 600_000 }
  ],
  calls: [
    { id: "call-14", at: 20_000, model: "model-1" },
    { id: "call-15", at: 100_000, model: "model-1" }
  ],
  reloads: [39_440],
  horizon: 720_000
}

it("lets traffic to a key that paid probes have restored over a reload", () => {
  expect(check(plan)).toEqual([])
})
