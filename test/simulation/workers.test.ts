import { expect, it } from "@effect/vitest"
import type { Outcome } from "./Block.ts"
import * as Workers from "./Workers.ts"

const outcomesWith = async (workers: number): Promise<ReadonlyArray<Outcome>> => {
  const outcomes: Array<Outcome> = []
  const blocks = Array.from({ length: 7 }, (_, index) => ({ from: 40 + index * 2, seeds: 2 }))
  const settings = { calls: 3, twiceEvery: 5, verbose: true }
  await Workers.run({ blocks, settings, take: (outcome) => outcomes.push(outcome) }, workers)
  return outcomes
}

it("comes to the same, in the same order, with one worker and with several", { timeout: 60_000 }, async () => {
  const outcomes = await outcomesWith(1)
  expect(outcomes.map(({ told }) => told.length)).toEqual([2, 2, 2, 2, 2, 2, 2])
  expect(await outcomesWith(3)).toEqual(outcomes)
})
