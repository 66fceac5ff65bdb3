/**
 * How long a target takes to its first content: a peak-sensitive moving average.
 *
 * A slower answer than the average counts at once, a faster one only by and by, and the average fades with time, so that a
 * target that nobody asks any more becomes worth a try again.
 *
 * @see Finagle's PeakEwma, whose rule this is
 */

/** Time in which an old measurement loses about two thirds of its weight, in milliseconds. */
const decay = 10_000

interface Measure {
  average: number
  at: number
  pending: number
}

/** Moving averages, one a model. */
export class Latency {
  readonly #measures = new Map<string, Measure>()

  /** A call goes out. */
  start(model: string): void {
    this.#measure(model).pending++
  }

  /** A call is over; `millis` to its first content, undefined when there was none. */
  end(model: string, millis: number | undefined, now: number): void {
    const measure = this.#measure(model)
    measure.pending = Math.max(0, measure.pending - 1)
    if (millis === undefined) return
    const weight = Math.exp(-Math.max(0, now - measure.at) / decay)
    measure.average = millis > measure.average ? millis : measure.average * weight + millis * (1 - weight)
    measure.at = now
  }

  /** What a further call would cost: the faded average times the calls under way. 0 for a target that is not known. */
  cost(model: string, now: number): number {
    const measure = this.#measures.get(model)
    if (measure === undefined) return 0
    return measure.average * Math.exp(-Math.max(0, now - measure.at) / decay) * (measure.pending + 1)
  }

  #measure(model: string): Measure {
    let measure = this.#measures.get(model)
    if (measure === undefined) {
      measure = { average: 0, at: 0, pending: 0 }
      this.#measures.set(model, measure)
    }
    return measure
  }
}
