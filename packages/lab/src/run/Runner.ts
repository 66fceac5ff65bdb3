/**
 * What all runners do: furnish a world, let the callers call as time goes by, and write down what happened. A runner adds a
 * `Pace`: how its time goes by, and how the vendors are reached.
 */
import type { Clock } from "@understudy/mocks/Clock"
import { each, type VendorName } from "@understudy/mocks/VendorList"
import type { Vendors } from "@understudy/mocks/Vendors"
import type { PlannedCall, Scenario } from "../scenario/Scenario.ts"
import * as Schedule from "../scenario/Schedule.ts"
import * as Setup from "../scenario/Setup.ts"
import * as TrafficChecks from "../scenario/TrafficChecks.ts"
import * as Traffic from "../traffic/Traffic.ts"
import * as Callers from "./Callers.ts"
import type { Client, Session, Setting } from "./Client.ts"
import { Keeper, mostWhole, type Review } from "./Keeper.ts"
import type { Attempt, Run, RunnerName } from "./Run.ts"
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
  /** Milliseconds that a call may last beyond the last one's beginning; eleven minutes unless told otherwise. */
  readonly patience?: number | undefined
  /** Milliseconds after the last call in which what was left running shows; two seconds unless told otherwise. */
  readonly aftermath?: number | undefined
  /** Ends the run early: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Judges a part of a long run, so that what is ordinary need not be kept; everything is kept unless told. */
  readonly review?: ((part: Run) => ReturnType<Review>) | undefined
  /** Runs of at most so many calls keep everything; 100,000. */
  readonly whole?: number | undefined
}

/** How the vendors are reached. */
export type Reach = Pick<Setting, "fetch" | "upstream" | "services"> & {
  /** Their base URLs. */
  readonly urls: Readonly<Record<VendorName, string>>
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
  /** Lets go on what is not a matter of time, again and again while a client opens or closes; counted from 0. */
  readonly turn: (count: number) => Promise<unknown>
  readonly close?: () => void
}

/** The engine's own total deadline is ten minutes. */
const longestCall = 11 * 60_000

/** Turns, and milliseconds on the run's clock, after which a client that closes is taken to hang. */
const longestClose = { turns: 200_000, millis: 60_000 }

const settle = async <A>(pace: Pace, promise: Promise<A>, check: (turn: number) => void): Promise<A> => {
  let over = false
  const end = (): void => {
    over = true
  }
  promise.then(end, end)
  for (let turn = 0; !over; turn++) {
    check(turn)
    await pace.turn(turn)
  }
  return promise
}

const urlsOf = (scenario: Scenario, { urls }: Reach): Pick<Setting, VendorName | "config"> => {
  const keysOf = (vendor: VendorName) => scenario.keys.filter((key) => key.vendor === vendor).map((key) => key.value)
  return {
    ...each((_, name) => ({ baseUrl: urls[name], keys: keysOf(name) })),
    config: Setup.configFor(scenario, urls)
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

/** Calls as planned, each at its time; `begun` says how many were made, `stop` makes no more. */
const schedule = (calls: Iterator<PlannedCall>, world: World.World, clock: Clock, callers: Callers.Callers) => {
  let begun = 0
  let next = calls.next()
  let stop = (): void => undefined
  const callNext = (): void => {
    for (; next.done !== true; next = calls.next()) {
      const planned = next.value
      if (planned.at > world.elapsed()) {
        stop = clock.after(planned.at - world.elapsed(), callNext)
        return
      }
      begun++
      callers.call(planned)
    }
  }
  callNext()
  return { begun: () => begun, isOver: () => next.done === true && callers.open() === 0, stop: () => stop() }
}

/** Milliseconds after the end of a call in which what was left running shows. */
const settled = 2_000

/** What is kept of a run: everything, or, of a long one, what its keeper does. */
const keeping = (callers: Callers.Callers, world: World.World, keeper: Keeper | undefined) => ({
  sweep: (): void => {
    if (keeper === undefined) return
    const now = world.elapsed()
    keeper.ended(world.release(now - longestCall))
    const open = world.open()
    keeper.take(callers.take(({ endedAt, id }) => endedAt !== undefined && endedAt + settled <= now && !open.has(id)))
  },
  all: (): Pick<Run, "calls" | "attempts" | "rest"> => {
    if (keeper === undefined) return { calls: callers.records, attempts: world.attempts() }
    keeper.ended(world.release(Number.NEGATIVE_INFINITY))
    const kept = keeper.kept
    const calls = [...kept.calls, ...callers.records].sort((a, b) => a.at - b.at)
    const attempts = [...kept.attempts, ...world.attempts()].sort((a, b) => a.ordinal - b.ordinal)
    return { calls, attempts, rest: keeper.rest }
  }
})

/** What a run is played with. */
interface Playing {
  readonly pace: Pace
  readonly session: Session
  readonly world: World.World
  readonly keeper: Keeper | undefined
}

/** Tells the world what is asked before it is. */
const noting = (session: Session, { inspection }: World.World): Session => ({
  start: (request, observer) => {
    inspection.expect(request.id, request.messages)
    return session.start(request, observer)
  }
})

/** Lets all calls be made and end. Whoever still waits in the end, or when it is broken off, leaves. */
const play = async (
  scenario: Scenario,
  { aftermath = settled, onProgress, patience = longestCall, signal }: Options,
  { keeper, pace, session, world }: Playing
): Promise<Pick<Run, "calls" | "attempts" | "rest">> => {
  const { length } = scenario
  const callers = Callers.make(noting(session, world), world.elapsed, pace.clock.after)
  const kept = keeping(callers, world, keeper)
  const planned = Schedule.count(scenario.source.traffic)
  const { begun, isOver, stop } = schedule(Traffic.each(scenario), world, pace.clock, callers)
  const isAborted = (): boolean => signal?.aborted === true
  try {
    while (!isOver() && world.elapsed() < length + patience) {
      signal?.throwIfAborted()
      await pace.pass(world.elapsed() + pace.slice, () => isOver() || isAborted())
      kept.sweep()
      const attempts = world.vendors.journal.total
      onProgress?.({ elapsed: world.elapsed(), length, begun: begun(), calls: planned, attempts })
    }
    signal?.throwIfAborted()
    await pace.pass(world.elapsed() + aftermath, isAborted)
    signal?.throwIfAborted()
    return kept.all()
  } finally {
    stop()
    callers.leave()
  }
}

const settingOf = (scenario: Scenario, pace: Pace, reach: Reach): Omit<Setting, "log"> => ({
  ...urlsOf(scenario, reach),
  runner: pace.runner,
  clock: { now: pace.clock.now, sleep: sleeper(pace.clock) },
  fetch: reach.fetch,
  upstream: reach.upstream,
  services: reach.services,
  seed: scenario.seed
})

/** Closes a client, unless it hangs. */
const close = async (pace: Pace, session: Session | undefined): Promise<void> => {
  if (session?.close === undefined) return
  const { clock } = pace
  const begun = clock.now()
  await settle(pace, Promise.resolve(session.close()), (turn) => {
    if (turn <= longestClose.turns && clock.now() - begun <= longestClose.millis) return
    throw new Error("The client's close() never ended: let it resolve when all is closed")
  })
}

const isLeftOpen = ({ call, end }: Attempt): boolean => end === "open" && call !== undefined

/** Runs a scenario against a client. Whatever happens, time, network and ports are given back. */
export const run = async (given: Scenario, client: Client, pace: Pace, options: Options = {}): Promise<Run> => {
  const scenario = { ...given, seed: options.seed ?? given.seed }
  const { traffic } = scenario.source
  const { review } = options
  const forgets = review !== undefined && Schedule.count(traffic) > (options.whole ?? mostWhole)
  let world: World.World | undefined
  let reach: Reach | undefined
  let session: Session | undefined
  try {
    const paths = Setup.pathsByModel(scenario, TrafficChecks.models(traffic).keys())
    const begun = World.begin({ scenario, paths, clock: pace.clock, forgets })
    world = begun
    reach = await pace.reach(world.vendors)
    const { inspection } = begun
    const logged = new Set<string>()
    const log = (line: string): void => {
      for (const name of inspection.inLine(line)) logged.add(name)
    }
    const opening = Promise.resolve(client.open({ ...settingOf(scenario, pace, reach), log }))
    session = await settle(pace, opening, () => options.signal?.throwIfAborted())
    const toRun = (played: Pick<Run, "calls" | "attempts" | "rest">): Run => ({
      scenario,
      client: client.name,
      runner: pace.runner,
      seed: scenario.seed,
      duration: begun.elapsed(),
      ...played,
      transitions: begun.transitions,
      health: begun.health,
      ...(logged.size === 0 ? {} : { logged: [...logged] }),
      leftOpen: played.attempts.filter(isLeftOpen).map(({ ordinal }) => ordinal)
    })
    const keeper = forgets
      ? new Keeper(scenario, begun.health, (calls, attempts) => review(toRun({ calls, attempts })))
      : undefined
    return toRun(await play(scenario, options, { keeper, pace, session, world }))
  } finally {
    world?.stop()
    try {
      await close(pace, session)
    } finally {
      await Promise.resolve(reach?.close()).finally(() => pace.close?.())
    }
  }
}
