/**
 * The vendors that are played: the one list. Whoever needs to know which there are, how one is called or where it is reached, reads
 * it here; what is particular to one is in its folder.
 *
 * **Example** (their public addresses, and those below a server)
 *
 * ```ts
 * import * as VendorList from "@understudy/mocks/VendorList"
 *
 * VendorList.baseUrls.deepseek // => "https://api.deepseek.com"
 * VendorList.urlsAt("http://127.0.0.1:9090").qwen // => "http://127.0.0.1:9090/qwen/compatible-mode/v1"
 * ```
 */
import { personality as deepseek } from "./internal/vendor/deepseek/DeepSeek.ts"
import { personality as moonshot } from "./internal/vendor/moonshot/Moonshot.ts"
import type { Personality } from "./internal/vendor/Personality.ts"
import { personality as qwen } from "./internal/vendor/qwen/Qwen.ts"
import { personality as zhipu } from "./internal/vendor/zhipu/Zhipu.ts"

const vendors = { deepseek, qwen, moonshot, zhipu } as const satisfies Readonly<Record<string, Personality>>

/** The vendors that are played. */
export type VendorName = keyof typeof vendors

/** Their personalities. */
export const personalities: Readonly<Record<VendorName, Personality>> = vendors

/** Every name, in the order of the list. */
export const names = Object.keys(vendors) as ReadonlyArray<VendorName>

/** True for the name of a vendor that is played. */
export const isVendor = (name: unknown): name is VendorName => names.some((known) => known === name)

/** Something for each of them. */
export const each = <A>(make: (personality: Personality, name: VendorName) => A): Readonly<Record<VendorName, A>> =>
  Object.fromEntries(names.map((name) => [name, make(vendors[name], name)])) as Record<VendorName, A>

/** How people write them. */
export const labels = each(({ persona }) => persona.name)

/** Their public base URLs. */
export const baseUrls = each(({ baseUrl }) => baseUrl)

/** The paths below a server that stands in for them. */
export const places = each(({ place }) => place)

/** Their base URLs at a server that stands in for them: `http://127.0.0.1:9090`. */
export const urlsAt = (url: string): Readonly<Record<VendorName, string>> => each(({ place }) => `${url}${place}`)
