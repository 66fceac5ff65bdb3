/** A target that was limited once and then broke was asked all over again as the last resort, with every key. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 13_074,
  providers: { qw0: { type: "qwen", keys: [{ value: "sk-demo-qw0-0" }, { value: "sk-demo-qw0-1" }] } },
  natures: { qw0: { latency: [41, 807], chunks: 2, gap: 184 } },
  routes: [
    { name: "route-2", match: { model: { exact: "model-2" } }, targets: [{ provider: "qw0", model: "qwq-32b" }] }
  ],
  faults: [
    { kind: "rateLimit", provider: "qw0", keys: ["sk-demo-qw0-0"], from: 200_000, until: 100_000_000 },
    { kind: "cut", provider: "qw0", from: 500_000, until: 100_000_000, chunks: 1 }
  ],
  calls: [{ id: "call-36", at: 500_000, model: "model-2" }],
  horizon: 1_120_000
}

it("does not take a target that broke for one that is only limited", () => {
  expect(check(plan)).toEqual([])
})
