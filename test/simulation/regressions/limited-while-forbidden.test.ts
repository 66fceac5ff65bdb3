/** A limit was forgotten with a refusal of the model that outlasted it, once an answer to an older request had ended that. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 133_733,
  providers: {
    op2: { type: "openai-compatible", keys: [] },
    de0: { type: "deepseek", keys: [{ value: "sk-demo-de0-0" }] }
  },
  natures: {
    op2: { latency: [15, 741], chunks: 5, gap: 195, voice: "alto" },
    de0: { latency: [100, 100], chunks: 2, gap: 10 }
  },
  routes: [
    {
      name: "route-0",
      match: { model: { exact: "model-0" } },
      targets: [{ provider: "op2", model: "op2-a" }],
      fallback: [{ provider: "de0", model: "de0-a" }]
    },
    {
      name: "route-1",
      match: { model: { exact: "model-1" } },
      targets: [{ provider: "op2", model: "op2-a" }]
    }
  ],
  faults: [
    {
      kind: "rateLimit",
      provider: "op2",
      keys: [""],
      from: 1270,
      until: 3700,
      flap: { period: 489, on: 87 }
    },
    { kind: "forbidden", provider: "op2", keys: [""], from: 0, until: 2000 }
  ],
  calls: [
    { id: "call-16", at: 0, model: "model-1" },
    { id: "call-17", at: 2100, model: "model-1", stream: true },
    { id: "call-26", at: 3250, model: "model-1" },
    { id: "call-30", at: 3700, model: "model-0" }
  ],
  reloads: [],
  horizon: 145_000
}

it("keeps a limit when the refusal that it was met under is over", () => {
  expect(check(plan)).toEqual([])
})
