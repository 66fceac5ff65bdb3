/** The comparison as tables, one a set-up. */

import { type FindingKind, findingKinds } from "@understudy/lab/scenario/FindingKind"

/** What everybody has: one key a vendor and a fallback on the other, or two keys a vendor and the same fallback. */
export const setUps = ["one key", "two keys"] as const

/** One of them. */
export type SetUp = (typeof setUps)[number]

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

/** Everybody in one set-up. */
export interface Table {
  readonly setUp: SetUp
  /** The contestants. */
  readonly names: ReadonlyArray<string>
  readonly rows: ReadonlyArray<Row>
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

/** One line a contestant, one column a set-up. */
const summaries = (tables: ReadonlyArray<Table>): ReadonlyArray<ReadonlyArray<string>> => [
  ["", ...tables.map(({ setUp }) => `${setUp} a vendor, and a fallback`)],
  ...[...new Set(tables.flatMap(({ names }) => names))].map((name) => [
    name,
    ...tables.map(({ names, rows }) => {
      const column = names.indexOf(name)
      return column === -1 ? "–" : summary(cellsOf(rows, column))
    })
  ])
]

/** Draws them for a terminal. */
export const text = (tables: ReadonlyArray<Table>): string =>
  [
    toText(summaries(tables)),
    ...tables.flatMap(({ names, rows, setUp }) => [
      `With ${setUp} a vendor`,
      toText(linesOf(names, rows, 2)),
      toText(countsOf(names, rows))
    ])
  ].join("\n\n")

const setUp = `Everybody has the same: the model that is asked for, the other vendor's as a fallback, and one key a vendor, or two. \`openai\`
and the AI SDK have no place for a fallback and run as their documentation shows them, with two retries of their own. \`ai-retry\`,
\`ai-fallback\` and LangChain (\`withFallbacks\`) are given every model with every key, in order; \`ai-fallback\` goes back to the first
after a minute, as in its example. \`by hand\` is [a client of about a hundred lines](../lab/careful.ts), written from the vendors'
documentation alone. What is asked of one key leaves out scenarios that are about the second one.`

const debatable = `What can be debated: the scenarios and the rules are ours, and Understudy has been run against them for long. Whoever wants calls to
wait rather than to go elsewhere, or never to be made twice, will weigh them differently. A \`key-reused\` or \`dead-target-asked\` costs
time and no answer. Packages that are made for one vendor's models are not at fault for knowing no other: their column says what a
second one is worth.`

const legend = `A cell says which share of the calls was answered, and what is held against the client; \`ok\` when nothing is. Calls that
nobody can save (a stream that breaks after content was passed on, both vendors full) are not held against anybody. What a scenario is
about, says \`npx understudy lab list\`; what a finding means, says [the guide](../../guides/degradation-lab.md#what-each-finding-means).`

/** Draws them as a page, with every finding. */
export const markdown = (tables: ReadonlyArray<Table>, versions: ReadonlyArray<string>): string =>
  [
    "# The same outages, the same set-up, several clients",
    `Made by \`npm run -s compare -- --markdown\`, with ${versions.join(", ")}.`,
    toMarkdown(summaries(tables)),
    setUp,
    debatable,
    legend,
    ...tables.flatMap(({ names, rows, setUp: name }) => [
      `## With ${name} a vendor`,
      "In how many scenarios:",
      toMarkdown(countsOf(names, rows)),
      "One by one:",
      toMarkdown(linesOf(names, rows, Number.POSITIVE_INFINITY))
    ])
  ].join("\n\n")
