/**
 * Which attempts of a long run have to be kept although nothing was wrong with them, because what is held against a client may
 * depend on them:
 *
 * - the first good answers after a refusal, of its key, its path and its account: they end what the refusal began;
 * - while something of a first target is well again and has not been used yet, every call: they might have used it;
 * - the first use of it, which ends that.
 *
 * All are few: they come with trouble, and end with it.
 */
import type { PathPlan, Scenario } from "../scenario/Scenario.ts"
import * as Setup from "../scenario/Setup.ts"
import type { Attempt, Health, Path } from "./Run.ts"
import { pathOf, targetOf } from "./Whereabouts.ts"

/** How long news may be on their way to a client, in milliseconds. */
const race = 1_000

/** Calls that are kept while something well is not used. */
const mostUnused = 20_000

/** A refusal that nothing has ended yet, or how long what begins may still belong to it. */
interface News {
  readonly since: number
  readonly until: number
}

const subjectsOf = (attempt: Attempt): ReadonlyArray<string> => {
  const { account, key, vendor } = attempt
  return [`${vendor}#${key}`, pathOf(attempt), `${targetOf(attempt)}, ${account}`]
}

/** True for an attempt with which nothing was wrong. */
export const isGood = ({ differs, discloses, end, recipe, status }: Attempt): boolean =>
  recipe === "answer" && status === 200 && end === "complete" && differs === undefined && discloses === undefined

/** What of the first target of a model is well again and waits to be used. */
class Unused {
  readonly waiting = new Set<Path>()
  readonly #target: string
  #next = 0
  #well: ReadonlySet<Path> = new Set()
  #kept = 0

  constructor(first: PathPlan | undefined) {
    this.#target = first === undefined ? "" : `${first.vendor}/${first.model}#`
  }

  /** Moves on to a moment; `used` are the paths that were ever used. */
  advance(at: number, health: ReadonlyArray<Health>, used: ReadonlySet<Path>): void {
    for (let moment = health[this.#next]; moment !== undefined && moment.at <= at; moment = health[++this.#next]) {
      const well = new Set(moment.paths.filter((path) => path.startsWith(this.#target)))
      for (const path of this.waiting) if (!well.has(path)) this.waiting.delete(path)
      for (const path of well) if (!this.#well.has(path) && used.has(path)) this.waiting.add(path)
      if (this.waiting.size === 0) this.#kept = 0
      this.#well = well
    }
  }

  /** Whether a call that is made now is to be kept. */
  counts(): boolean {
    return this.waiting.size > 0 && this.#kept++ < mostUnused
  }
}

/** Goes through attempts once, in the order in which they ended, and through calls in that in which they were made. */
export class Needed {
  readonly #scenario: Scenario
  readonly #health: Readonly<Record<string, ReadonlyArray<Health>>>
  readonly #news = new Map<string, News>()
  readonly #used = new Set<Path>()
  readonly #unused = new Map<string, Unused>()

  constructor(scenario: Scenario, health: Readonly<Record<string, ReadonlyArray<Health>>>) {
    this.#scenario = scenario
    this.#health = health
  }

  /** Whether a refusal makes an attempt worth keeping. To be asked in the order of ends. */
  afterRefusal(attempt: Attempt): boolean {
    const end = attempt.endedAt ?? attempt.at
    const good = isGood(attempt)
    if (good && this.#news.size === 0) return false
    let needed = false
    for (const subject of subjectsOf(attempt)) {
      const news = this.#news.get(subject)
      if (!good) this.#news.set(subject, { since: end, until: Number.POSITIVE_INFINITY })
      else if (news !== undefined && attempt.at < news.until) {
        needed = true
        if (attempt.at >= news.since) this.#news.set(subject, { ...news, until: Math.min(news.until, end + race) })
      } else this.#news.delete(subject)
    }
    return needed || !good
  }

  /** Whether a call, with its attempts, is worth keeping for what it used or did not use. To be asked in the order of calls. */
  forItsUse(model: string, at: number, attempts: ReadonlyArray<Attempt>): boolean {
    const unused = this.#unusedOf(model)
    unused.advance(at, this.#health[model] ?? [], this.#used)
    let needed = unused.counts()
    for (const attempt of attempts) {
      const path = pathOf(attempt)
      if (!this.#used.has(path)) needed = true
      this.#used.add(path)
      unused.waiting.delete(path)
    }
    return needed
  }

  #unusedOf(model: string): Unused {
    const known = this.#unused.get(model)
    if (known !== undefined) return known
    const made = new Unused(Setup.paths(this.#scenario, model)[0])
    this.#unused.set(model, made)
    return made
  }
}
