/**
 * What tokens cost, by model, and what a vendor's usage comes to.
 *
 * **Details**
 *
 * - A price is per million tokens. The list prices of vendors are built in where they are known, and hold at the vendor's own
 *   address; those of the configuration win. A model without a price has no cost, which is not a cost of 0.
 * - The model is the one that was really asked for, after renames and aliases. An entry `provider/model` is the price at
 *   that provider and wins over one of the model alone.
 * - Costs add up only in one currency, and only when all are known.
 *
 * **Example** (What an answer costs)
 *
 * ```ts
 * import * as PriceTable from "@understudy/core/wire/PriceTable"
 *
 * const prices: PriceTable.PriceTable = { "qwen-plus": { input: 2, output: 8, cachedInput: 0.5, currency: "CNY" } }
 * const price = PriceTable.priceOf(prices, "qwen-plus")
 * // 500,000 tokens in, 100,000 of them cached, and 250,000 out: { amount: 2.85, currency: "CNY" }
 * if (price !== undefined) PriceTable.costOf(price, { input: 500_000, cacheRead: 100_000, output: 250_000 })
 * ```
 */
import type { TokenCounts } from "../internal/wire/TokenCounts.ts"

/** What a million tokens cost, in the currency of the price. */
export interface Rates {
  readonly input: number
  readonly output: number
  /** Of the input, what came out of the vendor's cache. Default: as `input`. */
  readonly cachedInput?: number | undefined
  /** Of the output, where the model has thought for it. Default: as `output`. */
  readonly thoughtOutput?: number | undefined
}

/** Hours in which a vendor asks for less. */
export interface OffPeak {
  /** Whether they hold at a moment, in milliseconds since 1970. */
  readonly holdsAt: (at: number) => boolean
  /** The share of the price that is left. */
  readonly share: number
}

/** A model's price. */
export interface Price extends Rates {
  /** Such as `CNY` or `USD`. */
  readonly currency: string
  /** Rates of whole requests whose input is longer than `above` tokens, the longest last. Default: none. */
  readonly longer?: ReadonlyArray<Rates & { readonly above: number }> | undefined
  /** Default: the price is the same at every hour. */
  readonly offPeak?: OffPeak | undefined
}

/** A price for each model; names as in the trail: `qwen-plus`, or `qwen/qwen-plus`. */
export type PriceTable = Readonly<Record<string, Price>>

/** What something cost. */
export type Cost = { readonly amount: number; readonly currency: string }

/** No prices. */
export const empty: PriceTable = {}

/** The prices at one provider, by model. */
export const at = (table: PriceTable, provider: string): PriceTable => {
  const own = Object.entries(table).flatMap(([name, price]) =>
    name.startsWith(`${provider}/`) ? [[name.slice(provider.length + 1), price] as const] : []
  )
  return own.length === 0 ? table : { ...table, ...Object.fromEntries(own) }
}

/** The price of a model; undefined when it has none. */
export const priceOf = (table: PriceTable, model: string): Price | undefined =>
  Object.hasOwn(table, model) ? table[model] : undefined

const ratesOf = (price: Price, input: number): Rates => price.longer?.findLast(({ above }) => input > above) ?? price

/**
 * What tokens cost at a price; undefined when it is not known how many they were. `at` is when they were asked for, in
 * milliseconds since 1970; without it the price is that of the peak hours, which is the most that they may have cost.
 */
export const costOf = (
  price: Price,
  { cacheRead = 0, input, output, reasoning = 0 }: Partial<TokenCounts>,
  at?: number
): Cost | undefined => {
  if (input === undefined && output === undefined) return undefined
  const rates = ratesOf(price, input ?? 0)
  const outputRate = reasoning > 0 ? (rates.thoughtOutput ?? rates.output) : rates.output
  const fresh = Math.max(0, (input ?? 0) - cacheRead)
  const amount = fresh * rates.input + cacheRead * (rates.cachedInput ?? rates.input) + (output ?? 0) * outputRate
  const { currency, offPeak } = price
  const share = at !== undefined && offPeak?.holdsAt(at) === true ? offPeak.share : 1
  return { amount: (amount * share) / 1e6, currency }
}

/** Something that was paid for, if it has a usage. */
interface Paid {
  readonly usage?: unknown
  readonly cost?: Cost
}

/** What several attempts cost together; undefined when one of them has a usage and no cost, or another currency. */
export const sum = (paid: ReadonlyArray<Paid>): Cost | undefined => {
  let total: Cost | undefined
  for (const { cost, usage } of paid) {
    if (usage === undefined) continue
    if (cost === undefined || (total !== undefined && total.currency !== cost.currency)) return undefined
    total = { amount: (total?.amount ?? 0) + cost.amount, currency: cost.currency }
  }
  return total
}
