/** `understudy mock serve --scenario`: the mock vendors live through a scenario, for tests in any language. */
import * as ScenarioServer from "@understudy/lab/control/ScenarioServer"
import type { Scenario } from "@understudy/lab/scenario/Scenario"
import type { MockServer } from "@understudy/mocks/MockServer"
import { labels, names } from "@understudy/mocks/VendorList"
import * as Effect from "effect/Effect"
import { type Failed, misused } from "../Failed.ts"
import * as CalledAs from "../internal/CalledAs.ts"
import * as Mock from "../internal/Mock.ts"
import * as Output from "../internal/Output.ts"
import * as Recordings from "../internal/Recordings.ts"
import { Stop } from "../internal/Stop.ts"
import * as Style from "../internal/Style.ts"
import * as Summary from "../internal/Summary.ts"
import { align } from "../internal/Table.ts"
import type { Language } from "../Language.ts"
import * as Length from "../lab/Length.ts"
import * as Selection from "../lab/Selection.ts"
import type { Messages } from "../Messages.ts"
import * as MockServe from "./MockServe.ts"

/** What the command line says. */
export interface Input extends MockServe.Input {
  readonly language: Language
  readonly scenario: string
}

/** What of the command line only makes sense without a scenario. */
const objection = ({ lab }: Messages, { acceptAnyKey, catalogue, keys }: Input): string | undefined => {
  if (keys !== undefined) return lab.notWithScenario("--keys")
  if (acceptAnyKey) return lab.notWithScenario("--accept-any-key")
  return catalogue === undefined ? undefined : lab.notWithScenario("--catalogue")
}

const selected = Effect.fnUntraced(function* (messages: Messages, input: Input): Effect.fn.Return<Scenario, Failed> {
  const { scenario: name, seed } = input
  const [scenario, ...others] = yield* Selection.one(messages, name)
  if (scenario !== undefined && others.length === 0) return { ...scenario, seed: seed ?? scenario.seed }
  const example = scenario === undefined ? name : Selection.toArgument(scenario)
  return yield* misused(messages.lab.oneOf(name, example, others.length + 1))
})

const control = ({ lab, serve }: Messages, url: string): ReadonlyArray<readonly [string, string]> => [
  [lab.described, `curl -sS ${url}/_mock/scenario`],
  [lab.state, `curl -sS ${url}/_mock/state`],
  [lab.later, `curl -sS -X POST ${url}/_mock/clock -d '{"advance":"30s"}'`],
  [lab.tell, `curl -sS -X POST ${url}/_mock/calls -d '{"id":"c1","outcome":"answered","text":"…"}'`],
  [lab.verdict, `curl -sS '${url}/_mock/verdict?format=markdown'`],
  [lab.another, `curl -sS -X PUT ${url}/_mock/scenario -d auth.invalid@qwen`],
  [serve.reset, `curl -sS -X POST ${url}/_mock/reset`]
]

const summary = (
  messages: Messages,
  style: Style.Style,
  scenario: Scenario,
  { language, recordings, speed }: Input,
  server: MockServer
) => {
  const { baseUrl, control: title, ctrlC, keys: keysTitle, mock } = messages.serve
  const keys = scenario.keys.map(({ name, value, vendor }) => [vendor, value, style.dim(name)])
  return [
    ...Summary.page(style, messages.help.mockServe, [
      [messages.lab.scenario, [`${scenario.name}  ${style.dim(Length.toLabel(scenario.length))}`]],
      ["", [scenario.teaches[language]]],
      [mock, [style.cyan(server.url)]],
      MockServe.pace(messages, speed),
      ...names.map((name): readonly [string, ReadonlyArray<string>] => [baseUrl(labels[name]), [server.urls[name]]]),
      [keysTitle, align(keys)],
      [messages.labRecord.played, recordings === undefined ? [] : [recordings]]
    ]),
    `  ${style.bold(title)}`,
    ...control(messages, server.url).flatMap(([what, line]) => [style.dim(`  # ${what}`), `  ${line}`]),
    "",
    style.dim(ctrlC)
  ]
}

const served = Effect.fnUntraced(function* (messages: Messages, input: Input) {
  const { host, port, scenario: name, speed = 1 } = input
  const wrong = objection(messages, input)
  if (wrong !== undefined) return yield* misused(wrong)
  const scenario = yield* selected(messages, input)
  const recordings = yield* Recordings.load(input.recordings)
  const refusal = { host, port, command: `${CalledAs.here()} mock serve --scenario ${name} --port` }
  const server = yield* Mock.listenAt(messages, refusal, () =>
    ScenarioServer.listen(scenario, { host, port, recordings, speed })
  )
  yield* Output.print(...summary(messages, Style.forStream(process.stdout), scenario, input, server))
  yield* yield* Stop
})

/** Serves until Ctrl-C. */
export const run = (messages: Messages, input: Input): Effect.Effect<void, Failed> =>
  Effect.scoped(served(messages, input))
