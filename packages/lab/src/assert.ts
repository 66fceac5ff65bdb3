/**
 * Assertions about judged runs, for every test runner: node:test, jest, mocha, Playwright. A failure is a `LabAssertionError` that
 * says what vitest's matchers say: what was found, the timeline, and how to make the run again.
 *
 * **Example** (node:test)
 *
 * ```ts
 * import { test } from "node:test"
 * import { Lab } from "@understudy/lab"
 * import { assertAnswersWithin, assertResilient } from "@understudy/lab/assert"
 *
 * test("a bad key is nobody's business but ours", async () => {
 *   const judged = await Lab.run("auth.invalid@qwen")
 *   assertResilient(judged)
 *   assertAnswersWithin(judged, "2s")
 * })
 * ```
 *
 * @see Checks for what each of them asks
 */
import * as Checks from "./assert/Checks.ts"
import * as Messages from "./assert/Messages.ts"
import type { Judged } from "./report/Judged.ts"
import type { FindingKind } from "./scenario/FindingKind.ts"

export type { Cost } from "./assert/Checks.ts"

/**
 * What an assertion throws. It is none of `node:assert`: jest prints two values that were to be equal for each of those, before
 * the message.
 */
export class LabAssertionError extends Error {
  override readonly name = "LabAssertionError"
}

/** The stack begins where the assertion stands. */
type Asserted = (judged: Judged, ...wanted: ReadonlyArray<never>) => void

const hold = ({ judged, pass, sentence }: Checks.Check, asserted: Asserted): void => {
  if (pass) return
  const error = new LabAssertionError(Messages.explain(judged, sentence, Messages.byLab))
  Error.captureStackTrace(error, asserted)
  throw error
}

/** The run shows something, and nothing in it fails; what merely warns does not count. */
export const assertResilient = (judged: Judged): void =>
  hold(Checks.resilient("assertResilient", judged), assertResilient)

/** At least this share, from 0 to 1, of the calls whose callers stayed ended well. */
export const assertAvailability = (judged: Judged, share: number): void =>
  hold(Checks.availability("assertAvailability", judged, share), assertAvailability)

/** This is held against the client: for tests that show what an outage does without a precaution. */
export const assertFinding = (judged: Judged, kind: FindingKind): void =>
  hold(Checks.finding("assertFinding", judged, kind), assertFinding)

/** The slowest whole answer took no longer: `"2s"`, `"500ms"`. */
export const assertAnswersWithin = (judged: Judged, duration: string): void =>
  hold(Checks.answersWithin("assertAnswersWithin", judged, duration), assertAnswersWithin)

/** No call cost more. */
export const assertCostsAtMost = (judged: Judged, cost: Checks.Cost): void =>
  hold(Checks.costsAtMost("assertCostsAtMost", judged, cost), assertCostsAtMost)
