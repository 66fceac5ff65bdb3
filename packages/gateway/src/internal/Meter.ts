/**
 * Holds a consumer's request to its limits: takes what it may come to, tells how the limits stand, and settles when its response is
 * closed.
 *
 * **Details**
 *
 * - What failed comes to what its attempts are known to have cost.
 * - Who leaves before the end, and who is answered by a vendor that reports no usage, pays what was reserved.
 *
 * @see docs/decisions/0034-what-may-be-used-is-taken-before.md
 */
import type { Allowance, Headers } from "@understudy/core/face/Face"
import type { ModelRequest } from "@understudy/core/wire/ChatCompletion"
import * as PriceTable from "@understudy/core/wire/PriceTable"
import { TokenCounts } from "@understudy/core/wire/Wire"
import * as Limits from "../Limits.ts"
import type { Consumer } from "./Consumers.ts"
import * as Estimate from "./Estimate.ts"
import type { Exchange } from "./Exchange.ts"
import * as Problem from "./Problem.ts"
import type { Services } from "./Services.ts"
import * as Work from "./Work.ts"

type Amounts = Readonly<Record<Limits.Unit, number>>

interface Metered extends Limits.Limit, Allowance.Claim {}

const spentOf = ({ broken, head, response, trail }: Exchange, reserved: Amounts): Amounts => {
  let tokens = 0
  let isTold = false
  for (const attempt of trail) {
    if (attempt.usage === undefined) continue
    const { input = 0, output = 0 } = TokenCounts.of(attempt.usage)
    tokens += input + output
    isTold ||= attempt._tag === "Ok"
  }
  const cost = trail.some(({ usage }) => usage !== undefined) ? PriceTable.sum(trail)?.amount : 0
  const spent = { requests: 1, running: 0, tokens, cost: cost === undefined ? reserved.cost : Math.ceil(cost * 1e6) }
  const isFailed = broken || (response.writableFinished && head === undefined)
  if (isTold || isFailed) return spent
  return { ...spent, tokens: Math.max(tokens, reserved.tokens), cost: Math.max(spent.cost, reserved.cost) }
}

/** As OpenAI writes it: `1s`, `6m0s`, `23h0m0s`. */
const toDuration = (millis: number): string => {
  const whole = Math.ceil(millis / 1_000)
  const [hours, minutes, seconds] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60]
  return hours > 0 ? `${hours}h${minutes}m${seconds}s` : minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`
}

/** OpenAI's headers know one limit of a kind: the one of which least is left. */
const headersOf = (
  claims: ReadonlyArray<Metered>,
  standings: ReadonlyArray<Allowance.Standing>
): Headers.HeaderList => {
  const headers: Headers.HeaderList = []
  for (const unit of ["requests", "tokens"] as const) {
    const [tightest] = claims
      .flatMap((claim, index) => {
        const standing = standings[index]
        return claim.unit === unit && standing !== undefined ? [{ ...standing, limit: claim.limit }] : []
      })
      .toSorted((a, b) => a.remaining - b.remaining)
    if (tightest === undefined) continue
    headers.push(`x-ratelimit-limit-${unit}`, String(tightest.limit))
    headers.push(`x-ratelimit-remaining-${unit}`, String(tightest.remaining))
    headers.push(`x-ratelimit-reset-${unit}`, toDuration(tightest.resetIn))
  }
  return headers
}

const refuse = (exchange: Exchange, { name }: Consumer, claim: Metered, standing: Allowance.Standing): void => {
  const problem = Problem.limited(name, claim, standing)
  // Clients repeat a 429 by themselves: the same request would be refused for hours, or for ever.
  if (problem.retryAfter === undefined || problem.code === "insufficient_quota") {
    exchange.limits?.push("x-should-retry", "false")
  }
  exchange.fail(problem)
}

const costOf = (
  services: Services,
  consumer: Consumer,
  asked: string,
  route: ReturnType<ReturnType<Services["compiled"]>["routeOf"]>,
  estimate: Estimate.Estimate
): Estimate.Price => {
  const isLimited = consumer.limits.some(({ unit }) => unit === "cost")
  if (!isLimited || route === undefined) return { _tag: "Known", amount: 0 }
  return Estimate.priceOn(route, services.understudy.config.providers, asked, estimate, consumer.currency)
}

/** Goes on with a request once everything that it may come to has been taken; or answers why not. */
export const take = (
  services: Services,
  exchange: Exchange,
  consumer: Consumer,
  request: ModelRequest,
  route: ReturnType<ReturnType<Services["compiled"]>["routeOf"]>,
  onTaken: () => void
): void => {
  if (consumer.limits.length === 0) return onTaken()
  const estimate = Estimate.of(request)
  const price = costOf(services, consumer, request.model, route, estimate)
  if (price._tag === "Unknown") return exchange.fail(Problem.unpriced(consumer.name, price.target, consumer.currency))
  const reserved: Amounts = {
    requests: 1,
    running: 1,
    tokens: estimate.input + estimate.output,
    cost: Math.ceil(price.amount * Limits.millionths)
  }
  const claims = consumer.limits.map((limit) => ({ ...limit, amount: reserved[limit.unit] }))
  Work.run(services, exchange, services.counters.take(claims), (taken) => {
    exchange.limits = headersOf(claims, taken.standings)
    if (taken._tag === "Refused") {
      const [claim, standing] = [claims[taken.at], taken.standings[taken.at]]
      if (claim !== undefined && standing !== undefined) refuse(exchange, consumer, claim, standing)
      return
    }
    const settle = (spent: Amounts): void => taken.settle(claims.map(({ unit }) => spent[unit]))
    if (exchange.over) return settle({ requests: 0, running: 0, tokens: 0, cost: 0 })
    exchange.settle = () => settle(spentOf(exchange, reserved))
    onTaken()
  })
}
