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

/** What a package's index exports by name, by module; undefined for a module as a whole. */
const exportedBy = (index: Source): ReadonlyMap<string, ReadonlyArray<string> | undefined> =>
  new Map(
    index.body.map((node) => {
      const from = isNode(node["source"]) ? String(node["source"]["value"]) : ""
      const names = nodesOf(node["specifiers"]).flatMap((one) => nameOf(one["exported"]) ?? [])
      return [path.join(path.dirname(index.path), from), node.type === "ExportAllDeclaration" ? undefined : names]
    })
  )

/** What no example calls, of the module or of the index, although the index exports it or it has an import of its own. */
export const gapsOf = (index: Source, sources: ReadonlyArray<Source>): ReadonlyArray<string> => {
  const exported = exportedBy(index)
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
