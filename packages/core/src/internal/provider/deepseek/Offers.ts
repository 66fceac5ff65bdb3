/**
 * What DeepSeek sells (api-docs.deepseek.com, quick_start/pricing in English and Chinese, read 2026-11-30; names of 2025: the same
 * page in 2025).
 *
 * **Gotchas**
 *
 * - Accounts are kept in CNY or in USD, and one address serves both: the CNY list is taken.
 * - Peak hours are Monday to Friday, 9-12 and 14-18 in Beijing. Chinese holidays are off-peak as well and not known here: on those
 *   the peak price is told, which is too much.
 */
import type { OffPeak } from "../../../wire/PriceTable.ts"
import { type ListPrice, type Offer, type Offers, rates } from "../Offer.ts"

const hour = 3_600_000

const offPeak: OffPeak = {
  share: 0.5,
  holdsAt: (at) => {
    const beijing = new Date(at + 8 * hour)
    const [day, hours] = [beijing.getUTCDay(), beijing.getUTCHours()]
    const isWorkday = day >= 1 && day <= 5
    return !(isWorkday && ((hours >= 9 && hours < 12) || (hours >= 14 && hours < 18)))
  }
}

/** What holds in peak hours. */
const peak = (...prices: Parameters<typeof rates>): ListPrice => ({ ...rates(...prices), offPeak })

const flash: Offer = { context: 1_000_000, cost: { CNY: peak(2, 0.04, 8), USD: peak(0.3, 0.006, 1.2) } }

/** Its offers. */
export const offers: Offers = {
  models: {
    "deepseek-flash": flash,
    "deepseek-v4-pro": { context: 1_000_000, cost: { CNY: peak(9, 0.3, 27), USD: peak(1.32, 0.044, 3.96) } },
    "deepseek-v4-flash": flash,
    "deepseek-v4-flash-vision-exp": flash,
    "deepseek-chat": { context: 131_072 },
    "deepseek-reasoner": { context: 131_072 }
  },
  currencyAt: (host) => (host === "api.deepseek.com" ? "CNY" : undefined)
}
