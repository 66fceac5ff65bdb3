import { describe, expect, it } from "vitest"
import { Budget } from "../src/internal/route/Budget.ts"

const times = (count: number, act: () => void): void => {
  for (let nth = 0; nth < count; nth++) act()
}

/** How many extra requests may be sent in a row. */
const drained = (budget: Budget): number => {
  let count = 0
  while (budget.withdraw()) count++
  return count
}

describe("Budget", () => {
  it("begins with its reserve", () => {
    expect(drained(new Budget({ percent: 20, reserve: 10 }))).toBe(10)
  })

  it("earns its percentage of the traffic", () => {
    const budget = new Budget({ percent: 20, reserve: 3 })
    drained(budget)
    times(4, () => budget.deposit())
    expect(budget.withdraw()).toBe(false)
    budget.deposit()
    expect([budget.withdraw(), budget.withdraw()]).toEqual([true, false])
  })

  it("saves up no more than its reserve and one call's share, however quiet the route was", () => {
    const budget = new Budget({ percent: 20, reserve: 10 })
    times(100_000, () => budget.deposit())
    expect(budget.tokens).toBeCloseTo(10.2)
    expect(drained(budget)).toBe(10)
  })

  it("sends nothing extra at nought percent once the reserve is gone", () => {
    const budget = new Budget({ percent: 0, reserve: 1 })
    drained(budget)
    times(1_000, () => budget.deposit())
    expect(budget.withdraw()).toBe(false)
  })
})
