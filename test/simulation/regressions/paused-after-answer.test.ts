/** A caller that rested when the last frame came left the connection open for as long as it rested. */
import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = {
  seed: 1,
  providers: { op3: { type: "openai-compatible", keys: [{ value: "demo.op3.0.secret" }] } },
  natures: { op3: { latency: [27, 516], chunks: 5, gap: 133 } },
  routes: [
    {
      name: "route-0",
      match: { model: { exact: "model-0" } },
      targets: [{ provider: "op3", model: "op3-b" }],
      delivery: "buffered"
    }
  ],
  faults: [],
  calls: [{ id: "call-16", at: 1_500_000, model: "model-0", stream: true, rests: 1765 }],
  horizon: 4_220_000
}

it("closes the connection of a finished answer although its reader rests", () => {
  expect(check(plan)).toEqual([])
})
