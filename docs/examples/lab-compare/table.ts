/** The comparison as a table. */
import type { FindingKind } from "@understudy/lab/verdict/Finding"

/** How one contestant did in one scenario. */
export interface Cell {
  readonly passed: boolean
  readonly availability: number
  readonly findings: ReadonlyArray<FindingKind>
}

/** One scenario. */
export interface Row {
  readonly name: string
  readonly cells: ReadonlyArray<Cell>
}

const percent = (share: number): string => `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`

const cellText = ({ availability, findings, passed }: Cell): string =>
  passed
    ? `ok ${percent(availability)}`
    : `${percent(availability)} ${findings.slice(0, 2).join(", ")}${findings.length > 2 ? ", …" : ""}`

const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

const summary = (rows: ReadonlyArray<Row>, index: number): string => {
  const cells = rows.flatMap(({ cells: all }) => all[index] ?? [])
  const passed = cells.filter((cell) => cell.passed).length
  return `${passed} of ${rows.length} passed, ${percent(mean(cells.map(({ availability }) => availability)))} answered`
}

/** Draws it, for the terminal or as Markdown. */
export const table = (contestants: ReadonlyArray<string>, rows: ReadonlyArray<Row>, markdown: boolean): string => {
  const lines = [
    ["scenario", ...contestants],
    ...rows.map(({ cells, name }) => [name, ...cells.map(cellText)]),
    ["all", ...contestants.map((_, index) => summary(rows, index))]
  ]
  if (markdown) {
    const [head = [], ...rest] = lines.map((line) => `| ${line.join(" | ")} |`)
    return [head, `|${" --- |".repeat(contestants.length + 1)}`, ...rest].join("\n")
  }
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()
    )
    .join("\n")
}
