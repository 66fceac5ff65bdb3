/**
 * When a second target is started beside a slow first one, and how often that may be done.
 *
 * The delay is fixed, or a percentile of the route's own times to first content; below `minimum` measurements there is no
 * percentile and no hedge.
 */
import type { Budget } from "./Budget.ts"

/** The delay before a second target is started. */
export type HedgeDelay =
  | { readonly _tag: "Fixed"; readonly millis: number }
  | { readonly _tag: "Percentile"; readonly percentile: number }

const size = 128
const minimum = 20

/** A route's hedging. */
export class Hedge {
  readonly delay: HedgeDelay
  /** May requests with tools be hedged? */
  readonly tools: boolean
  readonly budget: Budget
  readonly #times: Array<number> = []
  #next = 0

  constructor(delay: HedgeDelay, tools: boolean, budget: Budget) {
    this.delay = delay
    this.tools = tools
    this.budget = budget
  }

  /** A call of the route took so long to its first content. */
  observe(millis: number): void {
    this.#times[this.#next] = millis
    this.#next = (this.#next + 1) % size
  }

  /** Milliseconds before the second target; undefined while too little is known. */
  after(): number | undefined {
    if (this.delay._tag === "Fixed") return this.delay.millis
    if (this.#times.length < minimum) return undefined
    const sorted = this.#times.toSorted((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * this.delay.percentile) / 100))]
  }
}
