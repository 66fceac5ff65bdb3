/**
 * What Model Studio sells of Qwen (as of 2026-11-30): USD and contexts from alibabacloud.com/help/en/model-studio/models and
 * .../model-pricing, for Singapore; CNY from help.aliyun.com/document_detail/3023262 and two price lists that quote its models page
 * (2026-05), for Beijing. A context is what the input may hold.
 *
 * **Gotchas**
 *
 * - A request whose input is longer than a tier's bound is paid at the next tier's rates, all of it.
 * - `qwen-plus` answers that were thought for cost more; a name without a date is the newest snapshot.
 * - Other regions (Virginia, Frankfurt, Tokyo) have lists of their own.
 */
import { type ListPrice, type Offer, type Offers, rates, tiered } from "../Offer.ts"

const k = 1_000
const million = 991_808

const flat = (...[input, cached, output]: Parameters<typeof rates>): Pick<Offer, "cost"> => ({
  cost: { USD: rates(input, cached, output) }
})

const plus: Offer = {
  context: 997_952,
  cost: {
    CNY: tiered(rates(0.8, 0.2, 2, 8), [128 * k, rates(2.4, 0.5, 20, 24)], [256 * k, rates(4.8, 1, 48, 64)]),
    USD: tiered(rates(0.4, undefined, 1.2, 4), [256 * k, rates(1.2, undefined, 3.6, 12)])
  }
}

const threeMax: ListPrice = tiered(
  rates(1.2, undefined, 6),
  [32 * k, rates(2.4, undefined, 12)],
  [128 * k, rates(3, undefined, 15)]
)

const threeMaxChina: ListPrice = tiered(
  rates(2.5, undefined, 10),
  [32 * k, rates(4, undefined, 16)],
  [128 * k, rates(7, undefined, 28)]
)

const coderPlus: ListPrice = tiered(
  rates(1, 0.1, 5),
  [32 * k, rates(1.8, 0.18, 9)],
  [128 * k, rates(3, 0.3, 15)],
  [256 * k, rates(6, 0.6, 60)]
)

const coderFlash: ListPrice = tiered(
  rates(0.3, 0.08, 1.5),
  [32 * k, rates(0.5, 0.12, 2.5)],
  [128 * k, rates(0.8, 0.2, 4)],
  [256 * k, rates(1.6, 0.4, 9.6)]
)

const flash: Offer = {
  context: 997_952,
  cost: {
    CNY: tiered(rates(0.2, 0.1, 1.5), [128 * k, rates(0.6, 0.2, 6)], [256 * k, rates(1.2, 0.3, 12)]),
    USD: tiered(rates(0.05, undefined, 0.4), [256 * k, rates(0.25, undefined, 2)])
  }
}

const vlPlus: ListPrice = tiered(
  rates(0.2, undefined, 1.6),
  [32 * k, rates(0.3, undefined, 2.4)],
  [128 * k, rates(0.6, undefined, 4.8)]
)

const sevenPlus: ListPrice = tiered(rates(0.4, 0.08, 1.6), [256 * k, rates(1.2, 0.24, 4.8)])
const fivePlus: ListPrice = tiered(rates(0.4, undefined, 2.4), [256 * k, rates(0.5, undefined, 3)])

const models: Readonly<Record<string, Offer>> = {
  "qwen3.8-max": { context: million, ...flat(2, 0.25, 6) },
  "qwen3.8-flash": { context: million, ...flat(0.15, 0.016, 0.47) },
  "qwen3.8-omni-flash": { context: million, ...flat(0.15, 0.016, 0.47) },
  "qwen3.7-max": { context: million, ...flat(2.5, 0.5, 7.5) },
  "qwen3.7-plus": { context: million, cost: { USD: sevenPlus } },
  "qwen3.5-plus": { context: million, cost: { USD: fivePlus } },
  "qwen3-max": { context: 258_048, cost: { CNY: threeMaxChina, USD: threeMax } },
  "qwen3-max-2026-01-23": { context: 258_048, cost: { USD: threeMax } },
  "qwen3-coder-plus": { context: 997_952, cost: { USD: coderPlus } },
  "qwen3-coder-flash": { context: 997_952, cost: { USD: coderFlash } },
  "qwen3-vl-plus": { context: 260_096, cost: { USD: vlPlus } },
  "qwen-plus": plus,
  "qwen-plus-latest": plus,
  "qwen-flash": flash,
  "qwen-max": { context: 30_720, cost: { CNY: rates(2.4, undefined, 9.6), USD: rates(1.6, undefined, 6.4) } },
  "qwen-turbo": { context: 129_024 },
  "qwq-plus": { context: 98_304, ...flat(0.8, undefined, 2.4) },
  "qwen3-next-80b-a3b-instruct": { context: 262_144, ...flat(0.15, undefined, 1.2) },
  "qwen3-next-80b-a3b-thinking": { context: 262_144, ...flat(0.15, undefined, 1.2) },
  "qwen3-30b-a3b": { context: 129_024 }
}

// Plans and trials have hosts that look like workspaces, and are not paid by the token.
const beijing = /^(dashscope|(?!token-plan\.|trial\.)[\w-]+\.cn-beijing\.maas)\.aliyuncs\.com$/
const singapore = /^(dashscope-intl|(?!token-plan\.|trial\.)[\w-]+\.ap-southeast-1\.maas)\.aliyuncs\.com$/

/** Its offers. */
export const offers: Offers = {
  models,
  currencyAt: (host) => (beijing.test(host) ? "CNY" : singapore.test(host) ? "USD" : undefined)
}
