/**
 * What Zhipu sells (docs.z.ai/guides/overview/pricing in USD, docs.bigmodel.cn/cn/guide/start/pricing in CNY; as of 2026-11-30).
 */
import { type Offers, rates } from "../Offer.ts"

/** Its offers. */
export const offers: Offers = {
  models: {
    "glm-5.3": { context: 1_000_000, cost: { CNY: rates(8, 2, 28), USD: rates(1.4, 0.26, 4.4) } },
    "glm-5.3-flash": { context: 1_000_000, cost: { CNY: rates(0.8, 0.23, 2.8), USD: rates(0.15, 0.03, 0.5) } },
    "glm-5.2": { context: 1_000_000, cost: { USD: rates(1.4, 0.26, 4.4) } },
    "glm-5.1": { context: 200_000, cost: { USD: rates(1.4, 0.26, 4.4) } },
    "glm-5": { context: 200_000, cost: { USD: rates(1, 0.2, 3.2) } },
    "glm-4.7": { context: 200_000, cost: { USD: rates(0.6, 0.11, 2.2) } },
    "glm-4.7-flash": { context: 200_000, cost: { USD: rates(0, 0, 0) } },
    "glm-4.6": { context: 200_000, cost: { USD: rates(0.6, 0.11, 2.2) } },
    "glm-4.5": { context: 128_000, cost: { USD: rates(0.6, undefined, 2.2) } }
  },
  currencyAt: (host) => (host === "open.bigmodel.cn" ? "CNY" : host === "api.z.ai" ? "USD" : undefined)
}
