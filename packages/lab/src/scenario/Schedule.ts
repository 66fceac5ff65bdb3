/**
 * When things happen in a scenario, in milliseconds since its start.
 */
import { Duration } from "@understudy/core/config/Texts"
import type { TrafficOptions } from "./Options.ts"

/** Milliseconds of a duration whose form was checked; nothing of nothing. */
export const millis = <A extends string | undefined>(text: A): A extends string ? number : number | undefined =>
  (text === undefined ? undefined : Duration.parse(text)) as A extends string ? number : number | undefined

/** How many calls the traffic makes: at 0, and every so often until `for` is over, or as they are listed. */
export const count = ({ calls, every, for: lasts }: TrafficOptions): number =>
  calls !== undefined ? calls.length : Math.ceil((millis(lasts) ?? 0) / (millis(every) ?? 0))

/** When the nth call is made, counted from 0. */
export const moment = ({ calls, every }: TrafficOptions, index: number): number =>
  calls === undefined ? index * (millis(every) ?? 0) : (millis(calls[index]?.at) ?? 0)

/** When the last call is made. */
export const length = (traffic: TrafficOptions): number =>
  traffic.calls === undefined
    ? moment(traffic, count(traffic) - 1)
    : traffic.calls.reduce((last, _, index) => Math.max(last, moment(traffic, index)), 0)
