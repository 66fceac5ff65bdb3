/**
 * What a call does next: decided here, done in `Drive`.
 *
 * No clock, no fiber, nothing is changed: the answer follows from what the `Call` knows, the moment, and the luck that draws
 * keys and jitter.
 *
 * ```
 * target ahead ─▶ Pass: it cannot take the request, no key, its circuit is open
 *      │     └──▶ Wait for its first key, where its pool says so
 *      ▼
 *     Ask ─▶ failed ─▶ Ask with another key ─▶ Wait, and ask the same again ─▶ the next target ─▶ the last resort ─▶ Fail
 *                └───▶ Fail: content has gone out, or nothing may follow
 * ```
 *
 * The last resort: every target that was passed over or is limited, in the order in which their keys are due back; waited for
 * where one only cools down. Circuits are not asked: what they keep out may have recovered. After a wait all of them are looked
 * at anew: another one may be well by then, and the one that was waited for limited again.
 *
 * @see failure/Reason for the table that says what may follow a failure
 */
import type { AttemptFailure } from "../../failure/AttemptFailure.ts"
import type { Decision } from "../../failure/Decision.ts"
import { retryAfterOf, traitsOf } from "../../failure/Reason.ts"
import type { SkippedBecause } from "../../failure/Trail.ts"
import type { Lease } from "../../key/KeyPool.ts"
import type { Ask, Call } from "./Call.ts"
import type { Turn } from "./Ledger.ts"
import type { Target } from "./Target.ts"

/** The targets that one driver takes a call through, and whether it turns to the last resort when they are through. */
export interface Side {
  readonly targets: ReadonlyArray<Target>
  readonly lastResort: boolean
}

/** Rest, then look again. */
export interface Wait {
  readonly _tag: "Wait"
  readonly target: Target
  readonly millis: number
  readonly why:
    | { readonly _tag: "Key" }
    /** With the same key. `stated` by the vendor, and so counted against `waitAlone`; `paid` from the route's budget. */
    | { readonly _tag: "Again"; readonly lease: Lease; readonly stated: boolean; readonly paid: boolean }
    /** `rested` milliseconds in a row, this wait included. */
    | { readonly _tag: "LastResort"; readonly rested: number }
}

/** The call ends without an answer. */
export type Fail =
  | { readonly _tag: "Fail"; readonly because: "outOfTime" }
  /** None of the target's keys is usable, and the pool says that this is the end. */
  | { readonly _tag: "Fail"; readonly because: "keysOut"; readonly target: Target }
  /** Nothing may follow the failure. */
  | { readonly _tag: "Fail"; readonly because: "final"; readonly ended: Failed }

/** What a call does next. */
export type Next =
  | Ask
  | Wait
  | { readonly _tag: "Pass"; readonly target: Target; readonly because: SkippedBecause | undefined }
  /** Nobody is left: this is the end, or the other side of a hedge goes on. */
  | { readonly _tag: "GiveWay" }
  | Fail

/** An attempt that failed. */
export interface Failed {
  readonly _tag: "Failed"
  readonly target: Target
  readonly lease: Lease
  readonly failure: AttemptFailure
  /** True when content has gone to the caller. */
  readonly begun: boolean
}

const giveWay: Next = { _tag: "GiveWay" }
const inOrder: Turn = { _tag: "Next" }
const anotherKey: Turn = { _tag: "Same", says: { _tag: "AnotherKey" } }

/** The turn to the same target again, after so many milliseconds. */
export const again = (millis: number): Turn => ({ _tag: "Same", says: { _tag: "Again", after: millis } })

const ask = (call: Call, target: Target, lease: Lease, turn: Turn, forced = false): Next =>
  call.isOver ? { _tag: "Fail", because: "outOfTime" } : { _tag: "Ask", target, lease, turn, once: forced, forced }

const pass = (target: Target, because: SkippedBecause | undefined): Next => ({ _tag: "Pass", target, because })

/** What comes first, and what follows `last`: a failed attempt, or a rest. */
export const next = (call: Call, side: Side, last?: Failed | Wait): Next => {
  if (last === undefined) return onwards(call, side)
  if (last._tag === "Failed") return afterFailure(call, side, last)
  const { millis, target, why } = last
  if (why._tag === "Again") return askAgain(call, side, target, millis)
  return why._tag === "Key" ? atTarget(call, target, millis) : lastResort(call, why.rested)
}

/** Asks one target, once, for a call that goes on with it; undefined when it cannot be asked now. */
export const once = (call: Call, target: Target): Ask | undefined => {
  const lease = target.suits && !call.isOver ? call.draw(target) : undefined
  if (lease === undefined || !call.admits(target)) return undefined
  return { _tag: "Ask", target, lease, turn: inOrder, once: true, forced: false }
}

const onwards = (call: Call, side: Side): Next => {
  for (const target of side.targets) if (target.state === "Ahead") return atTarget(call, target)
  return side.lastResort ? lastResort(call, 0) : giveWay
}

/** At a target that nobody has looked at, or whose key has been waited for. */
const atTarget = (call: Call, target: Target, rested?: number): Next => {
  if (!target.suits) return pass(target, "Unsuited")
  const lease = call.draw(target) ?? withoutKey(call, target, rested)
  if (lease === undefined) return pass(target, "NoUsableKey")
  if ("_tag" in lease) return lease
  return call.admits(target) ? ask(call, target, lease, inOrder) : pass(target, "CircuitOpen")
}

/** With no usable key: waits until the first one is due, where the pool says so and the time allows. */
const withoutKey = (call: Call, target: Target, rested: number | undefined): Lease | Next | undefined => {
  const { whenExhausted } = target.provider.pool.options.policy
  if (whenExhausted === "fail") return { _tag: "Fail", because: "keysOut", target }
  if (whenExhausted === "fallback") return undefined
  // Limited anew meanwhile: its time is told again. A key that is out for itself is asked whether it is well.
  if (rested === 0 || (rested !== undefined && !call.isLimited(target))) return call.drawDue(target)
  const due = call.dueIn(target)
  if (due === undefined || !call.fits(due)) return undefined
  return { _tag: "Wait", target, millis: due === 0 ? 0 : call.jittered(due), why: { _tag: "Key" } }
}

const afterFailure = (call: Call, side: Side, ended: Failed): Next => {
  const { begun, failure, target } = ended
  const decision = call.decide(failure)
  const fail: Next = { _tag: "Fail", because: "final", ended }
  if (begun) return fail
  if (decision.anotherKey !== "no") {
    const other = call.draw(target)
    // Its circuit may have opened meanwhile: a key that was not tried may still be the last resort.
    if (other !== undefined) return call.lets(target) ? ask(call, target, other, anotherKey) : pass(target, undefined)
  }
  return againAfter(call, ended, decision) ?? (decision.fallback ? onwards(call, side) : fail)
}

/** The rest before the same target is asked again; undefined when it is not to be asked. */
const againAfter = (
  call: Call,
  { failure: { reason }, lease, target }: Failed,
  { again }: Decision
): Wait | undefined => {
  if (target.repeats <= 0 || again === "no") return undefined
  const retryAfter = retryAfterOf(reason)
  const stated = retryAfter !== undefined
  // Who says when to come back is not asked before.
  if (stated && retryAfter > call.route.waitUpTo) return undefined
  if (!stated && again === "afterWait") return undefined
  const millis = stated ? call.waitFor(retryAfter) : traitsOf(reason).pause ? call.pause() : 0
  // In an outage every call would repeat: the route's budget keeps the load from doubling.
  const paid = again === "once"
  if (millis === undefined || !call.fits(millis) || (paid && !call.mayRepeat)) return undefined
  return { _tag: "Wait", target, millis, why: { _tag: "Again", lease, stated, paid } }
}

const askAgain = (call: Call, side: Side, target: Target, rested: number): Next => {
  const lease = call.draw(target)
  return lease !== undefined && call.admits(target) ? ask(call, target, lease, again(rested)) : onwards(call, side)
}

/** A target to turn to in the end. */
interface Resort {
  readonly target: Target
  readonly lease: Lease
  /** Milliseconds until the key is due. */
  readonly wait: number
  /** True for a key that is out: removed, or forbidden to use the model. */
  readonly out: boolean
}

const isBefore = (a: Resort, b: Resort): boolean => a.wait < b.wait || (a.wait === b.wait && !a.out && b.out)

const lastResort = (call: Call, rested: number): Next => {
  let best: Resort | undefined
  for (const target of call.targets) {
    const isOver = target.state === "Failed" || !target.suits || target.forced
    const lease = isOver ? undefined : call.drawDue(target)
    if (lease === undefined) continue
    const { pool } = target.provider
    const wait = pool.waitFor(lease, call.now)
    const resort = { target, lease, wait, out: !pool.isUsable(lease, call.now) }
    if (call.mayWait(wait) && (best === undefined || isBefore(resort, best))) best = resort
  }
  if (best === undefined) return giveWay
  const { lease, target, wait } = best
  if (wait <= 0) return ask(call, target, lease, { _tag: "Resort", after: rested }, true)
  const millis = call.waitFor(wait)
  if (millis === undefined) return giveWay
  return { _tag: "Wait", target, millis, why: { _tag: "LastResort", rested: rested + millis } }
}
