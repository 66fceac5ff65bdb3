/** Clients against the same upstream, each in a process of its own, in turns: what does one call cost its caller's CPU? */
import type { Pace } from "./Options.ts"
import { type Child, start } from "./Processes.ts"
import type { Called, Calls, Listening } from "./Protocol.ts"
import type { Name } from "./process/Clients.ts"
import { medians, ratio } from "./Statistics.ts"

const groups: ReadonlyArray<ReadonlyArray<Name>> = [
  ["undici pool", "core failover.call", "ChatModel.call", "openai create"],
  ["undici pool, stream", "core failover.stream", "ChatModel.stream", "openai create, stream"]
]

/** What one client needs at one concurrency, and its CPU over that of the bare pool and of the `openai` client. */
export type Result = Called & { readonly overPool: number; readonly overOpenai: number }

/** Results of a client. */
export interface Row {
  readonly client: Name
  readonly streamed: boolean
  readonly concurrent: Result
  readonly sequential: Result
}

/** Calls in flight at once. */
export const concurrency = 32

const rounds = async (clients: ReadonlyArray<Child<unknown>>, calls: Calls, count: number) => {
  const results = clients.map((): Array<Called> => [])
  for (let round = 0; round < count; round++) {
    for (const [index, client] of clients.entries()) results[index]?.push(await client.ask<Called>("run", calls))
  }
  return results.map((own): Result => {
    const cpuOf = (called: ReadonlyArray<Called> | undefined) => called?.map(({ cpu }) => cpu) ?? []
    const over = (other: ReadonlyArray<Called> | undefined) => ratio(cpuOf(own), cpuOf(other))
    return { ...medians(own), overPool: over(results[0]), overOpenai: over(results.at(-1)) }
  })
}

const measureGroup = async (names: ReadonlyArray<Name>, origin: string, pace: Pace): Promise<ReadonlyArray<Row>> => {
  const clients: ReadonlyArray<Child<unknown>> = await Promise.all(
    names.map((client) => start("client", { client, origin }, true))
  )
  try {
    for (const client of clients) await client.ask("run", { concurrency, millis: pace.warmUp / 2 })
    const concurrent = await rounds(clients, { concurrency, millis: pace.calls }, pace.rounds)
    const sequential = await rounds(clients, { concurrency: 1, millis: pace.calls }, pace.rounds)
    return names.flatMap((client, index) => {
      const [many, one] = [concurrent[index], sequential[index]]
      return many && one ? [{ client, streamed: client.includes("stream"), concurrent: many, sequential: one }] : []
    })
  } finally {
    for (const client of clients) await client.stop()
  }
}

/** Measures the clients. */
export const run = async (pace: Pace, match: string): Promise<ReadonlyArray<Row>> => {
  const upstream = await start<Listening>("upstream")
  try {
    const rows: Array<Row> = []
    for (const names of groups.map((group) => group.filter((name) => name.includes(match))))
      rows.push(...(await measureGroup(names, upstream.ready.origin, pace)))
    return rows
  } finally {
    await upstream.stop()
  }
}
