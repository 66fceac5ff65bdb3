/**
 * The gateway, in code and as `understudy serve`, against a bare proxy and a pipe of bytes, under the same load, one after the
 * other in every round: what disturbs the machine disturbs all. `direct` is the upstream without anything in between; it shows
 * what the generator can do.
 */
import type { Besides, Pace } from "./Options.ts"
import type { Kind } from "./Payload.ts"
import { type Child, start } from "./Processes.ts"
import type { Listening, Load, Loaded, Usage } from "./Protocol.ts"
import { medians, ratio } from "./Statistics.ts"

/** The systems that are always measured. */
const always = ["direct", "pipe", "bare", "gateway", "serve"] as const

/** Those that are measured where a run asks for them. */
const askedFor = ["workers", "portkey"] as const

type System = (typeof always)[number] | (typeof askedFor)[number]

/** Something of each system of a run. */
export type Each<A> = Readonly<Record<(typeof always)[number], A> & Partial<Record<(typeof askedFor)[number], A>>>

/** What was measured, system by system. */
export const entries = <A>(each: Each<A>): ReadonlyArray<[System, A]> =>
  [...always, ...askedFor].flatMap((system): ReadonlyArray<[System, A]> => {
    const value = each[system]
    return value === undefined ? [] : [[system, value]]
  })

const mapped = <A, B>(each: Each<A>, make: (value: A, system: System) => B): Each<B> =>
  Object.fromEntries(entries(each).map(([system, value]) => [system, make(value, system)])) as Each<B>

/** A load that each system is put under. */
export interface Workload {
  readonly name: string
  readonly kind: Kind
  readonly connections: number
}

const all: ReadonlyArray<Workload> = [
  { name: "JSON, 1 connection", kind: "json", connections: 1 },
  { name: "JSON, 50 connections", kind: "json", connections: 50 },
  { name: "JSON, long, 50 connections", kind: "long-json", connections: 50 },
  { name: "SSE at once, 1 connection", kind: "sse", connections: 1 },
  { name: "SSE at once, 50 connections", kind: "sse", connections: 50 },
  { name: "SSE at once, long, 10 connections", kind: "long-sse", connections: 10 },
  { name: "SSE frame by frame, 1 connection", kind: "trickle", connections: 1 },
  { name: "SSE frame by frame, 50 connections", kind: "trickle", connections: 50 }
]

/** One system under one load. */
export type Measured = Loaded & {
  /** Microseconds of the system's CPU a request. */
  readonly cpu: number
  /** The share of one core that the system used: below 0.9 something else was the limit. */
  readonly busy: number
}

/** The medians over the rounds, and the ratios to the bare proxy of the same round. */
export type Result = Measured & { readonly throughputRatio: number; readonly cpuRatio: number }

/** Results of a workload. */
export interface Row {
  readonly workload: Workload
  readonly results: Each<Result>
}

/** Resident megabytes: after the warm-up, and at the end. */
export type Memory = Each<{ readonly before: number; readonly after: number }>

type Servers = Each<Child<Listening>>

const load = (generator: Child<unknown>, server: Child<Listening>, workload: Workload, millis: number) => {
  const { connections, kind } = workload
  const input: Load = { ...server.ready, kind, connections, millis }
  return generator.ask<Loaded>("run", input)
}

const measure = async (
  generator: Child<unknown>,
  server: Child<Listening>,
  workload: Workload,
  millis: number
): Promise<Measured> => {
  const before = await server.ask<Usage>("usage")
  const loaded = await load(generator, server, workload, millis)
  const after = await server.ask<Usage>("usage")
  const cpu = (after.cpu - before.cpu) / loaded.requests
  return { ...loaded, cpu, busy: (cpu * loaded.perSecond) / 1e6 }
}

/** Nothing is held against `direct`: a third of the time will do. */
const shareOf = (system: System, millis: number): number => (system === "direct" ? millis / 3 : millis)

const memory = async (servers: Servers): Promise<Each<number>> => {
  const asked = entries(mapped(servers, (server) => server.ask<Usage>("usage")))
  const answered = await Promise.all(asked.map(async ([system, usage]) => [system, (await usage).rss] as const))
  return Object.fromEntries(answered) as Each<number>
}

const toRow = (workload: Workload, { bare, ...others }: Each<ReadonlyArray<Measured>>): Row => {
  const of = (measured: ReadonlyArray<Measured>, name: "perSecond" | "cpu") => measured.map((round) => round[name])
  const results = mapped(
    { bare, ...others },
    (measured): Result => ({
      ...medians(measured),
      throughputRatio: ratio(of(measured, "perSecond"), of(bare, "perSecond")),
      cpuRatio: ratio(of(measured, "cpu"), of(bare, "cpu"))
    })
  )
  return { workload, results }
}

const measureAll = async (
  workloads: ReadonlyArray<Workload>,
  generator: Child<unknown>,
  servers: Servers,
  pace: Pace
) => {
  for (const workload of workloads) {
    for (const [system, server] of entries(servers)) {
      await load(generator, server, workload, shareOf(system, pace.warmUp))
    }
  }
  const before = await memory(servers)
  const rounds = workloads.map(() => mapped(servers, (): Array<Measured> => []))
  for (let round = 0; round < pace.rounds; round++) {
    // Whoever is first finds another machine than whoever is last.
    const order = round % 2 === 0 ? entries(servers) : entries(servers).toReversed()
    for (const [index, workload] of workloads.entries()) {
      for (const [system, server] of order) {
        rounds[index]?.[system]?.push(await measure(generator, server, workload, shareOf(system, pace.load)))
      }
    }
  }
  const after = await memory(servers)
  const rows = rounds.flatMap((measured, index) => workloads.slice(index, index + 1).map((of) => toRow(of, measured)))
  return { rows, memory: mapped(before, (size, system) => ({ before: size, after: after[system] ?? Number.NaN })) }
}

/** Measures the gateway. */
export const run = async (pace: Pace, match: string, { portkey, workers }: Besides) => {
  const workloads = all.filter(({ kind, name }) => name.includes(match) && (pace.trickles || kind !== "trickle"))
  const direct = await start<Listening>("upstream")
  const behind = (name: string, more: object = {}) =>
    start<Listening>(name, { ...direct.ready, ...more }, { profiled: true })
  const servers: Servers = {
    direct,
    pipe: await behind("pipe"),
    bare: await behind("baseline"),
    gateway: await behind("gateway"),
    serve: await behind("serve"),
    ...(workers > 0 && { workers: await behind("workers", { workers }) }),
    ...(portkey !== undefined && { portkey: await behind("portkey", { folder: portkey }) })
  }
  const generator = await start("load")
  try {
    return await measureAll(workloads, generator, servers, pace)
  } finally {
    await generator.stop()
    for (const [, child] of entries(servers).toReversed()) await child.stop()
  }
}
