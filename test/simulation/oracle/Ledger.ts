/**
 * The oracle's own books on keys and targets, written entry by entry from what the vendors saw and the schedule says.
 *
 * Each state is kept twice, because at one instant the order of things cannot be seen from outside: `possibly` out, for
 * promises that hold only while a key is well, and `definitely` out, for promises that hold only while it is not.
 */
import type { Entry, Exchange } from "../world/Journal.ts"
import * as Truth from "../world/Truth.ts"
import { type Facts, spec } from "./Facts.ts"

interface Key {
  removedPossibly: boolean
  /** The first refusal since it was well: it may be removed from then on. */
  suspectSince: number
  /** When what stood against it, for itself or for a model, was last cleared away. */
  clearedAt: number
  /** When it was removed beyond doubt. */
  removedAt: number | undefined
  failures: number
  failedAt: number
  /** When it was last removed or restored beyond doubt. */
  changedAt: number
  probesInARow: number
  readonly models: Map<string, ForModel>
}

interface ForModel {
  possiblyUntil: number
  changedAt: number
  /** A limit is no word on what the key may use, nor the other way round. */
  readonly limited: Certain
  readonly forbidden: Certain
}

/** What is beyond doubt. */
interface Certain {
  until: number
  /** When it was found out that it is out until then. */
  foundAt: number
}

interface Target {
  /** Its circuit may be open until then. */
  excusedUntil: number
  lastOkAt: number
  /** When content last came, of a stream that was left, too: it may have closed the circuit. */
  lastContentAt: number
  /** An answer to a request that was sent when the circuit could no longer be open. */
  provenAt: number | undefined
  readonly open: Set<Exchange>
}

/** Why a key is out. */
export interface Out {
  readonly says: string
  readonly since: number
}

const never = Number.NEGATIVE_INFINITY

/** The inner map of that name, made where there is none. */
const inner = <A>(maps: Map<string, Map<string, A>>, name: string): Map<string, A> => {
  const known = maps.get(name)
  if (known !== undefined) return known
  const made = new Map<string, A>()
  maps.set(name, made)
  return made
}

/** The books. */
export class Ledger {
  readonly #facts: Facts
  /** By provider and key. */
  readonly #keys = new Map<string, Map<string, Key>>()
  /** By provider and model. */
  readonly #targets = new Map<string, Map<string, Target>>()

  constructor(facts: Facts) {
    this.#facts = facts
  }

  /** Takes the next entry of the journal into the books. */
  write(entry: Entry): void {
    if (entry.tag === "sent") this.target(entry.exchange).open.add(entry.exchange)
    else if (entry.tag === "ended") this.#ended(entry.exchange, entry.at)
  }

  /** True when the key may be out for the model: no promise hangs on it. */
  mayBeOut(provider: string, key: string, model: string, now: number): boolean {
    const state = this.#key(provider, key)
    return state.removedPossibly || (state.models.get(model)?.possiblyUntil ?? never) > now
  }

  /** Since when nothing has stood against the key for the model. */
  wellSince(provider: string, key: string, model: string): number {
    const state = this.#key(provider, key)
    return Math.max(state.clearedAt, state.models.get(model)?.possiblyUntil ?? never)
  }

  /** Since when the key is removed beyond doubt; undefined when it is not. */
  removedAt(provider: string, key: string): number | undefined {
    return this.#key(provider, key).removedAt
  }

  /** True when the key may be removed, as opposed to cooling down. */
  mayBeRemoved(provider: string, key: string): boolean {
    return this.#key(provider, key).removedPossibly
  }

  /** Why no traffic may go to the key now, and since when; undefined when it may. */
  outBecause(provider: string, key: string, model: string, now: number): Out | undefined {
    const state = this.#key(provider, key)
    const { removedAt } = state
    const heard = this.#inFlightAnswer(provider, key, now)
    if (removedAt !== undefined && removedAt < now && !heard) {
      return { says: `removed at ${removedAt}`, since: removedAt }
    }
    const forModel = state.models.get(model)
    if (forModel === undefined || forModel.changedAt >= now || heard) return undefined
    const { changedAt, forbidden, limited } = forModel
    const until = Math.max(limited.until, forbidden.until)
    return until <= now ? undefined : { says: `limited until ${until}`, since: changedAt }
  }

  /** True when the target's circuit may be open. */
  isExcused(provider: string, model: string, now: number): boolean {
    return this.target({ provider, model }).excusedUntil > now
  }

  /** The books of a target. */
  target({ model, provider }: { readonly provider: string; readonly model: string | undefined }): Target {
    const ofProvider = inner(this.#targets, provider)
    let target = ofProvider.get(model ?? "")
    if (target === undefined) {
      target = { excusedUntil: never, lastOkAt: never, lastContentAt: never, provenAt: undefined, open: new Set() }
      ofProvider.set(model ?? "", target)
    }
    return target
  }

  #key(provider: string, key: string): Key {
    const ofProvider = inner(this.#keys, provider)
    let state = ofProvider.get(key)
    if (state === undefined) {
      state = {
        removedPossibly: false,
        suspectSince: never,
        clearedAt: never,
        removedAt: undefined,
        failures: 0,
        failedAt: never,
        changedAt: never,
        probesInARow: 0,
        models: new Map()
      }
      ofProvider.set(key, state)
    }
    return state
  }

  /** An answer whose finish is out, though its connection is not closed yet: the engine may have heard it. */
  #inFlightAnswer(provider: string, key: string, now: number): boolean {
    for (const target of inner(this.#targets, provider).values()) {
      for (const { key: used, wholeAt } of target.open) {
        if (used === key && wholeAt !== undefined && wholeAt <= now) return true
      }
    }
    return false
  }

  #ended(exchange: Exchange, now: number): void {
    const target = this.target(exchange)
    target.open.delete(exchange)
    target.lastContentAt = Math.max(target.lastContentAt, exchange.contentAt[0] ?? never)
    if (exchange.call === undefined) return this.#probed(exchange, now)
    if (this.#facts.isTargetsFault(exchange)) {
      const { openCap } = this.#facts.policy(exchange.provider)
      target.excusedUntil = Math.max(target.excusedUntil, now + openCap)
      target.provenAt = undefined
    }
    const news = this.#facts.newsOf(exchange)
    if (news === "ok") {
      const proves = exchange.sentAt >= target.excusedUntil && !this.#facts.isUncertain(exchange)
      if (proves) target.provenAt ??= now
      target.lastOkAt = now
      this.#answered(exchange, now)
    } else if (news === "unauthorized") this.#refused(exchange, now)
    else if (news === "arrears") this.#arrears(exchange, now)
    else if (news === "limited" || news === "forbidden") this.#limited(exchange, news, now)
  }

  #answered(exchange: Exchange, now: number): void {
    const state = this.#key(exchange.provider, exchange.key)
    state.failures = 0
    const forModel = state.models.get(exchange.model ?? "")
    for (const certain of forModel === undefined ? [] : [forModel.limited, forModel.forbidden]) {
      if (exchange.sentAt >= certain.foundAt) certain.until = never
    }
    if (forModel !== undefined && exchange.sentAt >= forModel.changedAt) {
      if (exchange.sentAt > forModel.changedAt && !this.#facts.isUncertain(exchange)) {
        state.clearedAt = Math.max(state.clearedAt, Math.min(now, forModel.possiblyUntil))
        forModel.possiblyUntil = never
      }
    }
    // An answer to a request from before the removal restores nothing.
    if (state.removedAt !== undefined && exchange.sentAt < state.suspectSince) return
    if (state.removedPossibly) this.#restored(state, now)
    if (!this.#facts.isUncertain(exchange) && exchange.sentAt > state.failedAt) this.#clear(state, now)
  }

  #restored(state: Key, now: number): void {
    state.removedAt = undefined
    state.changedAt = now
    state.failures = 0
    state.probesInARow = 0
  }

  #refused(exchange: Exchange, now: number): void {
    // A provider without keys has nothing to take out.
    if (exchange.key === "") return
    const { failureThreshold } = this.#facts.policy(exchange.provider)
    const state = this.#key(exchange.provider, exchange.key)
    this.#suspect(state, now)
    const stale = exchange.sentAt <= state.changedAt
    if (state.removedAt !== undefined || stale || this.#facts.isUnheard(exchange)) {
      state.failedAt = now
      return
    }
    const inARow =
      now - state.failedAt <= spec.failureWindow && !this.#inFlightAnswer(exchange.provider, exchange.key, now)
    state.failures = (inARow ? state.failures : 0) + 1
    state.failedAt = now
    if (state.failures >= failureThreshold) this.#removed(state, now)
  }

  #removed(state: Key, now: number): void {
    state.removedAt = now
    state.changedAt = now
    state.probesInARow = 0
  }

  #arrears(exchange: Exchange, now: number): void {
    if (exchange.key === "") return
    const drawn = this.#key(exchange.provider, exchange.key)
    const certain = !drawn.removedPossibly && exchange.sentAt > drawn.changedAt && !this.#facts.isUnheard(exchange)
    for (const key of this.#account(exchange)) {
      const state = this.#key(exchange.provider, key)
      if (certain && state.removedAt === undefined && !state.removedPossibly) this.#removed(state, now)
      this.#suspect(state, now)
      state.failedAt = now
    }
  }

  #clear(state: Key, now: number): void {
    if (state.removedPossibly) state.clearedAt = now
    state.removedPossibly = false
  }

  #suspect(state: Key, now: number): void {
    if (!state.removedPossibly) state.suspectSince = now
    state.removedPossibly = true
  }

  #limited(exchange: Exchange, news: "limited" | "forbidden", now: number): void {
    const said = exchange.fault === undefined ? undefined : Truth.statedBy(exchange.fault)
    const stated = said === undefined ? undefined : Math.min(said, spec.statedCap)
    const keys = news === "limited" ? this.#account(exchange) : [exchange.key]
    const least = news === "limited" ? spec.coolDown : spec.permissionCoolDown
    const most = news === "limited" ? spec.coolDownCap : spec.permissionCap
    for (const key of keys) {
      const { models } = this.#key(exchange.provider, key)
      const model = exchange.model ?? ""
      const known = models.get(model) ?? {
        possiblyUntil: never,
        changedAt: never,
        limited: { until: never, foundAt: never },
        forbidden: { until: never, foundAt: never }
      }
      const wait = stated ?? most
      known.possiblyUntil = Math.max(known.possiblyUntil, now + wait)
      if (exchange.sentAt > known.changedAt && !this.#facts.isUnheard(exchange)) {
        // The newest word counts.
        known[news].until = now + (stated ?? Math.floor(least * spec.jitter))
        known[news].foundAt = now
      }
      // One that was sent before the last change may have been taken for news all the same: what is in flight is in doubt.
      known.changedAt = now
      models.set(model, known)
    }
  }

  #probed(exchange: Exchange, now: number): void {
    // One that a reload gave up says nothing, and is made again.
    if (this.#facts.isGivenUp(exchange)) return
    const state = this.#key(exchange.provider, exchange.key)
    const { successThreshold } = this.#facts.policy(exchange.provider)
    const answered = exchange.how === "end" && exchange.status === 200
    const poor = exchange.model === undefined && exchange.fault !== undefined
    if (!answered || poor) {
      state.probesInARow = 0
      return
    }
    state.probesInARow++
    if (state.probesInARow < successThreshold) return
    const certain = exchange.fault === undefined
    // It may have been removed without our knowing, and be back just now.
    this.#restored(state, now)
    if (certain) this.#clear(state, now)
  }

  #account(exchange: Exchange): ReadonlyArray<string> {
    const { keys } = this.#facts.policy(exchange.provider)
    const account = keys.find(({ value }) => value === exchange.key)?.account
    return keys.filter((each) => each.account === account).map(({ value }) => value)
  }
}
