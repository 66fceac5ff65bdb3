/**
 * The vendors that are known by name: the one list. Whoever needs to know which there are, or what one of them is called, reads
 * it here; what is particular to one is in its folder, `internal/provider/<vendor>`.
 */
import { vendor as deepseek } from "../internal/provider/deepseek/DeepSeek.ts"
import { vendor as moonshot } from "../internal/provider/moonshot/Moonshot.ts"
import * as Offer from "../internal/provider/Offer.ts"
import { vendor as openAiCompatible } from "../internal/provider/openai-compatible/OpenAiCompatible.ts"
import { vendor as qwen } from "../internal/provider/qwen/Qwen.ts"
import type { Service, Vendor } from "../internal/provider/Vendor.ts"
import { vendor as zhipu } from "../internal/provider/zhipu/Zhipu.ts"
import type { PriceTable } from "../wire/PriceTable.ts"
import type { Aliases } from "./Dialect.ts"

export type { Service, Vendor } from "../internal/provider/Vendor.ts"

/** Every vendor, by the `type` of a provider in the configuration. */
export const vendors = { deepseek, qwen, moonshot, zhipu, "openai-compatible": openAiCompatible }

/** The `type` of a provider. */
export type VendorType = keyof typeof vendors

/** Every type, in the order of the list. */
export const types = Object.keys(vendors) as ReadonlyArray<VendorType>

/** The options of a vendor: fields of a request that it has and others have not. */
export type OptionsOf<Type extends VendorType> = (typeof vendors)[Type] extends Vendor<infer Options> ? Options : never

/** A service, and what its dialect knows that a new configuration holds. */
export interface NamedService extends Service {
  /** Its type, and the name of its provider in a new configuration. */
  readonly name: VendorType
  /** Its public address. */
  readonly baseUrl: string | undefined
  /** Names that it has retired, and what stands for them today. */
  readonly retired: Aliases
}

/**
 * What a vendor's list says that its models cost at an address; its public one unless told otherwise. Empty at addresses that are not
 * the vendor's own.
 *
 * **Example** (What `BudgetAdvisor` may count with)
 *
 * ```ts
 * import * as Vendors from "@understudy/core/provider/Vendors"
 *
 * Vendors.listPrices("moonshot")["kimi-k3"]?.currency // => "CNY"
 * ```
 */
export const listPrices = (type: VendorType, baseUrl?: string): PriceTable => {
  const { dialect, offers }: Vendor = vendors[type]
  return Offer.pricesAt(offers, baseUrl ?? dialect.baseUrl ?? "")
}

/** The vendors that are a service somewhere, in the order in which people are asked for them. */
export const services: ReadonlyArray<NamedService> = types.flatMap((name) => {
  const { dialect, service }: Vendor = vendors[name]
  return service === undefined ? [] : [{ name, baseUrl: dialect.baseUrl, retired: dialect.retired, ...service }]
})
