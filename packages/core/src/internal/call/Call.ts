/**
 * What is known of one call while it goes through its targets: what became of each, the keys that are used up, the leave of
 * circuits, the time that is left.
 *
 * It answers the questions of `Next`, which change nothing, and takes note of what `Drive` does. One owner: the fiber of the
 * call, or the two of a hedge, which never ask the same target.
 */
import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import type { Random } from "effect/Random"
import type { AttemptFailure } from "../../failure/AttemptFailure.ts"
import * as Decision from "../../failure/Decision.ts"
import type { FailoverError } from "../../failure/FailoverError.ts"
import { retryAfterOf, traitsOf } from "../../failure/Reason.ts"
import type { SkippedBecause } from "../../failure/Trail.ts"
import type { Lease } from "../../key/KeyPool.ts"
import type { Route } from "../../route/Route.ts"
import type { Headers, Upstream } from "../../upstream/Upstream.ts"
import type { AttemptContext, Outcome } from "../exchange/Reader.ts"
import type { CallOutcome } from "../health/Circuits.ts"
import * as Watchdog from "../upstream/Watchdog.ts"
import { Ledger, type Subject, type Turn } from "./Ledger.ts"
import * as Target from "./Target.ts"

/** A target that is to be asked, with a key that was drawn for it. */
export interface Ask {
  readonly _tag: "Ask"
  readonly target: Target.Target
  readonly lease: Lease
  readonly turn: Turn
  /** Not again, whatever comes of it. */
  readonly once: boolean
  /** Whatever the target's circuit says. */
  readonly forced: boolean
}

/** One HTTP request about to be made: to one target, with one key. */
export interface Attempt extends AttemptContext {
  readonly target: Target.Target
  readonly lease: Lease
  /** True when it holds something that a caller who leaves must give back: most hold nothing. */
  readonly isHeld: boolean
}

type Failed = Extract<Outcome<never>, { _tag: "Failed" }>

const success: CallOutcome = { _tag: "Success" }
const ignored: CallOutcome = { _tag: "Ignored" }

/** A fault that took so many milliseconds cost its caller time. */
const costly = 1_000

/** Least width of a wait's jitter, in milliseconds: sixty callers come apart even where the wait is short. */
const leastJitter = 250

/**
 * A wait where a vendor or a cool-down says when to come back, with up to a fifth of it, and up to 250 ms at least, on top:
 * never less than was said, and a little more by luck, so that all who wait for one moment do not come in one moment. `most` is
 * where the jitter should end.
 */
export const jittered = (stated: number, most: number, random: Random): number => {
  const width = Math.max(leastJitter, Math.min(stated / 5, most - stated))
  return Math.ceil(stated + width * random.nextDoubleUnsafe())
}

/** Where a call is made. */
export interface Surroundings {
  readonly upstream: Upstream["Service"]
  readonly services: Context.Context<never>
  readonly random: Random
  /** What `selection: affinity` keeps together. */
  readonly affinity: string | undefined
}

/** One call. */
export class Call {
  readonly route: Route
  readonly targets: ReadonlyArray<Target.Target>
  readonly ledger: Ledger
  readonly #clock: Clock.Clock
  readonly #in: Surroundings
  readonly #totalAt: number
  /** Whether the route's hedge learns from it: the times of embeddings would make chats look late. */
  readonly #teaches: boolean
  /** Attempts that latency balance counts as under way: each is over once, however it ends. */
  #counted: Set<Target.Target> | undefined
  /** Milliseconds that the call has waited because somebody said when to come back. */
  #waited = 0

  constructor(subject: Subject, targets: ReadonlyArray<Target.Target>, surroundings: Surroundings) {
    this.route = subject.route
    this.targets = targets
    this.ledger = new Ledger(subject)
    this.#clock = subject.clock
    this.#in = surroundings
    this.#totalAt = Watchdog.now(subject.clock) + subject.route.deadlines.total
    this.#teaches = subject.operation === "chat"
  }

  /** Unix time, in milliseconds. */
  get now(): number {
    return this.#clock.currentTimeMillisUnsafe()
  }

  /** True when the call's time is up. */
  get isOver(): boolean {
    return Watchdog.now(this.#clock) >= this.#totalAt
  }

  /** True when waiting this long leaves time for an answer. */
  fits(millis: number): boolean {
    return Watchdog.now(this.#clock) + millis < this.#totalAt
  }

  /** True when, with nowhere else to go, the call may wait this long: within its deadline and the route's `waitAlone`. */
  mayWait(millis: number): boolean {
    return millis <= 0 || (this.#waited + millis <= this.route.waitAlone && this.fits(millis))
  }

  /** A stated wait with its jitter, within what is left of `waitAlone`; undefined where it leaves no time for an answer. */
  waitFor(millis: number): number | undefined {
    return this.fits(millis) ? this.jittered(millis, this.route.waitAlone - this.#waited) : undefined
  }

  /** A wait that fits the time that is left, with jitter where that fits as well; `most` is where the jitter should end. */
  jittered(millis: number, most = millis): number {
    const wait = jittered(millis, most, this.#in.random)
    return this.fits(wait) ? wait : millis
  }

  /** The moment that a busy server is given, in milliseconds. */
  pause(): number {
    return Math.round(100 + 200 * this.#in.random.nextDoubleUnsafe())
  }

  /** True when the route's budget pays for a repeat. */
  get mayRepeat(): boolean {
    return this.route.state.repeats.tokens >= 1
  }

  /** What the table and the route say of a failure. */
  decide(failure: AttemptFailure): Decision.Decision {
    return Decision.decide(failure, this.route.on)
  }

  /** Draws a usable key that is not used up. */
  draw(target: Target.Target, { accounts, keys, limited } = target.used): Lease | undefined {
    return target.provider.pool.draw({
      model: target.model,
      now: this.#clock.currentTimeMillisUnsafe(),
      random: this.#in.random,
      exclude: limited.size === 0 ? keys : new Set([...keys, ...limited]),
      excludeAccounts: accounts,
      affinity: this.#in.affinity
    })
  }

  /** Draws a key for the last resort: a usable one, else the one that is due back first. */
  drawDue({ model, provider, used: { keys } }: Target.Target): Lease | undefined {
    const { affinity, random } = this.#in
    const excludeAccounts = Target.unused.accounts
    return provider.pool.drawLastResort({ model, now: this.now, random, exclude: keys, excludeAccounts, affinity })
  }

  /** True when a later target could answer now. */
  hasNext(target: Target.Target): boolean {
    const { now, targets } = this
    for (let index = targets.indexOf(target) + 1; index < targets.length; index++) {
      const { model, provider, suits } = targets[index] as Target.Target
      if (suits && provider.pool.hasUsable(model, now) && provider.circuits.wouldAdmit(model, now)) return true
    }
    return false
  }

  /**
   * True when leaving this target could gain something: another one that was not tried has a key that works, and a circuit that
   * is not open. One that was passed over counts, for it is asked in the end; so does one that somebody else is proving.
   */
  mayGoOn(target: Target.Target): boolean {
    return this.targets.some(
      (other) =>
        other !== target &&
        isUntried(other) &&
        other.suits &&
        other.provider.pool.hasUsable(other.model, this.now) &&
        !other.provider.circuits.isOpen(other.model, this.now)
    )
  }

  /** The targets behind the one that was tried last. */
  rest(): ReadonlyArray<Target.Target> {
    return this.targets.slice(this.targets.findLastIndex((target) => !isUntried(target)) + 1)
  }

  /** True when the target's circuit gives leave; one that has just come back gets a growing share of the calls. */
  admits(target: Target.Target): boolean {
    const { circuits } = target.provider
    if (circuits.isWell(target.model)) return true
    const share = circuits.share(target.model, this.now)
    if (share < 1 && this.#in.random.nextDoubleUnsafe() >= share && this.hasNext(target)) return false
    return this.lets(target)
  }

  /** The same for another key of a target that this call is at: as the last resort the circuit has to agree. */
  lets({ forced, model, provider }: Target.Target): boolean {
    return forced || provider.circuits.wouldAdmit(model, this.now)
  }

  /** True while a key of the target waits for the end of a limit. */
  isLimited({ model, provider }: Target.Target): boolean {
    return provider.pool.isLimited(model, this.now)
  }

  /** Milliseconds until the target may be able to answer, as far as keys and circuit tell. */
  dueIn({ model, provider: { circuits, pool } }: Target.Target): number | undefined {
    const circuit = circuits.stateOf(model)
    const forKey = pool.dueIn(model, this.now)
    const forCircuit = circuit._tag === "Open" ? Math.max(0, circuit.until - this.now) : 0
    return forKey === undefined ? undefined : Math.max(forKey, forCircuit)
  }

  /** The target is passed over; without a word where a key of it was asked already. */
  passed(target: Target.Target, because: SkippedBecause | undefined): void {
    target.state = "Passed"
    if (because === undefined) return
    const { model, provider } = target
    const keysOut = because === "NoUsableKey" ? provider.pool.outFor(model, this.now) : []
    this.ledger.skipped(target, because, keysOut)
  }

  /** The call waits because somebody said when to come back: it counts against `waitAlone`. */
  waits(millis: number): void {
    this.#waited += millis
  }

  /** The same target is to be asked again, if need be with the same key. */
  repeats(target: Target.Target, last: Lease): void {
    target.repeats--
    target.used = Target.spare(target.used, last)
  }

  /** An attempt goes out. */
  begin({ forced, lease, once, target, turn }: Ask): Attempt {
    const { model, provider } = target
    if (once) target.repeats = 0
    if (forced) target.forced = true
    const now = this.#clock.currentTimeMillisUnsafe()
    target.permit = target.forced ? provider.circuits.force(model) : provider.circuits.admit(model, now)
    const startedAt = Watchdog.now(this.#clock)
    const trace = this.ledger.started(target, lease, turn)
    const isMeasured = this.route.balance === "latency"
    if (isMeasured) {
      this.#counted ??= new Set()
      this.#counted.add(target)
      provider.latency.start(model)
    }
    return {
      upstream: this.#in.upstream,
      clock: this.#clock,
      services: this.#in.services,
      provider,
      key: lease.key,
      limits: this.targets.length > 1 && this.mayGoOn(target) ? provider.limits.withNext : provider.limits.alone,
      startedAt,
      totalAt: this.#totalAt,
      trace,
      target,
      lease,
      isHeld: isMeasured || target.permit?.probe === true
    }
  }

  /** Gives back what an attempt held when its caller left, or a defect ended it. */
  abandoned(target: Target.Target): void {
    this.#record(target, ignored)
    this.#measured(target, undefined)
  }

  /** An attempt has its answer; a stream, its first content. */
  answered({ lease, startedAt, target }: Attempt, headers: Headers): void {
    // Content is what a probe waits for: others need not wait for the end of a long stream. Its late failure still counts.
    if (target.permit?.probe === true) this.#record(target, success)
    const millis = this.ledger.answered(target, lease, startedAt, headers)
    if (this.#counted !== undefined) this.#measured(target, millis)
    if (this.#teaches) this.route.state.hedge?.observe(millis)
  }

  /** The answer of an attempt is whole. */
  completed({ lease, provider, target }: Attempt): void {
    provider.pool.succeeded(lease)
    this.#record(target, success)
    this.ledger.completed(target)
  }

  /** An attempt failed: its target, its key and its circuit are told. */
  failed({ lease, provider, startedAt, target }: Attempt, { begun, failure }: Failed): void {
    const { reason } = failure
    const decision = this.decide(failure)
    const traits = traitsOf(reason)
    if (!begun) this.#measured(target, undefined)
    // A limit is worth waiting for, unless the target itself turns out to be at fault.
    if (traits.about === "limit") target.state = "Limited"
    else if (isUntried(target) || decision.key === "none") target.state = "Failed"
    const millis = Watchdog.now(this.#clock) - startedAt
    const fault = { silent: traits.silent, costly: traits.costly || millis >= costly, retryAfter: retryAfterOf(reason) }
    this.#record(target, decision.circuit ? { _tag: "Fault", ...fault } : ignored)
    provider.pool.failed(lease, decision.key, reason, this.now, this.#in.random)
    target.used = Target.spend(target.used, lease, reason, decision)
    this.ledger.failed(target, lease, startedAt, failure)
  }

  /** The error of a call that has nowhere left to go. */
  exhausted(): FailoverError {
    const askable = this.targets.filter(({ suits }) => suits)
    const due = askable.map((target) => this.dueIn(target)).filter((millis) => millis !== undefined)
    const first = due.length === 0 ? undefined : Math.min(...due)
    const isLimited = askable.some((target) => this.isLimited(target))
    return this.ledger.exhausted(first, isLimited)
  }

  /** The error of a call that a target ends because none of its keys is usable. */
  keysOut(target: Target.Target): FailoverError {
    return this.ledger.out(this.dueIn(target), this.isLimited(target))
  }

  #record(target: Target.Target, outcome: CallOutcome): void {
    if (target.permit === undefined) return
    const now = this.#clock.currentTimeMillisUnsafe()
    target.permit = target.provider.circuits.record(target.permit, outcome, now)
  }

  #measured(target: Target.Target, millis: number | undefined): void {
    if (this.#counted?.delete(target) !== true) return
    target.provider.latency.end(target.model, millis, this.now)
  }
}

const isUntried = ({ state }: Target.Target): boolean => state === "Ahead" || state === "Passed"
