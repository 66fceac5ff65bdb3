/**
 * The standard setting: two vendors, two keys each, every key an account of its own; what is asked of one vendor falls back
 * on the other.
 */
import type { RouteOptions, UnderstudyOptions } from "@understudy/core/config/Options"
import type { VendorName } from "@understudy/mocks/VendorList"
import type { KeyOptions } from "./Options.ts"

/** The vendors of the standard setting, in its order. */
export const vendors = ["qwen", "deepseek"] as const satisfies ReadonlyArray<VendorName>

/** A vendor of the standard setting. */
export type StandardVendor = (typeof vendors)[number]

/** The keys of a scenario that names none. */
export const keys: Readonly<Record<string, KeyOptions>> = {
  "qwen-1": { vendor: "qwen" },
  "qwen-2": { vendor: "qwen" },
  "deepseek-1": { vendor: "deepseek" },
  "deepseek-2": { vendor: "deepseek" }
}

/** The value of a key that is given none. */
export const valueOf = (name: string): string => `sk-demo-${name}`

const route = (
  name: string,
  model: RouteOptions["match"]["model"],
  target: VendorName,
  fallback: RouteOptions["targets"][number]
): RouteOptions => ({ name, match: { model }, targets: [{ provider: target }], fallback: [fallback] })

const routes: ReadonlyArray<RouteOptions> = [
  route("reasoning", { exact: "qwq-32b" }, "qwen", { provider: "deepseek", model: "deepseek-v4-pro" }),
  route("qwen", { prefix: "qwen" }, "qwen", { provider: "deepseek", model: "deepseek-flash" }),
  route("deepseek", { prefix: "deepseek-" }, "deepseek", { provider: "qwen", model: "qwen-plus" })
]

/**
 * The configuration of a scenario that brings none, over the vendors that it has keys of. Keys stand by name; base URLs are
 * the runner's.
 */
export const config = (keysByName: Readonly<Record<string, KeyOptions>> = keys): UnderstudyOptions => {
  const names = (vendor: VendorName) => Object.keys(keysByName).filter((name) => keysByName[name]?.vendor === vendor)
  const present = vendors.filter((vendor) => names(vendor).length > 0)
  const isPresent = ({ provider }: { readonly provider: string }) => present.some((vendor) => vendor === provider)
  return {
    version: 1,
    providers: Object.fromEntries(present.map((vendor) => [vendor, { type: vendor, keys: names(vendor) }])),
    routes: routes
      .filter((each) => each.targets.some(isPresent))
      .map((each) => ({ ...each, fallback: (each.fallback ?? []).filter(isPresent) }))
  }
}
