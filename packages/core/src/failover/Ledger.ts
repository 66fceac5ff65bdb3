/**
 * What happened to one call: the trail that its caller sees, the events that listeners hear, and the error that it ends with.
 * All three are made from the same records, here.
 */
import type * as Clock from "effect/Clock"
import type { AnySpan } from "effect/Tracer"
import { type AttemptFailure, redact } from "../failure/AttemptFailure.ts"
import { type AttemptRecord, FailoverError, type FailoverReason, type Trail } from "../failure/FailoverError.ts"
import { type ReasonTag, toLabel } from "../failure/Reason.ts"
import type { Lease } from "../key/KeyPool.ts"
import type { Route } from "../route/Route.ts"
import type { CallEvent, Listener, Operation } from "../telemetry/Event.ts"
import type { Headers } from "../upstream/Upstream.ts"
import * as Watchdog from "../upstream/Watchdog.ts"
import type { CompletionUsage } from "../wire/ChatCompletion.ts"
import type { Step } from "./Step.ts"

const callersFaults: ReadonlySet<ReasonTag> = new Set([
  "ModelNotFound",
  "ContextTooLong",
  "ContentFiltered",
  "InvalidRequest"
])

/** What a ledger is about. */
export interface Subject {
  /** Number of the call. */
  readonly call: number
  readonly operation: Operation
  readonly route: Route
  /** The model that was asked for. */
  readonly model: string
  readonly clock: Clock.Clock
  readonly listener: Listener
  readonly parent: AnySpan | undefined
}

/** The ledger of one call. */
export class Ledger {
  readonly #subject: Subject
  readonly #startedAt: number
  readonly #trail: Array<AttemptRecord> = []
  readonly #failures: Array<AttemptFailure> = []
  #firstContent: number | undefined
  #answer: AttemptRecord | undefined

  constructor(subject: Subject) {
    this.#subject = subject
    this.#startedAt = Watchdog.now(subject.clock)
    const { call, model, operation, parent, route } = subject
    if (this.isHeard) this.#emit({ _tag: "CallStarted", call, operation, route: route.name, model, parent })
  }

  /** The attempts so far. */
  get trail(): Trail {
    return [...this.#trail]
  }

  /** True when somebody wants to hear of calls. */
  get isHeard(): boolean {
    return this.#subject.listener.wantsCalls !== false
  }

  /** A target is passed over. */
  skipped(step: Step, because: "no usable key" | "circuit open"): void {
    const outcome = `skipped(${because})`
    this.#close(this.#record(step, undefined, { outcome, millis: 0, next: "next target", skipped: true }))
  }

  /** An attempt goes out. */
  started(step: Step, lease: Lease): void {
    const { call } = this.#subject
    this.#emit({
      _tag: "AttemptStarted",
      call,
      provider: step.target.provider.name,
      model: step.model,
      key: keyOf(lease)
    })
  }

  /** The first content of an attempt is there; the milliseconds that it took. */
  answered(step: Step, lease: Lease, startedAt: number, headers: Headers): number {
    const millis = this.#since(startedAt)
    this.#firstContent ??= this.#since(this.#startedAt)
    const via = headers["x-understudy-trail"]
    // From outside: cut to size and cleared like everything that is captured.
    const behind = via === undefined ? {} : { via: redact(via) }
    step.answer = this.#record(step, lease, { outcome: "ok", millis, next: "answer", skipped: false, ...behind })
    return millis
  }

  /** The answer of an attempt is whole. */
  completed(step: Step, usage: CompletionUsage | undefined): void {
    const answer = step.answer
    if (answer === undefined) return
    this.#answer = usage === undefined ? answer : { ...answer, usage }
    this.#replace(answer, this.#answer)
    this.#close(this.#answer)
  }

  /** An attempt was given up because another one answered first. */
  lost(step: Step, lease: Lease, startedAt: number): void {
    const millis = this.#since(startedAt)
    this.#close(this.#record(step, lease, { outcome: "Cancelled", millis, next: "another was faster", skipped: false }))
  }

  /** An attempt failed, before or after content; `next` is what follows. */
  failed(step: Step, lease: Lease, startedAt: number, failure: AttemptFailure, next: string): void {
    this.#failures.push(failure)
    const begun = step.answer
    const record = this.#record(step, lease, {
      outcome: begun === undefined ? toLabel(failure.reason) : `${toLabel(failure.reason)} after content`,
      millis: this.#since(startedAt),
      next,
      skipped: false,
      ...(failure.vendor === undefined ? {} : { status: failure.vendor.status }),
      message: failure.message
    })
    if (begun !== undefined) this.#trail.splice(this.#trail.indexOf(begun), 1)
    step.answer = undefined
    this.#close(record)
  }

  /** The call is over. */
  ended(outcome: string): void {
    const { call, model, route } = this.#subject
    const millis = this.#since(this.#startedAt)
    const firstContent = this.#firstContent
    this.#emit({
      _tag: "CallEnded",
      call,
      route: route.name,
      model,
      outcome,
      millis,
      firstContent,
      answer: this.#answer
    })
  }

  /** The error of a call that ends with this failure. */
  final(failure: AttemptFailure, begun: boolean): FailoverError {
    if (begun) return this.error({ _tag: "Broken", failure })
    const { reason } = failure
    if (reason._tag === "TimedOut" && reason.phase === "total") return this.outOfTime()
    const callers = callersFaults.has(reason._tag)
    return this.error({ _tag: callers ? "Rejected" : "UpstreamFailed", failure })
  }

  /** The error of a call whose time is up. */
  outOfTime(): FailoverError {
    return this.error({ _tag: "DeadlineExceeded", total: this.#subject.route.total })
  }

  /** The error of a call that nobody can answer now. */
  noTarget(retryAfter: number | undefined): FailoverError {
    return this.error({ _tag: "NoTarget", route: this.#subject.route.name, retryAfter })
  }

  /** The error of a call that has nowhere left to go. */
  exhausted(retryAfter: number | undefined): FailoverError {
    const first = this.#failures[0]
    const last = this.#failures.at(-1)
    if (first === undefined || last === undefined) return this.noTarget(retryAfter)
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

  #since(startedAt: number): number {
    return Math.round(Watchdog.now(this.#subject.clock) - startedAt)
  }

  #record(
    step: Step,
    lease: Lease | undefined,
    rest: Omit<AttemptRecord, "provider" | "model" | "key">
  ): AttemptRecord {
    const asked = step.structured === undefined || rest.skipped ? {} : { structured: step.structured }
    const record = { provider: step.target.provider.name, model: step.model, key: keyOf(lease), ...rest, ...asked }
    this.#trail.push(record)
    return record
  }

  #replace(record: AttemptRecord, by: AttemptRecord): void {
    const index = this.#trail.indexOf(record)
    if (index !== -1) this.#trail[index] = by
  }

  #close(attempt: AttemptRecord): void {
    if (this.isHeard) this.#emit({ _tag: "AttemptEnded", call: this.#subject.call, attempt })
  }

  #emit(event: CallEvent): void {
    this.#subject.listener.emit(event)
  }
}

const keyOf = (lease: Lease | undefined): string | undefined =>
  lease === undefined || lease.key.id === "" ? undefined : lease.key.id
