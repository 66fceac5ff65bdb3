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
