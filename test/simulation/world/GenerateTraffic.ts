/**
 * Who calls when: steadily, in bursts, now and then; as JSON or as a stream; with the callers' own mistakes, with callers who
 * leave, and with slow readers.
 */
import type { RouteOptions } from "@understudy/core/config/Options"
import type { Prng } from "@understudy/lab/traffic/Prng"
import type { CallPlan, Flaw } from "./Plan.ts"

const timesFor = (luck: Prng, span: number, count: number): ReadonlyArray<number> => {
  const way = luck.pick(["steady", "anywhere", "bursts", "atOnce"] as const)
  const centres = Array.from({ length: luck.int(1, 4) }, () => luck.int(0, span))
  const at = (index: number): number => {
    switch (way) {
      case "steady":
        return Math.floor((span * index) / count)
      case "anywhere":
        return luck.int(0, span)
      case "bursts":
        return luck.pick(centres) + luck.int(0, 300)
      case "atOnce":
        return centres[index % centres.length]!
    }
  }
  return Array.from({ length: count }, (_, index) => Math.min(span, at(index))).sort((a, b) => a - b)
}

/** The calls of a plan, in the order of their times. */
export const trafficFor = (
  luck: Prng,
  routes: ReadonlyArray<RouteOptions>,
  span: number,
  count: number
): ReadonlyArray<CallPlan> => {
  const streams = luck.pick([0, 0.5, 0.5, 1])
  const leavers = luck.pick([0, 0, 0.1, 0.5])
  return timesFor(luck, span, count).map((at, index) => {
    const stream = luck.chance(streams)
    return {
      id: `call-${index}`,
      at,
      model: luck.pick(routes).match.model.exact ?? "",
      ...(stream ? { stream } : {}),
      ...(luck.chance(leavers) ? { leaves: luck.chance(0.2) ? luck.int(0, 30_000) : luck.int(0, 1_500) } : {}),
      ...(luck.chance(0.04) ? { flaw: luck.pick<Flaw>(["invalid", "filtered"]) } : {}),
      ...(luck.chance(0.3) ? { affinity: `user-${luck.int(1, 3)}` } : {}),
      ...(stream && luck.chance(0.05) ? { rests: luck.int(1, 3_000) } : {})
    }
  })
}
