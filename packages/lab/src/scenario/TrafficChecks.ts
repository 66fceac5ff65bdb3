/**
 * What a schema cannot say of traffic: that it says in one way when calls are made, and that there are some, and not too
 * many.
 */

import type { Report } from "./Issues.ts"
import type { TrafficOptions } from "./Options.ts"
import type { Path } from "./ScenarioError.ts"
import * as Schedule from "./Schedule.ts"

/** A fortnight at eight calls a second: many minutes of the machine. */
const mostCalls = 10_000_000

const aRun = "a run without calls shows nothing"

/** Of bursts and stages: what would take no time where it must take some. */
const emptyTime = ({ bursts, ramp = [] }: TrafficOptions): Path | undefined => {
  if (Schedule.millis(bursts?.every) === 0) return ["bursts", "every"]
  const stage = ramp.findIndex((each) => Schedule.millis(each.for) === 0 || Schedule.millis(each.every) === 0)
  if (stage < 0) return undefined
  return ["ramp", stage, Schedule.millis(ramp[stage]?.for) === 0 ? "for" : "every"]
}

/** The first thing that is wrong with it, if any. */
const objection = (traffic: TrafficOptions): readonly [Path, string] | undefined => {
  const { arrivals, bursts, calls, every, for: lasts, ramp } = traffic
  const steady = every !== undefined || lasts !== undefined || ramp !== undefined
  if (calls !== undefined && steady) return [["calls"], "cannot stand beside every and for: leave one of them out"]
  if (calls !== undefined && (arrivals !== undefined || bursts !== undefined))
    return [["calls"], "cannot stand beside arrivals and bursts: a list says when each call is made"]
  if (calls === undefined && !steady) return [[], "makes no calls: give every and for, or a list of calls"]
  if (calls?.length === 0) return [["calls"], `is empty: ${aRun}`]
  if (calls !== undefined) return undefined
  if (every === undefined) return [["every"], "is missing: for says how long, every how often"]
  if (lasts !== undefined && ramp !== undefined)
    return [["for"], "cannot stand beside ramp, whose stages say how long: leave one of them out"]
  if (lasts === undefined && ramp === undefined) return [["for"], "is missing: every says how often, for how long"]
  if (ramp?.length === 0) return [["ramp"], `is empty: ${aRun}`]
  if (Schedule.millis(every) === 0) return [["every"], "must be longer than nothing"]
  if (Schedule.millis(lasts) === 0) return [["for"], `is no time at all: ${aRun}`]
  const empty = emptyTime(traffic)
  return empty === undefined ? undefined : [empty, "must be longer than nothing"]
}

type Said = Pick<TrafficOptions, "answer" | "pause" | "text" | "turns">

/** What is said, where it says nothing or vendors would refuse it. */
const checkSaid = (path: Path, { answer, pause, text, turns = 1 }: Said, report: Report): void => {
  if (pause !== undefined && turns === 1)
    report([...path, "pause"], "comes before a second question, and there is none: give turns, or leave it out")
  if (answer !== undefined && answer !== "text" && text !== undefined && !/json/i.test(text))
    report([...path, "text"], `does not say JSON, and vendors refuse answer: ${answer} then: say it in the text`)
}

const checkDialogues = (traffic: TrafficOptions, report: Report): void => {
  checkSaid(["traffic"], traffic, report)
  traffic.calls?.forEach((call, index) => {
    const { pause, text } = call
    if (pause === undefined && text === undefined) return
    const { pause: _, text: __, ...shared } = traffic
    checkSaid(["traffic", "calls", index], { ...shared, ...call }, report)
  })
}

/** Checks it; false when nobody can say when calls are made. */
export const check = (traffic: TrafficOptions, report: Report): boolean => {
  checkDialogues(traffic, report)
  const found = objection(traffic)
  if (found !== undefined) {
    report(["traffic", ...found[0]], found[1])
    return false
  }
  const count = Schedule.count(traffic)
  if (count > mostCalls)
    report(["traffic"], `makes ${count} calls: at most ${mostCalls} can be made, so call less often`)
  return true
}

/** The models that are asked for, with the first place of each. */
export const models = ({ calls = [], model }: TrafficOptions): ReadonlyMap<string, Path> => {
  const found = new Map<string, Path>([[model, ["traffic", "model"]]])
  calls.forEach((call, index) => {
    if (call.model !== undefined && !found.has(call.model)) {
      found.set(call.model, ["traffic", "calls", index, "model"])
    }
  })
  return found
}
