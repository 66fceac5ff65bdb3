/**
 * What one call remembers while it goes through its targets: the trail, the keys that it has used up, the time that is
 * left. Pure bookkeeping beside the loop in `Failover`.
 */
import type * as Clock from "effect/Clock"
import type { Random } from "effect/Random"
import type { AttemptFailure } from "../failure/AttemptFailure.ts"
import type { Decision } from "../failure/Decision.ts"
import { type AttemptRecord, FailoverError, type FailoverReason, type Trail } from "../failure/FailoverError.ts"
import { type ReasonTag, toLabel } from "../failure/Reason.ts"
import type { CallOutcome } from "../health/Circuit.ts"
import type { Permit } from "../health/Circuits.ts"
import type { Lease } from "../key/KeyPool.ts"
import { modelFor } from "../provider/Provider.ts"
import type { Route, Target } from "../route/Route.ts"
import * as Watchdog from "../upstream/Watchdog.ts"

/** One step of the chain, with what this call knows about it. */
export interface Step {
  readonly target: Target
  /** The name that is put into the request, before the provider's aliases. */
  readonly requested: string
  /** The model that is really asked for. */
  readonly model: string
  /** Keys that failed here; never drawn again by this call. */
  readonly usedKeys: Set<string>
  /** Accounts found limited or without money. */
  readonly usedAccounts: Set<string>
  /** Repeats of this target that are left. */
  repeats: number
  /** Leave of the target's circuit for the attempt under way. */
  permit: Permit | undefined
  /** `untried` and `limited` steps may be asked once more when nothing else is left. */
  state: "untried" | "limited" | "failed"
}

const success: CallOutcome = { _tag: "Success" }
const ignored: CallOutcome = { _tag: "Ignored" }

const callersFaults: ReadonlySet<ReasonTag> = new Set([
  "ModelNotFound",
  "ContextTooLong",
  "ContentFiltered",
  "InvalidRequest"
])

/** Makes the steps of a call. */
export const steps = (order: ReadonlyArray<Target>, requested: string): ReadonlyArray<Step> =>
  order.map((target) => ({
    target,
    requested: target.model ?? requested,
    model: modelFor(target.provider, target.model ?? requested),
    usedKeys: new Set(),
    usedAccounts: new Set(),
    repeats: 1,
    permit: undefined,
    state: "untried"
  }))

/** The state of one call. */
export class Run {
  readonly route: Route
  readonly steps: ReadonlyArray<Step>
  readonly clock: Clock.Clock
  readonly random: Random
  readonly affinity: string | undefined
  readonly totalAt: number
  readonly #trail: Array<AttemptRecord> = []
  readonly #failures: Array<AttemptFailure> = []

  constructor(
    route: Route,
    steps: ReadonlyArray<Step>,
    clock: Clock.Clock,
    random: Random,
    affinity: string | undefined
  ) {
    this.route = route
    this.steps = steps
    this.clock = clock
    this.random = random
    this.affinity = affinity
    this.totalAt = Watchdog.now(clock) + route.total
  }

  /** The attempts so far. */
  get trail(): Trail {
    return [...this.#trail]
  }

  /** True when waiting this long leaves time for an answer. */
  fits(millis: number): boolean {
    return Watchdog.now(this.clock) + millis < this.totalAt
  }

  /** Draws a key for a step. */
  draw(step: Step, lastResort = false): Lease | undefined {
    const { pool } = step.target.provider
    const options = {
      model: step.model,
      now: this.clock.currentTimeMillisUnsafe(),
      random: this.random,
      exclude: step.usedKeys,
      excludeAccounts: lastResort ? new Set<string>() : step.usedAccounts,
      affinity: this.affinity
    }
    return lastResort ? pool.drawLastResort(options) : pool.draw(options)
  }

  /** True when a later step could answer now. */
  hasNext(step: Step): boolean {
    const now = this.clock.currentTimeMillisUnsafe()
    for (let index = this.steps.indexOf(step) + 1; index < this.steps.length; index++) {
      const { model, target } = this.steps[index] as Step
      if (target.provider.pool.hasUsable(model, now) && target.provider.circuits.wouldAdmit(model, now)) return true
    }
    return false
  }

  /** The steps behind the one that was tried last. */
  rest(): ReadonlyArray<Step> {
    const tried = this.steps.findLastIndex((step) => step.state !== "untried")
    return this.steps.slice(tried + 1)
  }

  /** Asks the target's circuit for leave; a target that has just come back gets a growing share of the calls. */
  admit(step: Step): boolean {
    const { circuits } = step.target.provider
    const now = this.clock.currentTimeMillisUnsafe()
    const share = circuits.share(step.model, now)
    if (share < 1 && this.random.nextDoubleUnsafe() >= share && this.hasNext(step)) return false
    step.permit = circuits.admit(step.model, now)
    return step.permit !== undefined
  }

  /** Tells the target's circuit how the attempt went. */
  record(step: Step, outcome: CallOutcome): void {
    if (step.permit === undefined) return
    step.permit = step.target.provider.circuits.record(step.permit, outcome, this.clock.currentTimeMillisUnsafe())
  }

  /** An attempt goes out. */
  started(step: Step): void {
    if (this.route.balance === "latency") step.target.provider.latency.start(step.model)
  }

  /** True when an attempt holds something that a caller who leaves must give back: most hold nothing. */
  isHeld(step: Step): boolean {
    return step.permit?.probe === true || this.route.balance === "latency"
  }

  /** Gives back what an attempt held when its caller left. */
  abandoned(step: Step): void {
    this.record(step, ignored)
    this.#measured(step, undefined)
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

  /** Writes a target that is passed over. */
  skip(step: Step, because: "no usable key" | "circuit open"): void {
    this.#push(step, undefined, { outcome: `skipped(${because})`, millis: 0, next: "next target", skipped: true })
  }

  /** Writes an answer; for a stream, at its commit. */
  answered(step: Step, lease: Lease, startedAt: number): void {
    // Content is what a probe waits for: others need not wait for the end of a long stream. Its late failure still counts.
    if (step.permit?.probe === true) this.record(step, success)
    const millis = this.#since(startedAt)
    this.#measured(step, millis)
    this.route.state.hedge?.observe(millis)
    this.#push(step, lease, { outcome: "ok", millis: this.#since(startedAt), next: "answer", skipped: false })
  }

  /** Writes an attempt that was given up because another one answered first. */
  lost(step: Step, lease: Lease, startedAt: number): void {
    this.#push(step, lease, {
      outcome: "Cancelled",
      millis: this.#since(startedAt),
      next: "another was faster",
      skipped: false
    })
  }

  /** Writes a failed attempt, or turns a committed one into a broken one. */
  failed(step: Step, lease: Lease, startedAt: number, failure: AttemptFailure, begun: boolean): void {
    this.#failures.push(failure)
    if (!begun) this.#measured(step, undefined)
    if (failure.reason._tag === "RateLimited") step.state = "limited"
    else if (step.state === "untried") step.state = "failed"
    const millis = this.#since(startedAt)
    if (begun) this.#trail.pop()
    this.#push(step, lease, {
      outcome: begun ? `${toLabel(failure.reason)} after content` : toLabel(failure.reason),
      millis,
      next: "fail",
      skipped: false,
      ...(failure.vendor === undefined ? {} : { status: failure.vendor.status }),
      message: failure.message
    })
  }

  /** Says what followed the last attempt. */
  next(what: string): void {
    const last = this.#trail.pop()
    if (last !== undefined) this.#trail.push({ ...last, next: what })
  }

  /** The error of a call that ends with this decision. */
  final(failure: AttemptFailure, begun: boolean): FailoverError {
    if (begun) return this.error({ _tag: "Broken", failure })
    const { reason } = failure
    if (reason._tag === "TimedOut" && reason.phase === "total") return this.outOfTime()
    return this.error(
      callersFaults.has(reason._tag) ? { _tag: "Rejected", failure } : { _tag: "UpstreamFailed", failure }
    )
  }

  /** The error of a call whose time is up. */
  outOfTime(): FailoverError {
    return this.error({ _tag: "DeadlineExceeded", total: this.route.total })
  }

  /** The error of a call whose step has no usable key and must not give way. */
  noTarget(step: Step): FailoverError {
    return this.error({ _tag: "NoTarget", route: this.route.name, retryAfter: this.dueIn(step) })
  }

  /** The error of a call that has nowhere left to go. */
  exhausted(): FailoverError {
    const due = this.steps.map((step) => this.dueIn(step)).filter((millis) => millis !== undefined)
    const retryAfter = due.length === 0 ? undefined : Math.min(...due)
    const first = this.#failures[0]
    const last = this.#failures.at(-1)
    if (first === undefined || last === undefined) {
      return this.error({ _tag: "NoTarget", route: this.route.name, retryAfter })
    }
    if (this.#failures.every((failure) => failure.reason._tag === "RateLimited")) {
      return this.error({ _tag: "Limited", retryAfter })
    }
    const callers = this.#failures.every((failure) => callersFaults.has(failure.reason._tag))
    return this.error(callers ? { _tag: "Rejected", failure: first } : { _tag: "UpstreamFailed", failure: last })
  }

  /** An error with this call's trail. */
  error(reason: FailoverReason): FailoverError {
    return new FailoverError({ reason, trail: this.trail })
  }

  #measured(step: Step, millis: number | undefined): void {
    if (this.route.balance !== "latency") return
    step.target.provider.latency.end(step.model, millis, this.clock.currentTimeMillisUnsafe())
  }

  #since(startedAt: number): number {
    return Math.round(Watchdog.now(this.clock) - startedAt)
  }

  #push(step: Step, lease: Lease | undefined, rest: Omit<AttemptRecord, "provider" | "model" | "key">): void {
    const key = lease === undefined || lease.key.id === "" ? undefined : lease.key.id
    this.#trail.push({ provider: step.target.provider.name, model: step.model, key, ...rest })
  }
}

/** Milliseconds before the same target is asked again; undefined when it is not to be asked. */
export const againAfter = (run: Run, step: Step, failure: AttemptFailure, decision: Decision): number | undefined => {
  if (step.repeats <= 0) return undefined
  const stated = failure.reason._tag === "RateLimited" ? failure.reason.retryAfter : undefined
  if (decision.again === "afterWait") {
    return stated !== undefined && stated <= run.route.waitUpTo && run.fits(stated) ? stated : undefined
  }
  if (decision.again === "no") return undefined
  // A busy server is given a moment; a connection that broke (a socket that had been kept too long) is not.
  const busy = failure.reason._tag === "Overloaded" || failure.reason._tag === "ServerFailed"
  const millis = busy ? Math.round(100 + 200 * run.random.nextDoubleUnsafe()) : 0
  // In an outage every call would repeat: the route's budget keeps the load from doubling.
  return run.fits(millis) && run.route.state.repeats.withdraw() ? millis : undefined
}
