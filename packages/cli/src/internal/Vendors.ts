/** The vendors that `init` and `start` know by name: the services of the core's list. */
import type { RouteOptions } from "@understudy/core/config/Options"
import { type NamedService, services } from "@understudy/core/provider/Vendors"

/** A vendor: where keys come from, and which variables hold them. */
export type Vendor = NamedService

/** Every vendor, in the order in which it is asked for. */
export const vendors: ReadonlyArray<Vendor> = services

/** What the flags of a vendor begin with: `dashscope` of `DASHSCOPE_API_KEY`. */
export const flagOf = ({ variable }: Vendor): string => variable.replace(/_API_KEY$/, "").toLowerCase()

/** The routes over these vendors: each family of models goes to its own vendor, and where that cannot answer to the others. */
export const routesFor = (present: ReadonlyArray<Vendor>): ReadonlyArray<RouteOptions> =>
  // Those of the first vendor stand last, as they did in the files that exist.
  present.toReversed().flatMap(({ families, name: provider, vectors }): ReadonlyArray<RouteOptions> => {
    const targets = [{ provider }]
    const others = present.filter(({ name }) => name !== provider)
    const fallback = others.map(({ model, name }) => ({ provider: name, model }))
    return [
      ...Object.entries(families).map(([name, prefix]) => ({ name, match: { model: { prefix } }, targets, fallback })),
      // Vectors of another model mean something else: nothing stands in for them.
      ...(vectors === undefined ? [] : [{ name: "embeddings", match: { model: { prefix: vectors } }, targets }])
    ]
  })

/** Keys as people give them: separated by commas, spaces around them, each once. */
export const splitKeys = (text: string): ReadonlyArray<string> => {
  const parts = text.split(/[,，]/).map((part) => part.trim())
  return [...new Set(parts.filter((part) => part !== ""))]
}
