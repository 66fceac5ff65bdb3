/** Clients against the same upstream, each in a process of its own, in turns: what does one call cost its caller's CPU? */
import type { Pace } from "./Options.ts"
import { type Child, start } from "./Processes.ts"
import type { Called, Calls, Listening } from "./Protocol.ts"
import type { Name } from "./process/Clients.ts"
import { medians, ratio } from "./Statistics.ts"

/** Ours, and what they are held against. */
interface Group {
  readonly pool: Name
  readonly ours: ReadonlyArray<Name>
  readonly openai: Name
  readonly aiSdk: Name
}

const groups: ReadonlyArray<Group> = [
  {
    pool: "undici pool",
    ours: ["core failover.call", "ChatModel.call", "PromiseChatModel.call"],
    openai: "openai create",
    aiSdk: "AI SDK generateText"
  },
  {
    pool: "undici pool, stream",
    ours: ["core failover.stream", "ChatModel.stream", "PromiseChatModel.stream"],
    openai: "openai create, stream",
    aiSdk: "AI SDK streamText"
  }
]

/** What one client needs at one concurrency, and its CPU over that of each baseline; NaN where that was left out. */
export type Result = Called & { readonly overPool: number; readonly overOpenai: number; readonly overAiSdk: number }

/** Results of a client. */
export interface Row {
  readonly client: Name
  readonly streamed: boolean
  readonly concurrent: Result
  readonly sequential: Result
}

/** Calls in flight at once. */
export const concurrency = 32

type Clients = ReadonlyMap<Name, Child<unknown>>

const rounds = async (group: Group, clients: Clients, calls: Calls, count: number) => {
  const results = new Map<Name, Array<Called>>(Array.from(clients.keys(), (name) => [name, []]))
  for (let round = 0; round < count; round++) {
    for (const [name, client] of clients) results.get(name)?.push(await client.ask<Called>("run", calls))
  }
  const cpuOf = (name: Name) => results.get(name)?.map(({ cpu }) => cpu) ?? []
  return (name: Name): Result => ({
    ...medians(results.get(name) ?? []),
    overPool: ratio(cpuOf(name), cpuOf(group.pool)),
    overOpenai: ratio(cpuOf(name), cpuOf(group.openai)),
    overAiSdk: ratio(cpuOf(name), cpuOf(group.aiSdk))
  })
}

const measureGroup = async (group: Group, match: string, origin: string, pace: Pace): Promise<ReadonlyArray<Row>> => {
  const names = [group.pool, ...group.ours, group.openai, group.aiSdk].filter((name) => name.includes(match))
  // A dependency of the AI SDK has a condition of our name, for sources that it does not ship.
  const open = async (client: Name) =>
    [client, await start("client", { client, origin }, { profiled: true, sources: client !== group.aiSdk })] as const
  const clients: Clients = new Map(await Promise.all(names.map(open)))
  try {
    for (const client of clients.values()) await client.ask("run", { concurrency, millis: pace.warmUp / 2 })
    const concurrent = await rounds(group, clients, { concurrency, millis: pace.calls }, pace.turns)
    const sequential = await rounds(group, clients, { concurrency: 1, millis: pace.calls }, pace.turns)
    return names.map((client) => ({
      client,
      streamed: group.pool.includes("stream"),
      concurrent: concurrent(client),
      sequential: sequential(client)
    }))
  } finally {
    for (const client of clients.values()) await client.stop()
  }
}

/** Measures the clients. */
export const run = async (pace: Pace, match: string): Promise<ReadonlyArray<Row>> => {
  const upstream = await start<Listening>("upstream")
  try {
    const rows: Array<Row> = []
    for (const group of groups) rows.push(...(await measureGroup(group, match, upstream.ready.origin, pace)))
    return rows
  } finally {
    await upstream.stop()
  }
}
