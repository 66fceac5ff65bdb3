/** What a package offers to be called and shows in no example. */
import * as path from "node:path"
import { docstringOf, isNode, type Node, nameOf, nodesOf, type Source } from "../../../test/architecture/Source.ts"
import { examplesOf } from "./Example.ts"

/** Something to be called, and how a call of it looks. */
interface Callable {
  readonly name: string
  readonly call: RegExp
}

const isCallable = (init: unknown): boolean =>
  isNode(init) && ["ArrowFunctionExpression", "CallExpression", "FunctionExpression"].includes(init.type)

const functionsOf = (declaration: Node): ReadonlyArray<string> => {
  if (declaration.type === "FunctionDeclaration") return [nameOf(declaration["id"]) ?? ""]
  return nodesOf(declaration["declarations"])
    .filter(({ init }) => isCallable(init))
    .flatMap(({ id }) => nameOf(id) ?? [])
}

/** What a class offers beyond what it overrides; `@internal` members are not for others. */
const membersOf = (source: Source, declaration: Node): ReadonlyArray<Callable> => {
  if (declaration.type !== "ClassDeclaration") return []
  const owner = nameOf(declaration["id"]) ?? ""
  return nodesOf((declaration["body"] as Node)["body"])
    .filter((member) => member.type === "MethodDefinition" && member["override"] !== true)
    .filter((member) => docstringOf(source, member)?.includes("@internal") !== true)
    .flatMap((member) => {
      const name = nameOf(member["key"])
      if (name === undefined || (member["key"] as Node).type === "PrivateIdentifier") return []
      return name === "constructor"
        ? [{ name: `new ${owner}`, call: new RegExp(`new (\\w+\\.)?${owner}\\b`) }]
        : [{ name: `${owner}.${name}`, call: new RegExp(`\\.${name}\\b`) }]
    })
}

const callablesOf = (source: Source): ReadonlyArray<Callable> => {
  const module = path.basename(source.path, ".ts")
  return source.body.flatMap((node) => {
    const declaration = node["declaration"]
    if (node.type !== "ExportNamedDeclaration" || !isNode(declaration)) return []
    const functions = functionsOf(declaration).map((name) => ({
      name,
      call: new RegExp(`\\b${module}\\.${name}\\b|import \\{[^}]*\\b${name}\\b`)
    }))
    return [...functions, ...membersOf(source, declaration)]
  })
}

/** Names that an index exports of a module; undefined for the module as a whole. */
type Exported = readonly [path: string, names: ReadonlyArray<string> | undefined]

/** What an index exports, by module. What it exports of another index counts as its own. */
const exportedBy = (index: Source, sources: ReadonlyArray<Source>): ReadonlyArray<Exported> =>
  index.body.flatMap((node): ReadonlyArray<Exported> => {
    const from = isNode(node["source"]) ? String(node["source"]["value"]) : ""
    const file = path.join(path.dirname(index.path), from)
    if (node.type !== "ExportAllDeclaration") {
      return [[file, nodesOf(node["specifiers"]).flatMap((one) => nameOf(one["exported"]) ?? [])]]
    }
    const other = isNode(node["exported"]) ? undefined : sources.find((source) => source.path === file)
    return other === undefined ? [[file, undefined]] : exportedBy(other, sources)
  })

/** What no example calls, of the module or of the index, although the index exports it or it has an import of its own. */
export const gapsOf = (index: Source, sources: ReadonlyArray<Source>): ReadonlyArray<string> => {
  const exported = new Map(exportedBy(index, sources))
  const isPublic = ({ path }: Source): boolean => exported.has(path) || path.includes("/memory/")
  return sources.filter(isPublic).flatMap((source) => {
    const code = [source, index]
      .flatMap(examplesOf)
      .map((example) => example.code)
      .join("\n")
    const names = exported.get(source.path)
    return callablesOf(source)
      .filter(({ name }) => names === undefined || names.some((one) => name.split(/[ .]/).includes(one)))
      .filter(({ call }) => !call.test(code))
      .map(({ name }) => `${source.path}: ${name}`)
  })
}
