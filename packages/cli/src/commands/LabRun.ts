/** `understudy lab run`: scenarios against Understudy in this process, or against a gateway anywhere. */
import { Duration } from "@understudy/core/config/Texts"
import * as Library from "@understudy/lab/library/Library"
import * as Json from "@understudy/lab/report/Json"
import type { Judged } from "@understudy/lab/report/Judged"
import type { StoredRun } from "@understudy/lab/report/StoredRun"
import * as Terminal from "@understudy/lab/report/Terminal"
import type { Client } from "@understudy/lab/run/Client"
import * as HttpClient from "@understudy/lab/run/HttpClient"
import type { RunnerName } from "@understudy/lab/run/Run"
import type { Scenario } from "@understudy/lab/scenario/Scenario"
import { ScenarioError } from "@understudy/lab/scenario/ScenarioError"
import * as Warnings from "@understudy/lab/scenario/Warnings"
import type { Catalogue } from "@understudy/mocks/Catalogue"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Failed, misused } from "../Failed.ts"
import * as CalledAs from "../internal/CalledAs.ts"
import * as Environment from "../internal/Environment.ts"
import * as Output from "../internal/Output.ts"
import * as Port from "../internal/Port.ts"
import * as Style from "../internal/Style.ts"
import type { Language } from "../Language.ts"
import * as KnownFailures from "../lab/KnownFailures.ts"
import * as Length from "../lab/Length.ts"
import * as MockHost from "../lab/MockHost.ts"
import * as OwnConfig from "../lab/OwnConfig.ts"
import * as Plan from "../lab/Plan.ts"
import * as ReportFiles from "../lab/ReportFiles.ts"
import * as RerunCommand from "../lab/RerunCommand.ts"
import * as Runs from "../lab/Runs.ts"
import * as Screen from "../lab/Screen.ts"
import * as Selection from "../lab/Selection.ts"
import * as Target from "../lab/Target.ts"
import * as TargetLog from "../lab/TargetLog.ts"
import * as TargetRuns from "../lab/TargetRuns.ts"
import type { Messages } from "../Messages.ts"

/** What the command line says. */
export interface Input extends RerunCommand.Invocation, KnownFailures.Places {
  readonly language: Language
  readonly scenarios: ReadonlyArray<string>
  readonly all: boolean
  readonly seed: number | undefined
  readonly catalogue: Catalogue | undefined
  readonly apiKey: Redacted.Redacted<string> | undefined
  readonly concurrency: number | undefined
  readonly runner: RunnerName | undefined
  readonly onlyFailed: boolean
  readonly failFast: boolean
  readonly format: string
  readonly json: boolean
}

const isReal = ({ runner, target }: Input): boolean => target !== undefined || runner === "sockets"

/** In real time, what lasts longer than this is left out unless told otherwise. */
const defaultLongest = "5m"

const lanesOf = ({ concurrency = 1 }: Input): number => concurrency

const portOf = ({ port, target }: Input): number => port ?? (target === undefined ? 0 : 9090)

const placeOf = (input: Input): Target.Place => ({
  host: MockHost.of(input.mockHost) ?? MockHost.loopback,
  port: portOf(input)
})

/** The flags that are for a gateway elsewhere. */
const targetOnly: Readonly<Record<string, (input: Input) => boolean>> = {
  "--mock-host": ({ mockHost }) => mockHost !== undefined,
  "--header": ({ headers }) => Object.keys(headers).length > 0,
  "--before-each": ({ beforeEach }) => beforeEach !== undefined,
  "--target-log": ({ targetLog }) => targetLog !== undefined,
  "--concurrency": ({ concurrency }) => concurrency !== undefined
}

/** What of the command line makes no sense, before anything is done. */
const objection = ({ lab, labTarget }: Messages, input: Input): string | undefined => {
  const { all, config, format, longest = defaultLongest, mockHost, model, runner, scenarios, target } = input
  if (scenarios.length === 0 && !all) return lab.runWhat(Library.all.length, CalledAs.here())
  if (target !== undefined && !/^https?:$/.test(URL.parse(target)?.protocol ?? "")) return lab.badTarget(target)
  if (target !== undefined && config !== undefined) return lab.notWithTarget("--config")
  if (target !== undefined && model !== undefined) return lab.notWithTarget("--model")
  if (target !== undefined && runner !== undefined && runner !== "sockets") return lab.notWithTarget("--runner")
  const stray = Object.entries(targetOnly).find(([, isGiven]) => target === undefined && isGiven(input))
  if (stray !== undefined) return lab.onlyWithTarget(stray[0])
  if (MockHost.of(mockHost) === undefined) return lab.badMockHost(mockHost ?? "")
  if (!(lanesOf(input) >= 1 && lanesOf(input) <= 16)) return labTarget.badConcurrency(lanesOf(input))
  if (Duration.parse(longest) === undefined) return lab.aLength(longest)
  const wrong = format.split(",").find((name) => !ReportFiles.isFormat(name))
  return wrong === undefined ? undefined : lab.badReportFormat(wrong)
}

const planned = Effect.fnUntraced(function* (
  messages: Messages,
  input: Input,
  last: KnownFailures.KnownFailures | undefined
) {
  const { lab } = messages
  const style = Style.forStream(process.stderr)
  const asked = input.all ? Library.all : yield* Selection.of(messages, input.scenarios)
  const wanted = last === undefined ? asked : KnownFailures.select(last, asked)
  const { catalogue } = input
  const selected = catalogue === undefined ? wanted : wanted.map((each) => OwnConfig.inCatalogue(each, catalogue))
  if (selected.length === 0) return []
  const { model } = input
  const ofModel = model === undefined ? undefined : OwnConfig.ofModel(model)
  const config = input.config === undefined ? ofModel : yield* OwnConfig.load(messages, input.config, model)
  const plan = Plan.make(messages, selected, {
    config,
    runner: isReal(input) ? "sockets" : (input.runner ?? "virtual"),
    gateway: input.target !== undefined && input.beforeEach === undefined,
    longest: Duration.parse(input.longest ?? defaultLongest) ?? 0
  })
  for (const name of config?.leftOut ?? []) yield* Output.tell(style.yellow(lab.leftOutProvider(name)))
  for (const { name, why } of plan.skipped) yield* Output.tell(style.yellow(lab.skipped(name, why)))
  if (plan.scenarios.length === 0) return yield* misused(lab.nothingLeft)
  const warnings = config === undefined ? [] : plan.scenarios.flatMap(Warnings.of)
  for (const warning of new Set(warnings.map((each) => each[input.language]))) {
    yield* Output.tell(style.yellow(lab.warning(warning)))
  }
  return plan.scenarios
})

/** Says how a gateway must be set up, and how long everything will take; a gateway has to be there. */
const prepare = Effect.fnUntraced(function* (
  messages: Messages,
  input: Input,
  scenarios: ReadonlyArray<Scenario>
): Effect.fn.Return<void, Failed> {
  const style = Style.forStream(process.stderr)
  const [first] = scenarios
  if (input.target !== undefined && first !== undefined) {
    yield* Output.tell(...Target.lines(messages, style, first, placeOf(input)), "")
    const lanes = Math.min(lanesOf(input), scenarios.length)
    const each = Array.from({ length: lanes }, (_, index) => index)
    const [targets, ports] = [
      each.map((index) => TargetRuns.shifted(input.target ?? "", index)),
      each.map((index) => portOf(input) + index)
    ]
    if (lanes > 1) {
      yield* Output.tell(
        messages.labTarget.lanes(lanes, targets.join(messages.common.and), ports.join(messages.common.and)),
        ""
      )
    }
    if (input.beforeEach !== undefined) yield* Output.tell(messages.labTarget.beforeEachIs(input.beforeEach), "")
    else {
      for (const url of targets) yield* Target.reach(messages, url)
      if (input.targetLog !== undefined) yield* TargetLog.check(messages, input.targetLog)
    }
  }
  if (!isReal(input)) return
  const length = TargetRuns.estimate(scenarios, lanesOf(input))
  yield* Output.tell(messages.lab.realTime(scenarios.length, Length.toLabel(length), lanesOf(input)), "")
})

const started = (
  messages: Messages,
  input: Input,
  scenarios: ReadonlyArray<Scenario>,
  { isLast, onDone }: Pick<Runs.Options, "isLast"> & { readonly onDone: (judged: Judged) => Effect.Effect<void> }
) => {
  const { apiKey, beforeEach, headers, runner, seed, target, targetLog: log } = input
  const place = placeOf(input)
  const toCommand = (done: Scenario): string => RerunCommand.toText(done, input)
  if (target === undefined) {
    const where = { port: place.port, host: place.host.listen }
    return Runs.all(scenarios, { ...where, seed, runner, toCommand, isLast }, onDone)
  }
  const key = apiKey === undefined ? Environment.valueOf(process.env, "UNDERSTUDY_API_KEY") : Redacted.value(apiKey)
  const toClient = (url: string): Client => HttpClient.make({ url, apiKey: key, headers, name: target })
  const options = { target, place, lanes: lanesOf(input), beforeEach, log, seed, toClient, toCommand, isLast }
  return TargetRuns.all(messages, scenarios, options, onDone)
}

/** A line each, and the timeline of what failed; a single one is shown whole. */
const shown = (judged: Judged, language: Language, alone: boolean): ReadonlyArray<string> => {
  const options = Screen.options(language)
  if (alone) return [Terminal.timeline(judged, options)]
  const line = Terminal.line(judged, options)
  return judged.verdict.passed ? [line] : [line, "", Terminal.timeline(judged, options), ""]
}

/** Scenarios that make no sense and ports that are taken are failures; anything else is a defect. */
const toFailed = (messages: Messages, input: Input, error: Error): Effect.Effect<never, Failed> => {
  if (error instanceof Failed) return Effect.fail(error)
  if (error instanceof ScenarioError) return Effect.fail(misused(error.message))
  if (!("code" in error && "port" in error)) return Effect.die(error)
  const { host, port } = placeOf(input)
  const refusal = { host: host.listen, port, command: `${CalledAs.here()} lab run … --port` }
  return Port.refused(messages, refusal, String(error.code), error.message)
}

const conclude = Effect.fnUntraced(function* (
  messages: Messages,
  { format, json, language, report }: Input,
  judged: ReadonlyArray<Judged>,
  earlier: ReadonlyArray<StoredRun>,
  alone: boolean
): Effect.fn.Return<void, Failed> {
  if (json) yield* Output.print(Json.encode(judged).trimEnd())
  else if (!alone) yield* Output.print("", Terminal.summary(judged, Screen.options(language)))
  if (report !== undefined) {
    const wanted = format.split(",").filter(ReportFiles.isFormat)
    const files = yield* ReportFiles.write(messages, judged, { folder: report, language, wanted, earlier })
    yield* Output.tell("", ...files.map(messages.lab.written))
  }
  yield* ReportFiles.summarise(messages, judged, language)
})

/** Runs; a scenario that is not passed is a failure. */
export const run = Effect.fnUntraced(function* (messages: Messages, input: Input): Effect.fn.Return<void, Failed> {
  const wrong = objection(messages, input)
  if (wrong !== undefined) return yield* misused(wrong)
  const known = input.baseline === undefined ? undefined : yield* KnownFailures.load(messages, input.baseline)
  const last = input.onlyFailed ? yield* KnownFailures.last(messages, input) : undefined
  const scenarios = yield* planned(messages, input, last)
  if (scenarios.length === 0) return yield* Output.tell(messages.lab.nothingFailed)
  if (input.report !== undefined) yield* ReportFiles.prepare(messages, input.report)
  yield* prepare(messages, input, scenarios)
  const alone = scenarios.length === 1
  const onDone = (judged: Judged): Effect.Effect<void> =>
    input.json ? Effect.void : Output.print(...shown(judged, input.language, alone))
  const fails = (judged: Judged): boolean => KnownFailures.isFailure(known, judged)
  const told = { onDone, isLast: (judged: Judged) => input.failFast && fails(judged) }
  const { brokenOff, judged } = yield* started(messages, input, scenarios, told).pipe(
    Effect.catch((error) => toFailed(messages, input, error))
  )
  const earlier = last === undefined ? [] : KnownFailures.left(last, judged)
  if (judged.length > 0) yield* conclude(messages, input, judged, earlier, alone)
  if (brokenOff) {
    return yield* new Failed({ message: messages.lab.brokenOff(judged.length, scenarios.length), exitCode: 130 })
  }
  if (input.targetLog !== undefined) yield* TargetLog.check(messages, input.targetLog)
  if (known !== undefined) yield* Output.tell(...KnownFailures.lines(messages, input.language, known, judged))
  if (judged.length < scenarios.length) yield* Output.tell(messages.lab.stoppedEarly(judged.length, scenarios.length))
  if (judged.some(fails)) return yield* new Failed({ message: "", exitCode: 1 })
})
