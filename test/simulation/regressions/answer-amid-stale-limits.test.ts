/** A limit that an older request met is no news: the answer to a newer one had ended the limit before. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 85_792,
  providers: {
    qw1: { type: "qwen", keys: [{ value: "sk-demo-qw1-0" }] },
    qw0: { type: "qwen", keys: [{ value: "sk-demo-qw0-0" }] }
  },
  natures: {
    qw1: { latency: [38, 1235], chunks: 3, gap: 199 },
    qw0: { latency: [38, 1467], chunks: 5, gap: 141 }
  },
  routes: [
    {
      name: "route-0",
      match: { model: { exact: "model-0" } },
      targets: [{ provider: "qw0", model: "qw0-a" }]
    },
    {
      name: "route-3",
      match: { model: { exact: "model-3" } },
      targets: [{ provider: "qw1", model: "qwq-32b" }],
      fallback: [
        { provider: "qw1", model: "qw1-a" },
        { provider: "qw0", model: "qw0-a" }
      ]
    }
  ],
  faults: [
    { kind: "empty", provider: "qw0", from: 2000, until: 7000 },
    {
      kind: "rateLimit",
      provider: "qw1",
      keys: ["sk-demo-qw1-0"],
      from: 4000,
      until: 5200,
      retryAfter: 1
    },
    { kind: "noContent", provider: "qw1", from: 0, until: 30_000, share: 0.1 },
    { kind: "arrears", provider: "qw1", keys: ["sk-demo-qw1-0"], from: 0, until: 5000 }
  ],
  calls: [
    { id: "call-10", at: 0, model: "model-3" },
    { id: "call-18", at: 4500, model: "model-3" },
    { id: "call-23", at: 4600, model: "model-3" },
    { id: "call-24", at: 4600, model: "model-3" },
    { id: "call-25", at: 4600, model: "model-3" },
    { id: "call-32", at: 4700, model: "model-3" },
    { id: "call-33", at: 4000, model: "model-0" }
  ],
  reloads: [],
  horizon: 624_700
}

it("ends a limit by an answer that was asked for after it, whatever was refused in between", () => {
  expect(check(plan)).toEqual([])
})
