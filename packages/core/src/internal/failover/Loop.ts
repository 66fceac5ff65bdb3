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
import type { AttemptFailure } from "../../failure/AttemptFailure.ts"
import * as Decision from "../../failure/Decision.ts"
import { retryAfterOf, traitsOf } from "../../failure/Reason.ts"
import type { Lease } from "../../key/KeyPool.ts"
import * as Watchdog from "../../upstream/Watchdog.ts"
import type { CallOutcome } from "../health/Circuit.ts"
import * as Deadlines from "../provider/Deadlines.ts"
import type { AttemptContext, Outcome } from "./Attempt.ts"
import type { Turn } from "./Ledger.ts"
import * as Resort from "./Resort.ts"
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
  | { readonly _tag: "Ask"; readonly lease: Lease; readonly turn: Turn }
  | { readonly _tag: "Wait"; readonly millis: number }
  | { readonly _tag: "NextTarget" }
  | { readonly _tag: "Fail" }

const fail: Next = { _tag: "Fail" }
const nextTarget: Next = { _tag: "NextTarget" }
const anotherKey: Turn = { _tag: "Same", says: { _tag: "AnotherKey" } }
const nextInOrder: Turn = { _tag: "Next" }

const again = (millis: number): Turn => ({ _tag: "Same", says: { _tag: "Again", after: millis } })

const follow = (run: Run, step: Step, lease: Lease, failure: AttemptFailure, decision: Decision.Decision): Next => {
  if (decision.anotherKey !== "no") {
    // A limited key is well: it may be the last resort once its wait is over.
    const spent = lease.key.id
    if (traitsOf(failure.reason).about === "limit") step.limitedKeys = withName(step.limitedKeys, spent)
    else step.usedKeys = withName(step.usedKeys, spent)
    if (decision.anotherKey === "otherAccount") step.usedAccounts = withName(step.usedAccounts, lease.key.account)
    const other = run.draw(step)
    if (other !== undefined) {
      if (run.renew(step)) return { _tag: "Ask", lease: other, turn: anotherKey }
      // Its circuit opened meanwhile: a key that was not tried may still be the last resort.
      step.state = "untried"
      return nextTarget
    }
  }
  const millis = againAfter(run, step, failure, decision)
  if (millis === undefined) return decision.fallback ? nextTarget : fail
  if (millis > 0) return { _tag: "Wait", millis }
  const same = repeat(run, step, lease)
  return same === undefined ? nextTarget : { _tag: "Ask", lease: same, turn: again(0) }
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

/** A fault that took so many milliseconds cost its caller time. */
const costly = 1_000

/** What a fault tells the circuit. */
const toFault = ({ reason }: AttemptFailure, millis: number): CallOutcome => {
  const traits = traitsOf(reason)
  return {
    _tag: "Fault",
    silent: traits.silent,
    costly: traits.costly || millis >= costly,
    retryAfter: retryAfterOf(reason)
  }
}

/** With no usable key: waits until the step's first one is due, where the pool says so and the time allows. */
const waitForKey = Effect.fnUntraced(function* (run: Run, step: Step) {
  const { pool } = step.target.provider
  if (pool.options.policy.whenExhausted === "fail") return yield* run.out(step)
  if (pool.options.policy.whenExhausted !== "wait") return undefined
  for (let due = run.dueIn(step); due !== undefined && run.fits(due); due = run.dueIn(step)) {
    yield* Effect.sleep(Duration.millis(due === 0 ? 0 : run.jittered(due)))
    const lease = run.draw(step)
    if (lease !== undefined) return lease
    // Limited anew meanwhile: its time is told again. A key that is out for itself is asked whether it is well.
    if (due === 0 || !pool.isLimited(step.model, run.clock.currentTimeMillisUnsafe())) return run.draw(step, true)
  }
  return undefined
})

/** One attempt, with what it holds given back if its caller leaves or a defect ends it. */
const holding = <A>(run: Run, step: Step, attempt: Effect.Effect<A>): Effect.Effect<A> =>
  run.isHeld(step) ? Effect.onError(attempt, () => Effect.sync(() => run.abandoned(step))) : attempt

/** Tries one step with one key after another until it answers or gives way to the next; undefined is the latter. */
export const tryStep = Effect.fnUntraced(function* <A>(
  services: Services,
  run: Run,
  step: Step,
  first: Lease,
  attempt: Try<A>,
  came: Turn = nextInOrder
) {
  const { provider } = step.target
  let lease = first
  let turn = came
  while (true) {
    const startedAt = Watchdog.now(run.clock)
    if (startedAt >= run.totalAt) return yield* run.outOfTime(step)
    const limits = Deadlines.resolve(provider.deadlines, run.mayGoOn(step))
    run.started(step, lease, turn)
    const { totalAt } = run
    const trace = run.ledger.trace()
    const context = { ...services, provider, key: lease.key, limits, startedAt, totalAt, trace }
    const { begun, outcome } = yield* holding(run, step, attempt({ run, step, lease, context }))
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
    run.record(step, decision.circuit ? toFault(failure, Watchdog.now(run.clock) - startedAt) : ignored)
    provider.pool.failed(lease, decision.key, failure.reason, run.clock.currentTimeMillisUnsafe(), run.random)
    run.ledger.failed(step, lease, startedAt, failure)
    const next = begun ? fail : follow(run, step, lease, failure, decision)
    if (next._tag === "Fail") return yield* run.ledger.final(step, failure, begun)
    if (next._tag === "NextTarget") return undefined
    if (next._tag === "Ask") {
      lease = next.lease
      turn = next.turn
      continue
    }
    turn = again(next.millis)
    run.ledger.resting(turn, step)
    yield* Effect.sleep(Duration.millis(next.millis))
    run.ledger.rested(turn, step)
    const same = repeat(run, step, lease)
    if (same === undefined) return undefined
    lease = same
  }
})

/**
 * With nowhere else to go: every target that was passed over or is limited, in the order in which their keys are due back;
 * waited for where one only cools down. Circuits are not asked: what they keep out may have recovered. After a wait all of
 * them are looked at anew: another one may be well by then, and the one that was waited for limited again.
 */
const lastResort = Effect.fnUntraced(function* <A>(services: Services, run: Run, attempt: Try<A>) {
  const asked = new Set<Step>()
  let waited = 0
  for (let best = Resort.next(run, asked); best !== undefined; best = Resort.next(run, asked)) {
    const { lease, step, wait } = best
    if (wait > 0) {
      const millis = run.wait(wait)
      if (millis === undefined) return undefined
      waited += millis
      const turn: Turn = { _tag: "Resort", after: waited }
      run.ledger.resting(turn, step)
      yield* Effect.sleep(Duration.millis(millis))
      run.ledger.rested(turn, step)
      continue
    }
    asked.add(step)
    step.repeats = 0
    step.forced = true
    run.renew(step)
    const answered = yield* tryStep(services, run, step, lease, attempt, { _tag: "Resort", after: waited })
    if (answered !== undefined) return answered
    waited = 0
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
    if (step.state === "unsuited") {
      run.ledger.skipped(step, "Unsuited")
      continue
    }
    const lease = run.draw(step) ?? (yield* waitForKey(run, step))
    if (lease === undefined) {
      run.ledger.skipped(step, "NoUsableKey", run.keysOut(step))
      continue
    }
    if (!run.admit(step)) {
      run.ledger.skipped(step, "CircuitOpen")
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
