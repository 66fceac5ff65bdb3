/**
 * What happened to one call: the trail that its caller sees, the events that listeners hear, and the error that it ends with.
 * All three are made from the same records, here.
 */
import type * as Clock from "effect/Clock"
import type { AnySpan } from "effect/Tracer"
import { type AttemptFailure, redact } from "../../failure/AttemptFailure.ts"
import { type AttemptRecord, FailoverError, type FailoverReason, type Trail } from "../../failure/FailoverError.ts"
import { toLabel, traitsOf } from "../../failure/Reason.ts"
import type { Lease } from "../../key/KeyPool.ts"
import type { Route } from "../../route/Route.ts"
import type { CallEvent, Listener, Operation, ResponseInfo } from "../../telemetry/Event.ts"
import type { Headers } from "../../upstream/Upstream.ts"
import * as Watchdog from "../../upstream/Watchdog.ts"
import type { ModelRequest } from "../../wire/ChatCompletion.ts"
import * as PriceTable from "../../wire/PriceTable.ts"
import * as TokenCounts from "../../wire/TokenCounts.ts"
import * as Parameters from "../telemetry/Parameters.ts"
import type { Spans } from "../telemetry/Spans.ts"
import * as TraceContext from "../telemetry/TraceContext.ts"
import type { Step } from "./Step.ts"

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

type Writable = { -readonly [Name in keyof AttemptRecord]: AttemptRecord[Name] }

/** An attempt under way. */
interface Running {
  readonly lease: Lease
  readonly startedAt: number
}

/** What a call turns to next, in the words of the trail, and by whom it is told of which attempts. */
export type Turn =
  /** The same target: said of its own last attempt. */
  | { readonly _tag: "Same"; readonly says: string }
  /** Another target, in its order. */
  | { readonly _tag: "Next" }
  /** The last resort; where it is the same target again, `after` so many milliseconds. */
  | { readonly _tag: "Resort"; readonly after: number }
  /** Nothing: the call is over. */
  | { readonly _tag: "End"; readonly says: string }

/** A record of which it is not yet certain what followed. */
interface Pending {
  readonly step: Step
  record: AttemptRecord
  readonly response: ResponseInfo | undefined
  /** True once listeners have heard of it. */
  told: boolean
  /** True while the call rests before it turns anywhere. */
  rests: boolean
}

const after = (millis: number): string => (millis === 0 ? "" : ` after ${millis} ms`)

const toNext = (turn: Turn, step: Step, pending: Pending): string => {
  if (turn._tag === "Next" || (turn._tag === "Resort" && pending.step !== step)) return "next target"
  if (turn._tag !== "Resort") return turn.says
  return `${pending.record.skipped ? "last resort" : "again"}${after(turn.after)}`
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
  readonly #trail: Array<AttemptRecord> = []
  readonly #failures: Array<AttemptFailure> = []
  /** Kept for listeners only. */
  #running: Map<Step, Running> | undefined
  #pending: ReadonlyArray<Pending> = []
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
    return this.#subject.listener.wantsCalls !== false || this.#subject.spans !== undefined
  }

  /** A target is passed over; `keysOut` is why its keys are out, where it is for them. */
  skipped(step: Step, because: "no usable key" | "circuit open" | "unsuited", keysOut = ""): void {
    this.turned({ _tag: "Next" }, step)
    const outcome = `skipped(${because})`
    const record = this.#record(step, undefined, { outcome, millis: 0, next: "fail", skipped: true })
    if (keysOut !== "") record.keysOut = keysOut
    this.#await(step, record)
  }

  /** An attempt goes out; `turn` is how the call came to it. */
  started(step: Step, lease: Lease, turn: Turn): void {
    if (this.#pending.length > 0) this.turned(turn, step)
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

  /** The headers that tell the trace to the target of the attempt that went out last. */
  trace(): Headers | undefined {
    const { call, parent, spans } = this.#subject
    const span = spans?.attemptOf(call) ?? parent
    return span === undefined ? undefined : TraceContext.toHeaders(span)
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
    this.#end("another was faster")
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

  /** An attempt failed, before or after content; what follows is told by `turned`. */
  failed(step: Step, lease: Lease, startedAt: number, failure: AttemptFailure): void {
    this.#failures.push(failure)
    const begun = step.answer
    const record = this.#record(step, lease, {
      outcome: begun === undefined ? toLabel(failure.reason) : `${toLabel(failure.reason)} after content`,
      millis: this.#since(startedAt),
      next: "fail",
      skipped: false,
      ...(failure.vendor === undefined ? {} : { status: failure.vendor.status }),
      message: failure.message,
      ...billed(step)
    })
    if (begun !== undefined) this.#trail.splice(this.#trail.indexOf(begun), 1)
    step.answer = undefined
    this.#await(step, record)
  }

  /** The call rests before it turns to a step: listeners hear of it now, the trail says in the end what came of it. */
  resting(turn: Turn, step: Step): void {
    for (const pending of this.#pending) {
      if (!concerns(turn, step, pending)) continue
      this.#tell(pending, toNext(turn, step, pending))
      pending.rests = true
    }
  }

  /** The rest before a step is over, whatever comes now. */
  rested(turn: Turn, step: Step): void {
    for (const pending of this.#pending) if (turn._tag !== "Same" || pending.step === step) pending.rests = false
  }

  /** The call turns to a step: what failed or was passed over before says so. */
  turned(turn: Turn, step: Step): void {
    const concerned = this.#pending.filter((pending) => concerns(turn, step, pending))
    this.#pending = this.#pending.filter((pending) => !concerned.includes(pending))
    for (const pending of concerned) {
      const next = toNext(turn, step, pending)
      this.#tell(pending, next)
      if (pending.record.next !== next) this.#replace(pending.record, { ...pending.record, next })
    }
  }

  /** The call is over; attempts that are still under way are left behind. Called only where somebody hears it. */
  ended(outcome: string): void {
    const { call, operation, request, route } = this.#subject
    const next = outcome === "ok" ? "another was faster" : "the caller left"
    this.#end(outcome === "ok" || outcome === "Cancelled" ? next : "fail")
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
  final(step: Step, failure: AttemptFailure, begun: boolean): FailoverError {
    // Where a broken stream may be gone on with, the record says so once it is.
    if (begun && this.#subject.route.afterCommit === "continue") return this.#error({ _tag: "Broken", failure })
    this.turned({ _tag: "Same", says: "fail" }, step)
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
    this.#end("fail")
    return this.#error(reason)
  }

  #error(reason: FailoverReason): FailoverError {
    return new FailoverError({ reason, trail: this.trail })
  }

  #end(says: string): void {
    const [first] = this.#pending
    if (first === undefined) return
    for (const pending of this.#pending) pending.rests = false
    this.turned({ _tag: "End", says }, first.step)
  }

  #await(step: Step, record: AttemptRecord): void {
    const told = !this.isHeard || (!record.skipped && this.#running?.delete(step) !== true)
    const response = told || record.skipped ? undefined : responseOf(step)
    this.#pending = [...this.#pending, { step, record, response, told, rests: false }]
  }

  #tell(pending: Pending, next: string): void {
    if (pending.told) return
    pending.told = true
    const attempt = { ...pending.record, next }
    this.#replace(pending.record, attempt)
    pending.record = attempt
    this.#emit({ _tag: "AttemptEnded", call: this.#subject.call, attempt, response: pending.response })
  }

  #since(startedAt: number): number {
    return Math.round(Watchdog.now(this.#subject.clock) - startedAt)
  }

  #record(step: Step, lease: Lease | undefined, rest: Course): Writable {
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
    if (!this.isHeard || this.#running?.delete(step) !== true) return
    this.#emit({ _tag: "AttemptEnded", call: this.#subject.call, attempt, response: responseOf(step) })
  }

  #emit(event: CallEvent): void {
    const { listener, spans } = this.#subject
    spans?.emit(event)
    if (listener.wantsCalls !== false) listener.emit(event)
  }
}

/** Is the turn told of this record? What happens at one target of a hedge says nothing of the other. */
const concerns = (turn: Turn, step: Step, pending: Pending): boolean =>
  !pending.rests && (turn._tag !== "Same" || pending.step === step)

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
