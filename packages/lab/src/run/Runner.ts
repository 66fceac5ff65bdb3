/**
 * What all runners do: furnish a world, let the callers call as time goes by, and write down what happened. A runner adds a
 * `Pace`: how its time goes by, and how the vendors are reached.
 */
import type { Clock } from "@understudy/mocks/Clock"
import type { Vendors } from "@understudy/mocks/Vendors"
import type * as Scenario from "../scenario/Scenario.ts"
import * as Setup from "../scenario/Setup.ts"
import * as Traffic from "../scenario/Traffic.ts"
import * as Callers from "./Callers.ts"
import type { Client, Session, Setting } from "./Client.ts"
import type { Run, RunnerName } from "./Run.ts"
import * as World from "./World.ts"

/** How far a run is. */
export interface Progress {
  /** Milliseconds of the run. */
  readonly elapsed: number
  /** When the last call is made. */
  readonly length: number
  readonly begun: number
  readonly calls: number
  readonly attempts: number
}

/** How a scenario is run. */
export interface Options {
  /** The scenario's own unless told otherwise. */
  readonly seed?: number | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Ends the run early: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** How the vendors are reached. */
export type Reach = Pick<Setting, "fetch" | "upstream" | "services"> & {
  readonly deepseekUrl: string
  readonly qwenUrl: string
  readonly close: () => Promise<void> | void
}

/** What a runner adds. */
export interface Pace {
  readonly runner: RunnerName
  readonly clock: Clock
  readonly reach: (vendors: Vendors) => Promise<Reach> | Reach
  /** Lets time go by until the moment, or until `done` holds; returns with everything settled. */
  readonly pass: (until: number, done: () => boolean) => Promise<void>
  /** Waits for a promise while time stands still. */
  readonly settle: <A>(promise: Promise<A>) => Promise<A>
  readonly close?: () => void
}

/** Milliseconds that a call may last beyond the last one's beginning; the engine's own total deadline is ten minutes. */
const patience = 11 * 60_000

/** Milliseconds in which what was left running shows. */
const aftermath = 2_000

/** Milliseconds between two reports of progress. */
const slice = 60_000

const urlsOf = (scenario: Scenario.Scenario, reach: Reach): Pick<Setting, "deepseek" | "qwen" | "config"> => {
  const keysOf = (vendor: "deepseek" | "qwen") =>
    scenario.keys.filter((key) => key.vendor === vendor).map((key) => key.value)
  return {
    deepseek: { baseUrl: reach.deepseekUrl, keys: keysOf("deepseek") },
    qwen: { baseUrl: reach.qwenUrl, keys: keysOf("qwen") },
    config: Setup.configFor(scenario, { deepseek: reach.deepseekUrl, qwen: reach.qwenUrl })
  }
}

const sleeper =
  (clock: Clock): Setting["clock"]["sleep"] =>
  (millis, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const leave = (): void => {
        cancel()
        reject(signal?.reason)
      }
      const cancel = clock.after(millis, () => {
        signal?.removeEventListener("abort", leave)
        resolve()
      })
      signal?.addEventListener("abort", leave, { once: true })
    })

const pathsOf = (scenario: Scenario.Scenario, models: ReadonlyArray<string>): World.Paths =>
  Object.fromEntries([...new Set(models)].map((model) => [model, Setup.paths(scenario, model)]))

/** Runs a scenario against a client. */
export const run = async (
  given: Scenario.Scenario,
  client: Client,
  pace: Pace,
  options: Options = {}
): Promise<Run> => {
  const seed = options.seed ?? given.seed
  const scenario = { ...given, seed }
  const calls = Traffic.calls(scenario)
  const { clock } = pace
  const world = World.begin({
    scenario,
    paths: pathsOf(
      scenario,
      calls.map(({ model }) => model)
    ),
    clock,
    seed
  })
  let reach: Reach | undefined
  let session: Session | undefined
  try {
    reach = await pace.reach(world.vendors)
    session = await pace.settle(
      Promise.resolve(
        client.open({
          ...urlsOf(scenario, reach),
          runner: pace.runner,
          clock: { now: clock.now, sleep: sleeper(clock) },
          fetch: reach.fetch,
          upstream: reach.upstream,
          services: reach.services,
          seed
        })
      )
    )
    const callers = Callers.make(session, world.elapsed, clock.after)
    let next = 0
    const callNext = (): void => {
      for (let planned = calls[next]; planned !== undefined; planned = calls[next]) {
        if (planned.at > world.elapsed()) return void clock.after(planned.at - world.elapsed(), callNext)
        next++
        callers.call(planned)
      }
    }
    callNext()
    const isOver = (): boolean => next === calls.length && callers.open() === 0
    for (let until = 0; !isOver() && until < scenario.length + patience; ) {
      options.signal?.throwIfAborted()
      until = world.elapsed() + slice
      await pace.pass(until, isOver)
      options.onProgress?.({
        elapsed: world.elapsed(),
        length: scenario.length,
        begun: next,
        calls: calls.length,
        attempts: world.vendors.journal.total
      })
    }
    await pace.pass(world.elapsed() + aftermath, () => false)
    const duration = world.elapsed()
    const attempts = world.attempts()
    return {
      scenario,
      client: client.name,
      runner: pace.runner,
      seed,
      duration,
      calls: [...callers.records],
      attempts,
      transitions: world.transitions,
      health: world.health,
      leftOpen: attempts.filter(({ call, end }) => end === "open" && call !== undefined).map(({ ordinal }) => ordinal)
    }
  } finally {
    world.stop()
    if (session?.close !== undefined) await pace.settle(Promise.resolve(session.close()))
    await reach?.close()
    pace.close?.()
  }
}
