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
import type { CallEvent, Listener, Operation, ResponseInfo } from "../telemetry/Event.ts"
import * as Parameters from "../telemetry/Parameters.ts"
import type { Headers } from "../upstream/Upstream.ts"
import * as Watchdog from "../upstream/Watchdog.ts"
import type { ModelRequest } from "../wire/ChatCompletion.ts"
import * as PriceTable from "../wire/PriceTable.ts"
import * as TokenCounts from "../wire/TokenCounts.ts"
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
  readonly request: ModelRequest
  readonly clock: Clock.Clock
  readonly listener: Listener
  readonly parent: AnySpan | undefined
}

type Writable = { -readonly [Name in keyof AttemptRecord]: AttemptRecord[Name] }

/** An attempt under way. */
interface Running {
  readonly lease: Lease
  readonly startedAt: number
}

/** The ledger of one call. */
export class Ledger {
  readonly #subject: Subject
  readonly #startedAt: number
  readonly #trail: Array<AttemptRecord> = []
  readonly #failures: Array<AttemptFailure> = []
  /** Kept for listeners only. */
  #running: Map<Step, Running> | undefined
  #firstContent: number | undefined
  #answer: AttemptRecord | undefined

  constructor(subject: Subject) {
    this.#subject = subject
    this.#startedAt = Watchdog.now(subject.clock)
    if (!this.isHeard) return
    const { call, operation, parent, request, route } = subject
    const { model, stream } = request
    const parameters = Parameters.of(request)
    const about = { call, operation, route: route.name, model, streamed: stream === true }
    this.#emit({ _tag: "CallStarted", ...about, parameters, parent })
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
    this.#close(step, this.#record(step, undefined, { outcome, millis: 0, next: "next target", skipped: true }))
  }

  /** An attempt goes out. */
  started(step: Step, lease: Lease): void {
    step.said = undefined
    if (!this.isHeard) return
    this.#running ??= new Map()
    this.#running.set(step, { lease, startedAt: Watchdog.now(this.#subject.clock) })
    const { base, name } = step.target.provider
    this.#emit({
      _tag: "AttemptStarted",
      call: this.#subject.call,
      provider: name,
      model: step.model,
      key: keyOf(lease),
      server: base.origin
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
  completed(step: Step): void {
    const answer = step.answer
    if (answer === undefined) return
    const whole: Writable = { ...answer }
    const { cost, usage } = billed(step) ?? {}
    if (usage !== undefined) whole.usage = usage
    if (cost !== undefined) whole.cost = cost
    this.#answer = whole
    this.#replace(answer, whole)
    this.#close(step, whole)
  }

  /** An attempt was given up because another one answered first. */
  lost(step: Step, lease: Lease, startedAt: number): void {
    const millis = this.#since(startedAt)
    const next = "another was faster"
    this.#close(
      step,
      this.#record(step, lease, { outcome: "Cancelled", millis, next, skipped: false, ...billed(step) })
    )
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
      message: failure.message,
      ...billed(step)
    })
    if (begun !== undefined) this.#trail.splice(this.#trail.indexOf(begun), 1)
    step.answer = undefined
    this.#close(step, record)
  }

  /** The call is over; attempts that are still under way are left behind. Called only where somebody hears it. */
  ended(outcome: string): void {
    const { call, operation, request, route } = this.#subject
    const next = outcome === "ok" ? "another was faster" : "the caller left"
    const left: Array<AttemptRecord> = []
    for (const [step, { lease, startedAt }] of this.#running ?? []) {
      const begun = step.answer === undefined ? "" : " after content"
      const rest = { outcome: `Cancelled${begun}`, millis: this.#since(startedAt), next, skipped: false }
      const record = toRecord(step, lease, { ...rest, ...billed(step) })
      left.push(record)
      this.#close(step, record)
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

  #record(step: Step, lease: Lease | undefined, rest: Course): AttemptRecord {
    const record = toRecord(step, lease, rest)
    if (step.structured !== undefined && !rest.skipped) record.structured = step.structured
    this.#trail.push(record)
    return record
  }

  #replace(record: AttemptRecord, by: AttemptRecord): void {
    const index = this.#trail.indexOf(record)
    if (index !== -1) this.#trail[index] = by
  }

  /** Told once an attempt: of one that was left behind, its own fiber may tell later. */
  #close(step: Step, attempt: AttemptRecord): void {
    if (!this.isHeard || (!attempt.skipped && this.#running?.delete(step) !== true)) return
    const response = attempt.skipped ? undefined : responseOf(step)
    this.#emit({ _tag: "AttemptEnded", call: this.#subject.call, attempt, response })
  }

  #emit(event: CallEvent): void {
    this.#subject.listener.emit(event)
  }
}

const keyOf = (lease: Lease | undefined): string | undefined =>
  lease === undefined || lease.key.id === "" ? undefined : lease.key.id

/** What became of an attempt. */
type Course = Omit<AttemptRecord, "provider" | "model" | "key">

// Field by field: every call makes one, and an object that is put together from others costs several times as much.
const toRecord = (step: Step, lease: Lease | undefined, course: Course): Writable => {
  const { cost, message, millis, next, outcome, skipped, status, usage, via } = course
  const { model, target } = step
  const record: Writable = { provider: target.provider.name, model, key: keyOf(lease), outcome, millis, next, skipped }
  if (status !== undefined) record.status = status
  if (message !== undefined) record.message = message
  if (usage !== undefined) record.usage = usage
  if (cost !== undefined) record.cost = cost
  if (via !== undefined) record.via = via
  return record
}

const billed = ({ model, said, target }: Step): Pick<AttemptRecord, "usage" | "cost"> | undefined => {
  const usage = said?.usage ?? undefined
  if (usage === undefined) return undefined
  const price = PriceTable.priceOf(target.provider.prices, model)
  const cost = price === undefined ? undefined : PriceTable.costOf(price, TokenCounts.of(usage))
  return cost === undefined ? { usage } : { usage, cost }
}

const responseOf = ({ said }: Step): ResponseInfo | undefined =>
  said === undefined
    ? undefined
    : {
        id: said.id,
        model: said.model,
        finishReasons: (said.choices ?? []).flatMap(({ finish_reason }) => finish_reason ?? [])
      }
