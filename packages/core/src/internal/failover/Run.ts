/**
 * What one call remembers while it goes through its targets: the keys that it has used up, the leave of circuits, the time
 * that is left. Bookkeeping beside the loop; what is told about it is in its `Ledger`.
 */
import type * as Clock from "effect/Clock"
import type { Random } from "effect/Random"
import type { AttemptFailure } from "../../failure/AttemptFailure.ts"
import type { Decision } from "../../failure/Decision.ts"
import type { FailoverError } from "../../failure/FailoverError.ts"
import { type KeyEffect, type ReasonTag, retryAfterOf, traitsOf } from "../../failure/Reason.ts"
import type { Lease } from "../../key/KeyPool.ts"
import type { Route } from "../../route/Route.ts"
import type { Headers } from "../../upstream/Upstream.ts"
import * as Watchdog from "../../upstream/Watchdog.ts"
import type { CallOutcome } from "../health/Circuit.ts"
import type { Hedge } from "../route/Hedge.ts"
import { Ledger, type Subject, type Turn } from "./Ledger.ts"
import { noNames, type Step } from "./Step.ts"
import { jittered } from "./Wait.ts"

const success: CallOutcome = { _tag: "Success" }
const ignored: CallOutcome = { _tag: "Ignored" }

/** The state of one call. */
export class Run {
  readonly route: Route
  readonly steps: ReadonlyArray<Step>
  readonly clock: Clock.Clock
  readonly random: Random
  readonly affinity: string | undefined
  readonly totalAt: number
  readonly ledger: Ledger
  /** Learns the times of chats: those of embeddings would make chats look late. */
  readonly #hedge: Hedge | undefined
  /** Attempts that latency balance counts as under way: each is over once, however it ends. */
  #counted: Set<Step> | undefined
  /** Milliseconds that the call has waited because somebody said when to come back. */
  #waited = 0

  constructor(subject: Subject, steps: ReadonlyArray<Step>, random: Random, affinity: string | undefined) {
    this.route = subject.route
    this.steps = steps
    this.clock = subject.clock
    this.random = random
    this.affinity = affinity
    this.totalAt = Watchdog.now(subject.clock) + subject.route.deadlines.total
    this.ledger = new Ledger(subject)
    this.#hedge = subject.operation === "chat" ? subject.route.state.hedge : undefined
  }

  /** True when waiting this long leaves time for an answer. */
  fits(millis: number): boolean {
    return Watchdog.now(this.clock) + millis < this.totalAt
  }

  /** True when, with nowhere else to go, the call may wait this long: within its deadline and the route's `waitAlone`. */
  mayWait(millis: number): boolean {
    return millis <= 0 || (this.#waited + millis <= this.route.waitAlone && this.fits(millis))
  }

  /** The wait with its jitter, which counts towards `waitAlone`; undefined where it leaves no time for an answer. */
  wait(millis: number): number | undefined {
    if (!this.fits(millis)) return undefined
    const wait = this.jittered(millis, this.route.waitAlone - this.#waited)
    this.#waited += wait
    return wait
  }

  /** A wait that fits the time that is left, with jitter where that fits as well; `most` is where the jitter should end. */
  jittered(millis: number, most = millis): number {
    const wait = jittered(millis, most, this.random)
    return this.fits(wait) ? wait : millis
  }

  /** Draws a key for a step. */
  draw(step: Step, lastResort = false): Lease | undefined {
    const { pool } = step.target.provider
    const options = {
      model: step.model,
      now: this.clock.currentTimeMillisUnsafe(),
      random: this.random,
      exclude:
        lastResort || step.limitedKeys.size === 0 ? step.usedKeys : new Set([...step.usedKeys, ...step.limitedKeys]),
      excludeAccounts: lastResort ? noNames : step.usedAccounts,
      affinity: this.affinity
    }
    return lastResort ? pool.drawLastResort(options) : pool.draw(options)
  }

  /** True when a later step could answer now. */
  hasNext(step: Step): boolean {
    const now = this.clock.currentTimeMillisUnsafe()
    for (let index = this.steps.indexOf(step) + 1; index < this.steps.length; index++) {
      const { model, state, target } = this.steps[index] as Step
      if (state === "unsuited") continue
      if (target.provider.pool.hasUsable(model, now) && target.provider.circuits.wouldAdmit(model, now)) return true
    }
    return false
  }

  /**
   * True when leaving this step could gain something: another one that was not tried has a key that works, and a circuit that
   * is not open. One that was passed over counts, for it is asked in the end; so does one that somebody else is proving.
   */
  mayGoOn(step: Step): boolean {
    const now = this.clock.currentTimeMillisUnsafe()
    return this.steps.some((other) => {
      if (other === step || other.state !== "untried") return false
      const { circuits, pool } = other.target.provider
      return pool.hasUsable(other.model, now) && !circuits.isOpen(other.model, now)
    })
  }

  /** The steps behind the one that was tried last. */
  rest(): ReadonlyArray<Step> {
    const tried = this.steps.findLastIndex(({ state }) => state !== "untried" && state !== "unsuited")
    return this.steps.slice(tried + 1)
  }

  /** Asks the target's circuit for leave; a target that has just come back gets a growing share of the calls. */
  admit(step: Step): boolean {
    const { circuits } = step.target.provider
    const now = this.clock.currentTimeMillisUnsafe()
    const share = circuits.share(step.model, now)
    if (share < 1 && this.random.nextDoubleUnsafe() >= share && this.hasNext(step)) return false
    return this.renew(step)
  }

  /** Asks the circuit once more, for another key of a target that this call is at: as the last resort it has to agree. */
  renew(step: Step): boolean {
    const { circuits } = step.target.provider
    const now = this.clock.currentTimeMillisUnsafe()
    step.permit = step.forced ? circuits.force(step.model) : circuits.admit(step.model, now)
    return step.permit !== undefined
  }

  /** Tells the target's circuit how the attempt went. */
  record(step: Step, outcome: CallOutcome): void {
    if (step.permit === undefined) return
    step.permit = step.target.provider.circuits.record(step.permit, outcome, this.clock.currentTimeMillisUnsafe())
  }

  /** An attempt goes out. */
  started(step: Step, lease: Lease, how: Turn): void {
    this.ledger.started(step, lease, how)
    if (this.route.balance !== "latency") return
    this.#counted ??= new Set()
    this.#counted.add(step)
    step.target.provider.latency.start(step.model)
  }

  /** True when an attempt holds something that a caller who leaves must give back: most hold nothing. */
  isHeld(step: Step): boolean {
    return step.permit?.probe === true || this.route.balance === "latency"
  }

  /** Gives back what an attempt held when its caller left, or a defect ended it. */
  abandoned(step: Step): void {
    this.record(step, ignored)
    this.#measured(step, undefined)
  }

  /** Why the step's keys are out. */
  keysOut({ model, target }: Step): ReadonlyArray<ReasonTag> {
    return target.provider.pool.outFor(model, this.clock.currentTimeMillisUnsafe())
  }

  /** Milliseconds until the step may be able to answer, as far as keys and circuit tell. */
  dueIn(step: Step): number | undefined {
    const now = this.clock.currentTimeMillisUnsafe()
    const { circuits, pool } = step.target.provider
    const circuit = circuits.stateOf(step.model)
    const forKey = pool.dueIn(step.model, now)
    const forCircuit = circuit._tag === "Open" ? Math.max(0, circuit.until - now) : 0
    return forKey === undefined ? undefined : Math.max(forKey, forCircuit)
  }

  /** Milliseconds until the first of the steps may be able to answer. */
  dueFirst(): number | undefined {
    const due = this.#askable()
      .map((step) => this.dueIn(step))
      .filter((millis) => millis !== undefined)
    return due.length === 0 ? undefined : Math.min(...due)
  }

  /** An attempt has its answer; a stream, its first content. */
  answered(step: Step, lease: Lease, startedAt: number, headers: Headers): void {
    // Content is what a probe waits for: others need not wait for the end of a long stream. Its late failure still counts.
    if (step.permit?.probe === true) this.record(step, success)
    const millis = this.ledger.answered(step, lease, startedAt, headers)
    this.#measured(step, millis)
    this.#hedge?.observe(millis)
  }

  /** An attempt failed. A limit is worth waiting for, unless the target itself turns out to be at fault. */
  failed(step: Step, failure: AttemptFailure, key: KeyEffect, begun: boolean): void {
    if (!begun) this.#measured(step, undefined)
    if (traitsOf(failure.reason).about === "limit") step.state = "limited"
    else if (step.state === "untried" || key === "none") step.state = "failed"
  }

  /** The error of a call that has nowhere left to go. */
  exhausted(): FailoverError {
    return this.ledger.exhausted(
      this.dueFirst(),
      this.#askable().some((step) => this.#isLimited(step))
    )
  }

  #askable(): ReadonlyArray<Step> {
    return this.steps.filter(({ state }) => state !== "unsuited")
  }

  /** The error of a call whose time is up when it is about to ask a step: what it holds there is given back. */
  outOfTime(step: Step): FailoverError {
    this.record(step, ignored)
    return this.ledger.outOfTime()
  }

  /** The error of a call that a step ends because none of its keys is usable. */
  out(step: Step): FailoverError {
    return this.ledger.out(this.dueIn(step), this.#isLimited(step))
  }

  /** True while a key of the step waits for the end of a limit. */
  #isLimited({ model, target }: Step): boolean {
    return target.provider.pool.isLimited(model, this.clock.currentTimeMillisUnsafe())
  }

  #measured(step: Step, millis: number | undefined): void {
    if (this.#counted?.delete(step) !== true) return
    step.target.provider.latency.end(step.model, millis, this.clock.currentTimeMillisUnsafe())
  }
}

/** Milliseconds before the same target is asked again; undefined when it is not to be asked. */
export const againAfter = (run: Run, step: Step, failure: AttemptFailure, decision: Decision): number | undefined => {
  if (step.repeats <= 0 || decision.again === "no") return undefined
  const stated = retryAfterOf(failure.reason)
  const waits = stated !== undefined && stated <= run.route.waitUpTo
  if (decision.again === "afterWait") return waits ? run.wait(stated) : undefined
  // Who says when to come back is not asked before.
  if (stated !== undefined && !waits) return undefined
  const pause = traitsOf(failure.reason).pause ? Math.round(100 + 200 * run.random.nextDoubleUnsafe()) : 0
  const millis = stated === undefined ? pause : run.wait(stated)
  // In an outage every call would repeat: the route's budget keeps the load from doubling.
  return millis !== undefined && run.fits(millis) && run.route.state.repeats.withdraw() ? millis : undefined
}
