/** The page of `npm run compare`, and what is said of it elsewhere, hold for the library of today. */
import { readFileSync } from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { names, scenarios } from "./contestants.ts"
import { setUps } from "./table.ts"

const root = path.resolve(import.meta.dirname, "../../..")
const read = (file: string): string => readFileSync(path.join(root, file), "utf8")

const cellsOf = (line: string): ReadonlyArray<string> =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim())

const page = read("docs/examples/lab-compare/README.md")

const tableIn = (text: string): ReadonlyArray<ReadonlyArray<string>> =>
  (text.slice(text.indexOf("\n| scenario ") + 1).split("\n\n")[0] ?? "").trimEnd().split("\n").map(cellsOf)

describe.each(setUps)("with %s a vendor", (setUp) => {
  const [head = [], , ...rows] = tableIn(page.slice(page.indexOf(`## With ${setUp}`)))
  const all = rows.at(-1) ?? []

  it("there is a column for every contestant and a row for every scenario; make it anew with npm run compare when not", () => {
    expect(head).toEqual(["scenario", ...names(setUp)])
    expect(rows.map(([name]) => name)).toEqual([...scenarios(setUp), "all"])
  })

  it.each([
    "docs/guides/degradation-lab.md",
    "docs/guides/degradation-lab.zh-CN.md",
    "README.md",
    "README.zh-CN.md"
  ])("%s says what the table says of whom it names", (file) => {
    const text = read(file)
    const figures = all.slice(1).map((summary) => /^(\d+) of (\d+) passed, ([\d.]+) % answered$/.exec(summary) ?? [])
    expect(figures).toHaveLength(names(setUp).length)
    for (const [, passed = "?", total = "?", answered = "?"] of figures) {
      expect(text).toMatch(new RegExp(`\\b${passed}\\D+(${total}\\D+)?${answered.replace(".", "\\.")} %`))
      expect(text).toContain(` ${total} `)
    }
  })
})
