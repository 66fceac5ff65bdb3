/**
 * The definition of a healthy path: a (target, key) of the call's route of which the schedule says that it would have
 * answered at every instant between the call's start and its deadline, and of which the books say that nothing from before
 * stands against the key.
 *
 * A path is not healthy when
 *
 * - a fault touches its target, its key or (money, limits) its key's account anywhere in that window, even for a share of the
 *   requests or for a moment of a flapping;
 * - at the call's start its key might still be removed, or cool down, for something that happened before: a call goes through
 *   its targets once, and need not come back to one whose key has recovered behind it;
 * - its vendor's ordinary latency does not fit the deadlines of its provider;
 * - the route forbids another key and one of the target's other keys is not well.
 *
 * An open circuit is no excuse for giving a call up: with nowhere else to go the engine asks all the same. It is one for not
 * preferring the target (`circuits: true`).
 */
import type { CallRecord } from "../world/Journal.ts"
import * as Truth from "../world/Truth.ts"
import { type Facts, type Policy, type Step, spec, tick } from "./Facts.ts"
import type { Ledger } from "./Ledger.ts"

/** A path, and the longest that its answer takes. */
export interface Path {
  readonly step: Step
  readonly key: string
  readonly need: number
}

/** What a search for paths takes into account. */
export interface Search {
  /** Only paths whose circuit cannot be open. */
  readonly circuits: boolean
  /** Steps that are of no interest. */
  readonly except?: (step: Step) => boolean
}

const needOf = ({ nature }: Policy): number => nature.latency[1] + nature.chunks * (nature.gap + 1) + spec.linger + tick

const fits = ({ answer, firstContent, idle, nature }: Policy): boolean => {
  const latency = nature.latency[1] + tick
  return latency < Math.min(answer ?? spec.answer, firstContent ?? spec.firstContent) && nature.gap + tick < idle
}

/** Finds healthy paths. */
export class Paths {
  readonly #facts: Facts
  readonly #ledger: Ledger
  readonly #scheduled = new Map<CallRecord, ReadonlyArray<Path>>()

  constructor(facts: Facts, ledger: Ledger) {
    this.#facts = facts
    this.#ledger = ledger
  }

  /** A healthy path of the call as of now. */
  find(call: CallRecord, now: number, search: Search): Path | undefined {
    return this.#ofSchedule(call).find(({ key, step }) => {
      if (search.except?.(step) === true) return false
      if (this.#ledger.mayBeOut(step.provider, key, step.model, now)) return false
      if (this.#ledger.wellSince(step.provider, key, step.model) > call.startedAt) return false
      if (search.circuits && this.#ledger.isExcused(step.provider, step.model, now)) return false
      return !this.#isStuckWithOneKey(call) || this.#allKeysWell(call, step, now)
    })
  }

  /** The paths of which the schedule says no ill. */
  #ofSchedule(call: CallRecord): ReadonlyArray<Path> {
    let paths = this.#scheduled.get(call)
    if (paths === undefined) {
      paths = this.#facts.route(call).steps.flatMap((step) => this.#pathsOf(call, step))
      this.#scheduled.set(call, paths)
    }
    return paths
  }

  #pathsOf(call: CallRecord, step: Step): ReadonlyArray<Path> {
    const policy = this.#facts.policy(step.provider)
    if (!fits(policy)) return []
    return policy.keys
      .filter(({ account, value }) => this.#isSpared(call, step, value, account))
      .map(({ value }) => ({ step, key: value, need: needOf(policy) }))
  }

  #isSpared(call: CallRecord, step: Step, key: string, account: string): boolean {
    const { plan } = this.#facts
    const { keys } = this.#facts.policy(step.provider)
    return !plan.faults.some((fault) => {
      if (fault.provider !== step.provider) return false
      if (fault.model !== undefined && fault.model !== step.model) return false
      if (!Truth.touches(fault, call.startedAt, this.#facts.dueAt(call))) return false
      const { scope } = Truth.truths[fault.kind]
      if (scope === "target" || scope === "model" || scope === "slow" || fault.keys === undefined) return true
      if (scope === "key" || scope === "permission") return fault.keys.includes(key)
      return keys.some((each) => each.account === account && fault.keys?.includes(each.value))
    })
  }

  #isStuckWithOneKey(call: CallRecord): boolean {
    return Object.values(this.#facts.route(call).on).some(({ anotherKey }) => anotherKey === false)
  }

  #allKeysWell(call: CallRecord, step: Step, now: number): boolean {
    return this.#facts
      .policy(step.provider)
      .keys.every(
        ({ account, value }) =>
          this.#isSpared(call, step, value, account) && !this.#ledger.mayBeOut(step.provider, value, step.model, now)
      )
  }
}
