/**
 * Makes the record of a request whose response is closed, in the request's own words: who asked for what, who answered, after
 * which attempts, what it cost. Nothing of it comes from a header that could hold a key.
 */
import { Headers, Watchdog } from "@understudy/core/face/Face"
import * as Attempts from "@understudy/core/failure/Trail"
import * as PriceTable from "@understudy/core/wire/PriceTable"
import { TokenCounts } from "@understudy/core/wire/Wire"
import type { Entry } from "../AccessLog.ts"
import type { Exchange } from "./Exchange.ts"
import type { Services } from "./Services.ts"

/** As nginx spells a caller who left before the answer was whole. */
const callerLeft = 499

const plus = (sum: number | undefined, count: number | undefined): number | undefined =>
  count === undefined ? sum : (sum ?? 0) + count

/** The record of an exchange whose response is closed. */
export const toEntry = ({ clock }: Services, exchange: Exchange): Entry => {
  const { code, endpoint, firstAt, head, id, response, startedAt, trail } = exchange
  const { statusCode } = response
  const left = !response.writableFinished && !exchange.broken
  const last = head ?? trail.findLast(Attempts.isSent)
  let inputTokens: number | undefined
  let outputTokens: number | undefined
  for (const { usage } of trail) {
    if (usage === undefined) continue
    const { input, output } = TokenCounts.of(usage)
    inputTokens = plus(inputTokens, input)
    outputTokens = plus(outputTokens, output)
  }
  const cost = PriceTable.sum(trail)
  return {
    time: clock.currentTimeMillisUnsafe(),
    level: statusCode >= 500 || (code !== undefined && statusCode === 200) ? "WARN" : "INFO",
    message: endpoint,
    fields: {
      requestId: id,
      status: left ? callerLeft : statusCode,
      error: left ? "client_left" : code,
      consumer: exchange.consumer,
      model: exchange.model,
      route: exchange.route,
      provider: last?.provider,
      answeredBy: head?.model,
      attempts: Attempts.attempts(trail),
      trail: trail.length === 0 ? undefined : (exchange.trailLine ?? Headers.toTrailLine(trail)),
      inputTokens,
      outputTokens,
      cost: cost?.amount,
      currency: cost?.currency,
      firstMs: firstAt === undefined ? undefined : Math.round(firstAt - startedAt),
      ms: Math.round(Watchdog.now(clock) - startedAt)
    }
  }
}
