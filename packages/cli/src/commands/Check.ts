/**
 * `understudy check`: the configuration, every key asked live whether it is well, and every model looked up in its vendor's
 * list.
 */
import { type KeyCheck, Understudy } from "@understudy/core/Understudy"
import * as Effect from "effect/Effect"
import { Failed } from "../Failed.ts"
import * as ContextCheck from "../internal/ContextCheck.ts"
import * as Core from "../internal/Core.ts"
import * as ModelCheck from "../internal/ModelCheck.ts"
import * as Output from "../internal/Output.ts"
import * as Progress from "../internal/Progress.ts"
import { describeProbe, isUnreachable } from "../internal/Reasons.ts"
import * as Style from "../internal/Style.ts"
import { align } from "../internal/Table.ts"
import type { Messages } from "../Messages.ts"

/** What the command line says. */
export interface Input {
  readonly config: string | undefined
  readonly json: boolean
}

/** The keys as rows of a table. */
export const table = (
  messages: Messages,
  style: Style.Style,
  checks: ReadonlyArray<KeyCheck>
): ReadonlyArray<string> => {
  const rows = checks.map(({ failure, key, millis, name, ok, provider }) => [
    provider,
    key === "" ? messages.common.noKey : key,
    name === key ? "" : name,
    ok
      ? style.green(messages.check.ok)
      : style.red(failure === undefined ? "?" : describeProbe(messages, failure.reason)),
    `${millis} ms`,
    failure === undefined ? "" : (failure.vendor?.message ?? failure.message)
  ])
  return align([messages.check.columns.map(style.dim), ...rows], "  ")
}

/** The keys as a machine reads them. */
export const toJson = (
  source: string,
  checks: ReadonlyArray<KeyCheck>,
  models: ReadonlyArray<ModelCheck.Compared>,
  smaller: ReadonlyArray<ContextCheck.Smaller>
): unknown => ({
  config: source,
  ok: checks.every(({ ok }) => ok),
  problems: [],
  keys: checks.map(({ failure, key, millis, name, ok, provider }) => ({
    provider,
    key,
    name,
    ok,
    reason: failure?.reason._tag ?? null,
    status: failure?.vendor?.status ?? null,
    message: failure === undefined ? null : (failure.vendor?.message ?? failure.message),
    ms: millis
  })),
  models: ModelCheck.toJson(models),
  smallerFallbacks: ContextCheck.toJson(smaller)
})

const verdict = (messages: Messages, style: Style.Style, checks: ReadonlyArray<KeyCheck>): ReadonlyArray<string> => {
  const bad = checks.filter(({ ok }) => !ok)
  if (bad.length === 0) return [style.green(messages.check.allOk(checks.length))]
  const unreachable = bad.filter(({ failure }) => failure !== undefined && isUnreachable(failure.reason)).length
  if (unreachable === checks.length) return [style.red(messages.check.noneReachable)]
  return [
    style.red(messages.check.someBad(bad.length, checks.length)),
    ...(unreachable > 0 ? [messages.check.someUnreachable] : [])
  ]
}

const checked = Effect.fnUntraced(function* (messages: Messages, { json }: Input) {
  const { check, config, listed } = yield* Understudy
  const style = Style.forStream(process.stdout)
  const count = config.providers.reduce((sum, { keys }) => sum + Math.max(1, keys.length), 0)
  if (!json) {
    yield* Output.print(messages.check.configOk(config.source, config.providers.length, config.routes.length))
  }
  const asking = Effect.all([check, listed], { concurrency: 2 })
  const [checks, lists] = yield* Progress.during(messages.check.checking(count), asking)
  const places = Core.placesIn(config.source)
  const models = ModelCheck.compare(config, lists, places)
  const smaller = ContextCheck.find(config, places)
  if (json) yield* Output.json(toJson(config.source, checks, models, smaller))
  else {
    const warnings = [
      ...ModelCheck.lines(messages, style, config.source, models),
      ...ContextCheck.lines(messages, style, config.source, smaller)
    ]
    yield* Output.print("", ...table(messages, style, checks), "", ...warnings, ...verdict(messages, style, checks))
  }
  if (checks.some(({ ok }) => !ok)) return yield* new Failed({ message: "", exitCode: 1 })
})

/** What there is to say where the configuration cannot be used. */
const nothing = { keys: [], models: [], smallerFallbacks: [] }

/** Checks; a key that cannot be used is a failure. */
export const run = (messages: Messages, input: Input): Effect.Effect<void, Failed> => {
  const config = input.json ? Core.loadForMachine(messages, input.config, nothing) : Core.load(messages, input.config)
  return checked(messages, input).pipe(Effect.provide(Core.layer(config)))
}
