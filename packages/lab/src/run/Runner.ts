/**
 * What all runners do: furnish a world, let the callers call as time goes by, and write down what happened. A runner adds a
 * `Pace`: how its time goes by, and how the vendors are reached.
 */
import type { Clock } from "@understudy/mocks/Clock"
import type { Vendors } from "@understudy/mocks/Vendors"
import type { PlannedCall, Scenario } from "../scenario/Scenario.ts"
import * as Setup from "../scenario/Setup.ts"
import * as Traffic from "../scenario/Traffic.ts"
import * as Callers from "./Callers.ts"
import type { Client, Session, Setting } from "./Client.ts"
import type { CallRecord, Run, RunnerName } from "./Run.ts"
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
  /** Milliseconds between two reports of progress. */
  readonly slice: number
  /** Waits for a promise while time stands still. */
  readonly settle: <A>(promise: Promise<A>) => Promise<A>
  readonly close?: () => void
}

/** Milliseconds that a call may last beyond the last one's beginning; the engine's own total deadline is ten minutes. */
const patience = 11 * 60_000

/** Milliseconds in which what was left running shows. */
const aftermath = 2_000

const urlsOf = (scenario: Scenario, reach: Reach): Pick<Setting, "deepseek" | "qwen" | "config"> => {
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

/** Calls as planned, each at its time; `begun` says how many were made. */
const schedule = (calls: ReadonlyArray<PlannedCall>, world: World.World, clock: Clock, callers: Callers.Callers) => {
  let next = 0
  const callNext = (): void => {
    for (let planned = calls[next]; planned !== undefined; planned = calls[next]) {
      if (planned.at > world.elapsed()) return void clock.after(planned.at - world.elapsed(), callNext)
      next++
      callers.call(planned)
    }
  }
  callNext()
  return { begun: () => next, isOver: () => next === calls.length && callers.open() === 0 }
}

/** Lets all calls be made and end. */
const play = async (
  calls: ReadonlyArray<PlannedCall>,
  { length }: Scenario,
  { onProgress, signal }: Options,
  { pace, session, world }: { readonly pace: Pace; readonly session: Session; readonly world: World.World }
): Promise<ReadonlyArray<CallRecord>> => {
  const callers = Callers.make(session, world.elapsed, pace.clock.after)
  const { begun, isOver } = schedule(calls, world, pace.clock, callers)
  while (!isOver() && world.elapsed() < length + patience) {
    signal?.throwIfAborted()
    await pace.pass(world.elapsed() + pace.slice, () => isOver() || signal?.aborted === true)
    const attempts = world.vendors.journal.total
    onProgress?.({ elapsed: world.elapsed(), length, begun: begun(), calls: calls.length, attempts })
  }
  signal?.throwIfAborted()
  await pace.pass(world.elapsed() + aftermath, () => false)
  return callers.records
}

const settingOf = (scenario: Scenario, pace: Pace, reach: Reach): Setting => ({
  ...urlsOf(scenario, reach),
  runner: pace.runner,
  clock: { now: pace.clock.now, sleep: sleeper(pace.clock) },
  fetch: reach.fetch,
  upstream: reach.upstream,
  services: reach.services,
  seed: scenario.seed
})

/** Runs a scenario against a client. */
export const run = async (given: Scenario, client: Client, pace: Pace, options: Options = {}): Promise<Run> => {
  const scenario = { ...given, seed: options.seed ?? given.seed }
  const calls = Traffic.calls(scenario)
  const paths = Setup.pathsByModel(
    scenario,
    calls.map(({ model }) => model)
  )
  const world = World.begin({ scenario, paths, clock: pace.clock })
  let reach: Reach | undefined
  let session: Session | undefined
  try {
    reach = await pace.reach(world.vendors)
    session = await pace.settle(Promise.resolve(client.open(settingOf(scenario, pace, reach))))
    const records = await play(calls, scenario, options, { pace, session, world })
    const attempts = world.attempts()
    return {
      scenario,
      client: client.name,
      runner: pace.runner,
      seed: scenario.seed,
      duration: world.elapsed(),
      calls: [...records],
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
