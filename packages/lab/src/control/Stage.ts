/**
 * A scenario that is played in real time for whoever calls: its world, which can be begun again or replaced by another, and
 * what clients reported of their calls.
 *
 * `vendors` stays the same while worlds come and go, so that one server can carry them all.
 */
import * as Clock from "@understudy/mocks/Clock"
import type { Recording } from "@understudy/mocks/Recording"
import type { Vendors } from "@understudy/mocks/Vendors"
import type { Judged } from "../report/Judged.ts"
import type { CallRecord, RunClock } from "../run/Run.ts"
import * as World from "../run/World.ts"
import * as Scenario from "../scenario/Scenario.ts"
import * as Setup from "../scenario/Setup.ts"
import * as Traffic from "../traffic/Traffic.ts"
import * as Verdict from "../verdict/Verdict.ts"
import * as ReportedCall from "./ReportedCall.ts"

/** How a scenario is played. */
export interface Options {
  /** Answers that vendors once gave, played where they fit; keys, limits and faults are the scenario's all the same. */
  readonly recordings?: ReadonlyArray<Recording>
  /** How many times faster than real time, from 1 to 100; 1 unless told otherwise. */
  readonly speed?: number
}

/** A scenario, as it is being played. */
export class Stage {
  /** The vendors of whichever world is on. */
  readonly vendors: Vendors
  readonly #clock: Clock.FasterClock
  readonly #reported = new Map<string, CallRecord>()
  readonly #recordings: ReadonlyArray<Recording>
  readonly #logged = new Set<string>()
  #scenario: Scenario.Scenario
  #calls: ReadonlyMap<string, Scenario.PlannedCall> = new Map()
  #world: World.World
  /** What the clock had been moved on by when the world began. */
  #jumped = 0

  /** Throws a `ScenarioError` when sockets cannot do what the scenario asks for. */
  constructor(scenario: Scenario.Scenario, { recordings = [], speed = 1 }: Options = {}) {
    this.#clock = Clock.real({ speed })
    this.#recordings = recordings
    this.#scenario = scenario
    this.#world = this.#begin(scenario)
    this.vendors = new Proxy({} as Vendors, { get: (_, name) => Reflect.get(this.#world.vendors, name) })
  }

  get scenario(): Scenario.Scenario {
    return this.#scenario
  }

  /** The calls of its traffic, in the order in which they would be made. */
  get calls(): ReadonlyArray<Scenario.PlannedCall> {
    return [...this.#calls.values()]
  }

  /** What clients have reported. */
  get reported(): ReadonlyArray<CallRecord> {
    return [...this.#reported.values()]
  }

  /** How time goes by here, beside the clients' own. */
  get clock(): RunClock {
    const { jumped, speed } = this.#clock.callers
    return { speed, jumped: jumped() - this.#jumped }
  }

  get world(): World.World {
    return this.#world
  }

  /** Begins a scenario from its start; the one before is forgotten. Throws a `ScenarioError` as the constructor does. */
  play(scenario: Scenario.Scenario): void {
    Scenario.check(scenario, "sockets")
    this.#world.stop()
    this.#reported.clear()
    this.#logged.clear()
    this.#scenario = scenario
    this.#world = this.#begin(scenario)
    this.#world.vendors.attach("server")
  }

  /** Writes down how a call went. */
  report(call: ReportedCall.ReportedCall): CallRecord {
    const first = this.#world.attempts().find((attempt) => attempt.call === call.id)
    const record = ReportedCall.toRecord(this.#translate(call), this.#world.elapsed(), {
      first,
      planned: this.#calls.get(call.id)
    })
    this.#reported.set(record.id, record)
    return record
  }

  /** Looks through the client's log for keys; gives the names of those that stand in it. */
  log(text: string): ReadonlyArray<string> {
    const found = this.#world.inspection.inLine(text)
    for (const name of found) this.#logged.add(name)
    return found
  }

  /** What there is to say so far. */
  judge(): Judged {
    const attempts = this.#world.attempts()
    const { clock } = this
    const ended = ({ call }: { readonly call?: string }): boolean =>
      (this.#reported.get(call ?? "")?.outcome ?? "unfinished") !== "unfinished"
    const run = {
      scenario: this.#scenario,
      client: "over HTTP",
      runner: "sockets",
      seed: this.#scenario.seed,
      duration: this.#world.elapsed(),
      ...(clock.speed === 1 && clock.jumped === 0 ? {} : { clock }),
      calls: [...this.#reported.values(), ...this.#unreported()],
      attempts,
      transitions: this.#world.transitions,
      health: this.#world.health,
      ...(this.#logged.size === 0 ? {} : { logged: [...this.#logged] }),
      leftOpen: attempts.filter((attempt) => attempt.end === "open" && ended(attempt)).map(({ ordinal }) => ordinal)
    } as const
    return { run, verdict: Verdict.of(run) }
  }

  #begin(scenario: Scenario.Scenario): World.World {
    Scenario.check(scenario, "sockets")
    const calls = Traffic.calls(scenario)
    this.#calls = new Map(calls.map((call) => [call.id, call]))
    const paths = Setup.pathsByModel(
      scenario,
      calls.map(({ model }) => model)
    )
    this.#jumped = this.#clock.callers.jumped()
    return World.begin({ scenario, paths, clock: this.#clock, recordings: this.#recordings })
  }

  /** What a client measured is in its own milliseconds. */
  #translate(call: ReportedCall.ReportedCall): ReportedCall.ReportedCall {
    const { speed } = this.clock
    return {
      ...call,
      ...(call.took === undefined ? {} : { took: call.took * speed }),
      ...(call.firstContent === undefined ? {} : { firstContent: call.firstContent * speed })
    }
  }

  #unreported(): ReadonlyArray<CallRecord> {
    const unknown = new Map<string, CallRecord>()
    for (const attempt of this.#world.attempts()) {
      const { call } = attempt
      if (call === undefined || this.#reported.has(call) || unknown.has(call)) continue
      unknown.set(call, ReportedCall.unknown({ ...attempt, call }, this.#calls.get(call)))
    }
    return [...unknown.values()]
  }
}
