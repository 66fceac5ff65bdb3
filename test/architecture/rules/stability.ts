/** The rule that core uses only what Effect promises to keep: every export of Effect is tagged with its stability. */
import {
  docstringOf,
  isNode,
  type Node,
  nameOf,
  nodesOf,
  parse,
  type Source,
  type Violation,
  violationAt,
  walk
} from "../Source.ts"

/** The text of the declarations of a module such as `effect/Schema`; nothing when there is no such module. */
export type Declarations = (specifier: string) => string | undefined

/** Core imports stable modules of Effect only, and uses only their stable exports. */
export const stability = (sources: ReadonlyArray<Source>, declarations: Declarations): ReadonlyArray<Violation> => {
  const known = new Map<string, Tags>()
  const tagsOf = (specifier: string): Tags => {
    const tags = known.get(specifier) ?? readTags(specifier, declarations(specifier))
    known.set(specifier, tags)
    return tags
  }
  return sources.flatMap((source) => usesIn(source).flatMap((use) => check(source, use, tagsOf(use.specifier))))
}

interface Use {
  readonly node: Node
  readonly specifier: string
  /** The export that is used; left out: the module as a whole. */
  readonly name?: string
}

interface Tags {
  readonly module: string
  readonly exports: ReadonlyMap<string, string>
}

const check = (source: Source, { node, specifier, name }: Use, tags: Tags): ReadonlyArray<Violation> => {
  const tag = name === undefined ? tags.module : (tags.exports.get(name) ?? "stable")
  const what = name === undefined ? specifier : `${name} of ${specifier}`
  return tag === "stable"
    ? []
    : [violationAt(source, node, `${what} is ${tag}: core uses stable exports of Effect only`)]
}

const usesIn = (source: Source): ReadonlyArray<Use> => {
  const uses: Array<Use> = []
  const namespaces = new Map<string, string>()
  for (const node of source.body) {
    const specifier = isNode(node["source"]) ? String(node["source"]["value"]) : ""
    if (!specifier.startsWith("effect/")) continue
    uses.push({ node, specifier })
    for (const part of nodesOf(node["specifiers"])) {
      const name = nameOf(part["imported"])
      if (name !== undefined) uses.push({ node: part, specifier, name })
      else namespaces.set(nameOf(part["local"]) ?? "", specifier)
    }
  }
  walk(source, (node) => {
    const specifier = namespaces.get(nameOf(node["object"] ?? node["left"]) ?? "")
    const name = nameOf(node["property"] ?? node["right"])
    if (specifier !== undefined && name !== undefined) uses.push({ node, specifier, name })
  })
  return uses
}

const readTags = (specifier: string, text: string | undefined): Tags => {
  if (text === undefined) return { module: "not a module of Effect", exports: new Map() }
  const source = parse({ path: `${specifier}.d.ts`, text })
  const exports = new Map<string, string>()
  for (const [name, node] of source.body.flatMap(exported)) {
    const tag = tagIn(docstringOf(source, node))
    if (tag !== undefined && exports.get(name) !== "stable") exports.set(name, tag)
  }
  return { module: tagIn(text) ?? "stable", exports }
}

const tagIn = (text: string | undefined): string | undefined => /@stability (\w+)/.exec(text ?? "")?.[1]

const exported = (node: Node): ReadonlyArray<readonly [string, Node]> => {
  if (node.type !== "ExportNamedDeclaration") return []
  const specifiers = nodesOf(node["specifiers"]).map((one) => [nameOf(one["exported"]) ?? "", one] as const)
  const declaration = isNode(node["declaration"]) ? node["declaration"] : undefined
  const declared = [declaration, ...nodesOf(declaration?.["declarations"])].flatMap((one) => nameOf(one?.["id"]) ?? [])
  return [...specifiers, ...declared.map((name) => [name, node] as const)]
}
