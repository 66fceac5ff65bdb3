/** What the numbers are held against. */
import type * as ClientBench from "./ClientBench.ts"
import type * as GatewayBench from "./GatewayBench.ts"

/** A number and its bar. */
export interface Target {
  readonly name: string
  readonly value: number
  readonly atLeast?: number
  readonly atMost?: number
  readonly met: boolean
}

const least = (name: string, value: number, atLeast: number): Target => ({
  name,
  value,
  atLeast,
  met: value >= atLeast
})

const most = (name: string, value: number, atMost: number): Target => ({ name, value, atMost, met: value <= atMost })

/** The gateway's targets. */
export const ofGateway = (rows: ReadonlyArray<GatewayBench.Row>): ReadonlyArray<Target> =>
  rows.flatMap(({ results, workload }) => {
    const name = `${workload.name}: throughput of the bare proxy's`
    if (workload.connections !== 50 || workload.kind === "trickle") return []
    return [least(name, results.gateway.throughputRatio, workload.kind === "json" ? 0.75 : 0.9)]
  })

/** The clients' targets. */
export const ofClients = (rows: ReadonlyArray<ClientBench.Row>): ReadonlyArray<Target> =>
  rows
    .filter(({ client }) => client === "ChatModel.call")
    .map(({ concurrent }) => most("ChatModel.call: CPU of the openai client's", concurrent.overOpenai, 0.35))
