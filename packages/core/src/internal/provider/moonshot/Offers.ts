/**
 * What Moonshot sells (platform.kimi.ai, docs/pricing/chat-*, as of 2026-11-30; for the CNY list only `kimi-k3` was found). Its
 * Chinese host is paid in CNY, the other one in USD.
 */
import { type Offers, rates } from "../Offer.ts"

/** Its offers. */
export const offers: Offers = {
  models: {
    "kimi-k3.1-pro": { context: 1_048_576, cost: { USD: rates(2, 0.2, 10) } },
    "kimi-k3.1-pro-highspeed": { context: 1_048_576, cost: { USD: rates(4, 0.2, 20) } },
    "kimi-k3": { context: 1_048_576, cost: { CNY: rates(20, 2, 100), USD: rates(3, 0.3, 15) } },
    "kimi-k2.7-code": { context: 262_144, cost: { USD: rates(0.95, 0.19, 4) } },
    "kimi-k2.7-code-highspeed": { context: 262_144, cost: { USD: rates(1.9, 0.38, 8) } },
    "kimi-k2.6": { context: 262_144, cost: { USD: rates(0.95, 0.16, 4) } }
  },
  currencyAt: (host) => (host === "api.moonshot.cn" ? "CNY" : host === "api.moonshot.ai" ? "USD" : undefined)
}
