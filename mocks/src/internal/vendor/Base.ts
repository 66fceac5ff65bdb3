/**
 * The base URLs under which the vendors are reached when no server stands in for them.
 */
import { baseUrls, names, type VendorName } from "../../VendorList.ts"
import * as Check from "../plan/Check.ts"

/** Where the vendors are. */
export type Options = {
  /** Its base URLs; the public one unless told otherwise. */
  readonly [Vendor in VendorName]?: ReadonlyArray<string>
}

/** One base URL. */
export interface Base {
  readonly vendor: VendorName
  /** Without a slash at the end. */
  readonly url: string
}

/** A place below a base. */
export interface Place {
  readonly vendor: VendorName
  /** What follows the base URL. */
  readonly path: string
}

const toBases = (vendor: VendorName, urls: ReadonlyArray<string>): ReadonlyArray<Base> =>
  urls.map((url) => {
    if (!URL.canParse(url)) throw new Check.BadInput(vendor, "a list of absolute URLs", url)
    return { vendor, url: url.replace(/\/+$/, "") }
  })

/** The base URLs of the options. */
export const from = (options: Options): ReadonlyArray<Base> =>
  names.flatMap((name) => toBases(name, options[name] ?? [baseUrls[name]]))

/** Finds the base of a URL that has no query. */
export const find = (bases: ReadonlyArray<Base>, url: string): Place | undefined => {
  const base = bases.find((known) => url.startsWith(known.url) && (url[known.url.length] ?? "/") === "/")
  return base && { vendor: base.vendor, path: url.slice(base.url.length) }
}
