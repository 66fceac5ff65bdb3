/**
 * The index of a run that all rules read from: calls with their attempts, probes, paths. Made once per verdict; nothing in it
 * depends on the order in which a runner lists calls.
 */
import type { Attempt, Path, Run } from "../run/Run.ts"
import type { Expectation } from "../scenario/Scenario.ts"
import * as Case from "./Case.ts"
import { Paths, placeOf } from "./Paths.ts"

/** Where an attempt went, without its key. */
export const targetOf = ({ model, vendor }: Attempt): string => `${vendor}/${model}`

/** The path that an attempt took. */
export const pathOf = (attempt: Attempt): Path => `${targetOf(attempt)}#${attempt.key}`

/** Everything that follows from a run at once. */
export class Facts {
  readonly run: Run
  readonly expect: Expectation
  /** By the time of the call. */
  readonly cases: ReadonlyArray<Case.Case>
  /** Attempts made for calls, in the order of arrival. */
  readonly attempts: ReadonlyArray<Attempt>
  /** Attempts that belong to no call. */
  readonly probes: ReadonlyArray<Attempt>
  readonly paths: Paths
  readonly #models: ReadonlyMap<string, string>
  readonly #accounts: ReadonlyMap<string, string>

  constructor(run: Run) {
    this.run = run
    this.expect = run.scenario.expect
    const attempts = run.attempts.toSorted((a, b) => a.at - b.at || a.ordinal - b.ordinal)
    const byCall = Map.groupBy(attempts, ({ call }) => call)
    this.cases = run.calls
      .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
      .map((call) => Case.make(call, byCall.get(call.id) ?? [], this.expect))
    this.#models = new Map(run.calls.map(({ id, model }) => [id, model]))
    this.attempts = attempts.filter(({ call }) => call !== undefined)
    this.probes = byCall.get(undefined) ?? []
    this.paths = new Paths(run)
    this.#accounts = new Map(run.scenario.keys.map(({ account, name }) => [name, account]))
  }

  /** When an attempt ended; what is open ends with the run. */
  endOf({ endedAt }: Attempt): number {
    return endedAt ?? this.run.duration
  }

  /** The paths that an attempt's call could have taken instead at that moment, as far as they were certain and known. */
  healthyFor(attempt: Attempt, from = attempt.at, to = from): ReadonlyArray<Path> {
    return this.paths.healthy(this.modelOf(attempt), from, to)
  }

  /** The model that the call of an attempt asked for. */
  modelOf({ call = "" }: Attempt): string {
    return this.#models.get(call) ?? ""
  }

  /** True when a path leads to the same target by a key of the same account. */
  sharesAccount(path: Path, attempt: Attempt): boolean {
    const { key, target } = placeOf(path)
    return target === targetOf(attempt) && this.#accounts.get(key) === attempt.account
  }
}
