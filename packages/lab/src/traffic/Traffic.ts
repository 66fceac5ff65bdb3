/**
 * The calls of a scenario, from its seed: the same scenario makes the same calls.
 *
 * Every draw has a stream of its own, named by the call, so that a call that is taken out moves no other.
 */

import type { TrafficOptions } from "../scenario/Options.ts"
import type { Dialogue, PlannedCall, Scenario } from "../scenario/Scenario.ts"
import * as Schedule from "../scenario/Schedule.ts"
import * as Arrivals from "./Arrivals.ts"
import * as Prng from "./Prng.ts"
import * as ReplyText from "./ReplyText.ts"

const defaultText = "Say the alphabet."

/** Vendors take JSON mode only from who says so in words too. */
export const jsonText = "Say the alphabet, as a JSON object whose reply is the text."

const streams = (asked: TrafficOptions["stream"], seed: number, id: string): boolean =>
  typeof asked === "number" ? Prng.stream(seed, `stream/${id}`).chance(asked) : (asked ?? false)

const leaves = ({ leaving }: TrafficOptions, seed: number, id: string): number | undefined =>
  leaving !== undefined && Prng.stream(seed, `leaving/${id}`).chance(leaving.share)
    ? Schedule.millis(leaving.after)
    : undefined

type DialogueOptions = Pick<TrafficOptions, "system" | "history" | "turns" | "pause" | "tools" | "image" | "answer">

/** Nothing of a caller that says one text. */
const toDialogue = (options: DialogueOptions): Dialogue | undefined => {
  const { answer, history, image, pause, system, tools, turns } = options
  if ([answer, history, image, system, tools, turns].every((value) => value === undefined)) return undefined
  return {
    system,
    history: { turns: history?.turns ?? 0, words: history?.words ?? 20 },
    turns: turns ?? 1,
    pause: Schedule.millis(pause ?? "1s"),
    tools: tools ?? false,
    image: image ?? false,
    answer: answer ?? "text"
  }
}

const call = (traffic: TrafficOptions, seed: number, index: number, at: number): PlannedCall => {
  const id = `c${index + 1}`
  const own = traffic.calls?.[index]
  const dialogue = toDialogue({ ...traffic, ...own })
  const usual = dialogue === undefined || dialogue.answer === "text" ? defaultText : jsonText
  return {
    id,
    at,
    model: own?.model ?? traffic.model,
    stream: own?.stream ?? streams(traffic.stream, seed, id),
    leaves: Schedule.millis(own?.leaves) ?? leaves(traffic, seed, id),
    text: `${own?.text ?? traffic.text ?? usual} ${ReplyText.mark(id)}`,
    ...(dialogue === undefined ? {} : { dialogue })
  }
}

/** The calls one by one, in the order in which they are made; of another seed if one is given. */
export function* each({ seed: own, source: { traffic } }: Scenario, seed = own): Generator<PlannedCall> {
  const { calls } = traffic
  if (calls !== undefined) {
    const listed = calls.map((_, index) => call(traffic, seed, index, Schedule.moment(traffic, index)))
    yield* listed.sort((a, b) => a.at - b.at)
    return
  }
  let index = 0
  for (const at of Arrivals.moments(traffic, seed)) yield call(traffic, seed, index++, at)
}

/** All of the calls. */
export const calls = (scenario: Scenario, seed = scenario.seed): ReadonlyArray<PlannedCall> => [...each(scenario, seed)]
