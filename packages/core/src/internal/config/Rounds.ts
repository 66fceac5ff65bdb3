/**
 * Checks options in rounds, and tells what all of them found at once: the shape, by the schema; then what the shape cannot
 * say, for everything whose shape is right.
 *
 * **Gotchas**
 *
 * - What the second round says of a part that the first has refused, or of what stands in for a variable that is not set,
 *   is a consequence, not a problem: it is left out.
 */
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Issue, Path } from "../../config/ConfigError.ts"
import { Settings } from "../../config/Options.ts"
import type { UnderstudyConfig } from "./Configuration.ts"
import { normalise } from "./Normalise.ts"
import * as Remainder from "./Remainder.ts"
import { fromSchema, valueAt } from "./SchemaIssues.ts"
import * as Unset from "./Unset.ts"

const decodeOptions = Schema.decodeUnknownExit(Settings, { errors: "all", onExcessProperty: "error" })

type Decoded =
  | { readonly _tag: "Right"; readonly settings: Settings }
  | { readonly _tag: "Wrong"; readonly issues: ReadonlyArray<Issue> }

const decode = (input: unknown): Decoded => {
  const exit = decodeOptions(input)
  if (Exit.isSuccess(exit)) return { _tag: "Right", settings: exit.value }
  const error = Cause.squash(exit.cause)
  const found = Schema.isSchemaError(error) ? error.issue : undefined
  const issues = SchemaIssue.isIssue(found) ? fromSchema(found, input) : []
  // A refusal without an issue is a defect of the schema, and no fault of whoever wrote the options.
  if (issues.length === 0) throw error
  return { _tag: "Wrong", issues }
}

const numeric = /^[+-]?\d+(\.\d+)?$/

/** A text from a variable as what the place wants; undefined where it is nothing else. */
const reread = (value: unknown, { problem }: Issue): unknown => {
  if (typeof value !== "string" || problem?._tag !== "Unexpected") return undefined
  if (problem.kinds.includes("boolean")) return value === "true" ? true : value === "false" ? false : undefined
  return numeric.test(value) ? Number(value) : undefined
}

/** A copy with another value at the path. */
const replaced = (whole: unknown, [part, ...rest]: Path, value: unknown): unknown => {
  if (part === undefined) return value
  const inner = replaced(valueAt(whole, [part]), rest, value)
  if (Array.isArray(whole)) return whole.map((each: unknown, index) => (index === part ? inner : each))
  return { ...(whole as object), [part]: inner }
}

/** The options with numbers in place of texts where a variable stood unquoted and the schema wants a number. */
const typed = (input: unknown, issues: ReadonlyArray<Issue>, fromVariables: ReadonlyArray<Path>): unknown => {
  const label = (path: Path): string => JSON.stringify(path)
  const places = new Set(fromVariables.map(label))
  const wrong = issues.filter(({ path }) => places.has(label(path)))
  if (wrong.length === 0) return input
  return wrong.reduce((left, each) => {
    const value = reread(valueAt(left, each.path), each)
    return value === undefined ? left : replaced(left, each.path, value)
  }, input)
}

const isWithin = (path: Path, other: Path): boolean => other.every((part, index) => part === path[index])

/** True for what is only wrong because something else is. */
const isConsequence = (input: unknown, { message, path }: Issue, refused: ReadonlyArray<Path>): boolean =>
  Unset.isIn(message) ||
  Unset.isIn(valueAt(input, path)) ||
  refused.some((other) => isWithin(path, other) || isWithin(other, path))

/** Options that were checked: the configuration where nothing is wrong with them. */
export interface Checked {
  readonly config: UnderstudyConfig | undefined
  readonly issues: ReadonlyArray<Issue>
}

/** Checks. `fromVariables` are the paths where a text may stand for a number. */
export const check = (input: unknown, source: string, fromVariables: ReadonlyArray<Path> = []): Checked => {
  const first = decode(input)
  const given = first._tag === "Wrong" ? typed(input, first.issues, fromVariables) : input
  const decoded = given === input ? first : decode(given)
  if (decoded._tag === "Right") {
    const { config, issues } = normalise(decoded.settings, source)
    const own = issues.filter((each) => !isConsequence(given, each, []))
    return { config: issues.length === 0 ? config : undefined, issues: own }
  }
  const refused = decoded.issues.map(({ path }) => path)
  const rest = decode(Remainder.of(given, refused))
  const meant = rest._tag === "Right" ? normalise(rest.settings, source).issues : []
  return {
    config: undefined,
    issues: [
      ...decoded.issues.filter(({ path }) => !Unset.isIn(valueAt(given, path))),
      ...meant.filter((each) => !isConsequence(given, each, refused))
    ]
  }
}
