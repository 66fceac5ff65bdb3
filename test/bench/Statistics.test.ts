import { expect, it } from "vitest"
import { median, medians, quantile, ratio } from "./Statistics.ts"

it("takes the middle of an odd number of values, in whatever order, and the mean of the two middles of an even one", () => {
  expect(median([30, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([])).toBeNaN()
})

it("reads quantiles of sorted values, the largest at most", () => {
  const values = Array.from({ length: 100 }, (_, index) => index)
  expect(quantile(values, 0.5)).toBe(50)
  expect(quantile(values, 0.99)).toBe(99)
  expect(quantile(values, 1)).toBe(99)
})

it("takes medians field by field", () => {
  const rounds = [
    { cpu: 1, perSecond: 30 },
    { cpu: 2, perSecond: 10 },
    { cpu: 9, perSecond: 20 }
  ]
  expect(medians(rounds)).toEqual({ cpu: 2, perSecond: 20 })
})

it("compares round by round: a machine that was twice as busy in one round moves nothing", () => {
  expect(ratio([50, 100, 100], [100, 200, 200])).toBe(0.5)
  expect(ratio([50, 10, 50], [100, 20, 100])).toBe(0.5)
})
