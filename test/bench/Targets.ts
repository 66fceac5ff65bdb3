/** What the numbers are held against. */
import type * as ClientBench from "./ClientBench.ts"
import type * as GatewayBench from "./GatewayBench.ts"
import type * as ImportBench from "./ImportBench.ts"
import type { Kind } from "./Payload.ts"

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

/** The least of the bare proxy's throughput, of the gateway in code and of `serve`. */
const throughput: Partial<Record<Kind, readonly [gateway: number, serve: number]>> = {
  json: [0.75, 0.9],
  "long-json": [0.9, 1],
  sse: [0.9, 1.2],
  "long-sse": [1, 1]
}

const ofRow = ({ results: { gateway, serve }, workload: { connections, kind, name } }: GatewayBench.Row) => {
  const bars = throughput[kind]
  if (bars === undefined || connections === 1) return []
  const rows = [
    least(`${name}: gateway's throughput of the bare proxy's`, gateway.throughputRatio, bars[0]),
    least(`${name}: serve's throughput of the bare proxy's`, serve.throughputRatio, bars[1])
  ]
  return kind === "json" ? [...rows, most(`${name}: serve's CPU of the bare proxy's`, serve.cpuRatio, 1.15)] : rows
}

/** The gateway's targets. */
export const ofGateway = (
  rows: ReadonlyArray<GatewayBench.Row>,
  memory: GatewayBench.Memory | undefined
): ReadonlyArray<Target> =>
  memory === undefined
    ? []
    : [...rows.flatMap(ofRow), most("serve: RSS of the bare proxy's", memory.serve.after / memory.bare.after, 1.5)]

/** What a client of ours may cost of each baseline. */
const ofClient = (client: string, pool: number, openai: number) => (rows: ReadonlyArray<ClientBench.Row>) =>
  rows
    .filter((row) => row.client === client)
    .flatMap(({ concurrent: { overAiSdk, overOpenai, overPool } }) => [
      most(`${client}: CPU of the raw pool's`, overPool, pool),
      most(`${client}: CPU of the openai client's`, overOpenai, openai),
      most(`${client}: CPU of the AI SDK's`, overAiSdk, 1)
    ])
    // A baseline that was left out says nothing.
    .filter(({ value }) => !Number.isNaN(value))

/** The clients' targets. */
export const ofClients = (rows: ReadonlyArray<ClientBench.Row>): ReadonlyArray<Target> => [
  ...ofClient("ChatModel.call", 1.6, 0.35)(rows),
  ...ofClient("ChatModel.stream", 1.5, 1)(rows)
]

/** The targets of what is published. */
export const ofImports = (rows: ReadonlyArray<ImportBench.Row>): ReadonlyArray<Target> =>
  rows.flatMap(({ answeredOverOpenai, imported, name, overEffect }) => {
    switch (name) {
      case "@understudy/chat-model/promise":
        return [
          most(`import of ${name}: ms`, imported, 150),
          most(`import of ${name} and first answer: of the openai client's`, answeredOverOpenai, 1)
        ]
      case "@understudy/chat-model":
        return [
          most(`import of ${name}: ms`, imported, 150),
          most(`import of ${name}: of effect/Stream's`, overEffect, 1.6)
        ]
      default:
        return []
    }
  })
