/**
 * A token bucket in percent of a route's traffic: what is done on top of the calls themselves (repeats, hedges) may cost
 * no more, so that an outage is not multiplied.
 *
 * Every call puts `percent / 100` of a token in; every extra request takes one out. A reserve lets a quiet route repeat as
 * well. No clock: traffic is the measure.
 */

import * as Schema from "effect/Schema"
import * as Setting from "../setting/Setting.ts"

/** What a configuration can say: a route's `retryBudget`. 20 %, as Finagle and Envoy have it. */
export const settings = Schema.Struct({
  percent: Setting.defaulted(Setting.Percent, 20, "Repeats per 100 calls of the route, at most"),
  reserve: Setting.defaulted(Setting.Count, 10, "Repeats on top of these, for a route that is quiet")
})

/** Settings of a budget: extra requests per 100 calls, and how many the bucket starts with and holds beside. */
export type BudgetPolicy = typeof settings.Type

/** A bucket. */
export class Budget {
  readonly #policy: BudgetPolicy
  #tokens: number
  /** Calls of the route so far: whoever begins one counts it. */
  calls = 0
  #paidFor = 0

  constructor(policy: BudgetPolicy) {
    this.#policy = policy
    this.#tokens = policy.reserve
  }

  /** True, and one token less, when an extra request may be sent. */
  withdraw(): boolean {
    if (this.tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  /** Tokens that are left, with those that the calls since the last look have put in. */
  get tokens(): number {
    const share = this.#policy.percent / 100
    this.#tokens = Math.min(this.#policy.reserve + share, this.#tokens + share * (this.calls - this.#paidFor))
    this.#paidFor = this.calls
    return this.#tokens
  }
}
