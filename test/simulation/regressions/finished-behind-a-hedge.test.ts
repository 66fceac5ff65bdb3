/** A stream that had its finish, but not its end, lost to the other side of a hedge: it proves nothing to the engine. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 16_706,
  providers: {
    qw2: { type: "qwen", keys: [{ value: "sk-demo-qw2-2" }] },
    de0: {
      type: "deepseek",
      keys: [{ value: "sk-demo-de0-0" }],
      circuit: { consecutiveFailures: 2 }
    }
  },
  natures: {
    qw2: { latency: [100, 100], chunks: 2, gap: 10 },
    de0: { latency: [100, 100], chunks: 2, gap: 10 }
  },
  routes: [
    {
      name: "route-0",
      match: { model: { exact: "model-0" } },
      targets: [{ provider: "de0", model: "de0-a" }],
      fallback: [{ provider: "qw2", model: "qw2-b" }],
      upstream: "streamed",
      hedge: { after: "3s", percent: 100 }
    }
  ],
  faults: [{ kind: "serverError", provider: "de0", from: 0, until: 1_800_000 }],
  calls: [
    { id: "call-20", at: 1_400_000, model: "model-0" },
    { id: "call-22", at: 1_800_000, model: "model-0" },
    { id: "call-25", at: 2_080_000, model: "model-0" },
    { id: "call-26", at: 2_090_000, model: "model-0" }
  ],
  reloads: [],
  horizon: 2_710_000,
  skew: 700
}

it("starts slowly after the first answer that was heard, not after one that a hedge gave up", () => {
  expect(check(plan)).toEqual([])
})
