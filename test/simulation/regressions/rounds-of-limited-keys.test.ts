/** Where a route lets a limited key be followed by any other, a call went round the keys as often as their cool-downs ended. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 10_306,
  providers: {
    qw0: {
      type: "qwen",
      keys: [{ value: "sk-demo-qw0-0" }, { value: "sk-demo-qw0-1" }, { value: "sk-demo-qw0-2" }]
    }
  },
  natures: { qw0: { latency: [48, 1520], chunks: 5, gap: 191 } },
  routes: [
    {
      name: "route-0",
      match: { model: { exact: "model-0" } },
      targets: [{ provider: "qw0", model: "qw0-a" }],
      on: { "429": { anotherKey: true } }
    }
  ],
  faults: [
    { kind: "rateLimit", provider: "qw0", keys: ["sk-demo-qw0-0", "sk-demo-qw0-2"], from: 0, until: 9000 },
    { kind: "badKey", provider: "qw0", keys: ["sk-demo-qw0-1"], from: 0, until: 30_000 }
  ],
  calls: [{ id: "call-37", at: 0, model: "model-0" }],
  horizon: 700_000
}

it("goes round the keys of a limited target once, whatever the route allows", () => {
  expect(check(plan)).toEqual([])
})
