/**
 * When things happen in a scenario, in milliseconds since its start.
 */
import { Duration } from "@understudy/core/config/Texts"
import type { TrafficOptions } from "./Options.ts"

/** Milliseconds of a duration whose form was checked; nothing of nothing. */
export const millis = <A extends string | undefined>(text: A): A extends string ? number : number | undefined =>
  (text === undefined ? undefined : Duration.parse(text)) as A extends string ? number : number | undefined

/** A time in which the rhythm goes evenly from one rate to another: milliseconds, and calls a millisecond. */
export interface Stage {
  readonly lasts: number
  readonly from: number
  readonly to: number
}

const rateOf = (every: string | undefined): number => 1 / (millis(every) ?? Number.POSITIVE_INFINITY)

/** The stages of traffic that is not a list of calls. */
export const stages = ({ every, for: lasts, ramp }: TrafficOptions): ReadonlyArray<Stage> => {
  const from = rateOf(every)
  if (ramp === undefined) return [{ lasts: millis(lasts) ?? 0, from, to: from }]
  return ramp.map((stage, index) => ({
    lasts: millis(stage.for),
    from: index === 0 ? from : rateOf(ramp[index - 1]?.every),
    to: rateOf(stage.every)
  }))
}

/** How long traffic goes on that is not a list of calls. */
const total = (traffic: TrafficOptions): number => stages(traffic).reduce((sum, { lasts }) => sum + lasts, 0)

/** When bursts begin. */
export const bursts = (traffic: TrafficOptions): ReadonlyArray<number> => {
  const every = millis(traffic.bursts?.every) ?? Number.POSITIVE_INFINITY
  return Array.from({ length: Math.max(0, Math.ceil(total(traffic) / every) - 1) }, (_, index) => (index + 1) * every)
}

/** True for one call after the other, in even steps. */
export const isEven = ({ arrivals, bursts, calls, ramp }: TrafficOptions): boolean =>
  (arrivals ?? "constant") === "constant" && bursts === undefined && calls === undefined && ramp === undefined

/**
 * How many calls the traffic makes: at 0, and every so often until `for` is over, or as they are listed. Of those that come
 * whenever they like, how many are expected.
 */
export const count = (traffic: TrafficOptions): number => {
  const { calls, every, for: lasts } = traffic
  if (calls !== undefined) return calls.length
  if (isEven(traffic)) return Math.ceil((millis(lasts) ?? 0) / (millis(every) ?? 0))
  const steady = stages(traffic).reduce((sum, { from, lasts, to }) => sum + ((from + to) / 2) * lasts, 0)
  return Math.ceil(steady - 1e-9) + bursts(traffic).length * (traffic.bursts?.calls ?? 0)
}

/** When the nth call of a list, or of an even rhythm, is made, counted from 0. */
export const moment = ({ calls, every }: TrafficOptions, index: number): number =>
  calls === undefined ? index * (millis(every) ?? 0) : (millis(calls[index]?.at) ?? 0)

/** When the last call is made, at the latest. */
export const length = (traffic: TrafficOptions): number => {
  if (isEven(traffic)) return moment(traffic, count(traffic) - 1)
  if (traffic.calls === undefined) return total(traffic)
  return traffic.calls.reduce((last, _, index) => Math.max(last, moment(traffic, index)), 0)
}
