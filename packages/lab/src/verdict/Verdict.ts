/**
 * The verdict on a run: what is held against the client, and the numbers. A pure function of the run.
 *
 * ```
 * Run ─▶ Facts (calls with their attempts, paths, probes) ─▶ a rule for each kind of finding ─▶ Verdict
 *                                                        └─▶ Figures
 * ```
 *
 * The vendors' journal is the witness: what a client says of itself never beats it. A false accusation is worse than a miss:
 * what a careful client may do is granted, and each file under `findings` says what that is.
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
import { type FindingKind, findingKinds, findings as traits } from "../scenario/FindingKind.ts"
import * as Evidence from "./Evidence.ts"
import { Facts } from "./Facts.ts"
import { type Figures, of as figuresOf } from "./Figures.ts"
import type { Finding } from "./Finding.ts"
import * as CancelledLeftRunning from "./findings/CancelledLeftRunning.ts"
import * as ContextFallbackTooSmall from "./findings/ContextFallbackTooSmall.ts"
import * as DeadTargetAsked from "./findings/DeadTargetAsked.ts"
import * as DoubleBilling from "./findings/DoubleBilling.ts"
import * as FailedWhileHealthy from "./findings/FailedWhileHealthy.ts"
import * as GarbledAnswer from "./findings/GarbledAnswer.ts"
import * as HealthCheckCost from "./findings/HealthCheckCost.ts"
import * as KeyDisclosed from "./findings/KeyDisclosed.ts"
import * as KeyNotRestored from "./findings/KeyNotRestored.ts"
import * as KeyReused from "./findings/KeyReused.ts"
import * as LateFirstContent from "./findings/LateFirstContent.ts"
import * as LeakedUpstreamError from "./findings/LeakedUpstreamError.ts"
import * as LeftRunning from "./findings/LeftRunning.ts"
import * as LowAvailability from "./findings/LowAvailability.ts"
import * as MadeUpAnswer from "./findings/MadeUpAnswer.ts"
import * as NoBackoff from "./findings/NoBackoff.ts"
import * as RetriedCallerError from "./findings/RetriedCallerError.ts"
import * as RetryAfterIgnored from "./findings/RetryAfterIgnored.ts"
import * as RetryStorm from "./findings/RetryStorm.ts"
import * as SameAccountRotation from "./findings/SameAccountRotation.ts"
import * as Spliced from "./findings/Spliced.ts"
import * as StallUndetected from "./findings/StallUndetected.ts"
import * as ToolRunTwice from "./findings/ToolRunTwice.ts"
import * as TooSlow from "./findings/TooSlow.ts"
import * as TruncatedAccepted from "./findings/TruncatedAccepted.ts"
import * as WrongRequest from "./findings/WrongRequest.ts"
import * as RunError from "./RunError.ts"

export type { Figures } from "./Figures.ts"

/** A verdict. */
export interface Verdict {
  /** True when the run shows something, and nothing in it fails. */
  readonly passed: boolean
  /** Why the run shows nothing, where that is so. */
  readonly error?: RunError.RunError
  readonly findings: ReadonlyArray<Finding>
  /** Kinds that could not be looked for, because the run's clock was moved on and the client's was not. */
  readonly withheld: ReadonlyArray<FindingKind>
  readonly figures: Figures
}

/** A rule; `explained` are the calls that the findings which cause this one are about. */
type Rule = (facts: Facts, explained: ReadonlySet<string>) => ReadonlyArray<Finding>

const rules: Readonly<Record<FindingKind, Rule>> = {
  "low-availability": LowAvailability.find,
  "failed-while-healthy": FailedWhileHealthy.find,
  "too-slow": TooSlow.find,
  "made-up-answer": MadeUpAnswer.find,
  "garbled-answer": GarbledAnswer.find,
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
  "cancelled-left-running": CancelledLeftRunning.find,
  "left-running": LeftRunning.find,
  "dead-target-asked": DeadTargetAsked.find,
  "wrong-request": WrongRequest.find,
  "key-disclosed": KeyDisclosed.find,
  "tool-run-twice": ToolRunTwice.find,
  "late-first-content": LateFirstContent.find,
  "context-fallback-too-small": ContextFallbackTooSmall.find
}

/** One defect is told once: what follows from others is judged without the calls that those are about. */
const causes: { readonly [Kind in FindingKind]?: ReadonlyArray<FindingKind> } = {
  "low-availability": ["failed-while-healthy", "made-up-answer", "garbled-answer", "truncated-accepted", "spliced"],
  "too-slow": ["stall-undetected", "dead-target-asked"],
  "key-reused": ["failed-while-healthy"],
  "dead-target-asked": ["failed-while-healthy"]
}

/** What a run that shows nothing else still shows. */
const shownAnyway: ReadonlyArray<FindingKind> = ["made-up-answer", "key-disclosed"]

const judge = (facts: Facts, kinds: ReadonlyArray<FindingKind>): ReadonlyArray<Finding> => {
  const found = new Map<FindingKind, ReadonlyArray<Finding>>()
  const of = (kind: FindingKind): ReadonlyArray<Finding> => {
    const known = kinds.includes(kind) ? found.get(kind) : []
    if (known !== undefined) return known
    const explained = new Set(causes[kind]?.flatMap((cause) => of(cause).flatMap(({ calls }) => calls)))
    const findings = rules[kind](facts, explained)
    found.set(kind, findings)
    return findings
  }
  return kinds.flatMap(of).map(Evidence.bounded)
}

/** Judges a run. Findings that the scenario allows are left out. */
export const of = (run: Run): Verdict => {
  const facts = new Facts(run)
  const error = RunError.find(facts)
  const held = (error === undefined ? findingKinds : shownAnyway).filter(
    (kind) => !run.scenario.expect.allow.includes(kind)
  )
  const withheld = facts.isJumped ? held.filter((kind) => traits[kind].timed) : []
  const findings = judge(
    facts,
    held.filter((kind) => !withheld.includes(kind))
  )
  return {
    passed: error === undefined && findings.every(({ severity }) => severity !== "fails"),
    ...(error === undefined ? {} : { error }),
    findings,
    withheld,
    figures: figuresOf(facts)
  }
}
