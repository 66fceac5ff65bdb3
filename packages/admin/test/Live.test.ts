/** Statistics of what the gateway answered, beside what the core did. */
import * as Live from "@understudy/admin/Live"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"

it("counts whose requests went by which route, and those of nobody by an empty name", async () => {
  const { edges } = await Effect.runPromise(
    Effect.gen(function* () {
      const live = yield* Live.Live
      live.answered("web", "aliyun", false)
      live.answered("web", "aliyun", true)
      live.answered(undefined, "aliyun", false)
      return live.statistics("5m")
    }).pipe(Effect.provide(Live.layer))
  )
  expect(edges).toEqual([
    { from: "consumer:web", to: "route:aliyun", calls: 2, failed: 1 },
    { from: "consumer:", to: "route:aliyun", calls: 1, failed: 0 }
  ])
})
