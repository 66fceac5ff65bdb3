/**
 * A suite in one line: one test for each scenario, named after it, which passes when nothing is held against the client.
 */
import { describe, expect } from "vitest"
import type { Options as LabOptions } from "../Lab.ts"
import * as Library from "../library/Library.ts"
import type { Client } from "../run/Client.ts"
import type { Scenario } from "../scenario/Scenario.ts"
import { test } from "./Fixture.ts"

/** How a suite is run. */
export interface Options extends Omit<LabOptions, "client"> {
  /**
   * Scenarios of one's own, or names of the library's, where `*` stands for anything: `rate.*`, `*@qwen`. All of the library
   * that last less than an hour, unless told otherwise.
   */
  readonly scenarios?: ReadonlyArray<Scenario | string>
}

const hour = 3_600_000

/** Real milliseconds that a run may take beyond its scenario's length, which only sockets need. */
const grace = 60_000

const fitting = (pattern: string): ReadonlyArray<Scenario> => {
  if (!pattern.includes("*")) return [Library.find(pattern)]
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
  const expression = new RegExp(`^${parts.join(".*")}$`)
  const found = Library.all.filter(({ name }) => expression.test(name))
  if (found.length === 0) throw new Error(`No scenario of the library fits "${pattern}": try "*${pattern}*", or "*"`)
  return found
}

const choose = (scenarios: Options["scenarios"]): ReadonlySet<Scenario> =>
  new Set(
    scenarios?.flatMap((each) => (typeof each === "string" ? fitting(each) : each)) ??
      Library.all.filter(({ length }) => length < hour)
  )

/** Defines one test per scenario. */
export const resilience = (name: string, client: Client, { scenarios, ...options }: Options = {}): void => {
  const chosen = choose(scenarios)
  describe(name, () => {
    for (const scenario of chosen) {
      test(scenario.name, { timeout: scenario.length + grace }, async ({ lab }) => {
        expect(await lab.run(scenario, client, options)).toBeResilient()
      })
    }
  })
}
