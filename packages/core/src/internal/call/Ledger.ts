/**
 * What happened to one call: the trail that its caller sees, the events that listeners hear, and the error that it ends with.
 * All three are made from the same records, here.
 */
import type * as Clock from "effect/Clock"
import type { AnySpan } from "effect/Tracer"
import { type AttemptFailure, redact } from "../../failure/AttemptFailure.ts"
import { FailoverError, type FailoverReason } from "../../failure/FailoverError.ts"
import { type ReasonTag, traitsOf } from "../../failure/Reason.ts"
import {
  type AttemptRecord,
  type Cancelled,
  type Failed,
  isSent,
  type Next,
  type Ok,
  type SkippedBecause,
  type Trail
} from "../../failure/Trail.ts"
import type { Lease } from "../../key/KeyPool.ts"
import type { Route } from "../../route/Route.ts"
import type { CallEnding, CallEvent, Listener, Operation, ResponseInfo } from "../../telemetry/Event.ts"
import type { Headers } from "../../upstream/Upstream.ts"
import type { ModelRequest } from "../../wire/ChatCompletion.ts"
import * as PriceTable from "../../wire/PriceTable.ts"
import * as Parameters from "../telemetry/Parameters.ts"
import type { Spans } from "../telemetry/Spans.ts"
import * as TraceContext from "../telemetry/TraceContext.ts"
import * as Watchdog from "../upstream/Watchdog.ts"
import * as TokenCounts from "../wire/TokenCounts.ts"
import type { Target } from "./Target.ts"

/** Is it the request that the failure speaks of? */
const isRefusal = ({ reason }: AttemptFailure): boolean => traitsOf(reason).about === "request"

/** What a ledger is about. */
export interface Subject {
  /** Number of the call. */
  readonly call: number
  readonly operation: Operation
  readonly route: Route
  readonly request: ModelRequest
  readonly clock: Clock.Clock
  readonly listener: Listener
  /** Where the call is traced. */
  readonly spans: Spans | undefined
  readonly parent: AnySpan | undefined
}

type Writable<Given> = { -readonly [Name in keyof Given]: Given[Name] }

/** An attempt under way. */
interface Running {
  readonly lease: Lease
  readonly startedAt: number
}

/** What a call turns to next, and of which attempts that is said. */
export type Turn =
  /** The same target: said of its own last attempt. */
  | { readonly _tag: "Same"; readonly says: Next }
  /** Another target, in its order. */
  | { readonly _tag: "Next" }
  /** The last resort; where it is the same target again, `after` so many milliseconds. */
  | { readonly _tag: "Resort"; readonly after: number }
  /** Nothing: the call is over. */
  | { readonly _tag: "End"; readonly says: Next }

/** A record of which it is not yet certain what followed. */
interface Pending {
  readonly target: Target
  record: AttemptRecord
  readonly response: ResponseInfo | undefined
  /** True once listeners have heard of it. */
  told: boolean
  /** True while the call rests before it turns anywhere. */
  rests: boolean
}

const answer: Next = { _tag: "Answer" }
const nextTarget: Next = { _tag: "NextTarget" }
const overtaken: Next = { _tag: "Overtaken" }
const callerLeft: Next = { _tag: "CallerLeft" }
const fail: Next = { _tag: "Fail" }

const toNext = (turn: Turn, target: Target, pending: Pending): Next => {
  if (turn._tag === "Next" || (turn._tag === "Resort" && pending.target !== target)) return nextTarget
  if (turn._tag !== "Resort") return turn.says
  return { _tag: isSent(pending.record) ? "Again" : "LastResort", after: turn.after }
}

/**
 * The ledger of one call.
 *
 * What a record says of the next step is written when that step is taken: a key, a circuit, a budget or the time may keep the
 * call from what it had in mind.
 */
export class Ledger {
  readonly #subject: Subject
  readonly #startedAt: number
  /** True when somebody wants to hear of calls. */
  readonly isHeard: boolean
  readonly #trail: Array<AttemptRecord> = []
  /** The attempts so far; it grows. */
  readonly trail: Trail = this.#trail
  readonly #failures: Array<AttemptFailure> = []
  /** Kept for listeners only. */
  #running: Map<Target, Running> | undefined
  #pending: ReadonlyArray<Pending> = []
  #firstContent: number | undefined
  #answer: Ok | undefined

  constructor(subject: Subject) {
    this.#subject = subject
    this.#startedAt = Watchdog.now(subject.clock)
    this.isHeard = subject.listener.wantsCalls !== false || subject.spans !== undefined
    if (!this.isHeard) return
    const { call, operation, parent, request, route } = subject
    const { model, stream } = request
    const parameters = Parameters.of(request)
    const about = { call, operation, route: route.name, model, streamed: stream === true }
    this.#emit({ _tag: "CallStarted", ...about, parameters, parent })
  }

  /** A target is passed over; `keysOut` is why its keys are out, where it is for them. */
  skipped(target: Target, because: SkippedBecause, keysOut: ReadonlyArray<ReasonTag> = []): void {
    this.turned({ _tag: "Next" }, target)
    const { model, provider } = target
    const about = { provider: provider.name, model, key: undefined }
    const record: AttemptRecord = { _tag: "Skipped", ...about, next: fail, because, keysOut }
    this.#trail.push(record)
    this.#await(target, record)
  }

  /** An attempt goes out; `turn` is how the call came to it. What is given are the headers that tell the trace to its target. */
  started(target: Target, lease: Lease, turn: Turn): Headers | undefined {
    const { call, clock, parent, spans } = this.#subject
    if (this.#pending.length > 0) this.turned(turn, target)
    target.said = undefined
    if (this.isHeard) {
      this.#running ??= new Map()
      this.#running.set(target, { lease, startedAt: Watchdog.now(clock) })
      const { base, name } = target.provider
      const about = { provider: name, model: target.model, key: lease.key.id || undefined, server: base.origin }
      this.#emit({ _tag: "AttemptStarted", call, ...about })
    }
    const span = spans?.attemptOf(call) ?? parent
    return span === undefined ? undefined : TraceContext.toHeaders(span)
  }

  /** The first content of an attempt is there; the milliseconds that it took. */
  answered(target: Target, lease: Lease, startedAt: number, headers: Headers): number {
    const now = Watchdog.now(this.#subject.clock)
    const millis = Math.round(now - startedAt)
    this.#firstContent ??= Math.round(now - this.#startedAt)
    const via = headers["x-understudy-trail"]
    const { model, provider } = target
    // Field by field: every call makes one, and an object that is put together from others costs several times as much.
    const record: Writable<Ok> = {
      _tag: "Ok",
      provider: provider.name,
      model,
      key: lease.key.id || undefined,
      millis,
      next: answer
    }
    // From outside: cut to size and cleared like everything that is captured.
    if (via !== undefined) record.via = redact(via)
    if (target.structured !== undefined) record.structured = target.structured
    this.#trail.push(record)
    target.answer = record
    return millis
  }

  /** The answer of an attempt is whole. */
  completed(target: Target): void {
    const begun = target.answer
    if (begun === undefined) return
    const whole: Ok = billed(target, { ...begun }, this.#subject.clock)
    this.#answer = whole
    if (this.#pending.length > 0) this.#end(overtaken)
    this.#replace(begun, whole)
    if (this.isHeard) this.#close(target, whole)
  }

  /** An attempt was given up because another one answered first. */
  lost(target: Target, lease: Lease, startedAt: number): void {
    const record = this.#cancelled(target, lease, startedAt, overtaken, false)
    this.#close(target, this.#kept(target, record))
  }

  /** An attempt failed, before or after content; what follows is told by `turned`. */
  failed(target: Target, lease: Lease, startedAt: number, failure: AttemptFailure): void {
    this.#failures.push(failure)
    const begun = target.answer
    const { message, reason, vendor } = failure
    const about = sent(target, lease, this.#since(startedAt), fail)
    const record: Writable<Failed> = { _tag: "Failed", ...about, reason, afterContent: begun !== undefined, message }
    if (vendor !== undefined) record.status = vendor.status
    this.#kept(target, billed(target, record, this.#subject.clock))
    if (begun !== undefined) this.#trail.splice(this.#trail.indexOf(begun), 1)
    target.answer = undefined
    this.#await(target, record)
  }

  /** The call rests before it turns to a target: listeners hear of it now, the trail says in the end what came of it. */
  resting(turn: Turn, target: Target): void {
    for (const pending of this.#pending) {
      if (!concerns(turn, target, pending)) continue
      this.#tell(pending, toNext(turn, target, pending))
      pending.rests = true
    }
  }

  /** The rest before a target is over, whatever comes now. */
  rested(turn: Turn, target: Target): void {
    for (const pending of this.#pending) if (turn._tag !== "Same" || pending.target === target) pending.rests = false
  }

  /** The call turns to a target: what failed or was passed over before says so. */
  turned(turn: Turn, target: Target): void {
    const concerned = this.#pending.filter((pending) => concerns(turn, target, pending))
    this.#pending = this.#pending.filter((pending) => !concerned.includes(pending))
    for (const pending of concerned) {
      const next = toNext(turn, target, pending)
      this.#tell(pending, next)
      if (pending.record.next !== next) this.#replace(pending.record, { ...pending.record, next })
    }
  }

  /** The call is over; attempts that are still under way are left behind. Called only where somebody hears it. */
  ended(outcome: CallEnding): void {
    const { call, operation, request, route } = this.#subject
    const next = outcome === "ok" ? overtaken : callerLeft
    this.#end(outcome === "ok" || outcome === "Cancelled" ? next : fail)
    const left: Array<AttemptRecord> = []
    for (const [target, { lease, startedAt }] of this.#running ?? []) {
      const record = this.#cancelled(target, lease, startedAt, next, target.answer !== undefined)
      left.push(record)
      this.#close(target, record)
    }
    this.#emit({
      _tag: "CallEnded",
      call,
      operation,
      route: route.name,
      model: request.model,
      streamed: request.stream === true,
      outcome,
      millis: this.#since(this.#startedAt),
      firstContent: this.#firstContent,
      answer: this.#answer,
      cost: PriceTable.sum([...this.#trail, ...left])
    })
  }

  /** The error of a call that ends with this failure. */
  final(target: Target, failure: AttemptFailure, begun: boolean): FailoverError {
    // Where a broken stream may be gone on with, the record says so once it is.
    if (begun && this.#subject.route.afterCommit === "continue") return this.#error({ _tag: "Broken", failure })
    this.turned({ _tag: "Same", says: fail }, target)
    if (begun) return this.#error({ _tag: "Broken", failure })
    if (traitsOf(failure.reason).about === "time") return this.outOfTime()
    return this.#error({ _tag: isRefusal(failure) ? "Rejected" : "UpstreamFailed", failure })
  }

  /** The error of a call whose time is up. */
  outOfTime(): FailoverError {
    return this.error({ _tag: "DeadlineExceeded", total: this.#subject.route.deadlines.total })
  }

  /** The error of a call that nobody can answer now: because of limits alone (`limited`), or because keys are out. */
  out(retryAfter: number | undefined, limited: boolean): FailoverError {
    const { name } = this.#subject.route
    return this.error(limited ? { _tag: "Limited", retryAfter } : { _tag: "NoTarget", route: name, retryAfter })
  }

  /** The error of a call that has nowhere left to go; `limited` when a target waits for the end of a limit. */
  exhausted(retryAfter: number | undefined, limited: boolean): FailoverError {
    const first = this.#failures[0]
    const last = this.#failures.at(-1)
    if (first === undefined || last === undefined) return this.out(retryAfter, limited)
    if (this.#failures.every(({ reason }) => traitsOf(reason).about === "limit")) {
      return this.error({ _tag: "Limited", retryAfter })
    }
    return this.error(
      this.#failures.every(isRefusal) ? { _tag: "Rejected", failure: first } : { _tag: "UpstreamFailed", failure: last }
    )
  }

  /** An error with this call's trail: nothing follows any more. */
  error(reason: FailoverReason): FailoverError {
    this.#end(fail)
    return this.#error(reason)
  }

  #error(reason: FailoverReason): FailoverError {
    return new FailoverError({ reason, trail: [...this.#trail] })
  }

  #end(says: Next): void {
    const [first] = this.#pending
    if (first === undefined) return
    for (const pending of this.#pending) pending.rests = false
    this.turned({ _tag: "End", says }, first.target)
  }

  #await(target: Target, record: AttemptRecord): void {
    const told = !this.isHeard || (isSent(record) && this.#running?.delete(target) !== true)
    const response = told || !isSent(record) ? undefined : responseOf(target)
    this.#pending = [...this.#pending, { target, record, response, told, rests: false }]
  }

  #tell(pending: Pending, next: Next): void {
    if (pending.told) return
    pending.told = true
    const attempt = { ...pending.record, next }
    this.#replace(pending.record, attempt)
    pending.record = attempt
    this.#emit({ _tag: "AttemptEnded", call: this.#subject.call, attempt, response: pending.response })
  }

  #cancelled(target: Target, lease: Lease, startedAt: number, next: Next, afterContent: boolean): Writable<Cancelled> {
    const about = sent(target, lease, this.#since(startedAt), next)
    return billed(target, { _tag: "Cancelled", ...about, afterContent }, this.#subject.clock)
  }

  #since(startedAt: number): number {
    return Math.round(Watchdog.now(this.#subject.clock) - startedAt)
  }

  #kept<Made extends Writable<Ok | Failed | Cancelled>>(target: Target, record: Made): Made {
    if (target.structured !== undefined) record.structured = target.structured
    this.#trail.push(record)
    return record
  }

  #replace(record: AttemptRecord, by: AttemptRecord): void {
    const index = this.#trail.indexOf(record)
    if (index !== -1) this.#trail[index] = by
  }

  /** Told once an attempt: of one that was left behind, its own fiber may tell later. */
  #close(target: Target, attempt: AttemptRecord): void {
    if (!this.isHeard || this.#running?.delete(target) !== true) return
    this.#emit({ _tag: "AttemptEnded", call: this.#subject.call, attempt, response: responseOf(target) })
  }

  #emit(event: CallEvent): void {
    const { listener, spans } = this.#subject
    spans?.emit(event)
    if (listener.wantsCalls !== false) listener.emit(event)
  }
}

/** Is the turn told of this record? What happens at one target of a hedge says nothing of the other. */
const concerns = (turn: Turn, target: Target, pending: Pending): boolean =>
  !pending.rests && (turn._tag !== "Same" || pending.target === target)

/** The record with what the vendor billed, as far as it has said so. */
const billed = <Made extends Writable<Ok | Failed | Cancelled>>(
  { model, provider, said }: Target,
  record: Made,
  clock: Clock.Clock
): Made => {
  const usage = said?.usage ?? undefined
  if (usage === undefined) return record
  record.usage = usage
  const price = provider.prices === undefined ? undefined : PriceTable.priceOf(provider.prices, model)
  const cost =
    price === undefined ? undefined : PriceTable.costOf(price, TokenCounts.of(usage), clock.currentTimeMillisUnsafe())
  if (cost !== undefined) record.cost = cost
  return record
}

const sent = ({ model, provider }: Target, lease: Lease, millis: number, next: Next) => ({
  provider: provider.name,
  model,
  key: lease.key.id || undefined,
  millis,
  next
})

const responseOf = ({ said }: Target): ResponseInfo | undefined =>
  said === undefined
    ? undefined
    : {
        id: said.id,
        model: said.model,
        finishReasons: (said.choices ?? []).flatMap(({ finish_reason }) => finish_reason ?? [])
      }
