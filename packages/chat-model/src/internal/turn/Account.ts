/**
 * What a budget has left: a window of time, what was spent in it, and what is set aside for requests under way.
 */
import type { Reason, Unit } from "../../advisor/BudgetError.ts"
import type { Cost } from "./Price.ts"

/** The most that may be spent; left out: as much as one likes. */
export interface Limit {
  readonly tokens?: number | undefined
  /** In the unit of the prices. */
  readonly money?: number | undefined
}

const units: ReadonlyArray<Unit> = ["tokens", "money"]
const nothing: Cost = { tokens: 0, money: 0 }

const add = (left: Cost, right: Cost, times = 1): Cost => ({
  tokens: left.tokens + times * right.tokens,
  money: left.money + times * right.money
})

const checked = (name: string, limit: Limit): Limit => {
  for (const unit of units) {
    const value = limit[unit] ?? 0
    if (!(value >= 0)) throw new RangeError(`${name}.${unit} must be a number >= 0, got ${value}`)
  }
  return limit
}

/** The count of one budget. */
export class Account {
  readonly #perCall: Limit
  readonly #perWindow: Limit
  readonly #every: number
  #endsAt = 0
  #spent = nothing
  #reserved = nothing

  /** `every` is how long a window lasts, in milliseconds. */
  constructor(perCall: Limit, perWindow: Limit, every: number) {
    this.#perCall = checked("perCall", perCall)
    this.#perWindow = checked("perWindow", perWindow)
    this.#every = every
  }

  /** Sets aside what a request needs, or says why it cannot. */
  reserve(needed: Cost, now: number): Reason | undefined {
    if (now >= this.#endsAt) {
      this.#endsAt = now + this.#every
      this.#spent = nothing
    }
    for (const unit of units) {
      const refusal = this.#refusal(unit, needed[unit], now)
      if (refusal !== undefined) return refusal
    }
    this.#reserved = add(this.#reserved, needed)
    return undefined
  }

  /** Counts what a request took in place of what was set aside for it. */
  settle(reserved: Cost, spent: Cost): void {
    this.#reserved = add(this.#reserved, reserved, -1)
    this.#spent = add(this.#spent, spent)
  }

  #refusal(unit: Unit, needed: number, now: number): Reason | undefined {
    const window = this.#perWindow[unit] ?? Number.POSITIVE_INFINITY
    const limit = Math.min(this.#perCall[unit] ?? Number.POSITIVE_INFINITY, window)
    if (needed > limit) return { _tag: "CallTooLarge", unit, limit, needed }
    const left = Math.max(0, window - this.#spent[unit] - this.#reserved[unit])
    if (needed <= left) return undefined
    return {
      _tag: "Exhausted",
      unit,
      limit: window,
      left,
      needed,
      resetsAt: this.#endsAt,
      retryAfter: this.#endsAt - now
    }
  }
}
