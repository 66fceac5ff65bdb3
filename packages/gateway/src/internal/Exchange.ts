/**
 * One request and its response: who asked, what was answered, and what the access log will say. It writes whole answers,
 * errors and the parts of a stream, each at most once, and interrupts the fiber that works on the answer when the caller
 * leaves.
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import { Headers, Watchdog } from "@understudy/core/face/Face"
import type { Flow, Head } from "@understudy/core/failover/Failover"
import type { Trail } from "@understudy/core/failure/Trail"
import * as Problem from "./Problem.ts"

/** The fiber that works on an answer, as far as an exchange needs it. */
export interface Work {
  readonly interruptUnsafe: () => void
}

const ignore = (): void => {}

/**
 * Ends a connection so that its client cannot take what it has for the whole: without the last chunk, or, where the end of
 * the connection is the end of the answer (HTTP/1.0), by a reset. What has been written goes out before either.
 */
const cut = ({ chunkedEncoding, socket }: ServerResponse): void => {
  if (chunkedEncoding) socket?.destroySoon()
  else if (socket !== null && "resetAndDestroy" in socket) socket.resetAndDestroy()
}

/** A request under way. */
export class Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly id: string
  /** In the milliseconds of `Watchdog.now`. */
  readonly startedAt: number
  /** When a stream had its first content. */
  firstAt: number | undefined
  /** What was asked for, as the log names it: `POST /v1/chat/completions`. */
  endpoint = ""
  /** What is asked so often, and says so little, that the access log leaves it out. */
  isProbe = false
  consumer: string | undefined
  /** The model that was asked for. */
  model: string | undefined
  /** The route that was taken. */
  route: string | undefined
  /** Who answered. */
  head: Head | undefined
  trail: Trail = []
  /** The trail as the headers told it; undefined while it has grown since. */
  trailLine: string | undefined
  /** The code of the error that was answered. */
  code: string | undefined
  work: Work | undefined
  /** Its place among the open ones. */
  place = Watchdog.Bag.nowhere
  /** The connection is to be closed after this answer. */
  last = false
  /** A stream that had begun was cut off after its error. */
  broken = false
  /** How the consumer's limits stand, once something has been taken of them. */
  limits: Headers.HeaderList | undefined
  /** Says what was really used of what was taken. */
  settle: (() => void) | undefined
  /** What every answer tells browsers, once it is known. */
  pages: Headers.HeaderList | undefined
  /** Since when a caller has been waiting for a stream and been told nothing; undefined where nobody is. */
  #silentSince: number | undefined
  #flow: Flow | undefined

  constructor(request: IncomingMessage, response: ServerResponse, id: string, startedAt: number) {
    this.request = request
    this.response = response
    this.id = id
    this.startedAt = startedAt
    // Writing to a caller who has left must not end the process.
    response.on("error", ignore)
  }

  /** True when nothing more can be written. */
  get over(): boolean {
    return this.broken || this.response.writableEnded || this.response.destroyed
  }

  /** Writes a whole answer as the bytes that it came in. */
  answer(answer: Head & { readonly bytes: Buffer }): void {
    this.head = answer
    this.route = answer.route
    this.trail = answer.trail
    const headers = this.#headers("application/json", answer.bytes.length)
    this.trailLine = Headers.append(headers, answer)
    this.#end(200, headers, answer.bytes)
  }

  /** Writes a JSON text. */
  json(status: number, body: string): void {
    this.#end(status, this.#headers("application/json", Buffer.byteLength(body)), body)
  }

  /** Writes an error: as a response, or as the last event of a stream that has begun, whose connection is then cut. */
  fail(problem: Problem.Problem): void {
    if (this.over) return
    this.code = problem.code ?? problem.type
    if (problem.trail.length > 0) this.trail = problem.trail
    this.trailLine = undefined
    const body = Problem.toBody(problem)
    if (this.response.headersSent) return this.#break(`data: ${body}\n\n`)
    const headers = this.#headers("application/json", Buffer.byteLength(body))
    this.trailLine = Headers.appendProblem(headers, problem, this.route)
    this.#end(problem.status, headers, body)
  }

  /** Answers without a body. */
  empty(headers: Headers.HeaderList): void {
    this.#end(204, ["x-request-id", this.id, ...headers], undefined)
  }

  /** A streamed answer is waited for from now on. */
  awaitStream(): void {
    this.#silentSince = this.startedAt
  }

  /**
   * Tells a caller who has waited for `every` milliseconds that somebody is there. Who will answer is still open: no header says
   * so then, and a failure comes as an event.
   */
  comfort(now: number, every: number): void {
    if (this.#silentSince === undefined || now - this.#silentSince < every || this.over) return
    this.#silentSince = now
    if (!this.response.headersSent) this.#writeHead(200, this.#streamHeaders())
    this.response.write(": keep-alive\n\n")
  }

  /** Begins a streamed answer. */
  begin(head: Head, flow: Flow): void {
    this.#silentSince = undefined
    if (this.over) return
    this.head = head
    this.route = head.route
    this.trail = head.trail
    if (!this.response.headersSent) {
      const headers = this.#streamHeaders()
      this.trailLine = Headers.append(headers, head)
      this.#writeHead(200, headers)
    }
    this.response.on("drain", () => flow.resume())
    this.#flow = flow
  }

  /** Writes frames; stops the flow while the caller reads more slowly than the vendor sends. */
  write(frames: Buffer): void {
    if (!this.over && !this.response.write(frames)) this.#flow?.pause()
  }

  /** Ends a streamed answer that is whole, with the events that say so; its trail knows by now what was billed. */
  done(ending: string, trail: Trail): void {
    if (trail.length !== this.trail.length) this.trailLine = undefined
    this.trail = trail
    if (!this.over) this.response.end(ending)
  }

  /** Gives up the work on the answer. */
  abandon(): void {
    this.work?.interruptUnsafe()
  }

  // Some clients pass over an event without `choices` and would take a clean end for a whole answer.
  #break(event: string): void {
    this.broken = true
    this.response.write(event, () => cut(this.response))
  }

  #streamHeaders(): Headers.HeaderList {
    return [
      "content-type",
      "text/event-stream; charset=utf-8",
      "cache-control",
      "no-cache",
      // nginx holds streams back otherwise.
      "x-accel-buffering",
      "no",
      "x-request-id",
      this.id
    ]
  }

  #headers(type: string, length: number): Headers.HeaderList {
    return ["content-type", type, "content-length", String(length), "x-request-id", this.id]
  }

  #writeHead(status: number, headers: Headers.HeaderList): void {
    if (this.last) this.response.shouldKeepAlive = false
    if (this.pages !== undefined) headers.push(...this.pages)
    if (this.limits !== undefined) headers.push(...this.limits)
    this.response.writeHead(status, headers)
  }

  #end(status: number, headers: Headers.HeaderList, body: Buffer | string | undefined): void {
    if (this.over) return
    this.#writeHead(status, headers)
    this.response.end(body)
  }
}
