import { describe, expect, it } from "vitest"
import { Budget } from "../src/internal/route/Budget.ts"

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
    budget.calls += 4
    expect(budget.withdraw()).toBe(false)
    budget.calls++
    expect([budget.withdraw(), budget.withdraw()]).toEqual([true, false])
  })

  it("saves up no more than its reserve and one call's share, however quiet the route was", () => {
    const budget = new Budget({ percent: 20, reserve: 10 })
    budget.calls += 100_000
    expect(budget.tokens).toBeCloseTo(10.2)
    expect(drained(budget)).toBe(10)
  })

  it("sends nothing extra at nought percent once the reserve is gone", () => {
    const budget = new Budget({ percent: 0, reserve: 1 })
    drained(budget)
    budget.calls += 1_000
    expect(budget.withdraw()).toBe(false)
  })
})
