/**
 * One HTTP request to one target with one key, as one Effect: it ends in an answer or in a failure, both as data.
 *
 * This module drives the exchange: deadlines, transport errors, error bodies. What a good body means is the reader's,
 * `JsonReader` or `StreamReader`. Interrupting the Effect aborts the upstream request in every phase.
 *
 * **Gotchas**
 *
 * An answer may settle the attempt while bytes are still due (`[DONE]` before the end of the body). The socket is then
 * left to drain for `linger`, so that it can be kept alive, and closed if it does not.
 */
import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as AttemptFailure from "../failure/AttemptFailure.ts"
import type { DeadlinePhase, Reason } from "../failure/Reason.ts"
import * as RetryAfter from "../failure/RetryAfter.ts"
import type { ApiKey } from "../key/ApiKey.ts"
import * as ErrorBody from "../provider/ErrorBody.ts"
import * as ErrorTable from "../provider/ErrorTable.ts"
import type { Provider } from "../provider/Provider.ts"
import type {
  Headers,
  TransportError,
  Upstream,
  UpstreamCall,
  UpstreamHandler,
  UpstreamRequest
} from "../upstream/Upstream.ts"
import * as Watchdog from "../upstream/Watchdog.ts"
import type { Limits } from "./Deadlines.ts"

/** How an attempt ended. */
export type Outcome<A> =
  | { readonly _tag: "Answered"; readonly value: A }
  | { readonly _tag: "Failed"; readonly failure: AttemptFailure.AttemptFailure }

/** What an attempt needs. */
export interface AttemptContext {
  readonly upstream: Upstream["Service"]
  readonly clock: Clock.Clock
  readonly services: Context.Context<never>
  readonly provider: Provider
  readonly key: ApiKey
  readonly limits: Limits
  /** When the attempt began, in the milliseconds of `Watchdog.now`. */
  readonly startedAt: number
  /** When the call's total deadline passes, in the milliseconds of `Watchdog.now`. */
  readonly totalAt: number
}

/** What a reader may do with the exchange. */
export interface Control<A> {
  readonly answer: (value: A) => void
  readonly fail: (failure: AttemptFailure.AttemptFailure) => void
  /** Starts a deadline now. */
  readonly arm: (phase: DeadlinePhase, millis: number) => void
  /** Flow control of the upstream; deadlines rest while it is paused. */
  readonly pause: () => void
  readonly resume: () => void
}

/** Reads the body of a 2xx. */
export interface Reader {
  readonly onData: (chunk: Buffer) => void
  readonly onEnd: () => void
  /** The connection broke, or a deadline passed; true when the answer was complete all the same. */
  readonly onCut: () => boolean
}

/** Makes the reader once the headers are there. */
export type MakeReader<A> = (control: Control<A>, headers: Headers) => Reader

/** The deadline that guards the time until the body is good, for the two kinds of request. */
export type BodyPhase = "firstContent" | "answer"

const maxErrorBody = 65_536
const linger = 1_000

const toReason = (tag: Exclude<Reason["_tag"], "ConnectionFailed">, retryAfter: number | undefined): Reason => {
  if (tag === "RateLimited" || tag === "Overloaded") return { _tag: tag, retryAfter }
  return tag === "TimedOut" ? { _tag: tag, phase: "answer" } : { _tag: tag }
}

/** The failure that an error of the vendor's stands for. */
export const toFailure = (
  context: AttemptContext,
  status: number,
  headers: Headers,
  error: ErrorBody.ErrorBody
): AttemptFailure.AttemptFailure => {
  const { clock, key, provider } = context
  const secrets = key.value === undefined ? [] : [Redacted.value(key.value)]
  const clean = (text: string): string => AttemptFailure.redact(text, secrets)
  const message = clean(error.message)
  const tag = ErrorTable.classify(provider.dialect.errors, status, error) as Exclude<Reason["_tag"], "ConnectionFailed">
  const reason = toReason(tag, RetryAfter.parse(headers, clock.currentTimeMillisUnsafe()))
  return AttemptFailure.make(reason, `${provider.name} answered ${status}${message === "" ? "" : `: ${message}`}`, {
    status,
    message,
    ...(error.type === undefined ? {} : { type: clean(error.type) }),
    ...(error.code === undefined ? {} : { code: clean(error.code) }),
    ...(error.param === undefined ? {} : { param: clean(error.param) })
  })
}

class Exchange<A> implements UpstreamHandler, Control<A> {
  readonly #context: AttemptContext
  readonly #bodyPhase: BodyPhase
  readonly #makeReader: MakeReader<A>
  readonly #resume: (end: Effect.Effect<Outcome<A>>) => void
  readonly #watchdog: Watchdog.Watchdog
  #call: UpstreamCall | undefined
  #phase: DeadlinePhase = "connect"
  #pausedAt: number | undefined
  #deadline = Number.POSITIVE_INFINITY
  #status = 0
  #headers: Headers = {}
  #reader: Reader | undefined
  #errorBody: Array<Buffer> = []
  #errorBytes = 0
  #settled = false
  #closed = false

  constructor(
    context: AttemptContext,
    phase: BodyPhase,
    makeReader: MakeReader<A>,
    resume: (end: Effect.Effect<Outcome<A>>) => void
  ) {
    this.#context = context
    this.#bodyPhase = phase
    this.#makeReader = makeReader
    this.#resume = resume
    this.#watchdog = Watchdog.make(context.clock, context.services, () => this.#onDeadline())
  }

  start(request: UpstreamRequest): void {
    const { limits, startedAt } = this.#context
    // The deadline of the body runs from the start too: it may be the shorter one.
    this.#armAt("connect", startedAt + Math.min(limits.connect, limits[this.#bodyPhase]))
    this.#call = this.#context.upstream.send(request, this)
    if (this.#closed) this.#call.abort()
  }

  close(): void {
    this.#settled = true
    this.#closed = true
    this.#watchdog.stop()
    this.#call?.abort()
  }

  onConnected(): void {
    if (this.#phase === "connect")
      this.#armAt(this.#bodyPhase, this.#context.startedAt + this.#context.limits[this.#bodyPhase])
  }

  onHeaders(status: number, headers: Headers): void {
    this.onConnected()
    this.#status = status
    this.#headers = headers
    if (status >= 200 && status < 300) this.#reader = this.#makeReader(this, headers)
  }

  onData(chunk: Buffer): void {
    if (this.#settled) return
    const reader = this.#reader
    if (reader !== undefined) return this.#guarded(() => reader.onData(chunk))
    this.#errorBytes += chunk.length
    if (this.#errorBytes <= maxErrorBody) this.#errorBody.push(chunk)
    else this.#failWithStatus()
  }

  onEnd(): void {
    this.#closed = true
    if (this.#settled) return this.#watchdog.stop()
    const reader = this.#reader
    if (reader === undefined) this.#failWithStatus()
    else this.#guarded(() => reader.onEnd())
  }

  onError(error: TransportError): void {
    this.#closed = true
    if (this.#settled) return this.#watchdog.stop()
    const { name } = this.#context.provider
    if (this.#status === 0) {
      const reason: Reason = { _tag: "ConnectionFailed", code: error.code }
      return this.fail(
        AttemptFailure.make(reason, `${name} could not be reached: ${AttemptFailure.redact(error.message)}`)
      )
    }
    if (this.#reader?.onCut() === true) return
    const says = `${name} closed the connection before the answer was whole (${error.code})`
    const cut = AttemptFailure.make({ _tag: "Interrupted" }, says)
    if (this.#reader === undefined) this.#failWithStatus(cut)
    else this.fail(cut)
  }

  answer(value: A): void {
    if (this.#settled) return
    this.#settled = true
    if (this.#closed) this.#watchdog.stop()
    else this.#drain()
    this.#resume(Effect.succeed({ _tag: "Answered", value }))
  }

  fail(failure: AttemptFailure.AttemptFailure): void {
    if (this.#settled) return
    this.close()
    this.#resume(Effect.succeed({ _tag: "Failed", failure }))
  }

  arm(phase: DeadlinePhase, millis: number): void {
    this.#armAt(phase, Watchdog.now(this.#context.clock) + millis)
  }

  pause(): void {
    if (this.#pausedAt !== undefined || this.#settled) return
    this.#pausedAt = Watchdog.now(this.#context.clock)
    this.#call?.pause()
    // A slow reader is not a slow vendor: only the call's own deadline goes on.
    this.#watchdog.arm(this.#context.totalAt)
  }

  resume(): void {
    if (this.#pausedAt === undefined) return
    const rested = Watchdog.now(this.#context.clock) - this.#pausedAt
    this.#pausedAt = undefined
    if (!this.#settled) this.#armAt(this.#phase, this.#deadline + rested)
    this.#call?.resume()
  }

  /** A sink that throws is the caller's defect: the transport must not take it for a broken connection. */
  #guarded(read: () => void): void {
    try {
      read()
    } catch (defect) {
      if (this.#settled) return
      this.close()
      this.#resume(Effect.die(defect))
    }
  }

  #armAt(phase: DeadlinePhase, at: number): void {
    this.#phase = phase
    this.#deadline = at
    if (this.#pausedAt === undefined) this.#watchdog.arm(Math.min(at, this.#context.totalAt))
  }

  /** What is left after the answer is for nobody: it is read, paused or not, for as long as a socket may linger. */
  #drain(): void {
    if (this.#pausedAt !== undefined) this.#call?.resume()
    this.#pausedAt = undefined
    this.#armAt("total", Watchdog.now(this.#context.clock) + linger)
  }

  /** Fails with what the status and the body say; `cut` is how the body ended early, if it did. */
  #failWithStatus(cut?: AttemptFailure.AttemptFailure): void {
    const body = Buffer.concat(this.#errorBody).toString("utf8")
    const failure = toFailure(this.#context, this.#status, this.#headers, ErrorBody.parse(body))
    // Overload and arrears come as 400 too: without its words, a refusal is not held against the caller.
    this.fail(cut !== undefined && failure.reason._tag === "InvalidRequest" ? cut : failure)
  }

  #onDeadline(): void {
    if (this.#settled) return this.close()
    const total = Watchdog.now(this.#context.clock) >= this.#context.totalAt
    const phase = total ? "total" : this.#phase
    if (this.#reader?.onCut() === true) return this.close()
    const { name } = this.#context.provider
    const waited = Math.round(Watchdog.now(this.#context.clock) - this.#context.startedAt)
    const says = `${name} was silent: the ${phase} deadline passed after ${waited} ms`
    const cut = AttemptFailure.make({ _tag: "TimedOut", phase }, says)
    // A status that is already known says more than the silence after it.
    if (!total && this.#status >= 300) this.#failWithStatus(cut)
    else this.fail(cut)
  }
}

/** Runs one attempt. Never fails: a failure is an outcome. */
export const run = <A>(
  context: AttemptContext,
  request: UpstreamRequest,
  phase: BodyPhase,
  makeReader: MakeReader<A>
): Effect.Effect<Outcome<A>> =>
  Effect.callback((resume) => {
    const exchange = new Exchange(context, phase, makeReader, resume)
    exchange.start(request)
    return Effect.sync(() => exchange.close())
  })
