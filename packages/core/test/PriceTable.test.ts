import { describe, expect, it } from "vitest"
import * as TokenCounts from "../src/internal/wire/TokenCounts.ts"
import * as PriceTable from "../src/wire/PriceTable.ts"

const price = { input: 2, output: 8, cachedInput: 0.5, currency: "CNY" }

describe("PriceTable", () => {
  it.each([
    [{ prompt_tokens: 1e6, completion_tokens: 1e6 }, 10],
    [{ prompt_tokens: 1e6, completion_tokens: 0, prompt_tokens_details: { cached_tokens: 4e5 } }, 1.4],
    [{ prompt_tokens: 1e6, prompt_cache_hit_tokens: 1e6 }, 0.5],
    [{ completion_tokens: 1e6 }, 8],
    [{ prompt_tokens: 1e6, prompt_cache_hit_tokens: 2e6 }, 1]
  ])("prices %j at %d", (usage, amount) => {
    expect(PriceTable.costOf(price, TokenCounts.of(usage))?.amount).toBeCloseTo(amount, 12)
  })

  it("takes cached input for input where it has no price of its own", () => {
    const { cachedInput: _, ...plain } = price
    expect(PriceTable.costOf(plain, { input: 1e6, output: 0, cacheRead: 5e5 })).toEqual({ amount: 2, currency: "CNY" })
  })

  it("takes the rates of the tier that the whole input falls into, and of what was thought for", () => {
    const tiered = {
      ...{ input: 1, output: 2, thoughtOutput: 4, currency: "USD" },
      longer: [
        { above: 1000, input: 10, output: 20 },
        { above: 2000, input: 100, output: 200, cachedInput: 0 }
      ]
    }
    const cost = (input: number, more: object = {}) =>
      PriceTable.costOf(tiered, { input, output: 1e6, ...more })?.amount
    expect([cost(1000), cost(1001), cost(2000), cost(2001)]).toEqual([2.001, 20.01001, 20.02, 200.2001])
    expect([cost(1000, { reasoning: 1 }), cost(2001, { reasoning: 1, cacheRead: 2001 })]).toEqual([4.001, 200])
  })

  it("takes less in off-peak hours, and the most where it is not said when", () => {
    const nightly = { ...price, offPeak: { share: 0.5, holdsAt: (at: number) => at >= 100 } }
    const cost = (at?: number) => PriceTable.costOf(nightly, { input: 1e6, output: 0 }, at)?.amount
    expect([cost(), cost(99), cost(100)]).toEqual([2, 2, 1])
  })

  it("knows no cost where no tokens were reported", () => {
    expect(PriceTable.costOf(price, TokenCounts.of({}))).toBeUndefined()
    expect(
      PriceTable.costOf(price, TokenCounts.of({ prompt_tokens: -1, completion_tokens: Number.NaN }))
    ).toBeUndefined()
  })

  it("rounds tokens that a vendor averaged", () => {
    expect(TokenCounts.of({ prompt_tokens: 1.5, completion_tokens: 2 })).toMatchObject({ input: 2, output: 2 })
  })

  it("prefers a provider's own price, and inherits none from Object", () => {
    const table = { chat: price, "qwen/chat": { ...price, input: 1 }, "qwen/other": price }
    expect(PriceTable.priceOf(PriceTable.at(table, "qwen"), "chat")?.input).toBe(1)
    expect(PriceTable.priceOf(PriceTable.at(table, "qwen"), "other")).toBe(price)
    expect(PriceTable.priceOf(PriceTable.at(table, "deepseek"), "chat")?.input).toBe(2)
    expect(PriceTable.priceOf(table, "toString")).toBeUndefined()
  })

  it("adds up what is all known and in one currency", () => {
    const paid = (amount: number, currency = "CNY") => ({ usage: {}, cost: { amount, currency } })
    expect(PriceTable.sum([paid(1), {}, paid(2)])).toEqual({ amount: 3, currency: "CNY" })
    expect(PriceTable.sum([paid(1), { usage: {} }])).toBeUndefined()
    expect(PriceTable.sum([paid(1), paid(1, "USD")])).toBeUndefined()
    expect(PriceTable.sum([])).toBeUndefined()
  })
})
