/**
 * Makes the schema's complaints fit a scenario: a setting that does not exist and a word that is not possible are told with
 * the one that was probably meant, else with those that there are.
 */
import { SchemaIssues } from "@understudy/core/config/Reading"
import { shown } from "./Issues.ts"
import type { Issue } from "./ScenarioError.ts"
import * as Suggest from "./Suggest.ts"

/** The issue with what was probably meant; `path` is the scenario's own. */
export const withHint = (issue: Issue, input: unknown): Issue => {
  const { path, problem } = issue
  if (problem?._tag === "UnknownSetting") {
    const { known, name } = problem
    return { ...issue, message: `is not a setting that exists here: ${Suggest.hint(name, known)}` }
  }
  const value = SchemaIssues.valueAt(input, path)
  if (problem?._tag !== "NotOneOf" || typeof value !== "string") return issue
  const words = problem.allowed.flatMap((each) => {
    const word: unknown = JSON.parse(each)
    return typeof word === "string" ? [word] : []
  })
  return { ...issue, message: `${shown(value)} is not possible here: ${Suggest.hint(value, words)}` }
}
