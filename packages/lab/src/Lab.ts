/**
 * The degradation lab: runs a scenario against a client and judges what happened.
 *
 * **Example** (a scenario of the library, Understudy, a virtual clock)
 *
 * ```ts
 * import { Lab } from "@understudy/lab"
 *
 * const { verdict } = await Lab.run("auth.invalid@qwen")
 * verdict.passed // => true
 * ```
 *
 * @see Client for testing something of your own
 */
import * as Library from "./library/Library.ts"
import type { Judged } from "./report/Judged.ts"
import type { Client } from "./run/Client.ts"
import * as Network from "./run/Network.ts"
import type { RunnerName } from "./run/Run.ts"
import * as Sockets from "./run/Sockets.ts"
import * as UnderstudyClient from "./run/UnderstudyClient.ts"
import * as Virtual from "./run/Virtual.ts"
import * as Scenario from "./scenario/Scenario.ts"
import * as Verdict from "./verdict/Verdict.ts"

/** How a scenario is run. */
export interface Options extends Network.Options, Sockets.Options {
  /** Who is tested; Understudy, in process, unless told otherwise. */
  readonly client?: Client | undefined
  /** `virtual` unless told otherwise. */
  readonly runner?: RunnerName | undefined
  /** Takes faults too that the runner can do only nearly as they are (another error code in the client); false. */
  readonly approximate?: boolean | undefined
}

const runners = { virtual: Virtual.run, network: Network.run, sockets: Sockets.run } as const

/** Runs a scenario, or the one of that name of the library. Rejects with a ScenarioError when the runner cannot do it. */
export const run = async (scenario: Scenario.Scenario | string, options: Options = {}): Promise<Judged> => {
  const { approximate = false, client = UnderstudyClient.make(), runner = "virtual" } = options
  const found = typeof scenario === "string" ? Library.find(scenario) : scenario
  if (!approximate) Scenario.check(found, runner)
  const done = await runners[runner](found, client, options)
  return { run: done, verdict: Verdict.of(done) }
}
