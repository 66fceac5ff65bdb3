/**
 * The base URLs under which the vendors are reached when no server stands in for them.
 */
import { names, personalities, type VendorName } from "../../VendorList.ts"
import * as Check from "../plan/Check.ts"
import type { Site } from "./Personality.ts"

/** Where the vendors are. */
export type Options = {
  /** Its base URLs; its public ones unless told otherwise. */
  readonly [Vendor in VendorName]?: ReadonlyArray<string>
}

/** One base URL, or many that look alike. */
export interface Base {
  readonly vendor: VendorName
  readonly site: Site
  /** Without a slash at the end. */
  readonly url: string | RegExp
}

/** A place below a base. */
export interface Place {
  readonly vendor: VendorName
  readonly site: Site
  /** What follows the base URL. */
  readonly path: string
}

const toBase = (vendor: VendorName, url: string): Base => {
  if (!URL.canParse(url)) throw new Check.BadInput(vendor, "a list of absolute URLs", url)
  return { vendor, site: "public", url: url.replace(/\/+$/, "") }
}

const usual = (vendor: VendorName): ReadonlyArray<Base> => {
  const { addresses = [], baseUrl } = personalities[vendor]
  return [toBase(vendor, baseUrl), ...addresses.map(({ site, url }) => ({ vendor, site, url }))]
}

/** The base URLs of the options. */
export const from = (options: Options): ReadonlyArray<Base> =>
  names.flatMap((name) => options[name]?.map((url) => toBase(name, url)) ?? usual(name))

/** How much of a URL the base is; undefined where it is not below it. */
const lengthIn = ({ url }: Base, whole: string): number | undefined => {
  if (typeof url !== "string") return url.exec(whole)?.[0].length
  return whole.startsWith(url) && (whole[url.length] ?? "/") === "/" ? url.length : undefined
}

/** Finds the base of a URL that has no query. */
export const find = (bases: ReadonlyArray<Base>, url: string): Place | undefined => {
  for (const base of bases) {
    const length = lengthIn(base, url)
    if (length !== undefined) return { vendor: base.vendor, site: base.site, path: url.slice(length) }
  }
  return undefined
}

/** Whether some base is at that host. */
export const hasHost = (bases: ReadonlyArray<Base>, host: string): boolean =>
  bases.some((base) =>
    typeof base.url === "string"
      ? new URL(base.url).hostname === host
      : usualPaths.some((path) => lengthIn(base, `https://${host}${path}`) !== undefined)
  )

const usualPaths = names.map((name) => new URL(personalities[name].baseUrl).pathname)
