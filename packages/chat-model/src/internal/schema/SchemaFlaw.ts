/**
 * Finds the field for which a library's schema has no JSON Schema: the libraries say what it is, and not where.
 */
import type { StandardJSONSchemaV1 } from "@standard-schema/spec"
import * as Predicate from "effect/Predicate"
import type * as SchemaAST from "effect/SchemaAST"
import type { EffectSchema } from "./EffectSchema.ts"

/** Where it is, as whoever wrote the schema would say it (`stops[].at`), and what it is. */
export interface Flaw {
  readonly at: string
  readonly got: string
}

const join = (at: string, name: string): string => (at === "" ? name : `${at}.${name}`)

/** The part of a tree that a schema of Effect's has, as far as it is walked here. */
type Node = SchemaAST.AST

const isSpoken = ({ annotations }: Node): boolean =>
  annotations?.["toCodecJson"] !== undefined || annotations?.["toCodec"] !== undefined

/** What JSON cannot hold in a schema of Effect's: a declared type without a codec, a field whose name is a symbol. */
export const ofEffect = (schema: EffectSchema): Flaw | undefined => {
  const seen = new Set<Node>()
  const first = (nodes: ReadonlyArray<readonly [at: string, node: Node]>): Flaw | undefined => {
    for (const [at, node] of nodes) {
      const flaw = visit(node, at)
      if (flaw !== undefined) return flaw
    }
    return undefined
  }
  const visit = (node: Node, at: string): Flaw | undefined => {
    if (seen.has(node)) return undefined
    seen.add(node)
    const encoded = node.encoding?.at(-1)?.to
    if (encoded !== undefined) return visit(encoded, at)
    switch (node._tag) {
      case "Declaration":
        return isSpoken(node) ? undefined : { at, got: "a declared type without a `toCodecJson`" }
      case "Objects": {
        const symbol = node.propertySignatures.find(({ name }) => typeof name === "symbol")
        if (symbol !== undefined) return { at: join(at, String(symbol.name)), got: "a name that is a symbol" }
        return first([
          ...node.propertySignatures.map(({ name, type }) => [join(at, String(name)), type] as const),
          ...node.indexSignatures.map(({ type }) => [join(at, "*"), type] as const)
        ])
      }
      case "Arrays":
        return first([
          ...node.elements.map((element, index) => [`${at}[${index}]`, element] as const),
          ...node.rest.map((element) => [`${at}[]`, element] as const)
        ])
      case "Union":
        return first(node.types.map((type) => [at, type] as const))
      case "Suspend":
        return visit(node.thunk(), at)
      default:
        return undefined
    }
  }
  return visit(schema.ast, "")
}

/** The path of a place in a JSON Schema in the words of the value that it describes. */
const toField = (path: ReadonlyArray<PropertyKey>): string => {
  let field = ""
  for (let index = 0; index < path.length; index++) {
    const keyword = path[index]
    if (keyword === "properties") field = join(field, String(path[++index]))
    else if (keyword === "items") field += "[]"
    else if (keyword === "prefixItems") field += `[${String(path[++index])}]`
    else if (keyword === "additionalProperties") field = join(field, "*")
    // The number behind `anyOf` and its like says nothing to whoever reads it.
    else index++
  }
  return field
}

/** What zod hands an `override`. */
interface Visited {
  readonly path: ReadonlyArray<PropertyKey>
  readonly jsonSchema: object
  readonly zodSchema: { readonly _zod: { readonly def: { readonly type: string } } }
}

const anything = ["any", "unknown"]

/** The field of zod's schema that has no JSON Schema: made once more, it is the one for which nothing is written. */
const ofZod = ({ input }: StandardJSONSchemaV1.Converter): Flaw | undefined => {
  let flaw: Flaw | undefined
  const override = ({ jsonSchema, path, zodSchema }: Visited): void => {
    const { type } = zodSchema._zod.def
    if (flaw !== undefined || Object.keys(jsonSchema).length > 0 || anything.includes(type)) return
    flaw = { at: toField(path), got: `of zod's type ${type}` }
  }
  try {
    input({ target: "draft-2020-12", libraryOptions: { unrepresentable: "any", override } })
  } catch {
    // It is told without the field.
  }
  return flaw
}

/** What a library's schema has no JSON Schema for; undefined where it cannot be found. */
export const ofStandard = (vendor: string, converter: StandardJSONSchemaV1.Converter): Flaw | undefined =>
  vendor === "zod" ? ofZod(converter) : undefined

/** What somebody failed with who was asked for a JSON Schema, as the reason in a sentence. */
export const toReason = (error: unknown): string =>
  Predicate.hasProperty(error, "message") ? String(error.message).replace(/\.$/, "") : String(error)
