/**
 * The calls of a scenario, from its seed: the same scenario makes the same calls.
 *
 * Every draw has a stream of its own, named by the call, so that a call that is taken out moves no other.
 */

import type { TrafficOptions } from "../scenario/Options.ts"
import type { PlannedCall, Scenario } from "../scenario/Scenario.ts"
import * as Schedule from "../scenario/Schedule.ts"
import * as Prng from "./Prng.ts"
import * as ReplyText from "./ReplyText.ts"

const defaultText = "Say the alphabet."

const streams = (asked: TrafficOptions["stream"], seed: number, id: string): boolean =>
  typeof asked === "number" ? Prng.stream(seed, `stream/${id}`).chance(asked) : (asked ?? false)

const leaves = ({ leaving }: TrafficOptions, seed: number, id: string): number | undefined =>
  leaving !== undefined && Prng.stream(seed, `leaving/${id}`).chance(leaving.share)
    ? Schedule.millis(leaving.after)
    : undefined

const call = (traffic: TrafficOptions, seed: number, index: number): PlannedCall => {
  const id = `c${index + 1}`
  const own = traffic.calls?.[index]
  return {
    id,
    at: Schedule.moment(traffic, index),
    model: own?.model ?? traffic.model,
    stream: own?.stream ?? streams(traffic.stream, seed, id),
    leaves: Schedule.millis(own?.leaves) ?? leaves(traffic, seed, id),
    text: `${own?.text ?? traffic.text ?? defaultText} ${ReplyText.mark(id)}`
  }
}

/** The calls, in the order in which they are made; of another seed if one is given. */
export const calls = ({ seed: own, source: { traffic } }: Scenario, seed = own): ReadonlyArray<PlannedCall> =>
  Array.from({ length: Schedule.count(traffic) }, (_, index) => call(traffic, seed, index)).sort((a, b) => a.at - b.at)
