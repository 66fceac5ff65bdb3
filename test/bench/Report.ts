/** Numbers as text that a person reads. */
import type * as ClientBench from "./ClientBench.ts"
import * as GatewayBench from "./GatewayBench.ts"
import type * as ImportBench from "./ImportBench.ts"
import { isStreamed } from "./Payload.ts"
import type * as StartBench from "./StartBench.ts"
import type { Target } from "./Targets.ts"

const fixed = (digits: number) => (value: number) => value.toFixed(digits)
const [whole, tenths, hundredths] = [fixed(0), fixed(1), fixed(2)]

/** Aligns cells: the first column to the left, the others to the right. */
export const table = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths: Array<number> = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  ")
        .trimEnd()
    )
    .join("\n")
}

const gatewayCells = (name: string, result: GatewayBench.Result, streamed: boolean): ReadonlyArray<string> => [
  `  ${name}`,
  whole(result.perSecond),
  hundredths(result.throughputRatio),
  whole(result.cpu),
  hundredths(result.cpuRatio),
  `${whole(result.busy * 100)}%`,
  hundredths(result.p50),
  hundredths(result.p99),
  ...(streamed ? [hundredths(result.firstByte50), hundredths(result.firstByte99)] : [])
]

/** The gateway's table. Latencies in milliseconds. */
export const gateway = (rows: ReadonlyArray<GatewayBench.Row>, memory: GatewayBench.Memory): string => {
  const head = ["", "req/s", "x bare", "CPU us", "x bare", "busy", "p50", "p99", "1st byte p50", "p99"]
  const body = rows.flatMap(({ results, workload }) => [
    [workload.name],
    ...GatewayBench.entries(results).map(([system, result]) => gatewayCells(system, result, isStreamed(workload.kind)))
  ])
  const sizes = GatewayBench.entries(memory).map(
    ([system, { after, before }]) => `${system} ${whole(before)} -> ${whole(after)}`
  )
  return `${table([head, ...body])}\nRSS in MB, after the warm-up -> at the end: ${sizes.join(", ")}`
}

/** The clients' table. */
export const clients = (rows: ReadonlyArray<ClientBench.Row>): string => {
  const cells = ({ cpu, overAiSdk, overOpenai, overPool }: ClientBench.Result) => [
    whole(cpu),
    hundredths(overPool),
    hundredths(overOpenai),
    hundredths(overAiSdk)
  ]
  const ratios = ["x pool", "x openai", "x AI SDK"]
  const head = ["", "32: calls/s", "CPU us", ...ratios, "1: CPU us", ...ratios, "p50 ms"]
  const body = rows.map(({ client, concurrent, sequential }) => [
    client,
    whole(concurrent.perSecond),
    ...cells(concurrent),
    ...cells(sequential),
    hundredths(sequential.p50)
  ])
  return table([head, ...body])
}

/** The table of what is published. */
export const imports = (rows: ReadonlyArray<ImportBench.Row>): string =>
  table([
    ["", "import", "x effect/Stream", "x openai", "x ai", "and first answer", "x openai"],
    ...rows.map(({ answered, answeredOverOpenai, imported, name, overAi, overEffect, overOpenai }) => [
      name,
      whole(imported),
      hundredths(overEffect),
      hundredths(overOpenai),
      hundredths(overAi),
      whole(answered),
      hundredths(answeredOverOpenai)
    ])
  ])

/** The table of imports from the sources. */
export const starts = (rows: ReadonlyArray<StartBench.Row>): string =>
  table([["", "ms", "added"], ...rows.map(({ added, millis, name }) => [name, whole(millis), whole(added)])])

/** The targets. */
export const targets = (all: ReadonlyArray<Target>): string =>
  table(
    all.map(({ atLeast, atMost, met, name, value }) => [
      name,
      hundredths(value),
      atLeast === undefined ? `<= ${hundredths(atMost ?? NaN)}` : `>= ${hundredths(atLeast)}`,
      met ? "met" : "MISSED"
    ])
  )

/** Where this was measured. */
export const place = (machine: {
  readonly node: string
  readonly cores: number
  readonly cpu: string
  readonly load: ReadonlyArray<number>
}): string =>
  `node ${machine.node}, ${machine.cores} cores (${machine.cpu}), load average ${machine.load.map(tenths).join(" ")}`
