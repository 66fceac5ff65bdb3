/**
 * Runs scenarios one after the other, with a line of progress on a terminal; Ctrl-C ends the one that runs and the rest. Days
 * of traffic on the virtual clock are begun at once, each in a thread of its own, and told of when it is their turn.
 */
import { availableParallelism } from "node:os"
import type * as Lab from "@understudy/lab/Lab"
import type { Judged } from "@understudy/lab/report/Judged"
import type { Progress } from "@understudy/lab/run/Runner"
import * as Virtual from "@understudy/lab/run/Virtual"
import type { Scenario } from "@understudy/lab/scenario/Scenario"
import * as Schedule from "@understudy/lab/scenario/Schedule"
import * as Trial from "@understudy/lab/Trial"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Stop } from "../internal/Stop.ts"
import * as TrialWorker from "./TrialWorker.ts"

/** What was finished. */
export interface Finished {
  readonly judged: ReadonlyArray<Judged>
  readonly brokenOff: boolean
}

/** How they are run. */
export interface Options extends Omit<Lab.Options, "signal" | "onProgress"> {
  /** The command that runs a scenario again. */
  readonly toCommand: (scenario: Scenario) => string
  /** True for a run after which there is to be no other; there is none unless told otherwise. */
  readonly isLast?: ((judged: Judged) => boolean) | undefined
}

/** Scenarios of more calls are worth a thread. */
const many = 10_000

const { stderr } = process

/** Shows a line of progress on a terminal in the place of the one before; an empty one takes it away. */
export const show = (text: string): void => {
  if (stderr.isTTY) stderr.write(`\r\u001b[K${text.slice(0, (stderr.columns ?? 80) - 1)}`)
}

const toLine = (name: string, { begun, calls }: Progress): string =>
  `${name}  ${begun.toLocaleString("en")}/${calls.toLocaleString("en")}`

/** Aborts at the first Ctrl-C. */
const stopping: Effect.Effect<AbortController, never, Scope.Scope> = Effect.gen(function* () {
  const controller = new AbortController()
  const stop = yield* Stop
  const abort = Effect.sync(() => controller.abort())
  yield* Effect.forkScoped(Effect.andThen(stop, abort), { startImmediately: true })
  return controller
})

const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))

type Run = (scenario: Scenario) => Promise<Judged>

const runLab = async (scenario: Scenario, options: Lab.Options): Promise<Judged> => {
  if ((options.runner ?? "virtual") === "virtual") return Trial.run(scenario, "virtual", Virtual.run, options)
  // Brings MSW, fake timers and a server with it, which takes as long as some scenarios.
  const lab = await import("@understudy/lab/Lab")
  return lab.run(scenario, options)
}

/** How each is run; what is worth a thread has been begun. */
const begin = (scenarios: ReadonlyArray<Scenario>, options: Options, signal: AbortSignal): Run => {
  let current: Scenario | undefined
  const onProgress = (scenario: Scenario) => (progress: Progress) => {
    if (scenario !== current) return
    show(`${scenarios.indexOf(scenario) + 1}/${scenarios.length} ${toLine(scenario.name, progress)}`)
  }
  const isLong = ({ source }: Scenario): boolean => Schedule.count(source.traffic) > many
  const isVirtual = options.client === undefined && (options.runner ?? "virtual") === "virtual"
  const long = isVirtual && scenarios.length > 1 ? scenarios.filter(isLong).slice(0, availableParallelism()) : []
  const apart = new Map(
    long.map((scenario) => {
      const judged = TrialWorker.run({ scenario, seed: options.seed }, signal, onProgress(scenario))
      // Whoever waits for it is told; until then nobody does.
      judged.catch(() => undefined)
      return [scenario, judged]
    })
  )
  return (scenario) => {
    current = scenario
    show(`${scenarios.indexOf(scenario) + 1}/${scenarios.length} ${scenario.name}`)
    return apart.get(scenario) ?? runLab(scenario, { ...options, signal, onProgress: onProgress(scenario) })
  }
}

/** Runs them; `onDone` is told of each as it is finished. What a run rejects with is the failure. */
export const all = (
  scenarios: ReadonlyArray<Scenario>,
  options: Options,
  onDone: (judged: Judged) => Effect.Effect<void>
): Effect.Effect<Finished, Error> =>
  Effect.scoped(
    Effect.gen(function* () {
      const controller = yield* stopping
      const { signal } = controller
      const run = begin(scenarios, options, signal)
      const judged: Array<Judged> = []
      for (const scenario of scenarios) {
        // @effect-diagnostics-next-line globalErrorInEffectCatch:off
        const done = yield* Effect.tryPromise({ try: () => run(scenario), catch: toError }).pipe(
          Effect.catch((error) => (signal.aborted ? Effect.undefined : Effect.fail(error))),
          Effect.ensuring(Effect.sync(() => show("")))
        )
        if (done === undefined) return { judged, brokenOff: true }
        const named = { ...done, command: options.toCommand(done.run.scenario) }
        judged.push(named)
        yield* onDone(named)
        if (options.isLast?.(named) === true) {
          controller.abort()
          break
        }
      }
      return { judged, brokenOff: false }
    })
  )
