/**
 * Matchers for judged runs. A failure shows what was found in the run, with the attempts that show it.
 *
 * @see Checks for what each of them asks
 */
import * as Checks from "../assert/Checks.ts"
import * as Messages from "../assert/Messages.ts"
import type { FindingKind } from "../scenario/FindingKind.ts"

/** The matchers, as they hang on `expect(judged)`. */
export interface LabMatchers<R = unknown> {
  /** The run shows something, and nothing in it fails; what merely warns does not count. */
  toBeResilient(): R
  /** At least this share of the calls whose callers stayed ended well. */
  toHaveAvailability(share: number): R
  /** This is held against the client. */
  toHaveFinding(kind: FindingKind): R
  /** The slowest whole answer took no longer: `"2s"`, `"500ms"`. */
  toAnswerWithin(duration: string): R
  /** No call cost more. */
  toCostAtMost(cost: Checks.Cost): R
}

declare module "vitest" {
  interface Matchers<R, T> extends LabMatchers<R> {}
}

interface Result {
  readonly pass: boolean
  readonly message: () => string
}

const toResult = ({ judged, pass, sentence }: Checks.Check): Result => ({
  pass,
  message: () => Messages.explain(judged, sentence, Messages.byFixture)
})

/** What `expect.extend` takes. */
export const matchers = {
  toBeResilient: (given: unknown): Result => toResult(Checks.resilient("toBeResilient", given)),
  toHaveAvailability: (given: unknown, share: number): Result =>
    toResult(Checks.availability("toHaveAvailability", given, share)),
  toHaveFinding: (given: unknown, kind: FindingKind): Result => toResult(Checks.finding("toHaveFinding", given, kind)),
  toAnswerWithin: (given: unknown, duration: string): Result =>
    toResult(Checks.answersWithin("toAnswerWithin", given, duration)),
  toCostAtMost: (given: unknown, cost: Checks.Cost): Result => toResult(Checks.costsAtMost("toCostAtMost", given, cost))
}
