/**
 * A token bucket in percent of a route's traffic: what is done on top of the calls themselves (repeats, hedges) may cost
 * no more, so that an outage is not multiplied.
 *
 * Every call puts `percent / 100` of a token in; every extra request takes one out. A reserve lets a quiet route repeat as
 * well. No clock: traffic is the measure.
 */

/** Settings of a budget. */
export interface BudgetPolicy {
  /** Extra requests per 100 calls. */
  readonly percent: number
  /** Tokens that the bucket starts with, and holds at most beside one per 100 calls. Default 10. */
  readonly reserve: number
}

/** Default of a route's repeats: 20 %, as Finagle and Envoy have it. */
export const defaults: BudgetPolicy = { percent: 20, reserve: 10 }

/** A bucket. */
export class Budget {
  readonly #policy: BudgetPolicy
  #tokens: number

  constructor(policy: BudgetPolicy) {
    this.#policy = policy
    this.#tokens = policy.reserve
  }

  /** A call of the route began. */
  deposit(): void {
    this.#tokens = Math.min(
      this.#policy.reserve + this.#policy.percent / 100,
      this.#tokens + this.#policy.percent / 100
    )
  }

  /** True, and one token less, when an extra request may be sent. */
  withdraw(): boolean {
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  /** Tokens that are left. */
  get tokens(): number {
    return this.#tokens
  }
}
