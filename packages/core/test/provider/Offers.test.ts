import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as Offer from "../../src/internal/provider/Offer.ts"
import { listPrices, vendors } from "../../src/provider/Vendors.ts"
import * as PriceTable from "../../src/wire/PriceTable.ts"
import { call, ok, play, value } from "../play.ts"
import { options } from "../support.ts"

const { deepseek, moonshot, qwen, zhipu } = vendors
const route = { name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "deepseek" }] }

const at = (vendor: { readonly offers: Offer.Offers }, origin: string) => Offer.pricesAt(vendor.offers, origin)

describe("list prices", () => {
  it.each([
    [deepseek, "https://api.deepseek.com", "deepseek-flash", { input: 2, output: 8, currency: "CNY" }],
    [moonshot, "https://api.moonshot.cn", "kimi-k3", { input: 20, output: 100, currency: "CNY" }],
    [moonshot, "https://api.moonshot.ai", "kimi-k3", { input: 3, output: 15, currency: "USD" }],
    [zhipu, "https://open.bigmodel.cn", "glm-5.3", { input: 8, output: 28, currency: "CNY" }],
    [zhipu, "https://api.z.ai", "glm-5.2", { input: 1.4, output: 4.4, currency: "USD" }],
    [qwen, "https://dashscope.aliyuncs.com", "qwen-plus", { input: 0.8, output: 2, currency: "CNY" }],
    [qwen, "https://dashscope-intl.aliyuncs.com", "qwen-plus", { input: 0.4, output: 1.2, currency: "USD" }],
    [qwen, "https://ws-1.ap-southeast-1.maas.aliyuncs.com", "qwen3.8-max", { input: 2, output: 6, currency: "USD" }]
  ])("are those of the address: %o at %s, %s", (vendor, origin, model, price) => {
    expect(at(vendor, origin)[model]).toMatchObject(price)
  })

  it.each([
    [deepseek, "http://127.0.0.1:9090"],
    [qwen, "https://token-plan.cn-beijing.maas.aliyuncs.com"],
    [qwen, "https://dashscope-us.aliyuncs.com"],
    [moonshot, "https://reseller.example.com"],
    [zhipu, ""],
    [vendors["openai-compatible"], "https://api.deepseek.com"]
  ])("are unknown elsewhere: %o at %s", (vendor, origin) => {
    expect(at(vendor, origin)).toEqual({})
  })

  it("can be had for a budget, by address", () => {
    expect(listPrices("moonshot")["kimi-k3"]?.currency).toBe("CNY")
    expect(listPrices("moonshot", "https://api.moonshot.ai/v1")["kimi-k3"]?.currency).toBe("USD")
    expect(listPrices("openai-compatible")).toEqual({})
  })

  it("have every tier above the one before it, and no rate below 0", () => {
    for (const { offers } of Object.values(vendors)) {
      for (const { context, cost } of Object.values(offers.models)) {
        expect(Number.isInteger(context) && context > 0).toBe(true)
        for (const price of Object.values(cost ?? {})) {
          const bounds = [0, ...(price.longer ?? []).map(({ above }) => above)]
          expect(bounds).toEqual([...new Set(bounds)].toSorted((a, b) => a - b))
          expect(Math.min(price.input, price.output, price.cachedInput ?? 0)).toBeGreaterThanOrEqual(0)
        }
      }
    }
  })

  it("halve at DeepSeek outside of peak hours in Beijing", () => {
    const price = at(deepseek, "https://api.deepseek.com")["deepseek-flash"]
    const cost = (time: string) =>
      price && PriceTable.costOf(price, { input: 1e6, output: 0 }, Date.parse(`${time}+08:00`))?.amount
    const costs = {
      "2026-11-30T08:59:59": 1,
      "2026-11-30T09:00:00": 2,
      "2026-11-30T12:00:00": 1,
      "2026-11-30T14:00:00": 2,
      "2026-11-30T18:00:00": 1,
      "2026-11-28T10:00:00": 1,
      "2026-11-29T15:00:00": 1
    }
    expect(Object.fromEntries(Object.keys(costs).map((time) => [time, cost(time)]))).toEqual(costs)
  })

  it.effect("are what an attempt at the vendor's own address costs, by the hour at which it is made", () =>
    Effect.gen(function* () {
      const config = options({ providers: { deepseek: { type: "deepseek", keys: ["sk-demo-d1"] } }, routes: [route] })
      const costs: Array<unknown> = []
      for (const time of ["2026-11-30T08:00:00+08:00", "2026-11-30T10:00:00+08:00"]) {
        yield* TestClock.setTime(Date.parse(time))
        costs.push(value(yield* play(call("deepseek-flash"), ok, config)).trail[0])
      }
      expect(costs).toMatchObject([
        { cost: { amount: 5e-6, currency: "CNY" } },
        { cost: { amount: 10e-6, currency: "CNY" } }
      ])
    })
  )
})
