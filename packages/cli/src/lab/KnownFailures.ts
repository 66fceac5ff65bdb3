/**
 * What failed before: `--baseline` lets it fail again, as long as it is no worse, and `--only-failed` runs nothing else.
 */
import * as path from "node:path"
import * as Baseline from "@understudy/lab/report/Baseline"
import type { Judged } from "@understudy/lab/report/Judged"
import type { StoredRun } from "@understudy/lab/report/StoredRun"
import type { Scenario } from "@understudy/lab/scenario/Scenario"
import * as Effect from "effect/Effect"
import { type Failed, misused } from "../Failed.ts"
import type { Language } from "../Language.ts"
import type { Messages } from "../Messages.ts"
import * as ReportFiles from "./ReportFiles.ts"
import * as StoredReport from "./StoredReport.ts"

/** The runs of a report, by the names of their scenarios. */
export type KnownFailures = ReadonlyMap<string, StoredRun>

/** Reads a report. */
export const load = (messages: Messages, file: string): Effect.Effect<KnownFailures, Failed> =>
  Effect.map(StoredReport.read(messages, file), (runs) => new Map(runs.map((run) => [run.scenario.name, run])))

/** Where reports may be that a command line means. */
export interface Places {
  readonly report: string | undefined
  readonly baseline: string | undefined
}

/** What is known from the last report, or else from the baseline. */
export const last = (messages: Messages, { baseline, report }: Places): Effect.Effect<KnownFailures, Failed> => {
  const file = report === undefined ? baseline : path.join(report, ReportFiles.json)
  return file === undefined ? misused(messages.lab.noLastReport) : load(messages, file)
}

/** Those of the selection that failed. */
export const select = (known: KnownFailures, scenarios: ReadonlyArray<Scenario>): ReadonlyArray<Scenario> =>
  scenarios.filter(({ name }) => known.get(name)?.passed === false)

/** What failed and was not run again: it goes on being known. */
export const left = (known: KnownFailures, judged: ReadonlyArray<Judged>): ReadonlyArray<StoredRun> => {
  const again = new Set(judged.map(({ run }) => run.scenario.name))
  return [...known.values()].filter(({ passed, scenario }) => !passed && !again.has(scenario.name))
}

/** True for a run that a build is to fail for. */
export const isFailure = (known: KnownFailures | undefined, judged: Judged): boolean =>
  known === undefined ? !judged.verdict.passed : Baseline.worse(known.get(judged.run.scenario.name), judged).length > 0

/** What is worse, what fails as it did, and what no longer does. */
export const lines = (
  { lab }: Messages,
  language: Language,
  known: KnownFailures,
  list: ReadonlyArray<Judged>
): ReadonlyArray<string> => {
  const namesOf = (runs: ReadonlyArray<Judged>): string => runs.map(({ run }) => run.scenario.name).join(", ")
  const before = (judged: Judged): StoredRun | undefined => known.get(judged.run.scenario.name)
  const same = list.filter((judged) => !judged.verdict.passed && !isFailure(known, judged))
  const better = list.filter((judged) => judged.verdict.passed && before(judged)?.passed === false)
  return [
    ...list.flatMap((judged) =>
      Baseline.worse(before(judged), judged).map((what) => lab.worse(judged.run.scenario.name, what[language]))
    ),
    ...(same.length === 0 ? [] : [lab.asBefore(namesOf(same))]),
    ...(better.length === 0 ? [] : [lab.better(namesOf(better))])
  ]
}
