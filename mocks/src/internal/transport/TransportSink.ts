/**
 * Carries a plan out by calling a handler: no socket, no promise, only the vendors' clock.
 *
 * **Gotchas**
 *
 * - What a paused client does not take counts as not sent: the journal's counters wait with it.
 */
import type { Cancel } from "../../Clock.ts"
import type { End } from "../../Journal.ts"
import type { Batch, EndingKind, Headers } from "../../Plan.ts"
import { play, type Sink } from "../plan/Playback.ts"
import type { Delivery } from "./Delivery.ts"
import * as SocketError from "./SocketError.ts"

/** Why a connection failed: a code as node spells it, and one line. */
export interface TransportError {
  readonly code: string
  readonly message: string
}

/** What happens to a request: `onConnected? onHeaders? onData* (onEnd | onError)`, and nothing after an abort. */
export interface TransportHandler {
  /** The connection stands and the request is on its way. */
  readonly onConnected: () => void
  readonly onHeaders: (status: number, headers: Readonly<Record<string, string>>) => void
  readonly onData: (chunk: Buffer) => void
  readonly onEnd: () => void
  readonly onError: (error: TransportError) => void
}

/** A request under way. */
export interface TransportCall {
  /** Gives the request up: the handler hears nothing more. */
  readonly abort: () => void
  /** Holds back everything that arrives until `resume`. */
  readonly pause: () => void
  readonly resume: () => void
}

const toHeaders = (headers: Headers): Record<string, string> => {
  const record: Record<string, string> = {}
  for (const header of headers) record[header[0]] = header[1]
  return record
}

/** One delivery as it is played: what the vendor does goes to the handler, at once or, once a pause is over, in order. */
class Carriage implements Sink, TransportCall {
  readonly #delivery: Delivery
  readonly #origin: string
  readonly #handler: TransportHandler
  readonly #held: Array<() => void> = []
  #shut = false
  #over = false
  #stop: Cancel

  constructor(delivery: Delivery, origin: string, handler: TransportHandler) {
    this.#delivery = delivery
    this.#origin = origin
    this.#handler = handler
    this.#stop = delivery.clock.after(0, () => this.#begin())
  }

  open(): void {
    this.#pass(() => {
      const { plan } = this.#delivery
      this.#delivery.opened()
      this.#handler.onHeaders(plan.status, toHeaders(plan.headers))
    })
  }

  write(batch: Batch): void {
    this.#pass(() => {
      const bytes = Buffer.from(batch.data as string)
      this.#delivery.sent(bytes.length, batch)
      this.#handler.onData(bytes)
    })
  }

  end(as: EndingKind): void {
    if (as === "stall") return
    if (as !== "complete") return this.#fail(as === "reset" ? "reset" : "close", as)
    this.#pass(() => {
      this.#close()
      this.#delivery.ended("complete")
      this.#handler.onEnd()
    })
  }

  pause(): void {
    this.#shut = true
  }

  resume(): void {
    this.#shut = false
    // Not at once: whoever resumes may be in the middle of a callback.
    if (this.#held.length > 0) this.#delivery.clock.after(0, () => this.#drain())
  }

  abort(): void {
    if (this.#over) return
    this.#close()
    this.#stop()
    this.#delivery.ended("client-left")
  }

  #begin(): void {
    const { clock, entry, plan } = this.#delivery
    const { after, fault } = plan.opening
    if (fault === "refuse" || fault === "dns") {
      this.#stop = clock.after(after, () => this.#fail(fault, "refused"))
      return
    }
    this.#handler.onConnected()
    if (entry.end !== "open") return
    if (fault === undefined) {
      this.#stop = play(plan, clock, this)
      // A handler may have aborted while the beginning was played.
      if (this.#delivery.entry.end !== "open") this.#stop()
    } else if (fault !== "stall") {
      this.#stop = clock.after(after, () => this.#fail(fault, fault === "reset" ? "reset" : "cut"))
    }
  }

  #fail(how: SocketError.Break, end: Exclude<End, "open">): void {
    this.#pass(() => {
      this.#close()
      this.#delivery.ended(end)
      const { code, message } = SocketError.of(how, new URL(this.#origin).hostname)
      this.#handler.onError({ code, message })
    })
  }

  #pass(task: () => void): void {
    if (this.#over) return
    if (this.#shut || this.#held.length > 0) this.#held.push(task)
    else task()
  }

  #drain(): void {
    while (!this.#shut && this.#held.length > 0) this.#held.shift()?.()
  }

  /** Nothing more is told. */
  #close(): void {
    this.#over = true
    if (this.#held.length > 0) this.#held.length = 0
  }
}

/** Plays an delivery to a handler, beginning in the clock's next turn. */
export const carry = (delivery: Delivery, origin: string, handler: TransportHandler): TransportCall =>
  new Carriage(delivery, origin, handler)
