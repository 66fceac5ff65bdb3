/**
 * One run and the verdict on it, whichever the runner: what `Lab` does for all of them, and what who needs a single runner does
 * without loading the others.
 *
 * **Example** (the virtual clock alone: no MSW, no fake timers, no server)
 *
 * ```ts
 * import * as Virtual from "@understudy/lab/run/Virtual"
 * import * as Trial from "@understudy/lab/Trial"
 *
 * const { verdict } = await Trial.run("auth.invalid@qwen", "virtual", Virtual.run)
 * verdict.passed // => true
 * ```
 */
import * as Library from "./library/Library.ts"
import type { Judged } from "./report/Judged.ts"
import type { Client } from "./run/Client.ts"
import type { Review } from "./run/Keeper.ts"
import type { Run, RunnerName } from "./run/Run.ts"
import type * as Runner from "./run/Runner.ts"
import * as UnderstudyClient from "./run/UnderstudyClient.ts"
import * as Scenario from "./scenario/Scenario.ts"
import * as Verdict from "./verdict/Verdict.ts"

/** How a scenario is run. */
export interface Options extends Runner.Options {
  /** Who is tested; Understudy, in process, unless told otherwise. */
  readonly client?: Client | undefined
  /** Takes faults too that the runner can do only nearly as they are (another error code in the client); false. */
  readonly approximate?: boolean | undefined
}

const review = (part: Run): ReturnType<Review> => {
  const { figures, findings } = Verdict.of(part)
  return { found: findings.length > 0, figures }
}

/** Runs a scenario, or the one of that name of the library. Rejects with a ScenarioError when the runner cannot do it. */
export const run = async <RunOptions extends Options>(
  scenario: Scenario.Scenario | string,
  runner: RunnerName,
  start: (scenario: Scenario.Scenario, client: Client, options: RunOptions) => Promise<Run>,
  options: RunOptions = {} as RunOptions
): Promise<Judged> => {
  const { approximate = false, client = UnderstudyClient.make() } = options
  const found = typeof scenario === "string" ? Library.find(scenario) : scenario
  if (!approximate) Scenario.check(found, runner)
  // The machine's clock, whatever the run's is: begun before timers are faked, and read when they are real again.
  const begun = performance.now()
  const done = await start(found, client, { review, ...options })
  return { run: done, verdict: Verdict.of(done), took: performance.now() - begun }
}
