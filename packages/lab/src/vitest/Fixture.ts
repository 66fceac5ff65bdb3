/**
 * vitest's `test` with a lab: `async ({ lab }) => { await lab.run("auth.invalid@qwen", client) }`.
 *
 * A run ends with its test: one that is still under way when the test is over, or out of time, is called off, and the test
 * waits until the network and the timers are given back.
 */
import { test as base } from "vitest"
import * as Lab from "../Lab.ts"
import type { Judged } from "../report/Judged.ts"
import type { Client } from "../run/Client.ts"
import type { Scenario } from "../scenario/Scenario.ts"

/** What a test is given as `lab`. */
export interface Fixture {
  /**
   * Runs a scenario, or the one of that name of the library, on the virtual runner unless told otherwise. Without a client it
   * runs Understudy.
   */
  run(scenario: Scenario | string, client: Client, options?: Lab.Options): Promise<Judged>
  run(scenario: Scenario | string, options?: Lab.Options): Promise<Judged>
}

/** A lab whose runs end with a signal, and all of its runs. */
const make = (over: AbortSignal): { readonly lab: Fixture; readonly runs: ReadonlyArray<Promise<Judged>> } => {
  const runs: Array<Promise<Judged>> = []
  const run = (scenario: Scenario | string, given: Client | Lab.Options = {}, options: Lab.Options = {}) => {
    const chosen = "open" in given ? { ...options, client: given } : given
    const signal = chosen.signal === undefined ? over : AbortSignal.any([over, chosen.signal])
    const judged = Lab.run(scenario, { ...chosen, signal })
    runs.push(judged)
    return judged
  }
  return { lab: { run }, runs }
}

/** vitest's `test`, extended. */
export const test = base.extend("lab", async ({ signal }, { onCleanup }) => {
  const over = new AbortController()
  const { lab, runs } = make(AbortSignal.any([over.signal, signal]))
  onCleanup(async () => {
    over.abort(new Error("The test is over, and its run was called off: await what lab.run returns"))
    await Promise.allSettled(runs)
  })
  return lab
})
