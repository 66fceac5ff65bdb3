/**
 * What may still be used of what: counters with limits, which callers' requests take from before they go out and give back to
 * when it is known what they came to. It knows no consumers, no models and no prices, only counters by name.
 *
 * ```
 * request ─▶ take [requests 1, tokens 900, running 1] ─▶ all of them, or none and why
 *                                          answer ─▶ settle [1, 420, 0]
 * ```
 *
 * **Details**
 *
 * - A claim on `minute`, `day` or `month` counts within the calendar's, in UTC; one on `running` is held until it is settled.
 * - All claims of a request are granted together or none is. However many ask at once, no counter passes its limit.
 * - Amounts are whole numbers from 0. Money is counted in millionths of its currency.
 * - What is settled is settled in the window that it was taken in: a request counts when it was asked.
 * - The limit comes with the claim: another configuration changes limits and no counter.
 *
 * **Gotchas**
 *
 * - Whoever is granted has to settle, whatever becomes of the request. An interrupted `take` has taken nothing.
 * - What is settled may be more than was taken, and then the counter stands above its limit.
 * - A clock that is set back finds the counts of the window before, and the later ones again when it comes there.
 *
 * @see docs/decisions/0034-what-may-be-used-is-taken-before.md
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** What a counter counts within; `running` is for what is under way. */
export type Span = "minute" | "day" | "month" | "running"

/** A counter by name, such as `web tokens`. The same name with another span is another counter. */
export interface CounterName {
  readonly counter: string
  readonly span: Span
}

/** So much of a counter that may not pass its limit. */
export interface Claim extends CounterName {
  readonly amount: number
  readonly limit: number
}

/** How a counter stands. */
export interface Standing {
  /** What may still be taken, from 0. */
  readonly remaining: number
  /** Milliseconds until it begins anew; 0 for `running`. */
  readonly resetIn: number
}

/** What became of claims; `standings` are in their order, after it. */
export type Taken =
  | {
      readonly _tag: "Granted"
      readonly standings: ReadonlyArray<Standing>
      /** Says what the request came to, in the order of the claims. The first time counts. Never waits. */
      readonly settle: (spent: ReadonlyArray<number>) => void
    }
  | {
      readonly _tag: "Refused"
      readonly standings: ReadonlyArray<Standing>
      /** The first claim that there is not enough for. */
      readonly at: number
    }

/** Keeps counters: in this process, or for several. */
export interface Counters {
  /** Takes all claims or none. Does not fail: whoever keeps counters elsewhere decides what holds without them. */
  readonly take: (claims: ReadonlyArray<Claim>) => Effect.Effect<Taken>
  /** What has been used of counters in their windows of the moment, in their order. */
  readonly used: (counters: ReadonlyArray<CounterName>) => Effect.Effect<ReadonlyArray<number>>
}

/** The counters in force. Undefined, as by default, leaves it to each gateway to count for itself. */
export const Allowance: Context.Reference<Counters | undefined> = Context.Reference<Counters | undefined>(
  "understudy/core/Allowance",
  { defaultValue: () => undefined }
)

const minute = 60_000
const day = 86_400_000

/** A stretch of the calendar, in milliseconds since 1970. */
export interface Window {
  readonly start: number
  readonly end: number
}

const always: Window = { start: 0, end: 0 }

/** The window that a moment is in. */
export const windowOf = (span: Span, now: number): Window => {
  if (span === "running") return always
  if (span === "month") {
    const date = new Date(now)
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
    return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) }
  }
  const length = span === "minute" ? minute : day
  const start = Math.floor(now / length) * length
  return { start, end: start + length }
}

/** What was used within one window. */
interface Slot {
  readonly window: Window
  used: number
}

/** Windows that a counter remembers: this one, and the one that a clock may be set back to. */
const remembered = 2

class Local implements Counters {
  readonly #slots = new Map<string, Array<Slot>>()

  readonly take = (claims: ReadonlyArray<Claim>): Effect.Effect<Taken> =>
    Clock.clockWith((clock) => Effect.sync(() => this.#take(claims, clock.currentTimeMillisUnsafe())))

  readonly used = (counters: ReadonlyArray<CounterName>): Effect.Effect<ReadonlyArray<number>> =>
    Clock.clockWith((clock) =>
      Effect.sync(() => counters.map((each) => this.#slot(each, clock.currentTimeMillisUnsafe()).used))
    )

  #take(claims: ReadonlyArray<Claim>, now: number): Taken {
    const slots = claims.map((claim) => this.#slot(claim, now))
    const usedOf = (index: number): number => slots[index]?.used ?? 0
    const at = claims.findIndex(({ amount, limit }, index) => !(usedOf(index) + amount <= limit))
    if (at === -1) for (const [index, { amount }] of claims.entries()) add(slots[index], amount)
    const standings = claims.map(({ limit, span }, index) => ({
      remaining: Math.max(0, limit - usedOf(index)),
      resetIn: span === "running" ? 0 : (slots[index]?.window.end ?? now) - now
    }))
    if (at !== -1) return { _tag: "Refused", standings, at }
    let settled = false
    const settle = (spent: ReadonlyArray<number>): void => {
      if (settled) return
      settled = true
      for (const [index, { amount }] of claims.entries()) add(slots[index], (spent[index] ?? amount) - amount)
    }
    return { _tag: "Granted", standings, settle }
  }

  #slot({ counter, span }: CounterName, now: number): Slot {
    const name = `${span} ${counter}`
    const window = windowOf(span, now)
    const slots = this.#slots.get(name) ?? []
    const known = slots.find((slot) => slot.window.start === window.start)
    if (known !== undefined) return known
    const fresh: Slot = { window, used: 0 }
    this.#slots.set(name, [...slots, fresh].slice(-remembered))
    return fresh
  }
}

const add = (slot: Slot | undefined, amount: number): void => {
  if (slot !== undefined) slot.used = Math.max(0, slot.used + amount)
}

/** Counters of this process, which begin at 0. */
export const local = (): Counters => new Local()
