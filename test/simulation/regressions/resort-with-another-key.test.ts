/** As the last resort, a target with an open circuit was asked with one key only: the circuit was asked for the next one. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 339,
  providers: { qw0: { type: "qwen", keys: [{ value: "sk-demo-qw0-2" }, { value: "sk-demo-qw0-3" }] } },
  natures: { qw0: { latency: [100, 100], chunks: 2, gap: 10 } },
  routes: [{ name: "route-2", match: { model: { exact: "model-2" } }, targets: [{ provider: "qw0", model: "qw0-b" }] }],
  faults: [
    { kind: "unconnected", provider: "qw0", from: 0, until: 48_000 },
    { kind: "rateLimit", provider: "qw0", keys: ["sk-demo-qw0-2"], from: 0, until: 60_000 }
  ],
  calls: [
    { id: "call-13", at: 40_000, model: "model-2" },
    { id: "call-14", at: 50_000, model: "model-2" }
  ],
  horizon: 700_000
}

it("tries the other keys of a target that is its last resort", () => {
  expect(check(plan)).toEqual([])
})
