/**
 * What limits a consumer, as counters: one for each limit that its configuration states.
 *
 * **Example** (What a consumer has used)
 *
 * ```ts
 * import { Allowance } from "@understudy/core"
 * import type { ConsumerConfig } from "@understudy/core/config/UnderstudyConfig"
 * import * as Limits from "@understudy/gateway/Limits"
 *
 * const usage = (counters: Allowance.Counters, consumer: ConsumerConfig) => counters.used(Limits.of(consumer))
 * ```
 */
import type { ConsumerConfig, ConsumerLimits } from "@understudy/core/config/UnderstudyConfig"
import type { Allowance } from "@understudy/core/face/Face"

/** What is counted. Money is in millionths of its currency. */
export type Unit = "requests" | "tokens" | "cost" | "running"

/** One limit of a consumer. */
export interface Limit extends Allowance.CounterName {
  /** The setting that states it. */
  readonly setting: Exclude<keyof ConsumerLimits, "currency">
  readonly unit: Unit
  /** In `unit`. */
  readonly limit: number
}

/** Parts of a currency's unit that money is counted in. */
export const millionths = 1e6

type Row = readonly [setting: Limit["setting"], unit: Unit, span: Allowance.Span]

/** In the order in which a request is refused: what is over soonest first. */
const rows: ReadonlyArray<Row> = [
  ["concurrency", "running", "running"],
  ["requestsPerMinute", "requests", "minute"],
  ["tokensPerMinute", "tokens", "minute"],
  ["tokensPerDay", "tokens", "day"],
  ["costPerDay", "cost", "day"],
  ["tokensPerMonth", "tokens", "month"],
  ["costPerMonth", "cost", "month"]
]

/** The limits of a consumer. */
export const of = ({ limits, name }: Pick<ConsumerConfig, "limits" | "name">): ReadonlyArray<Limit> =>
  rows.flatMap(([setting, unit, span]) => {
    const stated = limits[setting]
    if (stated === undefined) return []
    const limit = unit === "cost" ? Math.round(stated * millionths) : stated
    // Counts in one currency say nothing of another one.
    const counter = unit === "cost" ? `${unit} ${limits.currency} ${name}` : `${unit} ${name}`
    return [{ setting, unit, span, counter, limit }]
  })
