/** The rule that a vendor is known by name in its own folder and in the lists, and nowhere else. */
import { type Node, nameOf, type Source, type Violation, violationAt, walk } from "../Source.ts"
import type { VendorData } from "../Table.ts"

const folder = /^packages\/core\/src\/internal\/provider\/([^/]+)\//

/** No source but a vendor's own, the lists and the allowed data names a vendor: what is asked of a name has no answer for the next. */
export const vendors = (
  sources: ReadonlyArray<Source>,
  allowed: ReadonlyArray<VendorData>
): ReadonlyArray<Violation> => {
  const names = new Set(sources.flatMap(({ path }) => folder.exec(path)?.[1] ?? []))
  names.delete(protocol)
  const used = new Set<VendorData>()
  const found = sources.flatMap((source) => {
    if (source.path.split("/").some((part) => names.has(part))) return []
    const mentions = mentionsIn(source, names)
    const allowance = allowed.find(({ path }) => path === source.path)
    if (allowance !== undefined && mentions.length > 0) used.add(allowance)
    return allowance === undefined ? mentions : []
  })
  const stale = allowed.filter((entry) => !used.has(entry))
  return [
    ...found,
    ...stale.map(({ path }) => ({ path, line: 1, message: "names no vendor: remove its row of vendorData" }))
  ]
}

/** A folder among the vendors', but what all of them speak. */
const protocol = "openai-compatible"

const mentionsIn = (source: Source, names: ReadonlySet<string>): ReadonlyArray<Violation> => {
  const found: Array<Violation> = []
  walk(source, (node) => {
    const name = textOf(node)
    if (name !== undefined && names.has(name)) found.push(violationAt(source, node, message(name)))
  })
  return found
}

/** A text, or the name of a variable, a field or a member. */
const textOf = (node: Node): string | undefined => {
  if (node.type === "Identifier") return nameOf(node)
  if (node.type === "Literal" && typeof node["value"] === "string") return node["value"]
  if (node.type !== "TemplateElement") return undefined
  const value = node["value"]
  return typeof value === "object" && value !== null && "cooked" in value ? String(value.cooked) : undefined
}

const message = (name: string): string =>
  [
    `names the vendor ${name}.`,
    "  A question that is asked of a name has no answer for the next vendor: whoever adds one must find every such place.",
    "  Ask the vendor's data (core's Vendors, mocks' VendorList) and put there what is missing; for words about single vendors add a row to vendorData."
  ].join("\n")
