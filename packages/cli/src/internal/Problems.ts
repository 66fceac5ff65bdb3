/** A configuration's problems: in the reader's language, or as data for a machine. */
import { type ConfigError, type Issue, toLine, toPathLabel } from "@understudy/core/config/ConfigError"
import { Problem } from "@understudy/core/config/Texts"
import { type Failed, failed } from "../Failed.ts"
import type { Messages } from "../Messages.ts"

/** Every problem of a configuration that is refused. */
export const toText = ({ config }: Messages, { issues, source }: ConfigError): string =>
  [config.problems(source, issues.length), ...issues.map((issue) => `  ${toLine(source, issue, config.texts)}`)].join(
    "\n"
  )

/** The same as the failure of a command. */
export const toFailed =
  (messages: Messages) =>
  (error: ConfigError): Failed =>
    failed(toText(messages, error))

/** Problems as a machine reads them; `problem` is the tag of the kind, and its message in the reader's language. */
export const toJson = ({ config }: Messages, issues: ReadonlyArray<Issue>): ReadonlyArray<unknown> =>
  issues.map(({ column, line, message, path, problem }) => ({
    path: toPathLabel(path),
    line: line ?? null,
    column: column ?? null,
    problem: problem?._tag ?? null,
    message: problem === undefined ? message : Problem.toText(problem, config.texts)
  }))
