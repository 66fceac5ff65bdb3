/**
 * The verdict on a run: what is held against the client, and the numbers. A pure function of the run.
 *
 * ```
 * Run ─▶ Facts (calls with their attempts, paths, probes) ─▶ a rule for each kind of finding ─▶ Verdict
 *                                                        └─▶ Figures
 * ```
 *
 * The vendors' journal counts first, what callers saw second. A false accusation is worse than a miss: what a careful client
 * may do is granted, and each file under `findings` says what that is.
 *
 * **Example** (judged again)
 *
 * ```ts
 * import { Lab, Verdict } from "@understudy/lab"
 *
 * const { run, verdict } = await Lab.run("auth.invalid@qwen")
 * Verdict.of(run) // => verdict
 * ```
 */
import type { Run } from "../run/Run.ts"
import { type FindingKind, findingKinds, kindsOfTime } from "../scenario/FindingKind.ts"
import { Facts } from "./Facts.ts"
import { type Figures, of as figuresOf } from "./Figures.ts"
import type { Finding } from "./Finding.ts"
import * as CancelledLeftRunning from "./findings/CancelledLeftRunning.ts"
import * as DoubleBilling from "./findings/DoubleBilling.ts"
import * as FailedWhileHealthy from "./findings/FailedWhileHealthy.ts"
import * as HealthCheckCost from "./findings/HealthCheckCost.ts"
import * as KeyNotRestored from "./findings/KeyNotRestored.ts"
import * as KeyReused from "./findings/KeyReused.ts"
import * as LeakedUpstreamError from "./findings/LeakedUpstreamError.ts"
import * as LowAvailability from "./findings/LowAvailability.ts"
import * as NoBackoff from "./findings/NoBackoff.ts"
import * as RetriedCallerError from "./findings/RetriedCallerError.ts"
import * as RetryAfterIgnored from "./findings/RetryAfterIgnored.ts"
import * as RetryStorm from "./findings/RetryStorm.ts"
import * as SameAccountRotation from "./findings/SameAccountRotation.ts"
import * as Spliced from "./findings/Spliced.ts"
import * as StallUndetected from "./findings/StallUndetected.ts"
import * as TooSlow from "./findings/TooSlow.ts"
import * as TruncatedAccepted from "./findings/TruncatedAccepted.ts"

export type { Figures } from "./Figures.ts"

/** A verdict. */
export interface Verdict {
  readonly passed: boolean
  readonly findings: ReadonlyArray<Finding>
  /** Kinds that could not be looked for, because the run's clock was moved on and the client's was not. */
  readonly withheld: ReadonlyArray<FindingKind>
  readonly figures: Figures
}

const rules: Readonly<Record<FindingKind, (facts: Facts) => ReadonlyArray<Finding>>> = {
  "low-availability": LowAvailability.find,
  "failed-while-healthy": FailedWhileHealthy.find,
  "too-slow": TooSlow.find,
  "truncated-accepted": TruncatedAccepted.find,
  spliced: Spliced.find,
  "key-reused": KeyReused.find,
  "key-not-restored": KeyNotRestored.find,
  "same-account-rotation": SameAccountRotation.find,
  "retry-storm": RetryStorm.find,
  "no-backoff": NoBackoff.find,
  "retry-after-ignored": RetryAfterIgnored.find,
  "retried-caller-error": RetriedCallerError.find,
  "stall-undetected": StallUndetected.find,
  "health-check-cost": HealthCheckCost.find,
  "double-billing": DoubleBilling.find,
  "leaked-upstream-error": LeakedUpstreamError.find,
  "cancelled-left-running": CancelledLeftRunning.find
}

/** Judges a run. Findings that the scenario allows are left out. */
export const of = (run: Run): Verdict => {
  const facts = new Facts(run)
  const held = findingKinds.filter((kind) => !run.scenario.expect.allow.includes(kind))
  const withheld = facts.isJumped ? held.filter((kind) => kindsOfTime.includes(kind)) : []
  const findings = held.filter((kind) => !withheld.includes(kind)).flatMap((kind) => rules[kind](facts))
  return { passed: findings.length === 0, findings, withheld, figures: figuresOf(facts) }
}
