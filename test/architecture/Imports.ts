/** What a file imports, and where in the repository that leads. */
import * as path from "node:path/posix"
import { isNode, lineOf, type Node, type Source, walk } from "./Source.ts"

/** One import, export-from, dynamic import or `import("…")` type. */
export interface Import {
  readonly specifier: string
  /** Whether nothing of it is left at run time. */
  readonly typeOnly: boolean
  readonly line: number
}

/** The imports of a file, in order. */
export const of = (source: Source): ReadonlyArray<Import> => {
  const found: Array<Import> = []
  walk(source, (node) => {
    const from = modulePart(node)
    if (from === undefined) return
    const typeOnly = node["importKind"] === "type" || node["exportKind"] === "type" || node.type === "TSImportType"
    found.push({ specifier: from, typeOnly, line: lineOf(source, node.start) })
  })
  return found
}

const modulePart = (node: Node): string | undefined => {
  if (!importing.has(node.type)) return undefined
  const from = node["source"] ?? node["argument"]
  const literal = isNode(from) && from.type === "TSLiteralType" ? from["literal"] : from
  return isNode(literal) && typeof literal["value"] === "string" ? literal["value"] : undefined
}

const importing = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType"
])

/** The project's folder that a file belongs to: a package, `mocks`, `test` or `docs`. */
export const unitOf = (file: string): string => /^(packages\/[^/]+|[^/]+)\//.exec(file)?.[1] ?? ""

/** `core` of `packages/core`, `mocks` of `mocks`. */
export const packageName = (unit: string): string => unit.replace(/^packages\//, "")

/** The path inside a unit's `src`, or nothing when the file lies elsewhere. */
export const insideSrc = (file: string): string | undefined => /^(?:packages\/[^/]+|mocks)\/src\/(.+)$/.exec(file)?.[1]

/** The file of this repository that an import leads to, or nothing when it leads out of it. */
export const target = (from: string, specifier: string): string | undefined => {
  if (specifier.startsWith(".")) return path.join(path.dirname(from), specifier)
  const [, name, inner] = /^@understudy\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? []
  if (name === undefined) return undefined
  return `${name === "mocks" ? "" : "packages/"}${name}/src/${inner ?? "index"}.ts`
}
