/**
 * Runs scenarios against a gateway in another process, or against several alike at once: lane 1 has the gateway and the mocked
 * vendors at the ports that were given, lane 2 at the next ones, and so on.
 *
 * ```
 * --before-each ─▶ does it answer? ─▶ Recovery: does it use what it used at first? ─▶ the scenario
 * ```
 */
import { writeFileSync } from "node:fs"
import * as path from "node:path"
import * as Lab from "@understudy/lab/Lab"
import type { Judged } from "@understudy/lab/report/Judged"
import type { Client } from "@understudy/lab/run/Client"
import * as Recovery from "@understudy/lab/run/Recovery"
import type { Scenario } from "@understudy/lab/scenario/Scenario"
import * as Effect from "effect/Effect"
import { type Failed, failed } from "../Failed.ts"
import * as Output from "../internal/Output.ts"
import { Stop } from "../internal/Stop.ts"
import * as Style from "../internal/Style.ts"
import type { Messages } from "../Messages.ts"
import * as BeforeEach from "./BeforeEach.ts"
import * as Runs from "./Runs.ts"
import * as Target from "./Target.ts"
import * as TargetLog from "./TargetLog.ts"

/** How they are run. */
export interface Options {
  readonly target: string
  readonly place: Target.Place
  readonly lanes: number
  readonly beforeEach: string | undefined
  /** The file with the log of the gateways. */
  readonly log: string | undefined
  readonly seed: number | undefined
  /** The gateway at an address. */
  readonly toClient: (url: string) => Client
  readonly toCommand: (scenario: Scenario) => string
  /** True for a run after which no other is begun. */
  readonly isLast: Runs.Options["isLast"]
}

/** What a scenario costs beside its traffic, in milliseconds: a look before it, and what shows after it. */
const overhead = 4_000

/** Milliseconds of all of them, taken by the lanes in their order. */
export const estimate = (scenarios: ReadonlyArray<Scenario>, lanes: number): number => {
  const busy = Array.from({ length: lanes }, () => 0)
  for (const { length } of scenarios) {
    const next = busy.indexOf(Math.min(...busy))
    busy[next] = (busy[next] ?? 0) + length + overhead
  }
  return Math.max(...busy)
}

const portOf = ({ port, protocol }: URL): number => (port === "" ? (protocol === "https:" ? 443 : 80) : Number(port))

/** The address so many ports further on. */
export const shifted = (url: string, by: number): string => {
  if (by === 0) return url
  const given = new URL(url)
  const { hash, hostname, pathname, protocol, search } = given
  return `${protocol}//${hostname}:${portOf(given) + by}${pathname === "/" ? "" : pathname}${search}${hash}`
}

interface Lane {
  readonly index: number
  readonly url: string
  readonly place: Target.Place
  readonly before: BeforeEach.BeforeEach | undefined
  /** The keys that the gateway used in the beginning, by the model asked for. */
  readonly known: Map<string, ReadonlySet<string>>
}

/** What the command before each is told. */
const variables = ({ index, place, url }: Lane, scenario: Scenario, folder: string): BeforeEach.Variables => {
  const address = `${place.host.shown}:${place.port}`
  const config = path.join(folder, "understudy.yaml")
  writeFileSync(config, `${Target.yaml(scenario, address).join("\n")}\n`)
  return {
    UNDERSTUDY_LAB_SCENARIO: scenario.name,
    UNDERSTUDY_LAB_LANE: String(index + 1),
    UNDERSTUDY_LAB_TARGET: url,
    UNDERSTUDY_LAB_PORT: String(portOf(new URL(url))),
    UNDERSTUDY_LAB_MOCK: `http://${address}`,
    UNDERSTUDY_LAB_CONFIG: config
  }
}

/** Long enough for a slow gateway, short enough that one without deadlines does not hold everything up; milliseconds. */
const patienceFor = ({ length }: Scenario): number => Math.max(30_000, 2 * length)

const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))

const attempt = <A>(start: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, Error> =>
  // @effect-diagnostics-next-line globalErrorInEffectCatch:off
  Effect.tryPromise({ try: start, catch: toError })

/** A clean start: whatever comes before each, and a gateway that answers and is what it was. */
const begin = Effect.fnUntraced(function* (messages: Messages, lane: Lane, scenario: Scenario, options: Options) {
  const { before, known, place, url } = lane
  const { labTarget } = messages
  if (before !== undefined) {
    yield* before.run(variables(lane, scenario, before.folder))
    yield* Target.started(messages, url)
  }
  const { model } = scenario.source.traffic
  const wanted = before === undefined ? known.get(model) : undefined
  const where = { port: place.port, host: place.host.listen, seed: options.seed }
  const { failure, keys } = yield* attempt((signal) =>
    Recovery.wait(scenario, options.toClient(url), { ...where, signal, known: wanted })
  )
  if (keys.size === 0) return yield* failed(labTarget.neverAsked(url, failure?.message ?? ""))
  const missing = [...(wanted ?? [])].filter((key) => !keys.has(key))
  if (missing.length > 0) {
    const style = Style.forStream(process.stderr)
    yield* Output.tell(style.yellow(labTarget.notBack(scenario.name, missing.join(messages.common.and))))
  }
  if (!known.has(model)) known.set(model, keys)
})

/** Runs them; `onDone` is told of each as it is finished. */
export const all = (
  messages: Messages,
  scenarios: ReadonlyArray<Scenario>,
  options: Options,
  onDone: (judged: Judged) => Effect.Effect<void>
): Effect.Effect<Runs.Finished, Error | Failed> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { beforeEach, isLast, lanes: count, log, place, seed, target, toClient, toCommand } = options
      const done = new Map<Scenario, Judged>()
      const under = new Map<number, string>()
      const show = (): void => Runs.show(`${done.size}/${scenarios.length}  ${[...under.values()].join("  ")}`)
      const waiting = [...scenarios]
      const run = Effect.fnUntraced(function* (index: number) {
        const before = beforeEach === undefined ? undefined : yield* BeforeEach.make(messages, beforeEach)
        const port = place.port + index
        const lane: Lane = { index, url: shifted(target, index), place: { ...place, port }, before, known: new Map() }
        for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
          const current = scenario
          const tell = (what: string): void => {
            under.set(index, `${current.name} ${what}`)
            show()
          }
          tell("…")
          yield* begin(messages, lane, current, options)
          const client = toClient(lane.url)
          const judged = yield* attempt((signal) =>
            Lab.run(current, {
              client: log === undefined ? client : TargetLog.watched(client, log),
              ...{ runner: "sockets", port, host: place.host.listen, seed, signal },
              patience: patienceFor(current),
              onProgress: ({ elapsed, length }) => tell(`${Math.round(elapsed / 1000)}/${Math.round(length / 1000)} s`)
            })
          )
          const named = { ...judged, command: toCommand(judged.run.scenario) }
          done.set(current, named)
          under.delete(index)
          Runs.show("")
          yield* onDone(named)
          if (isLast?.(named) === true) waiting.length = 0
        }
      })
      const lanes = Effect.forEach(
        Array.from({ length: Math.min(count, scenarios.length) }, (_, index) => index),
        run,
        { concurrency: "unbounded", discard: true }
      )
      const stopped = yield* Effect.raceFirst(Effect.as(lanes, false), Effect.as(yield* Stop, true)).pipe(
        Effect.ensuring(Effect.sync(() => Runs.show("")))
      )
      return { judged: scenarios.flatMap((scenario) => done.get(scenario) ?? []), brokenOff: stopped }
    })
  )
