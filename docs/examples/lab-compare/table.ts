/** The comparison as a table. */
import { type FindingKind, findingKinds } from "@understudy/lab/scenario/FindingKind"

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

const cellText = ({ availability, findings, passed }: Cell, shown: number): string =>
  passed
    ? `ok ${percent(availability)}`
    : `${percent(availability)} ${findings.slice(0, shown).join(", ")}${findings.length > shown ? ", …" : ""}`

const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

type Rows = ReadonlyArray<Row>

const cellsOf = (rows: Rows, column: number): ReadonlyArray<Cell> => rows.flatMap(({ cells }) => cells[column] ?? [])

const summary = (cells: ReadonlyArray<Cell>): string => {
  const passed = cells.filter((cell) => cell.passed).length
  const answered = percent(mean(cells.map(({ availability }) => availability)))
  return `${passed} of ${cells.length} passed, ${answered} answered`
}

const linesOf = (
  contestants: ReadonlyArray<string>,
  rows: Rows,
  shown: number
): ReadonlyArray<ReadonlyArray<string>> => [
  ["scenario", ...contestants],
  ...rows.map(({ cells, name }) => [name, ...cells.map((cell) => cellText(cell, shown))]),
  ["all", ...contestants.map((_, column) => summary(cellsOf(rows, column)))]
]

/** In how many scenarios a contestant earned a finding; a dash for none. */
const countsOf = (contestants: ReadonlyArray<string>, rows: Rows): ReadonlyArray<ReadonlyArray<string>> => {
  const count = (kind: FindingKind, column: number): string =>
    `${cellsOf(rows, column).filter(({ findings }) => findings.includes(kind)).length || "–"}`
  const found = findingKinds.filter((kind) =>
    rows.some(({ cells }) => cells.some(({ findings }) => findings.includes(kind)))
  )
  return [
    ["finding", ...contestants],
    ...found.map((kind) => [kind, ...contestants.map((_, column) => count(kind, column))])
  ]
}

const toText = (lines: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  const pad = (cell: string, column: number): string => cell.padEnd(widths[column] ?? 0)
  return lines.map((line) => line.map(pad).join("  ").trimEnd()).join("\n")
}

const toMarkdown = ([head = [], ...lines]: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n")

/** Draws it for a terminal. */
export const text = (contestants: ReadonlyArray<string>, rows: Rows): string =>
  `${toText(linesOf(contestants, rows, 2))}\n\n${toText(countsOf(contestants, rows))}`

const setUp = `Each client is set up as its documentation shows it, with its own default retries: \`openai\` and the AI SDK with one key of one
vendor, LangChain with \`withFallbacks\` to the other vendor, Understudy with two keys a vendor and each vendor as the other's fallback.`

const legend = `A cell says which share of the calls was answered, and what is held against the client; \`ok\` when nothing is. Calls that
nobody can save (a stream that breaks after content was passed on, both vendors full) are not held against anybody. What a scenario is
about, says \`npx understudy lab list\`; what a finding means, says [the guide](../../guides/degradation-lab.md#what-each-finding-means).`

/** Draws it as a page, with every finding. */
export const markdown = (contestants: ReadonlyArray<string>, rows: Rows, versions: ReadonlyArray<string>): string =>
  [
    "# Four clients in the same outages",
    `Made by \`npm run -s compare -- --markdown\`, with ${versions.join(", ")}.`,
    setUp,
    legend,
    toMarkdown(linesOf(contestants, rows, Number.POSITIVE_INFINITY)),
    "In how many scenarios:",
    toMarkdown(countsOf(contestants, rows))
  ].join("\n\n")
