/** `understudy lab lint`: everything that is wrong with files of scenarios, and where; and set-ups that are probably not meant. */
import { toPathLabel } from "@understudy/core/config/ConfigError"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import type { ScenarioError } from "@understudy/lab/scenario/ScenarioError"
import * as Warnings from "@understudy/lab/scenario/Warnings"
import * as Effect from "effect/Effect"
import { Failed } from "../Failed.ts"
import * as Output from "../internal/Output.ts"
import * as Style from "../internal/Style.ts"
import type { Language } from "../Language.ts"
import * as TextFile from "../lab/TextFile.ts"
import type { Messages } from "../Messages.ts"

/** What the command line says. */
export interface Input {
  readonly files: ReadonlyArray<string>
  readonly language: Language
  readonly json: boolean
}

/** What there is to say of one file. */
interface Checked {
  readonly file: string
  readonly scenarios: ReadonlyArray<string>
  readonly issues: ScenarioError["issues"]
  /** What makes sense and is probably not meant. */
  readonly warnings: ReadonlyArray<{ readonly scenario: string; readonly message: string }>
}

const warningsOf = (scenario: Scenario.Scenario, language: Language): Checked["warnings"] =>
  Warnings.of(scenario).map((message) => ({ scenario: scenario.name, message: message[language] }))

const check = Effect.fnUntraced(function* (
  messages: Messages,
  file: string,
  language: Language
): Effect.fn.Return<Checked, Failed> {
  const text = yield* TextFile.read(messages, file)
  return yield* Scenario.fromYaml(text, { source: file }).pipe(
    Effect.map((all): Checked => {
      const warnings = all.flatMap((each) => warningsOf(each, language))
      return { file, scenarios: all.map(({ name }) => name), issues: [], warnings }
    }),
    Effect.catch(({ issues }) => Effect.succeed({ file, scenarios: [], issues, warnings: [] }))
  )
})

const lines = (messages: Messages, style: Style.Style, checked: Checked): ReadonlyArray<string> => {
  const { file, issues, scenarios, warnings } = checked
  const { fine, problems, warning } = messages.lab
  if (issues.length === 0) {
    return [
      `${style.green("✓")} ${file}: ${fine(scenarios.length)}`,
      ...warnings.map(({ message, scenario }) => `  ${style.yellow(`${scenario}: ${warning(message)}`)}`)
    ]
  }
  return [
    `${style.red("✗")} ${file}: ${problems(issues.length)}`,
    ...issues.map(({ column = 1, line = 1, message, path }) => {
      const label = toPathLabel(path)
      return `  ${file}:${line}:${column}  ${label === "" ? "" : `${label}: `}${message}`
    })
  ]
}

/** The files as a machine reads them. */
const toJson = (files: ReadonlyArray<Checked>) => ({
  ok: files.every(({ issues }) => issues.length === 0),
  files: files.map(({ file, issues, scenarios, warnings }) => ({
    file,
    scenarios,
    warnings,
    issues: issues.map(({ column = 1, line = 1, message, path }) => ({
      line,
      column,
      path: toPathLabel(path),
      message
    }))
  }))
})

/** Checks; a file with a problem is a failure, a file that cannot be read a wrong command line. */
export const run = Effect.fnUntraced(function* (
  messages: Messages,
  { files, json, language }: Input
): Effect.fn.Return<void, Failed> {
  const checked = yield* Effect.forEach(files, (file) => check(messages, file, language))
  const style = Style.forStream(process.stdout)
  if (json) yield* Output.json(toJson(checked))
  else yield* Output.print(...checked.flatMap((each) => lines(messages, style, each)))
  if (checked.some(({ issues }) => issues.length > 0)) return yield* new Failed({ message: "", exitCode: 1 })
})
