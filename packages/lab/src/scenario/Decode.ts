/**
 * From what is written to options that are known to make sense, or to everything that is wrong with them and where.
 */
import { toPathLabel } from "@understudy/core/config/ConfigError"
import { SchemaIssues, Yaml } from "@understudy/core/config/Reading"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as Checks from "./Checks.ts"
import * as Hints from "./Hints.ts"
import { ScenarioOptions } from "./Options.ts"
import * as Remainder from "./Remainder.ts"
import { type Issue, type Path, ScenarioError } from "./ScenarioError.ts"

/** A place in a file, counted from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Where a scenario was written. */
export interface Origin {
  readonly file: string
  /** Whether the file holds no other. */
  readonly alone: boolean
  /** The places of its keys, faults and phases and all that is in them, by path: `faults[0].kind`. */
  readonly places: Readonly<Record<string, Place>>
}

/** Options that were checked, and where they were written. */
export interface Decoded {
  readonly options: ScenarioOptions
  readonly origin?: Origin
}

/** Who writes a key's value for its name is not to read it again in an error. */
const masked = (path: Path): Path =>
  path.map((part) => (typeof part === "string" && part.startsWith("sk-") ? "sk-…" : part))

const toError = (source: string, issues: ReadonlyArray<Issue>): ScenarioError =>
  new ScenarioError({ source, issues: issues.map((issue) => ({ ...issue, path: masked(issue.path) })) })

type Locate = (path: Path) => Place | undefined

/** The place of a path. */
export const locate = (origin: Origin | undefined, path: Path): Place | undefined => origin?.places[toPathLabel(path)]

const decodeOptions = Schema.decodeUnknownExit(ScenarioOptions, { errors: "all", onExcessProperty: "error" })

const decode = (input: unknown): Result.Result<ScenarioOptions, ReadonlyArray<Issue>> => {
  const exit = decodeOptions(input)
  if (Exit.isFailure(exit)) {
    const error = Cause.squash(exit.cause)
    const issue = Schema.isSchemaError(error) ? error.issue : undefined
    if (issue === undefined || !SchemaIssue.isIssue(issue)) return Result.fail([{ path: [], message: String(error) }])
    const issues = SchemaIssues.fromSchema(issue, input).map((each) => Hints.withHint(each, input))
    const rest = decodeOptions(
      Remainder.of(
        input,
        issues.map(({ path }) => path)
      )
    )
    return Result.fail(Exit.isSuccess(rest) ? [...issues, ...Checks.issues(rest.value)] : issues)
  }
  const issues = Checks.issues(exit.value)
  return issues.length > 0 ? Result.fail(issues) : Result.succeed(exit.value)
}

/** Checks options given as an object. */
export const fromOptions = (options: unknown, source: string): Result.Result<Decoded, ScenarioError> =>
  Result.mapBoth(decode(options), {
    onSuccess: (checked) => ({ options: checked }),
    onFailure: (issues) => toError(source, issues)
  })

const located = ["keys", "faults", "phases"]

const placesIn = (value: unknown, path: Path, at: Path, toPlace: Locate): ReadonlyArray<readonly [string, Place]> => {
  const place = path.length === 0 ? undefined : toPlace([...at, ...path])
  const parts = Array.isArray(value) ? [...value.keys()] : Predicate.isObject(value) ? Object.keys(value) : []
  const inner = path.length === 0 ? parts.filter((part) => located.some((name) => name === part)) : parts
  return [
    ...(place === undefined ? [] : [[toPathLabel(path), place] as const]),
    ...inner.flatMap((part) =>
      placesIn((value as Record<string | number, unknown>)[part], [...path, part], at, toPlace)
    )
  ]
}

/** The scenarios of a file and their paths: one, or a list under `scenarios`. */
const entriesOf = (value: unknown): ReadonlyArray<readonly [Path, unknown]> => {
  if (value === null) return []
  if (!Predicate.hasProperty(value, "scenarios")) return [[[], value]]
  return Array.isArray(value.scenarios)
    ? value.scenarios.map((each: unknown, index) => [["scenarios", index], each])
    : []
}

const emptyFile: Issue = { path: [], message: "the file is empty: write a scenario with name, teaches and traffic" }

const fileIssues = (value: unknown, entries: ReadonlyArray<readonly [Path, unknown]>): ReadonlyArray<Issue> => {
  if (entries.length === 0) return [{ path: ["scenarios"], message: "must be a list of at least one scenario" }]
  if (entries[0]?.[0].length === 0) return []
  const others = Object.keys(value as object).filter((name) => name !== "scenarios")
  const names = entries.map(([, each]) => (Predicate.hasProperty(each, "name") ? each.name : undefined))
  return [
    ...others.map((name) => ({ path: [name], message: "belongs into one of the scenarios" })),
    ...names.flatMap((name, index) =>
      name === undefined || names.indexOf(name) === index
        ? []
        : [{ path: ["scenarios", index, "name"], message: `"${String(name)}" is there twice` }]
    )
  ]
}

const byPlace = (a: Issue, b: Issue): number => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)

/** Checks a YAML text that holds one scenario, or several under `scenarios`. */
export const fromYaml = (
  text: string,
  source: string,
  env: Yaml.Environment
): Result.Result<ReadonlyArray<Decoded>, ScenarioError> => {
  const parsed = Yaml.parse(text, env)
  const entries = entriesOf(parsed.value)
  const readable = parsed.issues.length > 0 ? [] : entries
  const decoded = readable.map(([path, each]) => ({ path, result: decode(each) }))
  const issues =
    parsed.issues.length > 0
      ? parsed.issues.map((issue) => (issue.problem?._tag === "EmptyFile" ? emptyFile : issue))
      : [
          ...fileIssues(parsed.value, entries),
          ...decoded.flatMap(({ path, result }) =>
            Result.isFailure(result)
              ? result.failure.map((issue) => ({ ...issue, path: [...path, ...issue.path] }))
              : []
          )
        ].map((issue) => ({ ...issue, ...parsed.locate(issue.path) }))
  if (issues.length > 0) return Result.fail(toError(source, issues.toSorted(byPlace)))
  return Result.succeed(
    decoded.flatMap(({ path, result }) => {
      if (Result.isFailure(result)) return []
      const places = Object.fromEntries(placesIn(result.success, [], path, parsed.locate))
      return [{ options: result.success, origin: { file: source, alone: entries.length === 1, places } }]
    })
  )
}
