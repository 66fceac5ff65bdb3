/** Columns that stand under one another, with Chinese characters as wide as terminals show them. */
import { displayWidth } from "effect/cli/CliOutput"

const ascii = /^[\x20-\x7e]*$/

/** Width in terminal cells. Telling graphemes apart costs thirty times as much as seeing that there is nothing to tell. */
const widthOf = (text: string): number => (ascii.test(text) ? text.length : displayWidth(text))

/** Fills a text up with spaces to a width in terminal cells. */
export const pad = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - widthOf(text)))

/** Rows as aligned lines, columns two spaces apart; the last column is left as it is. */
export const align = (rows: ReadonlyArray<ReadonlyArray<string>>, indent = ""): ReadonlyArray<string> => {
  const widths: Array<number> = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
  }
  return rows.map((row) => {
    const cells = row.map((cell, column) => (column === row.length - 1 ? cell : pad(cell, widths[column] ?? 0)))
    return `${indent}${cells.join("  ")}`.trimEnd()
  })
}
