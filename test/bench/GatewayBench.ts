/**
 * The gateway, in code and as `understudy serve`, against a bare proxy and a pipe of bytes, under the same load, one after the
 * other in every round: what disturbs the machine disturbs all. `direct` is the upstream without anything in between; it shows
 * what the generator can do.
 */
import type { Pace } from "./Options.ts"
import type { Kind } from "./Payload.ts"
import { type Child, start } from "./Processes.ts"
import type { Listening, Load, Loaded, Usage } from "./Protocol.ts"
import { medians, ratio } from "./Statistics.ts"

/** The systems that are measured. */
export const systems = ["direct", "pipe", "bare", "gateway", "serve"] as const

/** One of them. */
export type System = (typeof systems)[number]

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
  readonly results: Readonly<Record<System, Result>>
}

/** Resident megabytes: after the warm-up, and at the end. */
export type Memory = Readonly<Record<System, { readonly before: number; readonly after: number }>>

type Servers = Readonly<Record<System, Child<Listening>>>

const load = (generator: Child<unknown>, server: Child<Listening>, workload: Workload, millis: number) => {
  const { connections, kind } = workload
  const input: Load = { origin: server.ready.origin, kind, connections, millis }
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

const each = <A>(make: (system: System) => A): Readonly<Record<System, A>> =>
  Object.fromEntries(systems.map((system) => [system, make(system)])) as Record<System, A>

const memory = async (servers: Servers): Promise<Readonly<Record<System, number>>> => {
  const sizes = await Promise.all(systems.map((system) => servers[system].ask<Usage>("usage")))
  return each((system) => sizes[systems.indexOf(system)]?.rss ?? Number.NaN)
}

const toRow = (workload: Workload, rounds: ReadonlyArray<Readonly<Record<System, Measured>>>): Row => {
  const of = (system: System, name: "perSecond" | "cpu") => rounds.map((round) => round[system][name])
  const result = (system: System): Result => ({
    ...medians(rounds.map((round) => round[system])),
    throughputRatio: ratio(of(system, "perSecond"), of("bare", "perSecond")),
    cpuRatio: ratio(of(system, "cpu"), of("bare", "cpu"))
  })
  return { workload, results: each(result) }
}

const measureAll = async (
  workloads: ReadonlyArray<Workload>,
  generator: Child<unknown>,
  servers: Servers,
  pace: Pace
) => {
  for (const workload of workloads) {
    for (const system of systems) await load(generator, servers[system], workload, shareOf(system, pace.warmUp))
  }
  const before = await memory(servers)
  const rounds = workloads.map((): Array<Record<System, Measured>> => [])
  for (let round = 0; round < pace.rounds; round++) {
    // Whoever is first finds another machine than whoever is last.
    const order = round % 2 === 0 ? systems : systems.toReversed()
    for (const [index, workload] of workloads.entries()) {
      const measured: Partial<Record<System, Measured>> = {}
      for (const system of order) {
        measured[system] = await measure(generator, servers[system], workload, shareOf(system, pace.load))
      }
      rounds[index]?.push(measured as Record<System, Measured>)
    }
  }
  const after = await memory(servers)
  const sizes: Memory = each((system) => ({ before: before[system], after: after[system] }))
  return { rows: workloads.map((workload, index) => toRow(workload, rounds[index] ?? [])), memory: sizes }
}

/** Measures the gateway. */
export const run = async (pace: Pace, match: string) => {
  const workloads = all.filter(({ kind, name }) => name.includes(match) && (pace.trickles || kind !== "trickle"))
  const direct = await start<Listening>("upstream")
  const behind = (name: string) => start<Listening>(name, direct.ready, { profiled: true })
  const [pipe, bare, gateway, serve] = [
    await behind("pipe"),
    await behind("baseline"),
    await behind("gateway"),
    await behind("serve")
  ]
  const generator = await start("load")
  try {
    return await measureAll(workloads, generator, { direct, pipe, bare, gateway, serve }, pace)
  } finally {
    for (const child of [generator, serve, gateway, bare, pipe, direct]) await child.stop()
  }
}
