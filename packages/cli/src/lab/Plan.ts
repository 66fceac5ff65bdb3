/** What of a selection can be run as asked, and why the rest cannot. */
import type { RunnerName } from "@understudy/lab/run/Run"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import { ScenarioError, toLine } from "@understudy/lab/scenario/ScenarioError"
import type { Messages } from "../Messages.ts"
import * as Length from "./Length.ts"
import type { OwnConfig } from "./OwnConfig.ts"
import * as Target from "./Target.ts"

/** A selection, sorted out. */
export interface Plan {
  readonly scenarios: ReadonlyArray<Scenario.Scenario>
  readonly skipped: ReadonlyArray<{ readonly name: string; readonly why: string }>
}

/** How it is to be run. */
export interface Manner {
  readonly runner: RunnerName
  readonly config: OwnConfig | undefined
  /** Whether one gateway is to serve them all. */
  readonly gateway: boolean
  /** In real time: longest scenario, in milliseconds. */
  readonly longest: number
}

const objection = (messages: Messages, manner: Manner, scenario: Scenario.Scenario, first: Scenario.Scenario) => {
  const { otherSetup, tooLong } = messages.lab
  const { gateway, longest, runner } = manner
  if (runner === "sockets" && scenario.length > longest) {
    return tooLong(Length.toLabel(scenario.length), Length.toLabel(longest))
  }
  const setupOf = (each: Scenario.Scenario): string => JSON.stringify(Target.setup(each, ""))
  if (gateway && setupOf(scenario) !== setupOf(first)) return otherSetup
  Scenario.check(scenario, runner)
  return undefined
}

/** Sorts a selection out. */
export const make = (messages: Messages, selected: ReadonlyArray<Scenario.Scenario>, manner: Manner): Plan => {
  const scenarios: Array<Scenario.Scenario> = []
  const skipped: Array<Plan["skipped"][number]> = []
  const { config } = manner
  for (const each of selected) {
    try {
      const scenario = config === undefined ? each : config.into(each)
      const why = objection(messages, manner, scenario, scenarios[0] ?? scenario)
      if (why === undefined) scenarios.push(scenario)
      else skipped.push({ name: each.name, why })
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error
      skipped.push({ name: each.name, why: error.issues.map((issue) => toLine(error.source, issue)).join("; ") })
    }
  }
  return { scenarios, skipped }
}
