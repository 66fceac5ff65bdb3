/**
 * Turns a schema's complaints into issues that a person can act on: the path, what was expected, what was there (unless
 * it is a key's value), and the settings that exist where a name is unknown.
 */
import * as SchemaIssue from "effect/SchemaIssue"
import type { Issue, Path } from "./ConfigError.ts"

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, part) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string | number, unknown>)[part] : undefined,
    value
  )

const isSecret = (path: Path): boolean => path.includes("keys")

const got = (value: unknown, path: Path): string => {
  if (isSecret(path)) return ""
  const found = at(value, path)
  if (found === undefined) return ""
  const text = JSON.stringify(found)
  return `, got ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`
}

const types: Readonly<Record<string, string>> = {
  object: "an object",
  array: "a list",
  string: "a string",
  number: "a number",
  boolean: "true or false"
}

/** What a value of the wrong type should have been: as its check says, so that `5` is told about durations. */
const expectedBy = ({ ast }: SchemaIssue.InvalidType): string | undefined => {
  const expected = ast.checks?.[0].annotations?.["expected"]
  return typeof expected === "string" ? expected : undefined
}

const leafHook: SchemaIssue.LeafHook = (issue) => {
  if (issue._tag === "MissingKey") return "is missing"
  if (issue._tag === "UnexpectedKey") return "is not a setting that exists here"
  const expected = issue._tag === "InvalidType" ? expectedBy(issue) : undefined
  if (expected !== undefined) return `must be ${expected}`
  // The default says `Expected …, got …`; what was got is added by us, where it is no secret.
  return SchemaIssue.defaultLeafHook(issue)
    .replace(/, got .*$/s, "")
    .replace(/^Expected (\w+)$/, (_, type: string) => `Expected ${types[type] ?? type}`)
    .replace(/^Expected /, "must be ")
}

const checkHook: SchemaIssue.CheckHook = (issue) => {
  const expected = issue.filter.annotations?.["expected"]
  return typeof expected === "string" ? `must be ${expected}` : SchemaIssue.defaultCheckHook(issue)
}

const format = SchemaIssue.makeFormatterStandardSchemaV1({ leafHook, checkHook })

/** The library says `Expected …, got …`; what was got is added by us, where it is no secret. */
const toMessage = (message: string, input: unknown, path: Path): string => {
  const expected = message.replace(/, got .*$/s, "").replace(/^Expected /, "must be ")
  return expected.startsWith("must be") ? expected + got(input, path) : expected
}

/** The issues of a failed decoding of `input`. */
export const fromSchema = (issue: SchemaIssue.Issue, input: unknown): ReadonlyArray<Issue> =>
  format(issue).issues.map(({ message, path }) => {
    const parts = (path ?? []).map((part) => {
      const key = typeof part === "object" ? part.key : part
      return typeof key === "symbol" ? String(key) : key
    })
    return { path: parts, message: toMessage(message, input, parts) }
  })
