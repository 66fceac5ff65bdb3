/** A vendor that repeats the key in other fields of its error than the message had it shown to the caller. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 14,
  providers: { op0: { type: "openai-compatible", keys: [{ value: "demo.op0.0.secret" }] } },
  natures: { op0: { latency: [100, 100], chunks: 2, gap: 10 } },
  routes: [{ name: "route-1", match: { model: { exact: "model-1" } }, targets: [{ provider: "op0", model: "op0-a" }] }],
  faults: [{ kind: "badKey", provider: "op0", keys: ["demo.op0.0.secret"], from: 0, until: 100_000_000, echo: true }],
  calls: [{ id: "call-38", at: 500_000, model: "model-1" }],
  horizon: 1_200_000
}

it("shows no key that a vendor repeats anywhere in its error", () => {
  expect(check(plan)).toEqual([])
})
