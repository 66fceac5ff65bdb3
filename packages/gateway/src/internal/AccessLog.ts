/**
 * One line a request, through whatever Effect loggers are installed, in the request's own words: who asked for what, who
 * answered, after which attempts. Nothing of it comes from a header that could hold a key.
 */
import { Headers, Watchdog } from "@understudy/core/face/Face"
import * as Attempts from "@understudy/core/failure/Trail"
import * as Effect from "effect/Effect"
import type { Exchange } from "./Exchange.ts"
import type { Services } from "./Services.ts"

/** As nginx spells a caller who left before the answer was whole. */
const callerLeft = 499

const put = (into: Record<string, unknown>, name: string, value: string | undefined): void => {
  if (value !== undefined) into[name] = value
}

/** Writes the line of an exchange whose response is closed. */
export const write = (services: Services, exchange: Exchange): void => {
  const { head, response, trail } = exchange
  const last = head ?? trail.findLast(Attempts.isSent)
  const left = !response.writableFinished && !exchange.broken
  const record: Record<string, unknown> = { requestId: exchange.id, status: left ? callerLeft : response.statusCode }
  put(record, "error", left ? "client_left" : exchange.code)
  put(record, "consumer", exchange.consumer)
  put(record, "model", exchange.model)
  put(record, "route", exchange.route)
  put(record, "provider", last?.provider)
  put(record, "answeredBy", head?.model)
  record["attempts"] = Attempts.attempts(trail)
  if (trail.length > 0) record["trail"] = exchange.trailLine ?? Headers.toTrailLine(trail)
  record["ms"] = Math.round(Watchdog.now(services.clock) - exchange.startedAt)
  const isFault = response.statusCode >= 500 || (exchange.code !== undefined && response.statusCode === 200)
  services.log(isFault ? Effect.logWarning(exchange.endpoint) : Effect.logInfo(exchange.endpoint), record)
}
