/** The rule that every export of a public module says what it is. */
import { docstringOf, isNode, type Node, nameOf, nodesOf, type Source, type Violation, violationAt } from "../Source.ts"

/** Each name that a public module exports has a docstring on one of its declarations; re-exports have it at their source. */
export const docstrings = (sources: ReadonlyArray<Source>): ReadonlyArray<Violation> =>
  sources
    .filter((source) => !source.path.includes("/internal/"))
    .flatMap((source) => {
      const documented = new Set<string>()
      const missing: Array<{ readonly name: string; readonly node: Node }> = []
      for (const { name, node } of exportsOf(source)) {
        if (docstringOf(source, node) !== undefined) documented.add(name)
        else missing.push({ name, node })
      }
      const message = (name: string): string =>
        `${name} is exported without a docstring: say in one sentence what it is`
      return missing
        .filter(({ name }) => !documented.has(name))
        .map(({ name, node }) => violationAt(source, node, message(name)))
    })

interface Export {
  readonly name: string
  /** The statement that a docstring stands before. */
  readonly node: Node
}

const exportsOf = (source: Source): ReadonlyArray<Export> => {
  const local = new Set(source.body.flatMap(exportedByName))
  return source.body.flatMap((node) => {
    const declaration = isExport(node) ? node["declaration"] : node
    if (!isNode(declaration)) return []
    const names = declaredNames(declaration)
    if (node.type === "ExportDefaultDeclaration") return [{ name: names[0] ?? "default", node }]
    return names.filter((name) => isExport(node) || local.has(name)).map((name) => ({ name, node }))
  })
}

const isExport = (node: Node): boolean =>
  node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration"

const exportedByName = (node: Node): ReadonlyArray<string> =>
  node.type === "ExportNamedDeclaration" && !isNode(node["source"])
    ? nodesOf(node["specifiers"]).flatMap((specifier) => nameOf(specifier["local"]) ?? [])
    : []

const declaredNames = (declaration: Node): ReadonlyArray<string> =>
  declaration.type === "VariableDeclaration"
    ? nodesOf(declaration["declarations"]).flatMap((one) => nameOf(one["id"]) ?? [])
    : [nameOf(declaration["id"]) ?? []].flat()
