/**
 * Carries a plan out on a real connection: status lines, chunks, FIN and RST.
 *
 * **Gotchas**
 *
 * - A FIN or an RST waits for the callback of the last write. `resetAndDestroy()` straight after a write loses bytes that
 *   were already written.
 */
import type { ServerResponse } from "node:http"
import type { End } from "../../Journal.ts"
import type { EndingKind, OpeningFault } from "../../Plan.ts"
import { play, type Sink } from "../plan/Playback.ts"
import type { Delivery } from "./Delivery.ts"

const outcome: Partial<Record<EndingKind, Exclude<End, "open">>> = {
  complete: "complete",
  cut: "cut",
  reset: "reset",
  "half-close": "half-close"
}

const breakOff = (response: ServerResponse, as: EndingKind | OpeningFault): void => {
  const socket = response.socket
  if (as === "reset") socket?.resetAndDestroy()
  else if (as === "half-close") socket?.end()
  else socket?.destroySoon()
}

const sinkOf = (delivery: Delivery, response: ServerResponse): Sink => {
  const { plan } = delivery
  const abrupt = plan.ending.as !== "complete" && plan.ending.as !== "stall"
  const [first] = plan.steps
  const early = first === undefined ? plan.ending.as !== "complete" : first.after > 0
  let written: Promise<void> = Promise.resolve()
  return {
    open: () => {
      response.writeHead(plan.status, plan.headers.flat())
      if (early) response.flushHeaders()
      delivery.opened()
    },
    write: (batch) => {
      const { data } = batch
      if (abrupt) written = new Promise((resolve) => response.write(data, () => resolve()))
      else response.write(data)
      delivery.sent(typeof data === "string" ? Buffer.byteLength(data) : data.length, batch)
    },
    end: (as) => {
      const end = outcome[as]
      if (end === undefined) return
      delivery.ended(end)
      if (as === "complete") response.end()
      else void written.then(() => breakOff(response, as))
    }
  }
}

const failOpening = (delivery: Delivery, response: ServerResponse, fault: OpeningFault): (() => void) => {
  if (fault === "stall") return () => undefined
  return delivery.clock.after(delivery.plan.opening.after, () => {
    delivery.ended(fault === "reset" ? "reset" : fault === "close" ? "cut" : "refused")
    breakOff(response, fault)
  })
}

/** Plays an delivery on a response and notices when the client leaves. */
export const carry = (delivery: Delivery, response: ServerResponse): void => {
  const { plan, clock } = delivery
  const fault = plan.opening.fault
  const stop =
    fault === undefined ? play(plan, clock, sinkOf(delivery, response)) : failOpening(delivery, response, fault)
  response.on("close", () => {
    stop()
    delivery.ended("client-left")
  })
}
