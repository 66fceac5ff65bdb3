/**
 * The index of a run that all rules read from: calls with their attempts, probes, paths. Made once per verdict; nothing in it
 * depends on the order in which a runner lists calls.
 */
import type { Attempt, CallRecord, Path, Run } from "../run/Run.ts"
import { targetOf } from "../run/Whereabouts.ts"
import type { Expectation } from "../scenario/Scenario.ts"
import * as Case from "./Case.ts"
import { Paths, placeOf } from "./Paths.ts"

interface Gathered {
  readonly call: CallRecord
  readonly attempts: Array<Attempt>
}

/** Everything that follows from a run at once. */
export class Facts {
  readonly run: Run
  readonly expect: Expectation
  /** By the time of the call. */
  readonly cases: ReadonlyArray<Case.Case>
  /** Those that took more than one attempt: what attempts have to do with each other shows in these alone. */
  readonly repeated: ReadonlyArray<Case.Case>
  /** Attempts made for calls, in the order of arrival. */
  readonly attempts: ReadonlyArray<Attempt>
  /** Attempts that belong to no call. */
  readonly probes: ReadonlyArray<Attempt>
  readonly paths: Paths
  /** Whether the run's clock was moved on, and the client's was not. */
  readonly isJumped: boolean
  readonly #byCall: ReadonlyMap<string, Gathered>
  readonly #accounts: ReadonlyMap<string, string>

  constructor(run: Run) {
    this.run = run
    this.expect = run.scenario.expect
    const attempts = run.attempts.toSorted((a, b) => a.at - b.at || a.ordinal - b.ordinal)
    this.attempts = attempts.filter(({ call }) => call !== undefined)
    this.probes = attempts.filter(({ call }) => call === undefined)
    const calls = run.calls.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    this.#byCall = new Map(calls.map((call) => [call.id, { call, attempts: [] }]))
    for (const attempt of this.attempts) this.#ofCall(attempt)?.attempts.push(attempt)
    const byOrdinal = new Map(attempts.map((attempt) => [attempt.ordinal, attempt]))
    const journal = (ordinal: number): Attempt | undefined => byOrdinal.get(ordinal)
    this.cases = [...this.#byCall.values()].map((each) => Case.make(each.call, each.attempts, this.expect, journal))
    this.repeated = this.cases.filter((each) => each.attempts.length > 1)
    this.paths = new Paths(run)
    this.isJumped = (run.clock?.jumped ?? 0) > 0
    this.#accounts = new Map(run.scenario.keys.map(({ account, name }) => [name, account]))
  }

  /** So many of the client's own milliseconds on the run's clock, which may be the faster one. */
  own(millis: number): number {
    return millis * (this.run.clock?.speed ?? 1)
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
  modelOf(attempt: Attempt): string {
    return this.#ofCall(attempt)?.call.model ?? ""
  }

  /** True when a path leads to the same target by a key of the same account. */
  sharesAccount(path: Path, attempt: Attempt): boolean {
    const { key, target } = placeOf(path)
    return target === targetOf(attempt) && this.#accounts.get(key) === attempt.account
  }

  #ofCall({ call = "" }: Attempt): Gathered | undefined {
    return this.#byCall.get(call)
  }
}
