/**
 * Turns a schema's complaints into issues that a person can act on: the path, what was expected, what was there (unless it
 * is a key's value), and the name that was probably meant where a setting or a word is unknown.
 */
import type * as SchemaAST from "effect/SchemaAST"
import type * as SchemaIssue from "effect/SchemaIssue"
import { type Issue, issue, type Path } from "../../config/ConfigError.ts"
import { type Expectation, expectations } from "../setting/Expectation.ts"
import type { Problem } from "./Problem.ts"
import * as Suggest from "./Suggest.ts"
import * as Unset from "./Unset.ts"

/** The value at a path of plain data. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, part) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, part)
        ? (inner as Record<string | number, unknown>)[part]
        : undefined,
    value
  )

const isSecret = (path: Path): boolean => path.includes("keys")

const longest = 80

const got = (value: unknown, path: Path): string | undefined => {
  if (value === undefined || isSecret(path)) return undefined
  // A value that JSON cannot say (a bigint, a circle) is one that no file can hold.
  const isText = typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))
  const text = Unset.toText(isText ? String(value) : (stringify(value) ?? String(value)))
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

const stringify = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

const isExpectation = (kind: unknown): kind is Expectation =>
  typeof kind === "string" && Object.hasOwn(expectations, kind)

type Expected = Pick<Extract<Problem, { readonly _tag: "Unexpected" }>, "expected" | "kinds">

const toExpected = (kind: Expectation): Expected => ({ kinds: [kind], expected: expectations[kind] })

/** What a check says that it expects. */
const expectedBy = (annotations: SchemaIssue.Filter["filter"]["annotations"]): Expected | undefined => {
  const { expected, expects } = annotations ?? {}
  if (isExpectation(expects)) return toExpected(expects)
  return typeof expected === "string" ? { expected, kinds: [] } : undefined
}

const types: Readonly<Partial<Record<SchemaAST.AST["_tag"], Expectation>>> = {
  Objects: "object",
  Arrays: "list",
  String: "string",
  Number: "number",
  Boolean: "boolean"
}

/** What the checks of a type say: the last one knows most, as a port is an integer first; of a list, that it is one. */
const typeOf = (ast: SchemaAST.AST): Expected | undefined => {
  const own = ast.checks?.flatMap(({ annotations }) => expectedBy(annotations) ?? []).at(-1)
  const type = types[ast._tag]
  // How many of a list there have to be is of no interest before it is one.
  if (ast._tag === "Arrays" && type !== undefined) return toExpected(type)
  return own ?? (type === undefined ? undefined : toExpected(type))
}

/** Members of a union, of unions in it too. */
const membersOf = (ast: SchemaAST.AST): ReadonlyArray<SchemaAST.AST> =>
  ast._tag === "Union" ? ast.types.flatMap(membersOf) : [ast]

const literalsOf = (members: ReadonlyArray<SchemaAST.AST>): ReadonlyArray<unknown> =>
  members.flatMap((ast) => (ast._tag === "Literal" ? [ast.literal] : []))

/** A value of a type that is none of those that are possible. */
const mismatch = (ast: SchemaAST.AST, value: unknown, path: Path): Problem => {
  const members = membersOf(ast)
  const literals = literalsOf(members)
  const shown = got(value, path)
  if (literals.length === members.length) {
    const words = literals.filter((literal) => typeof literal === "string")
    const meant = typeof value === "string" && !isSecret(path) ? Suggest.nearest(value, words) : undefined
    return { _tag: "NotOneOf", allowed: literals.map((literal) => JSON.stringify(literal)), got: shown, meant }
  }
  const expected = members.flatMap((member) => typeOf(member) ?? [])
  const kinds = expected.every((each) => each.kinds.length > 0) ? expected.flatMap((each) => each.kinds) : []
  const joined = [...new Set(expected.map((each) => each.expected))].join(" or ")
  if (joined === "") return { _tag: "Unexpected", ...toExpected("other"), got: shown }
  return { _tag: "Unexpected", kinds: [...new Set(kinds)], expected: joined, got: shown }
}

const settingsOf = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  membersOf(ast).flatMap((member) =>
    member._tag === "Objects" ? member.propertySignatures.map(({ name }) => String(name)) : []
  )

const toPart = (part: PropertyKey): string | number => (typeof part === "symbol" ? String(part) : part)

const unknownSetting = (ast: SchemaAST.AST, path: Path): Problem => {
  const name = String(path.at(-1) ?? "")
  const known = settingsOf(ast)
  return { _tag: "UnknownSetting", name, known, meant: Suggest.nearest(name, known) }
}

const collect = (found: SchemaIssue.Issue, path: Path, input: unknown, by?: Expected): ReadonlyArray<Issue> => {
  const value = valueAt(input, path)
  const unexpected = (expected: Expected): ReadonlyArray<Issue> => [
    issue(path, { _tag: "Unexpected", ...expected, got: got(value, path) })
  ]
  switch (found._tag) {
    case "Filter":
      return collect(found.issue, path, input, by ?? expectedBy(found.filter.annotations))
    case "Encoding":
      return collect(found.issue, path, input, by)
    case "Pointer":
      return collect(found.issue, [...path, ...found.path.map(toPart)], input, by)
    case "Composite":
      return found.issues.flatMap((inner) => collect(inner, path, input, by))
    case "AnyOf":
      return found.issues.length > 0
        ? found.issues.flatMap((inner) => collect(inner, path, input, by))
        : [issue(path, mismatch(found.ast, value, path))]
    case "MissingKey":
      return [issue(path, { _tag: "Missing" })]
    case "UnexpectedKey":
      return [issue(path, unknownSetting(found.ast, path))]
    case "InvalidType":
      return by === undefined ? [issue(path, mismatch(found.ast, value, path))] : unexpected(by)
    default:
      return unexpected(by ?? toExpected("other"))
  }
}

/** The issues of a failed decoding of `input`. */
export const fromSchema = (found: SchemaIssue.Issue, input: unknown): ReadonlyArray<Issue> => collect(found, [], input)
