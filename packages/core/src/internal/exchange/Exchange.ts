/**
 * One HTTP request to one target with one key, as one Effect: it ends in an answer or in a failure, both as data.
 *
 * This module drives the exchange: deadlines, transport errors, error bodies. What a good body means is the reader's,
 * `AnswerReader` or `StreamReader`. Interrupting the Effect aborts the upstream request in every phase.
 *
 * **Gotchas**
 *
 * - An answer may settle the attempt while bytes are still due (`[DONE]` before the end of the body). The socket is then
 *   left to drain for `linger`, so that it can be kept alive, and closed if it does not.
 * - What a vendor sends is data: a defect of ours while it is read is a `MalformedResponse`, or after content an `Interrupted`,
 *   and the next target is asked. Only what the caller's own sink throws ends the call as a defect.
 * - Bodies that come compressed are decoded here, so that no reader and no error loses its words.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as AttemptFailure from "../../failure/AttemptFailure.ts"
import * as Reason from "../../failure/Reason.ts"
import type * as Upstream from "../../upstream/Upstream.ts"
import * as ErrorBody from "../provider/ErrorBody.ts"
import * as ContentDecoder from "../upstream/ContentDecoder.ts"
import * as Watchdog from "../upstream/Watchdog.ts"
import * as Body from "../wire/Body.ts"
import * as Reader from "./Reader.ts"
import { SinkDefect } from "./SinkDefect.ts"

/** Most of an error that is read, in bytes: its words come first. */
export const maxErrorBody = 65_536
/** Milliseconds that a socket has for what is left behind an answer. */
const linger = 1_000

class Exchange<A> implements Upstream.UpstreamHandler, Reader.Control<A>, ContentDecoder.Handler {
  readonly #context: Reader.AttemptContext
  readonly #bodyPhase: Reader.BodyPhase
  readonly #makeReader: Reader.MakeReader<A>
  readonly #resume: (end: Effect.Effect<Reader.Outcome<A>>) => void
  readonly #watchdog: Watchdog.Watchdog
  #call: Upstream.UpstreamCall | undefined
  #phase: Reason.DeadlinePhase = "connect"
  #pausedAt: number | undefined
  #queuedAt: number | undefined
  #deadline = Number.POSITIVE_INFINITY
  #status = 0
  #headers: Upstream.Headers = {}
  #reader: Reader.Reader | undefined
  #errorBody: Body.Body | undefined
  /** Undefined for a body that comes as it is; before its first byte, that is not known. */
  #decoder: ContentDecoder.ContentDecoder | undefined
  #hasBody = false
  /** How the connection broke while the last bytes were being decoded. */
  #broken: Upstream.TransportError | undefined
  #settled = false
  #closed = false

  constructor(
    context: Reader.AttemptContext,
    phase: Reader.BodyPhase,
    makeReader: Reader.MakeReader<A>,
    resume: (end: Effect.Effect<Reader.Outcome<A>>) => void
  ) {
    this.#context = context
    this.#bodyPhase = phase
    this.#makeReader = makeReader
    this.#resume = resume
    this.#watchdog = new Watchdog.Watchdog(context.clock, context.services, () => this.#onDeadline())
  }

  start(request: Upstream.UpstreamRequest): void {
    const { limits, startedAt, trace } = this.#context
    // The deadline of the body runs from the start too: it may be the shorter one.
    this.#armAt("connect", startedAt + Math.min(limits.connect, limits[this.#bodyPhase]))
    const sent = trace === undefined ? request : { ...request, headers: { ...request.headers, ...trace } }
    this.#call = this.#context.upstream.send(sent, this)
    if (this.#closed) this.#call.abort()
  }

  close(): void {
    this.#settled = true
    this.#closed = true
    this.#watchdog.stop()
    this.#decoder?.close()
    this.#call?.abort()
  }

  /** One of our own connections is waited for: the vendor's time does not run, the call's does. */
  onQueued(): void {
    this.#queuedAt = Watchdog.now(this.#context.clock)
    this.#watchdog.arm(this.#context.totalAt)
  }

  onConnected(): void {
    if (this.#phase !== "connect") return
    const { clock, limits, startedAt } = this.#context
    const from = this.#queuedAt === undefined ? startedAt : Watchdog.now(clock)
    this.#armAt(this.#bodyPhase, from + limits[this.#bodyPhase])
  }

  onHeaders(status: number, headers: Upstream.Headers): void {
    if (this.#phase === "connect") this.onConnected()
    this.#status = status
    this.#headers = headers
    try {
      if (status >= 200 && status < 300) this.#reader = this.#makeReader(this, headers)
      const coding = headers["content-encoding"]
      if (coding !== undefined) this.#decode(ContentDecoder.parse(coding))
    } catch (defect) {
      this.#onDefect(defect)
    }
  }

  onData(chunk: Buffer): void {
    if (this.#settled) return
    if (!this.#hasBody) {
      this.#hasBody = true
      if (this.#decoder === undefined && ContentDecoder.heads.has(chunk[0])) this.#decode(ContentDecoder.sniff(chunk))
    }
    if (this.#decoder === undefined) this.onDecoded(chunk)
    else this.#decoder.push(chunk)
  }

  onEnd(): void {
    this.#closed = true
    if (this.#settled) return this.#watchdog.stop()
    if (this.#decoder === undefined) this.onDecodedEnd()
    else this.#decoder.end()
  }

  onError(error: Upstream.TransportError): void {
    this.#closed = true
    if (this.#settled) return this.#watchdog.stop()
    const { name } = this.#context.provider
    if (this.#status === 0) {
      const reason: Reason.Reason = { _tag: "ConnectionFailed", code: error.code }
      return this.fail(
        AttemptFailure.make(reason, `${name} could not be reached: ${AttemptFailure.redact(error.message)}`)
      )
    }
    this.#broken = error
    if (this.#decoder === undefined) this.#onBroken(error)
    else this.#decoder.end()
  }

  onDecoded(chunk: Buffer): void {
    if (this.#settled) return
    try {
      if (this.#reader !== undefined) this.#reader.onData(chunk)
      else {
        this.#errorBody ??= Body.make(maxErrorBody)
        if (!this.#errorBody.push(chunk)) this.#failWithStatus()
      }
    } catch (defect) {
      this.#onDefect(defect)
    }
  }

  onDecodedEnd(): void {
    if (this.#settled) return
    if (this.#broken !== undefined) return this.#onBroken(this.#broken)
    try {
      if (this.#reader === undefined) this.#failWithStatus()
      else this.#reader.onEnd()
    } catch (defect) {
      this.#onDefect(defect)
    }
  }

  onUndecodable(says: string): void {
    if (this.#settled) return
    if (this.#broken !== undefined) return this.#onBroken(this.#broken)
    const encoding = AttemptFailure.redact(this.#decoder?.name ?? "")
    this.#failCut(this.#unreadable(`sent a body whose ${encoding} encoding cannot be undone: ${says}`))
  }

  onFull(): void {
    this.#call?.pause()
  }

  onDrained(): void {
    if (this.#pausedAt === undefined && !this.#closed) this.#call?.resume()
  }

  answer(value: A): void {
    if (this.#settled) return
    this.#settled = true
    this.#decoder?.close()
    if (this.#closed) this.#watchdog.stop()
    else this.#drain()
    this.#resume(Effect.succeed({ _tag: "Answered", value }))
  }

  fail(failure: AttemptFailure.AttemptFailure): void {
    if (this.#settled) return
    this.close()
    this.#resume(Effect.succeed({ _tag: "Failed", failure, begun: this.#reader?.isBegun() === true }))
  }

  arm(phase: Reason.DeadlinePhase, millis: number): void {
    this.#armAt(phase, Watchdog.now(this.#context.clock) + millis)
  }

  awaitWhole(): void {
    const { limits, startedAt } = this.#context
    if (this.#phase !== "answer") this.#armAt("answer", startedAt + limits.answer)
  }

  pause(): void {
    if (this.#pausedAt !== undefined || this.#settled) return
    this.#pausedAt = Watchdog.now(this.#context.clock)
    this.#call?.pause()
    this.#decoder?.pause()
    // A slow reader is not a slow vendor: only the call's own deadline goes on.
    this.#watchdog.arm(this.#context.totalAt)
  }

  resume(): void {
    if (this.#pausedAt === undefined) return
    const rested = Watchdog.now(this.#context.clock) - this.#pausedAt
    this.#pausedAt = undefined
    if (!this.#settled) this.#armAt(this.#phase, this.#deadline + rested)
    this.#decoder?.resume()
    if (this.#decoder?.isFull !== true) this.#call?.resume()
  }

  /** The caller's own defect ends the call; ours costs no more than any answer that cannot be read. */
  #onDefect(defect: unknown): void {
    if (this.#settled) return
    if (defect instanceof SinkDefect) {
      this.close()
      this.#resume(Effect.die(defect.defect))
    } else this.fail(this.#unreadable(`sent what could not be read (${AttemptFailure.redact(String(defect))})`))
  }

  #unreadable(says: string): AttemptFailure.AttemptFailure {
    const reason: Reason.Reason = { _tag: "MalformedResponse" }
    return AttemptFailure.make(
      this.#reader?.isBegun() === true ? Reason.afterContent(reason) : reason,
      `${this.#context.provider.name} ${says}`
    )
  }

  /** Undoes what was done to the body, where anything was. */
  #decode(labels: ReadonlyArray<string>): void {
    if (labels.length > 0) this.#decoder = new ContentDecoder.ContentDecoder(labels, this)
  }

  #onBroken({ code }: Upstream.TransportError): void {
    const says = `${this.#context.provider.name} closed the connection before the answer was whole (${code})`
    this.#failCut(AttemptFailure.make({ _tag: "Interrupted" }, says))
  }

  /** The body is over before its end: fails with this, unless the answer is whole, or the status alone says more. */
  #failCut(cut: AttemptFailure.AttemptFailure, how: Reader.Cut = "broken"): void {
    try {
      if (this.#reader === undefined) this.#failWithStatus(cut)
      else if (!this.#reader.onCut(how)) this.fail(cut)
    } catch (defect) {
      this.#onDefect(defect)
    }
  }

  #armAt(phase: Reason.DeadlinePhase, at: number): void {
    this.#phase = phase
    this.#deadline = at
    if (this.#pausedAt === undefined) this.#watchdog.arm(Math.min(at, this.#context.totalAt))
  }

  /** What is left after the answer is for nobody: it is read, paused or not, for as long as a socket may linger. */
  #drain(): void {
    if (this.#pausedAt !== undefined || this.#decoder !== undefined) this.#call?.resume()
    this.#pausedAt = undefined
    this.#armAt("total", Watchdog.now(this.#context.clock) + linger)
  }

  /** Fails with what the status and the body say; `cut` is how the body ended early, if it did. */
  #failWithStatus(cut?: AttemptFailure.AttemptFailure): void {
    const body = Body.toText(this.#errorBody?.bytes() ?? Buffer.alloc(0), this.#headers["content-type"])
    const failure = Reader.toFailure(this.#context, this.#status, this.#headers, ErrorBody.parse(body))
    // Without its words, a refusal is not held against the caller.
    this.fail(cut !== undefined && Reason.traitsOf(failure.reason).vague ? cut : failure)
  }

  #onDeadline(): void {
    if (this.#settled) return this.close()
    const total = Watchdog.now(this.#context.clock) >= this.#context.totalAt
    const phase = total ? "total" : this.#phase
    const { name } = this.#context.provider
    const waited = Math.round(Watchdog.now(this.#context.clock) - this.#context.startedAt)
    const says = `${name} was silent: the ${phase} deadline passed after ${waited} ms`
    const cut = AttemptFailure.make({ _tag: "TimedOut", phase }, says)
    // A status that is already known says more than the silence after it.
    if (this.#reader !== undefined || (!total && this.#status >= 300)) this.#failCut(cut, total ? "broken" : "silent")
    else this.fail(cut)
    // Whole or not, the vendor has not ended: its connection is not waited for.
    if (!this.#closed) this.close()
  }
}

/** Runs an attempt that belongs to no call, within `total` milliseconds. */
export const runAlone = <A>(
  whom: Pick<Reader.AttemptContext, "key" | "provider" | "upstream">,
  request: Upstream.UpstreamRequest,
  total: number,
  toReader: (context: Reader.AttemptContext) => Reader.MakeReader<A>
): Effect.Effect<Reader.Outcome<A>> =>
  Effect.contextWith((services) =>
    Clock.clockWith((clock) => {
      const startedAt = Watchdog.now(clock)
      const limits = { connect: total, firstContent: total, idle: total, answer: total }
      const context = { ...whom, clock, services, limits, startedAt, totalAt: startedAt + total }
      return run(context, request, "answer", toReader(context))
    })
  )

/** Runs one attempt. Never fails: a failure is an outcome. */
export const run = <A>(
  context: Reader.AttemptContext,
  request: Upstream.UpstreamRequest,
  phase: Reader.BodyPhase,
  makeReader: Reader.MakeReader<A>
): Effect.Effect<Reader.Outcome<A>> =>
  Effect.callback((resume) => {
    const exchange = new Exchange(context, phase, makeReader, resume)
    exchange.start(request)
    return Effect.sync(() => exchange.close())
  })
