/** `understudy lab replay`: whether the runs of a report come out the same today. */
import * as Lab from "@understudy/lab/Lab"
import * as Json from "@understudy/lab/report/Json"
import type { StoredRun } from "@understudy/lab/report/StoredRun"
import * as UnderstudyClient from "@understudy/lab/run/UnderstudyClient"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import { ScenarioError } from "@understudy/lab/scenario/ScenarioError"
import * as Effect from "effect/Effect"
import { Failed } from "../Failed.ts"
import * as Output from "../internal/Output.ts"
import * as Style from "../internal/Style.ts"
import * as Rejudge from "../lab/Rejudge.ts"
import * as StoredReport from "../lab/StoredReport.ts"
import type { Messages } from "../Messages.ts"

/** What came of one run. */
type Outcome =
  | { readonly _tag: "Same" | "Undecided"; readonly text: string }
  | { readonly _tag: "Different"; readonly text: string; readonly lines: ReadonlyArray<string> }

type Judgement = Pick<StoredRun, "error" | "figures" | "findings">

const kindsOf = ({ error, findings }: Judgement): string =>
  [...(error === undefined ? [] : [error.kind]), ...findings.map(({ kind }) => kind)].join(", ") || "–"

/** What differs between two judgements of a run: figures by name, findings by kind, then by what they say. */
export const differences = ({ lab }: Messages, before: Judgement, now: Judgement): ReadonlyArray<string> => {
  const figures = Object.entries(before.figures).flatMap(([name, was]) => {
    const is = now.figures[name as keyof Judgement["figures"]]
    return is === was ? [] : [lab.differing(name, String(was), String(is))]
  })
  if (kindsOf(before) !== kindsOf(now)) return [...figures, lab.differing(lab.findings, kindsOf(before), kindsOf(now))]
  const findings = before.findings.flatMap((was, index) => {
    const is = now.findings[index]
    return JSON.stringify(was) === JSON.stringify(is)
      ? []
      : [lab.differing(was.kind, JSON.stringify(was), JSON.stringify(is))]
  })
  return [...figures, ...findings]
}

const compare = (messages: Messages, same: string, before: Judgement, now: Judgement): Outcome => {
  const lines = differences(messages, before, now)
  return lines.length === 0 ? { _tag: "Same", text: same } : { _tag: "Different", text: messages.lab.differs, lines }
}

const isHere = ({ client, runner }: StoredRun): boolean =>
  client === UnderstudyClient.make().name && runner !== "sockets"

const repeat = async (messages: Messages, stored: StoredRun): Promise<Outcome> => {
  const { identical, notAgain, notJudged, rejudged } = messages.lab
  const { runner, seed } = stored
  const scenario = { ...Scenario.make(stored.scenario), seed }
  if (isHere(stored)) {
    return compare(messages, identical, stored, Json.toStored(await Lab.run(scenario, { runner, approximate: true })))
  }
  const verdict = Rejudge.verdict(scenario, stored)
  if (verdict !== undefined) return compare(messages, rejudged, stored, verdict)
  return { _tag: "Undecided", text: runner === "sockets" ? notJudged : notAgain(stored.client) }
}

const outcomeOf = (messages: Messages, stored: StoredRun): Effect.Effect<Outcome> =>
  Effect.promise(() =>
    repeat(messages, stored).catch((error: unknown) => {
      if (!(error instanceof ScenarioError)) throw error
      return { _tag: "Different", text: messages.lab.gone(error.message), lines: [] }
    })
  )

const linesOf = (style: Style.Style, { scenario }: StoredRun, outcome: Outcome): ReadonlyArray<string> => {
  const marks = { Same: style.green("✓"), Different: style.red("✗"), Undecided: style.yellow("?") }
  const head = `${marks[outcome._tag]} ${scenario.name}  ${outcome.text}`
  return outcome._tag === "Different" ? [head, ...outcome.lines.map((line) => `    ${line}`)] : [head]
}

/** Repeats every run of a report; one that comes out differently is a failure. */
export const run = Effect.fnUntraced(function* (messages: Messages, file: string): Effect.fn.Return<void, Failed> {
  const runs = yield* StoredReport.read(messages, file)
  const style = Style.forStream(process.stdout)
  const outcomes: Array<Outcome> = []
  for (const stored of runs) {
    const outcome = yield* outcomeOf(messages, stored)
    outcomes.push(outcome)
    yield* Output.print(...linesOf(style, stored, outcome))
  }
  const count = (tag: Outcome["_tag"]): number => outcomes.filter(({ _tag }) => _tag === tag).length
  yield* Output.print("", messages.lab.replayed(count("Same"), runs.length))
  if (count("Different") > 0) return yield* new Failed({ message: "", exitCode: 1 })
})
