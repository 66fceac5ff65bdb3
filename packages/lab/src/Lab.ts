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
 * @see Trial for a single runner, without loading the others
 */
import type { Judged } from "./report/Judged.ts"
import * as Network from "./run/Network.ts"
import type { RunnerName } from "./run/Run.ts"
import * as Sockets from "./run/Sockets.ts"
import * as Virtual from "./run/Virtual.ts"
import type { Scenario } from "./scenario/Scenario.ts"
import * as Trial from "./Trial.ts"

/** How a scenario is run. */
export interface Options extends Trial.Options, Network.Options, Sockets.Options {
  /** `virtual` unless told otherwise. */
  readonly runner?: RunnerName | undefined
}

const runners = { virtual: Virtual.run, network: Network.run, sockets: Sockets.run } as const

/** Runs a scenario, or the one of that name of the library. Rejects with a ScenarioError when the runner cannot do it. */
export const run = (scenario: Scenario | string, options: Options = {}): Promise<Judged> => {
  const { runner = "virtual" } = options
  return Trial.run(scenario, runner, runners[runner], options)
}
