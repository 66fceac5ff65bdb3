/** `understudy explain MODEL`: which route, targets and keys a request would take, and why. Sends nothing. */
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import type { Explanation, KeyExplanation, TargetExplanation } from "@understudy/core/route/Explain"
import { Understudy } from "@understudy/core/Understudy"
import * as Effect from "effect/Effect"
import * as RealSetting from "../demo/RealSetting.ts"
import * as Setting from "../demo/Setting.ts"
import { Failed, fromError } from "../Failed.ts"
import * as Core from "../internal/Core.ts"
import * as Output from "../internal/Output.ts"
import * as Style from "../internal/Style.ts"
import * as Summary from "../internal/Summary.ts"
import { align } from "../internal/Table.ts"
import type { Language } from "../Language.ts"
import type { Messages } from "../Messages.ts"

/** What the command line says. */
export interface Input {
  readonly language: Language
  readonly model: string
  readonly config: string | undefined
  readonly consumer: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly json: boolean
  readonly demo: boolean
}

const patterns: ReadonlyArray<
  readonly [RegExp, (messages: Messages["explain"], found: ReadonlyArray<string>) => string]
> = [
  [/^taken$/, (messages) => messages.taken],
  [/^model is not (.+)$/, (messages, [match = ""]) => messages.notModel(match.replace(/^= /, ""))],
  [/^header (\S+) is not "(.*)"$/, (messages, [name = "", value = ""]) => messages.notHeader(name, value)],
  [/^consumer is not one of (.+)$/, (messages, [names = ""]) => messages.notConsumer(names)],
  [/^a more specific or earlier route is taken: (.+)$/, (messages, [route = ""]) => messages.shadowed(route)]
]

/** The core's reason in the reader's language; as it is where it is a new one. */
export const translate = (messages: Messages, because: string): string => {
  for (const [pattern, say] of patterns) {
    const found = pattern.exec(because)
    if (found !== null) return say(messages.explain, found.slice(1))
  }
  return because
}

const toKey = (messages: Messages, { dueIn, id, name, reason, state }: KeyExplanation): string => {
  if (id === "") return messages.common.noKey
  const label = name === id ? id : `${id} (${name})`
  if (state === "Available") return label
  const word = (messages.explain.states as Readonly<Record<string, string>>)[state] ?? state
  const due = dueIn === undefined ? [] : [messages.explain.dueIn(Math.ceil(dueIn / 1000))]
  return [`${label}: ${word}`, ...(reason === undefined ? [] : [reason]), ...due].join(" ")
}

const targetLines = (messages: Messages, style: Style.Style, targets: ReadonlyArray<TargetExplanation>) =>
  align(
    [
      ["", "", "", style.dim(messages.explain.keys)],
      ...targets.map(({ circuit, keys, model, provider, role, usable, weight }, index) => [
        `${index + 1}.`,
        messages.explain[role],
        style.bold(`${provider}/${model}`),
        keys.map((key) => toKey(messages, key)).join(messages.common.and),
        [
          ...(weight === 1 ? [] : [messages.explain.weight(weight)]),
          ...(circuit === "Closed" ? [] : [style.yellow(messages.explain.circuit(circuit))]),
          ...(usable ? [] : [style.red(messages.explain.unusable)])
        ].join("  ")
      ])
    ],
    "  "
  )

/** An explanation as a person reads it. */
export const render = (
  messages: Messages,
  style: Style.Style,
  explanation: Omit<Explanation, "decisions">
): ReadonlyArray<string> => {
  const { considered, model, route, targets } = explanation
  const { explain } = messages
  const rows = considered.map(({ because, match, route: name }) => [
    because === "taken" ? style.green("✓") : style.dim("·"),
    because === "taken" ? style.bold(name) : name,
    match,
    translate(messages, because)
  ])
  return [
    ...Summary.blocks(style, [
      [explain.model, [model]],
      [explain.route, [route ?? style.red(explain.noRoute)]]
    ]),
    "",
    style.bold(explain.routes),
    ...align(rows, "  "),
    ...(targets.length === 0 ? [] : ["", style.bold(explain.targets), ...targetLines(messages, style, targets)]),
    "",
    style.dim(explain.fresh)
  ]
}

const demoConfig = (messages: Messages, language: Language) => {
  const real = RealSetting.fromEnvironment(messages, language, process.env)
  const options = real?.options ?? Setting.withMocks("http://127.0.0.1:9090")
  return UnderstudyConfig.fromOptions(options, "understudy start").pipe(Effect.mapError(fromError))
}

const explained = Effect.fnUntraced(function* (messages: Messages, input: Input) {
  const understudy = yield* Understudy
  const headers = Object.fromEntries(Object.entries(input.headers).map(([name, value]) => [name.toLowerCase(), value]))
  const explanation = yield* understudy.explain({ model: input.model, headers, consumer: input.consumer })
  if (input.json) yield* Output.json(explanation)
  else yield* Output.print(...render(messages, Style.forStream(process.stdout), explanation))
  if (explanation.route === undefined) return yield* new Failed({ message: "", exitCode: 1 })
})

/** Explains; a model that no route takes is a failure. */
export const run = (messages: Messages, input: Input): Effect.Effect<void, Failed> => {
  const read = () => (input.json ? Core.loadForMachine(messages, input.config, {}) : Core.load(messages, input.config))
  const config = input.demo ? demoConfig(messages, input.language) : read()
  return explained(messages, input).pipe(Effect.provide(Core.layer(config)))
}
