/**
 * What a vendor sells: how many tokens a model's context holds, and what the list says that they cost. It is data, kept in the
 * vendor's folder with its source and date.
 *
 * A name is looked up as it is. What is not there is unknown: nothing is guessed of a model by its family, and nobody pays a price
 * because of a name that is like another.
 */
import type { Price, PriceTable, Rates } from "../../wire/PriceTable.ts"

/** What is paid with: ISO 4217. */
export type Currency = "CNY" | "USD"

/** A list price, but for its currency. */
export type ListPrice = Omit<Price, "currency">

/** One model. */
export interface Offer {
  /** Tokens that its context holds. */
  readonly context: number
  /** What it costs, by what it is paid with; left out where that is not known. */
  readonly cost?: Readonly<Partial<Record<Currency, ListPrice>>>
}

/** What a vendor sells. */
export interface Offers {
  readonly models: Readonly<Record<string, Offer>>
  /** What is paid with at an address; undefined where that is not the vendor's own, which has prices of its own. */
  readonly currencyAt: (host: string) => Currency | undefined
}

/** Of a vendor of which nothing is known. */
export const none: Offers = { models: {}, currencyAt: () => undefined }

/** Rates in the order in which vendors list them. */
export const rates = (
  input: number,
  cachedInput: number | undefined,
  output: number,
  thoughtOutput?: number
): Rates => ({
  input,
  output,
  ...(cachedInput === undefined ? {} : { cachedInput }),
  ...(thoughtOutput === undefined ? {} : { thoughtOutput })
})

/** Rates that go by the length of the input: the first hold up to `above` of the next. */
export const tiered = (first: Rates, ...longer: ReadonlyArray<readonly [above: number, rates: Rates]>): ListPrice => ({
  ...first,
  longer: longer.map(([above, rates]) => ({ ...rates, above }))
})

/** The list prices at an address, such as `https://api.deepseek.com`, by model. */
export const pricesAt = ({ currencyAt, models }: Offers, origin: string): PriceTable => {
  const currency = URL.canParse(origin) ? currencyAt(new URL(origin).hostname) : undefined
  if (currency === undefined) return {}
  return Object.fromEntries(
    Object.entries(models).flatMap(([name, { cost }]): ReadonlyArray<readonly [string, Price]> => {
      const price = cost?.[currency]
      return price === undefined ? [] : [[name, { ...price, currency }]]
    })
  )
}

/** Tokens that the context of each model holds. */
export const contextsOf = ({ models }: Offers): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(models).map(([name, { context }]) => [name, context]))
