/**
 * Carries a plan out by calling a handler: no socket, no promise, only the vendors' clock.
 *
 * **Gotchas**
 *
 * - What a paused client does not take counts as not sent: the journal's counters wait with it.
 */
import type { Cancel } from "../Clock.ts"
import type { End } from "../Journal.ts"
import type { EndingKind, Headers } from "../Plan.ts"
import type { Exchange } from "./Exchange.ts"
import { play, type Sink } from "./Playback.ts"
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
  for (const [name, value] of headers) record[name] = value
  return record
}

/** Lets tasks run at once, or in order once it is open again. */
const makeGate = ({ clock }: Exchange) => {
  const held: Array<() => void> = []
  let [shut, ended] = [false, false]
  const drain = (): void => {
    while (!shut && held.length > 0) held.shift()?.()
  }
  return {
    pass: (task: () => void): void => {
      if (ended) return
      if (shut || held.length > 0) held.push(task)
      else task()
    },
    pause: () => {
      shut = true
    },
    // Not at once: whoever resumes may be in the middle of a callback.
    resume: () => {
      shut = false
      if (held.length > 0) clock.after(0, drain)
    },
    /** Ends it for good, and says whether it had not ended. */
    end: (): boolean => {
      const first = !ended
      ended = true
      held.length = 0
      return first
    }
  }
}

/** Plays an exchange to a handler, beginning in the clock's next turn. */
export const carry = (exchange: Exchange, origin: string, handler: TransportHandler): TransportCall => {
  const { clock, plan } = exchange
  const gate = makeGate(exchange)
  const fail = (how: SocketError.Break, end: Exclude<End, "open">): void =>
    gate.pass(() => {
      gate.end()
      exchange.ended(end)
      const { code, message } = SocketError.of(how, new URL(origin).hostname)
      handler.onError({ code, message })
    })
  const end = (as: EndingKind): void => {
    if (as === "stall") return
    if (as !== "complete") return fail(as === "reset" ? "reset" : "close", as)
    gate.pass(() => {
      gate.end()
      exchange.ended("complete")
      handler.onEnd()
    })
  }
  const sink: Sink = {
    open: () =>
      gate.pass(() => {
        exchange.opened()
        handler.onHeaders(plan.status, toHeaders(plan.headers))
      }),
    write: (batch) =>
      gate.pass(() => {
        const bytes = Buffer.from(batch.data as string)
        exchange.sent(bytes.length, batch)
        handler.onData(bytes)
      }),
    end
  }
  const begin = (): void => {
    const { after, fault } = plan.opening
    if (fault === "refuse" || fault === "dns") {
      stop = clock.after(after, () => fail(fault, "refused"))
      return
    }
    handler.onConnected()
    if (exchange.entry.end !== "open") return
    if (fault === undefined) {
      stop = play(plan, clock, sink)
      // A handler may have aborted while the beginning was played.
      if (exchange.entry.end !== "open") stop()
    } else if (fault !== "stall") {
      stop = clock.after(after, () => fail(fault, fault === "reset" ? "reset" : "cut"))
    }
  }
  let stop: Cancel = clock.after(0, begin)
  return {
    pause: gate.pause,
    resume: gate.resume,
    abort: () => {
      if (!gate.end()) return
      stop()
      exchange.ended("client-left")
    }
  }
}
