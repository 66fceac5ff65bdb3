/**
 * The door of every endpoint that models are behind: who calls, and may they? A gateway without consumers is open to the
 * programs that can reach it, but not to the web pages that a browser on such a machine shows.
 */
import type { Consumer } from "./Consumers.ts"
import type { Exchange } from "./Exchange.ts"
import * as Pages from "./Pages.ts"
import * as Problem from "./Problem.ts"
import type { Services } from "./Services.ts"

/** Somebody who was let in; undefined for anybody at an open gateway. */
export interface Caller {
  readonly consumer: Consumer | undefined
}

const anybody: Caller = { consumer: undefined }

/** Lets the caller in, or answers why not; undefined is the latter. */
export const enter = (services: Services, exchange: Exchange): Caller | undefined => {
  const { headers, url = "" } = exchange.request
  const { consumers, pages } = services.compiled()
  const caller = consumers.identify(headers)
  if (caller._tag === "Known") {
    exchange.consumer = caller.consumer.name
    return caller
  }
  const refusal = caller._tag === "Anyone" ? Pages.refusal(pages, url, headers) : undefined
  if (caller._tag === "Anyone" && refusal === undefined) return anybody
  exchange.fail(
    refusal === undefined ? Problem.unauthorized(caller._tag === "Unknown" && caller.sentKey) : Problem.refused(refusal)
  )
  return undefined
}
