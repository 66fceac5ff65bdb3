/**
 * The door of every endpoint that models are behind: who calls, and may they? A gateway without consumers is open to the
 * programs that can reach it, but not to the web pages that a browser on such a machine shows.
 */
import { Watchdog } from "@understudy/core/face/Face"
import type * as Consumers from "./Consumers.ts"
import type { Exchange } from "./Exchange.ts"
import * as Pages from "./Pages.ts"
import * as Problem from "./Problem.ts"
import type { Services } from "./Services.ts"

/** Somebody who was let in; undefined for anybody at an open gateway. */
export interface Caller {
  readonly consumer: Consumers.Consumer | undefined
}

const anybody: Caller = { consumer: undefined }

type WithKey = Exclude<Consumers.Caller, { readonly _tag: "Anyone" }>

/** Lets the sender of a key in, or says why not. */
const admit = (services: Services, exchange: Exchange, caller: WithKey): Caller | Problem.Problem => {
  const { clock, guesses } = services
  if (caller.hash === undefined) return Problem.unauthorized(false)
  const address = services.compiled().addressOf(exchange.request)
  const now = Watchdog.now(clock)
  const wait = guesses.waitFor(address, caller.hash, now)
  if (wait > 0) {
    // Whoever guesses on is to open a connection for each.
    exchange.last = true
    return Problem.tooManyWrongKeys(wait)
  }
  if (caller._tag === "Unknown") {
    guesses.wrong(address, now)
    return Problem.unauthorized(true)
  }
  const { consumer, expires } = caller
  if (expires !== undefined && clock.currentTimeMillisUnsafe() >= expires)
    return Problem.expired(consumer.name, expires)
  guesses.right(address, caller.hash, now)
  return caller
}

/** Lets the caller in, or answers why not; undefined is the latter. */
export const enter = (services: Services, exchange: Exchange): Caller | undefined => {
  const { headers, url = "" } = exchange.request
  const { consumers, pages } = services.compiled()
  const caller = consumers.identify(headers)
  if (caller._tag === "Anyone") {
    const refusal = Pages.refusal(pages, url, headers)
    if (refusal === undefined) return anybody
    exchange.fail(Problem.refused(refusal))
    return undefined
  }
  const admitted = admit(services, exchange, caller)
  if ("status" in admitted) {
    exchange.fail(admitted)
    return undefined
  }
  exchange.consumer = admitted.consumer?.name
  return admitted
}
