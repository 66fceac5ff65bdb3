/**
 * What is kept of a long run while it goes on, so that its memory does not grow with its length.
 *
 * Every few minutes of the run, calls that have ended are looked at: those that went as they should (one attempt, answered,
 * nothing held against the client when they are judged by themselves) are counted and let go. Kept are all others, with their
 * attempts, every probe, the first calls of all, and those that what happened beside them makes worth a look (`Needed`). Of
 * what is kept there is a most: beyond it, calls are judged, counted and let go too.
 *
 * Runs of few calls keep everything.
 */
import type { Scenario } from "../scenario/Scenario.ts"
import { isGood, Needed } from "./Needed.ts"
import { type Counted, inMinute, nothing, type Rest, type RestMinute } from "./Rest.ts"
import type { Attempt, CallRecord, Health } from "./Run.ts"
import { targetOf } from "./Whereabouts.ts"

/** Runs of at most so many calls keep everything: a day at one call a second. */
export const mostWhole = 100_000

/** The first calls, which show what the client does when all is well. */
const first = 200

/** The most that is kept of calls, and of probes. */
const most = 60_000

/** Judges some calls by themselves: their numbers, and whether anything is held against the client. */
export type Review = (
  calls: ReadonlyArray<CallRecord>,
  attempts: ReadonlyArray<Attempt>
) => { readonly found: boolean; readonly figures: Counted }

/** A call that has ended, with its attempts. */
interface Gathered {
  readonly call: CallRecord
  readonly attempts: ReadonlyArray<Attempt>
}

const names = Object.keys(nothing) as ReadonlyArray<keyof Counted>

/** What is kept, and what is only counted. */
export class Keeper {
  readonly #calls: Array<CallRecord> = []
  readonly #attempts: Array<Attempt> = []
  /** Ended attempts by their calls, which have not. */
  readonly #held = new Map<string, Array<Attempt>>()
  readonly #review: Review
  readonly #needed: Needed
  readonly #refused = new Set<number>()
  readonly #sums = { ...nothing }
  readonly #times = new Map<number, number>()
  readonly #minutes = new Map<number, RestMinute>()
  readonly #straight = new Map<number, Map<string, Map<string, number>>>()
  #seen = 0
  #probes = 0
  #beyond = 0

  constructor(scenario: Scenario, health: Readonly<Record<string, ReadonlyArray<Health>>>, review: Review) {
    this.#review = review
    this.#needed = new Needed(scenario, health)
  }

  get rest(): Rest {
    return {
      ...this.#sums,
      beyond: this.#beyond,
      times: this.#times,
      minutes: this.#minutes,
      straight: this.#straight
    }
  }

  /** What is kept: calls in no order, and their attempts. */
  get kept(): { readonly calls: ReadonlyArray<CallRecord>; readonly attempts: ReadonlyArray<Attempt> } {
    return { calls: this.#calls, attempts: [...this.#attempts, ...[...this.#held.values()].flat()] }
  }

  /** Takes attempts that have ended, each before the calls that they were made for. */
  ended(attempts: ReadonlyArray<Attempt>): void {
    const byEnd = attempts.toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0) || a.ordinal - b.ordinal)
    for (const attempt of byEnd) {
      const { call, ordinal } = attempt
      if (this.#needed.afterRefusal(attempt)) this.#refused.add(ordinal)
      if (call === undefined) this.#keepProbe(attempt)
      else {
        const held = this.#held.get(call)
        if (held === undefined) this.#held.set(call, [attempt])
        else held.push(attempt)
      }
    }
  }

  /** Takes calls that have ended, in the order in which they were made. */
  take(calls: ReadonlyArray<CallRecord>): void {
    const gathered = calls.map((call) => ({ call, attempts: this.#attemptsOf(call) }))
    const isPlain = gathered.map((each) => this.#isPlain(each))
    const plain = gathered.filter((_, index) => isPlain[index])
    const judged = plain.length === 0 ? undefined : this.#judge(plain)
    if (judged?.found === false) this.#count(plain, judged.figures)
    gathered.forEach((each, index) => {
      if (isPlain[index] !== true || judged?.found === true) this.#keep(each)
    })
  }

  #attemptsOf({ id }: CallRecord): ReadonlyArray<Attempt> {
    const held = this.#held.get(id) ?? []
    this.#held.delete(id)
    return held.sort((a, b) => a.ordinal - b.ordinal)
  }

  #isPlain({ attempts, call }: Gathered): boolean {
    const needed = this.#needed.forItsUse(call.model, call.at, attempts)
    const [attempt, ...others] = attempts
    if (needed || ++this.#seen <= first || attempt === undefined || others.length > 0) return false
    const isRefused = this.#refused.delete(attempt.ordinal)
    return call.outcome === "answered" && isGood(attempt) && !isRefused
  }

  #judge(gathered: ReadonlyArray<Gathered>): ReturnType<Review> {
    return this.#review(
      gathered.map(({ call }) => call),
      gathered.flatMap(({ attempts }) => attempts)
    )
  }

  #keep(each: Gathered): void {
    if (this.#calls.length >= most) {
      this.#beyond++
      return this.#count([each], this.#judge([each]).figures)
    }
    this.#calls.push(each.call)
    this.#attempts.push(...each.attempts)
  }

  #keepProbe(attempt: Attempt): void {
    if (this.#probes++ < most) this.#attempts.push(attempt)
    else {
      this.#sums.probes++
      inMinute(this.#minutes, attempt.at, { calls: 0, probes: 1, slowest: 0 })
    }
  }

  #count(gathered: ReadonlyArray<Gathered>, figures: Counted): void {
    const sums = this.#sums
    const most = Math.max(sums.mostAttempts, figures.mostAttempts)
    for (const name of names) sums[name] += figures[name]
    sums.mostAttempts = most
    for (const { attempts, call } of gathered) {
      const took = (call.endedAt ?? call.at) - call.at
      if (call.outcome === "answered") this.#times.set(took, (this.#times.get(took) ?? 0) + 1)
      inMinute(this.#minutes, call.at, { calls: 1, probes: 0, slowest: took })
      const [attempt, ...others] = attempts
      if (attempt !== undefined && others.length === 0) this.#wentStraight(call, targetOf(attempt))
    }
  }

  #wentStraight({ at, model }: CallRecord, target: string): void {
    const minute = Math.floor(at / 60_000)
    const models = this.#straight.get(minute) ?? new Map<string, Map<string, number>>()
    const targets = models.get(model) ?? new Map<string, number>()
    this.#straight.set(minute, models.set(model, targets.set(target, (targets.get(target) ?? 0) + 1)))
  }
}
