/** Runs scenarios one after the other, with a line of progress on a terminal; Ctrl-C ends the one that runs and the rest. */
import * as Lab from "@understudy/lab/Lab"
import type { Judged } from "@understudy/lab/report/Judged"
import type { Progress } from "@understudy/lab/run/Runner"
import type { Scenario } from "@understudy/lab/scenario/Scenario"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Stop } from "../internal/Stop.ts"

/** What was finished. */
export interface Finished {
  readonly judged: ReadonlyArray<Judged>
  readonly brokenOff: boolean
}

const { stderr } = process

const show = (text: string): void => {
  if (stderr.isTTY) stderr.write(`\r\u001b[K${text.slice(0, (stderr.columns ?? 80) - 1)}`)
}

const toLine = (place: string, name: string, { begun, calls }: Pick<Progress, "begun" | "calls">): string =>
  `${place} ${name}  ${begun.toLocaleString("en")}/${calls.toLocaleString("en")}`

/** Aborts at the first Ctrl-C. */
const stopping: Effect.Effect<AbortSignal, never, Scope.Scope> = Effect.gen(function* () {
  const controller = new AbortController()
  const stop = yield* Stop
  const abort = Effect.sync(() => controller.abort())
  yield* Effect.forkScoped(Effect.andThen(stop, abort), { startImmediately: true })
  return controller.signal
})

/** Runs them; `onDone` is told of each as it is finished. What a run rejects with is the failure. */
export const all = (
  scenarios: ReadonlyArray<Scenario>,
  options: Omit<Lab.Options, "signal" | "onProgress">,
  onDone: (judged: Judged) => Effect.Effect<void>
): Effect.Effect<Finished, unknown> =>
  Effect.scoped(
    Effect.gen(function* () {
      const signal = yield* stopping
      const judged: Array<Judged> = []
      for (const [index, scenario] of scenarios.entries()) {
        const place = `${index + 1}/${scenarios.length}`
        const onProgress = (progress: Progress): void => show(toLine(place, scenario.name, progress))
        show(`${place} ${scenario.name}`)
        const run = Effect.tryPromise({
          try: () => Lab.run(scenario, { ...options, signal, onProgress }),
          catch: (error) => error
        })
        const done = yield* run.pipe(
          Effect.catch((error) => (signal.aborted ? Effect.succeed(undefined) : Effect.fail(error))),
          Effect.ensuring(Effect.sync(() => show("")))
        )
        if (done === undefined) return { judged, brokenOff: true }
        judged.push(done)
        yield* onDone(done)
      }
      return { judged, brokenOff: false }
    })
  )
