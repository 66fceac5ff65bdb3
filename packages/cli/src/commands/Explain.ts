/** `understudy explain MODEL`: which route, targets and keys a request would take, and why. Sends nothing. */
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import type { Explanation, KeyExplanation, TargetExplanation, Verdict } from "@understudy/core/route/Explain"
import * as Matcher from "@understudy/core/route/Matcher"
import { Understudy } from "@understudy/core/Understudy"
import * as Effect from "effect/Effect"
import * as RealSetup from "../demo/RealSetup.ts"
import * as Setup from "../demo/Setup.ts"
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

/** What became of a route, in the reader's language. */
export const toWords = ({ explain }: Messages, verdict: Verdict): string => {
  switch (verdict._tag) {
    case "Taken":
      return explain.taken
    case "Shadowed":
      return explain.shadowed(verdict.by)
    case "OtherModel":
      return explain.notModel(verdict.model._tag === "Exact" ? verdict.model.value : Matcher.toLabel(verdict.model))
    case "OtherHeader":
      return explain.notHeader(verdict.name, verdict.value)
    case "OtherConsumer":
      return explain.notConsumer(verdict.consumers)
  }
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
  const rows = considered.map(({ match, route: name, verdict }) => [
    verdict._tag === "Taken" ? style.green("✓") : style.dim("·"),
    verdict._tag === "Taken" ? style.bold(name) : name,
    match,
    toWords(messages, verdict)
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
  const real = RealSetup.fromEnvironment(messages, language, process.env)
  const options = real?.options ?? Setup.withMocks("http://127.0.0.1:9090")
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
