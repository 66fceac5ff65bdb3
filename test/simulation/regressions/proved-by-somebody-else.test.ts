/** A silent target was waited for without a limit while the circuit of the next one was half open and somebody else proved it. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 11_503,
  providers: { op0: { type: "openai-compatible", keys: [{ value: "demo.op0.4.secret" }] } },
  natures: { op0: { latency: [100, 100], chunks: 2, gap: 10 } },
  routes: [
    {
      name: "route-0",
      match: { model: { exact: "model-0" } },
      targets: [{ provider: "op0", model: "op0-a" }],
      fallback: [{ provider: "op0", model: "op0-b" }],
      delivery: "buffered"
    }
  ],
  faults: [
    { kind: "stall", provider: "op0", from: 0, until: 300_000, chunks: 3 },
    { kind: "keepAlives", provider: "op0", model: "op0-a", from: 100_000, until: 700_000 }
  ],
  calls: [
    { id: "call-1", at: 100_000, model: "model-0", stream: true },
    { id: "call-3", at: 100_000, model: "model-0", stream: true },
    { id: "call-5", at: 100_000, model: "model-0", stream: true },
    { id: "call-7", at: 100_000, model: "model-0", stream: true },
    { id: "call-8", at: 100_000, model: "model-0", stream: true },
    { id: "call-22", at: 400_000, model: "model-0" },
    { id: "call-23", at: 438_000, model: "model-0" },
    { id: "call-24", at: 438_000, model: "model-0" }
  ],
  horizon: 1_058_000
}

it("leaves a silent target in time although the next one is being proved by somebody else", () => {
  expect(check(plan)).toEqual([])
})
