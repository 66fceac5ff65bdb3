/**
 * When calls come, from the seed: evenly, or as a Poisson process, at a rhythm that may rise and fall, with bursts on top.
 *
 * **Details**
 *
 * - A rhythm is a rate over time. Even calls are those at which its integral passes 0, 1, 2, …; of a Poisson process the steps
 *   between them are drawn, each from a stream of its own.
 * - Moments are whole milliseconds since the start, in order; nothing is kept of those that are over.
 */
import type { TrafficOptions } from "../scenario/Options.ts"
import * as Schedule from "../scenario/Schedule.ts"
import * as Prng from "./Prng.ts"

/** Where in a stage so many calls have come. */
const within = ({ from, lasts, to }: Schedule.Stage, calls: number): number => {
  const slope = (to - from) / lasts
  if (Math.abs(slope) * lasts < from * 1e-12) return calls / from
  return (Math.sqrt(Math.max(0, from * from + 2 * slope * calls)) - from) / slope
}

function* evenly(traffic: TrafficOptions): Generator<number> {
  const count = Schedule.count(traffic)
  for (let index = 0; index < count; index++) yield Schedule.moment(traffic, index)
}

/** Calls of a rhythm that rises and falls; `step` says how much of the integral lies before the nth. */
function* along(
  stages: ReadonlyArray<Schedule.Stage>,
  first: number,
  step: (index: number) => number
): Generator<number> {
  let due = first
  let index = 0
  let begins = 0
  for (const stage of stages) {
    const holds = ((stage.from + stage.to) / 2) * stage.lasts
    while (due < holds - 1e-9) {
      yield Math.floor(begins + within(stage, due) + 1e-6)
      due += step(++index)
    }
    due -= holds
    begins += stage.lasts
  }
}

function* steady(traffic: TrafficOptions, seed: number): Generator<number> {
  const { bursts: _, ...rhythm } = traffic
  if (Schedule.isEven(rhythm)) return yield* evenly(rhythm)
  const draw = (index: number): number => -Math.log(1 - Prng.stream(seed, `arrival/${index}`).next())
  const isPoisson = traffic.arrivals === "poisson"
  yield* along(Schedule.stages(traffic), isPoisson ? draw(0) : 0, isPoisson ? draw : () => 1)
}

function* inBursts(traffic: TrafficOptions): Generator<number> {
  const { calls = 0, within } = traffic.bursts ?? {}
  const lasts = Schedule.millis(within) ?? 0
  for (const begins of Schedule.bursts(traffic)) {
    for (let index = 0; index < calls; index++) yield Math.floor(begins + (index * lasts) / calls)
  }
}

/** Two lists of moments as one. */
function* merged(first: Generator<number>, second: Generator<number>): Generator<number> {
  let [a, b] = [first.next(), second.next()]
  while (!a.done || !b.done) {
    if (!a.done && (b.done || a.value <= b.value)) {
      yield a.value
      a = first.next()
    } else if (!b.done) {
      yield b.value
      b = second.next()
    }
  }
}

/** When the calls of traffic that is no list of them come, in order. */
export const moments = (traffic: TrafficOptions, seed: number): Generator<number> =>
  traffic.bursts === undefined ? steady(traffic, seed) : merged(steady(traffic, seed), inBursts(traffic))
