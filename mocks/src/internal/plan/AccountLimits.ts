/**
 * What accounts are allowed: requests per window and requests in flight, counted per account and model, since that is how
 * both vendors count.
 */
import type { Limit } from "../../Key.ts"
import * as Check from "./Check.ts"

interface Counter {
  active: number
  windowStart: number
  inWindow: number
}

/** What an account is allowed. */
export interface Allowance {
  readonly limit: Limit | undefined
  readonly concurrency: number | undefined
}

/** Why a request is over a limit. */
export type Excess =
  | { readonly _tag: "Concurrency"; readonly current: number; readonly limit: number }
  | { readonly _tag: "Window"; readonly waitMs: number; readonly retryAfter: "seconds" | "date" | undefined }

/** The counters. */
export interface AccountLimits {
  /** Sets what an account is allowed; what is left out is unlimited. */
  allow(account: string, allowance: Allowance): void
  /** Counts a request in, unless it is over a limit. */
  admit(account: string, model: string, now: number): Excess | undefined
  /** Gives back the slot of a request that was admitted. */
  release(account: string, model: string): void
  /** Why a request would be over a limit now; counts nothing. */
  excess(account: string, model: string, now: number): Excess | undefined
  clear(): void
}

const perOf = ({ per }: Limit): number => Check.duration("key.limit.per", per)

const over = (allowance: Allowance | undefined, counter: Counter, now: number): Excess | undefined => {
  const { limit, concurrency } = allowance ?? {}
  if (concurrency !== undefined && counter.active >= concurrency) {
    return { _tag: "Concurrency", current: counter.active + 1, limit: concurrency }
  }
  if (limit === undefined) return undefined
  const waitMs = counter.windowStart + perOf(limit) - now
  if (waitMs <= 0 || counter.inWindow < limit.requests) return undefined
  return { _tag: "Window", waitMs, retryAfter: limit.retryAfter }
}

/** Makes empty counters. */
export const make = (): AccountLimits => {
  const allowances = new Map<string, Allowance>()
  const counters = new Map<string, Map<string, Counter>>()
  const counterOf = (account: string, model: string): Counter => {
    const known = counters.get(account)?.get(model)
    if (known !== undefined) return known
    const counter = { active: 0, windowStart: Number.NEGATIVE_INFINITY, inWindow: 0 }
    counters.set(account, (counters.get(account) ?? new Map<string, Counter>()).set(model, counter))
    return counter
  }
  return {
    allow: (account, allowance) => void allowances.set(account, allowance),
    excess: (account, model, now) => over(allowances.get(account), counterOf(account, model), now),
    admit: (account, model, now) => {
      const [allowance, counter] = [allowances.get(account), counterOf(account, model)]
      const excess = over(allowance, counter, now)
      if (excess !== undefined) return excess
      if (allowance?.limit !== undefined && now >= counter.windowStart + perOf(allowance.limit)) {
        Object.assign(counter, { windowStart: now, inWindow: 0 })
      }
      counter.inWindow++
      counter.active++
      return undefined
    },
    release: (account, model) => {
      const counter = counterOf(account, model)
      counter.active = Math.max(0, counter.active - 1)
    },
    clear: () => {
      allowances.clear()
      counters.clear()
    }
  }
}
