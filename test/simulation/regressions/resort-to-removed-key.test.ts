/** With the circuit open, the last resort took a removed key whose probe was due before one that works. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 948,
  providers: {
    qw2: {
      type: "qwen",
      keys: [{ value: "sk-demo-qw2-0" }, { value: "sk-demo-qw2-1" }],
      circuit: { minimumCalls: 4 }
    }
  },
  natures: { qw2: { latency: [21, 1121], chunks: 2, gap: 90 } },
  routes: [{ name: "route-1", match: { model: { exact: "model-1" } }, targets: [{ provider: "qw2", model: "qw2-b" }] }],
  faults: [
    { kind: "badKey", provider: "qw2", keys: ["sk-demo-qw2-0"], from: 10_000, until: 24_000 },
    { kind: "overload", provider: "qw2", from: 0, until: 30_000 }
  ],
  calls: [
    { id: "call-7", at: 0, model: "model-1" },
    { id: "call-26", at: 23_600, model: "model-1" },
    { id: "call-27", at: 29_000, model: "model-1" }
  ],
  horizon: 700_000
}

it("prefers a key that works to a removed one, as the last resort too", () => {
  expect(check(plan)).toEqual([])
})
