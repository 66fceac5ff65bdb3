/** Behind a hedge whose side had failed the first target in order was asked, though its key was known to be forbidden. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 12_426,
  providers: {
    op1: { type: "openai-compatible", keys: [{ value: "demo.op1.0.secret" }] },
    de0: {
      type: "deepseek",
      keys: [{ value: "sk-demo-de0-0" }],
      keyFailover: { whenExhausted: "fail" }
    }
  },
  natures: {
    op1: { latency: [34, 1392], chunks: 5, gap: 179 },
    de0: { latency: [42, 1145], chunks: 2, gap: 70 }
  },
  routes: [
    {
      name: "route-2",
      match: { model: { exact: "model-2" } },
      targets: [{ provider: "op1", model: "op1-a" }],
      fallback: [
        { provider: "de0", model: "de0-a" },
        { provider: "de0", model: "de0-b" }
      ],
      hedge: { after: "1s", percent: 5 }
    }
  ],
  faults: [
    {
      kind: "forbidden",
      provider: "de0",
      keys: ["sk-demo-de0-0"],
      from: 0,
      until: 100_000_000
    },
    {
      kind: "arrears",
      provider: "op1",
      keys: ["demo.op1.0.secret"],
      from: 300_000,
      until: 900_000,
      share: 0.7
    }
  ],
  calls: [
    { id: "call-31", at: 453_700, model: "model-2", leaves: 1124 },
    { id: "call-32", at: 453_700, model: "model-2" }
  ],
  reloads: [],
  horizon: 1_073_700,
  skew: -2000
}

it("asks a target whose key works before one whose key is forbidden, as the last resort", () => {
  expect(check(plan)).toEqual([])
})
