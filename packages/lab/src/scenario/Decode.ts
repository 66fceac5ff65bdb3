/**
 * From what is written to options that are known to make sense, or to everything that is wrong with them and where.
 */

import { toPathLabel } from "@understudy/core/config/ConfigError"
import { fromSchema } from "@understudy/core/config/SchemaIssues"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { ScenarioOptions } from "./Options.ts"
import { type Issue, type Path, ScenarioError } from "./ScenarioError.ts"

/** A place in a file, counted from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Where a scenario was written. */
export interface Origin {
  readonly file: string
  /** The places of all that was written, by path: `faults[0].kind`. */
  readonly places: Readonly<Record<string, Place>>
}

/** Options that were checked, and where they were written. */
export interface Decoded {
  readonly options: ScenarioOptions
  readonly origin?: Origin
}

type Locate = (path: Path) => Place | undefined

/** The place of a path. */
export const locate = (origin: Origin | undefined, path: Path): Place | undefined => origin?.places[toPathLabel(path)]

const decodeOptions = Schema.decodeUnknownExit(ScenarioOptions, { errors: "all", onExcessProperty: "error" })

const decode = (input: unknown, source: string, locate: Locate): Result.Result<ScenarioOptions, ScenarioError> => {
  const refuse = (issues: ReadonlyArray<Issue>) =>
    Result.fail(new ScenarioError({ source, issues: issues.map((issue) => ({ ...issue, ...locate(issue.path) })) }))
  const exit = decodeOptions(input)
  if (Exit.isFailure(exit)) {
    const error = Cause.squash(exit.cause)
    const issue = Schema.isSchemaError(error) ? error.issue : undefined
    return issue !== undefined && SchemaIssue.isIssue(issue)
      ? refuse(fromSchema(issue, input))
      : refuse([{ path: [], message: String(error) }])
  }
  return Result.succeed(exit.value)
}

/** Checks options given as an object. */
export const fromOptions = (options: unknown, source: string): Result.Result<Decoded, ScenarioError> =>
  Result.map(
    decode(options, source, () => undefined),
    (checked) => ({ options: checked })
  )
