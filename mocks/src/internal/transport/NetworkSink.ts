/**
 * Carries a plan out inside MSW: as a `Response`, or as the error of a connection that failed.
 *
 * **Gotchas** (MSW 3.0.5, each with a regression test)
 *
 * - Streams say `transfer-encoding: chunked`. Without it a mid-stream error looks like a clean end, and an aborted stall
 *   kills the process.
 * - An empty chunk goes first, since headers are held back until the first one.
 * - Connection errors need both `code` and `errno`, else MSW turns them into a 500 with a stack trace.
 * - The error that ends a body early waits until every chunk was taken, since an errored stream drops what it holds.
 */
import { MessageChannel } from "node:worker_threads"
import type { End } from "../../Journal.ts"
import type { EndingKind, Headers, OpeningFault } from "../../Plan.ts"
import { play } from "../plan/Playback.ts"
import type { Delivery } from "./Delivery.ts"
import * as SocketError from "./SocketError.ts"

const outcome: Partial<Record<EndingKind, Exclude<End, "open">>> = { complete: "complete", cut: "cut", reset: "reset" }

const toError = (fault: Exclude<OpeningFault, "stall">, { hostname }: URL): Error => {
  const { message, ...fields } = SocketError.of(fault, hostname)
  return Object.assign(new Error(message), fields)
}

// MSW holds nothing that keeps the process alive, so a silent delivery would let it exit early.
const keeper = new MessageChannel().port1
let kept = 0
keeper.on("message", () => undefined)
keeper.unref()

// The real one, whatever a test does to timers later: this waits for the event loop, not for time.
const immediate = setImmediate

/** Lets the client take what was written: the error that follows would drop it. */
const delivered = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => immediate(resolve))
}

const hold = (delivery: Delivery): void => {
  if (kept++ === 0) keeper.ref()
  delivery.onEnd(() => {
    if (--kept === 0) keeper.unref()
  })
}

/** A body that is fed from one side and taken from the other. */
const makeBody = (delivery: Delivery, onCancel: () => void) => {
  const queue: Array<Uint8Array> = []
  let ending: EndingKind | undefined
  let wake = (): void => undefined
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(0)),
    pull: async (controller) => {
      if (queue.length === 0 && ending === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const next = queue.shift()
      if (next !== undefined) return controller.enqueue(next)
      const end = ending === undefined ? undefined : outcome[ending]
      if (end === undefined) return
      delivery.ended(end)
      if (end === "complete") return controller.close()
      await delivered()
      controller.error(new Error("the mock broke the connection off"))
    },
    cancel: onCancel
  })
  return {
    stream,
    /** Queues bytes and says how many. */
    write: (data: string | Uint8Array): number => {
      const bytes = Buffer.from(data as string)
      queue.push(bytes)
      wake()
      return bytes.length
    },
    end: (as: EndingKind): void => {
      ending = as
      wake()
    }
  }
}

const toHeaders = (headers: Headers): Array<[string, string]> =>
  headers
    .filter(([name]) => name !== "content-length" && name !== "transfer-encoding")
    .map(([name, value]): [string, string] => [name, value])
    .concat([["transfer-encoding", "chunked"]])

/** Waits for the head of the response. Stays pending when the client leaves first; fails when the network is disabled. */
const opening = ({ plan, clock }: Delivery, leave: AbortSignal, closing: AbortSignal, url: URL): Promise<void> =>
  new Promise((resolve, reject) => {
    closing.addEventListener("abort", () => reject(toError("close", url)), { once: true })
    if (plan.opening.fault === "stall") return
    if (plan.opening.after === 0) return resolve()
    const cancel = clock.after(plan.opening.after, resolve)
    for (const signal of [leave, closing]) signal.addEventListener("abort", cancel, { once: true })
  })

const failed = (delivery: Delivery): void => {
  const fault = delivery.plan.opening.fault
  delivery.ended(fault === "reset" ? "reset" : fault === "close" ? "cut" : "refused")
}

const stream = (delivery: Delivery, leave: AbortSignal, closing: AbortSignal): ReadableStream<Uint8Array> => {
  let stop = (): void => undefined
  const body = makeBody(delivery, () => {
    stop()
    delivery.ended("client-left")
  })
  stop = play({ ...delivery.plan, opening: { after: 0 } }, delivery.clock, {
    open: () => delivery.opened(),
    write: (batch) => delivery.sent(body.write(batch.data), batch),
    end: body.end
  })
  leave.addEventListener("abort", () => stop(), { once: true })
  closing.addEventListener(
    "abort",
    () => {
      stop()
      body.end("cut")
    },
    { once: true }
  )
  return body.stream
}

/** The signals of an delivery: `leave` when the client goes, `closing` when the network is disabled. */
export interface Signals {
  readonly leave: AbortSignal
  readonly closing: AbortSignal
}

/** Plays an delivery as the response to an intercepted request. Throws what the client is to see as a socket error. */
export const respond = async (delivery: Delivery, url: URL, { leave, closing }: Signals): Promise<Response> => {
  const { plan } = delivery
  hold(delivery)
  leave.addEventListener("abort", () => delivery.ended("client-left"), { once: true })
  closing.addEventListener("abort", () => delivery.ended("server-closed"), { once: true })
  await opening(delivery, leave, closing, url)
  const fault = plan.opening.fault
  if (fault !== undefined && fault !== "stall") {
    failed(delivery)
    throw toError(fault, url)
  }
  return new Response(stream(delivery, leave, closing), { status: plan.status, headers: toHeaders(plan.headers) })
}
