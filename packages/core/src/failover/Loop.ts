/**
 * The loop: takes one call through the steps of its route until one answers.
 *
 * One owner of retries and one deadline. For each step, in order, a key is drawn and an attempt is made; how it ended is
 * looked up in the decision table, and the table's answer is carried out: another key, the same again, the next target, or
 * the end. An answer that has begun is never replayed.
 *
 * ```
 * step ─▶ key ─▶ attempt ─▶ answer
 *  ▲       ▲        │
 *  │       └────────┤ another key, again
 *  └────────────────┘ next target
 * ```
 *
 * @see failure/Decision for the table, Run for what a call remembers, Attempt for one request
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { AttemptFailure } from "../failure/AttemptFailure.ts"
import * as Decision from "../failure/Decision.ts"
import { retryAfterOf } from "../failure/Reason.ts"
import type { CallOutcome } from "../health/Circuit.ts"
import type { Lease } from "../key/KeyPool.ts"
import * as Watchdog from "../upstream/Watchdog.ts"
import type { AttemptContext, Outcome } from "./Attempt.ts"
import * as Deadlines from "./Deadlines.ts"
import { againAfter, type Run } from "./Run.ts"
import { type Step, withName, withoutName } from "./Step.ts"

/** How an attempt ended. */
export interface Tried<A> {
  readonly outcome: Outcome<A>
  /** True when content has gone to the caller. */
  readonly begun: boolean
}

/** An answer, and the step that gave it. */
export interface Answered<A> {
  readonly step: Step
  readonly value: A
}

/** One attempt about to be made. */
export interface Attempting {
  readonly run: Run
  readonly step: Step
  readonly lease: Lease
  readonly context: AttemptContext
}

/** What every attempt of a call shares. */
export type Services = Pick<AttemptContext, "upstream" | "clock" | "services">

/** Makes one attempt. */
export type Try<A> = (attempting: Attempting) => Effect.Effect<Tried<A>>

/** What follows a failed attempt. */
type Next =
  | { readonly _tag: "AnotherKey"; readonly lease: Lease }
  | { readonly _tag: "Again"; readonly millis: number }
  | { readonly _tag: "NextTarget" }
  | { readonly _tag: "Fail" }

const follow = (run: Run, step: Step, lease: Lease, failure: AttemptFailure, decision: Decision.Decision): Next => {
  if (decision.anotherKey !== "no") {
    // A limited key is well: it may be the last resort once its wait is over.
    const spent = lease.key.id
    if (failure.reason._tag === "RateLimited") step.limitedKeys = withName(step.limitedKeys, spent)
    else step.usedKeys = withName(step.usedKeys, spent)
    if (decision.anotherKey === "otherAccount") step.usedAccounts = withName(step.usedAccounts, lease.key.account)
    const other = run.draw(step)
    if (other !== undefined) return { _tag: "AnotherKey", lease: other }
  }
  const millis = againAfter(run, step, failure, decision)
  if (millis !== undefined) return { _tag: "Again", millis }
  return decision.fallback ? { _tag: "NextTarget" } : fail
}

const fail: Next = { _tag: "Fail" }

const toNext = (next: Next): string => {
  switch (next._tag) {
    case "AnotherKey":
      return "another key"
    case "Again":
      return next.millis === 0 ? "again" : `again after ${next.millis} ms`
    case "NextTarget":
      return "next target"
    case "Fail":
      return "fail"
  }
}

/** The key for asking the same target again: the table says that the last one may be used. */
const repeat = (run: Run, step: Step, last: Lease): Lease | undefined => {
  step.repeats--
  step.usedKeys = withoutName(step.usedKeys, last.key.id)
  step.limitedKeys = withoutName(step.limitedKeys, last.key.id)
  step.usedAccounts = withoutName(step.usedAccounts, last.key.account)
  const lease = run.draw(step)
  return lease !== undefined && run.admit(step) ? lease : undefined
}

const ignored: CallOutcome = { _tag: "Ignored" }

/**
 * What a fault tells the circuit. Silence costs every caller a deadline; but a JSON answer that is late may be a long one,
 * and a call whose own time is short says little about its target: those count as one fault each.
 */
const toFault = ({ reason }: AttemptFailure): CallOutcome => ({
  _tag: "Fault",
  silent: reason._tag === "TimedOut" && (reason.phase === "connect" || reason.phase === "firstContent"),
  retryAfter: retryAfterOf(reason)
})

/** With no usable key: waits until the step's first one is due, where the pool says so and the time allows. */
const waitForKey = Effect.fnUntraced(function* (run: Run, step: Step) {
  const { whenExhausted } = step.target.provider.pool.options
  const due = run.dueIn(step)
  if (whenExhausted === "fail") return yield* run.ledger.noTarget(due)
  if (whenExhausted === "wait" && due !== undefined && run.fits(due)) {
    yield* Effect.sleep(Duration.millis(due))
    return run.draw(step) ?? run.draw(step, true)
  }
  return undefined
})

/** Tries one step with one key after another until it answers or gives way to the next; undefined is the latter. */
export const tryStep = Effect.fnUntraced(function* <A>(
  services: Services,
  run: Run,
  step: Step,
  first: Lease,
  attempt: Try<A>
) {
  const { provider } = step.target
  let lease = first
  while (true) {
    const startedAt = Watchdog.now(run.clock)
    if (startedAt >= run.totalAt) return yield* run.ledger.outOfTime()
    const limits = Deadlines.resolve(provider.deadlines, run.mayGoOn(step))
    const context = { ...services, provider, key: lease.key, limits, startedAt, totalAt: run.totalAt }
    run.started(step, lease)
    const attempted = attempt({ run, step, lease, context })
    const { begun, outcome } = yield* run.isHeld(step)
      ? Effect.onInterrupt(attempted, () => Effect.sync(() => run.abandoned(step)))
      : attempted
    if (outcome._tag === "Answered") {
      provider.pool.succeeded(lease)
      run.record(step, { _tag: "Success" })
      run.ledger.completed(step)
      const answered: Answered<A> = { step, value: outcome.value }
      return answered
    }
    const { failure } = outcome
    const decision = Decision.decide(failure, run.route.on)
    run.failed(step, failure, decision.key, begun)
    run.record(step, decision.circuit ? toFault(failure) : ignored)
    provider.pool.failed(lease, decision.key, failure.reason, run.clock.currentTimeMillisUnsafe(), run.random)
    const next = begun ? fail : follow(run, step, lease, failure, decision)
    run.ledger.failed(step, lease, startedAt, failure, toNext(next))
    if (next._tag === "Fail") return yield* run.ledger.final(failure, begun)
    if (next._tag === "NextTarget") return undefined
    if (next._tag === "AnotherKey") {
      if (!run.renew(step)) {
        // Its circuit opened meanwhile: a key that was not tried may still be the last resort.
        step.state = "untried"
        return undefined
      }
      lease = next.lease
      continue
    }
    if (next.millis > 0) yield* Effect.sleep(Duration.millis(next.millis))
    const again = repeat(run, step, lease)
    if (again === undefined) return undefined
    lease = again
  }
})

/** A step to turn to, how long until its key is due, and whether that key is one that was taken out. */
interface Resort {
  readonly step: Step
  readonly wait: number
  readonly removed: boolean
}

const isBefore = (a: Resort, b: Resort): boolean => a.wait < b.wait || (a.wait === b.wait && !a.removed && b.removed)

/** The step whose key is due back first, of those that have not been asked in vain; a key that works before a removed one. */
const nextResort = (run: Run, asked: ReadonlySet<Step>): Resort | undefined => {
  let best: Resort | undefined
  for (const step of run.steps) {
    const lease = step.state === "failed" || asked.has(step) ? undefined : run.draw(step, true)
    if (lease === undefined) continue
    const { pool } = step.target.provider
    const wait = pool.waitFor(lease, run.clock.currentTimeMillisUnsafe())
    const resort = { step, wait, removed: pool.stateOf(lease.key)._tag === "Removed" }
    if (run.fits(wait) && (best === undefined || isBefore(resort, best))) best = resort
  }
  return best
}

/**
 * With nowhere else to go: every target that was passed over or is limited, in the order in which their keys are due back;
 * waited for where one only cools down. Circuits are not asked: what they keep out may have recovered.
 */
const lastResort = Effect.fnUntraced(function* <A>(services: Services, run: Run, attempt: Try<A>) {
  const asked = new Set<Step>()
  for (let best = nextResort(run, asked); best !== undefined; best = nextResort(run, asked)) {
    const { step, wait } = best
    asked.add(step)
    if (wait > 0) yield* Effect.sleep(Duration.millis(wait))
    // Drawn anew after the wait: an older lease's outcome would no longer count.
    const lease = run.draw(step, true)
    if (lease === undefined) continue
    step.repeats = 0
    step.forced = true
    run.renew(step)
    const answered = yield* tryStep(services, run, step, lease, attempt)
    if (answered !== undefined) return answered
  }
  return undefined
})

/** Takes a call through some of its steps; undefined when none of them answered. */
export const walk = Effect.fnUntraced(function* <A>(
  services: Services,
  run: Run,
  steps: ReadonlyArray<Step>,
  attempt: Try<A>
) {
  for (const step of steps) {
    const lease = run.draw(step) ?? (yield* waitForKey(run, step))
    if (lease === undefined || !run.admit(step)) {
      run.ledger.skipped(step, lease === undefined ? "no usable key" : "circuit open")
      continue
    }
    const answer = yield* tryStep(services, run, step, lease, attempt)
    if (answer !== undefined) return answer
  }
  return undefined
})

/** Takes a call through its steps, or those that are left of them, and at last to whatever may be back. */
export const loop = Effect.fnUntraced(function* <A>(
  services: Services,
  run: Run,
  attempt: Try<A>,
  steps: ReadonlyArray<Step> = run.steps
) {
  const answer = yield* walk(services, run, steps, attempt)
  return answer ?? (yield* lastResort(services, run, attempt)) ?? (yield* run.exhausted())
})
