/** The vendors that `init` and `start` know by name: the services of the core's list. */
import { type NamedService, services } from "@understudy/core/provider/Vendors"

/** A vendor: where keys come from, and which variables hold them. */
export type Vendor = NamedService

/** Every vendor, in the order in which it is asked for. */
export const vendors: ReadonlyArray<Vendor> = services

/** Keys as people give them: separated by commas, spaces around them, each once. */
export const splitKeys = (text: string): ReadonlyArray<string> => {
  const parts = text.split(/[,，]/).map((part) => part.trim())
  return [...new Set(parts.filter((part) => part !== ""))]
}
