/**
 * Makes the schema's complaints helpful: a setting that does not exist and a word that is not possible are told with the
 * one that was probably meant.
 */
import type * as SchemaAST from "effect/SchemaAST"
import { ScenarioOptions } from "./Options.ts"
import { shown } from "./Report.ts"
import type { Issue, Path } from "./ScenarioError.ts"
import * as Suggest from "./Suggest.ts"

type Part = Path[number]

const below = (ast: SchemaAST.AST, part: Part): ReadonlyArray<SchemaAST.AST> => {
  switch (ast._tag) {
    case "Union":
      return ast.types.flatMap((each) => below(each, part))
    case "Arrays":
      return ast.rest
    case "Objects": {
      const named = ast.propertySignatures.find((signature) => signature.name === part)
      return named === undefined ? ast.indexSignatures.map((signature) => signature.type) : [named.type]
    }
    default:
      return []
  }
}

const at = (path: Path): ReadonlyArray<SchemaAST.AST> =>
  path.reduce<ReadonlyArray<SchemaAST.AST>>(
    (asts, part) => asts.flatMap((ast) => below(ast, part)),
    [ScenarioOptions.ast]
  )

const settings = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  ast._tag === "Union"
    ? ast.types.flatMap(settings)
    : ast._tag === "Objects"
      ? ast.propertySignatures.map((signature) => String(signature.name))
      : []

const words = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  ast._tag === "Union"
    ? ast.types.flatMap(words)
    : ast._tag === "Literal" && typeof ast.literal === "string"
      ? [ast.literal]
      : []

const valueAt = (input: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, part) => (typeof inner === "object" && inner !== null ? (inner as Record<Part, unknown>)[part] : undefined),
    input
  )

/** The issue with what was probably meant; `path` is the scenario's own. */
export const withHint = (issue: Issue, input: unknown): Issue => {
  const { message, path } = issue
  const name = path.at(-1)
  if (message === "is not a setting that exists here" && typeof name === "string") {
    return { ...issue, message: `${message}: ${Suggest.hint(name, at(path.slice(0, -1)).flatMap(settings))}` }
  }
  const [value, possible] = [valueAt(input, path), at(path).flatMap(words)]
  if (typeof value !== "string" || possible.length === 0) return issue
  return { ...issue, message: `${shown(value)} is not possible here: ${Suggest.hint(value, possible)}` }
}
