/**
 * The same outages, the same set-ups, several clients: what each of them does about a bad key, a limit, a silent or a broken vendor.
 *
 * ```
 * npm run compare                 # all of the library but its whole days: a quarter of an hour
 * npm run compare -- auth stall   # scenarios whose names contain one of these
 * npm run compare -- --help       # what else there is
 *
 * npm run -s compare -- --markdown > docs/examples/lab-compare/README.md
 * ```
 *
 * Every contestant runs as its documentation shows it, with its own default retries, over its own HTTP client, against the
 * vendors' real host names; nothing leaves the process, and fake timers take the waiting out. Cuts and resets look the
 * same to a client here; with real sockets they carry different error codes, which none of the contestants looks at.
 */
import { parseArgs } from "node:util"
import { names, scenarios, versions } from "./contestants.ts"
import { type Cell, markdown, setUps, type Table, text } from "./table.ts"
import * as Workers from "./workers.ts"

const help = `npm run compare -- [WORD …] [--markdown] [--times]

Runs the lab's library, all but its whole days, against ${names("one key").join(", ")}:
once with one key a vendor and a fallback, and once with two keys a vendor, those who can use them.
Prints what each of them did: one row a scenario, one column a client.

  WORD        only scenarios whose names contain one of these words
  --markdown  prints the table as Markdown, with every finding
  --times     says on stderr which runs took longest`

const end = (message: string, code: number): never => {
  console.error(message)
  process.exit(code)
}

const read = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { markdown: { type: "boolean" }, times: { type: "boolean" }, help: { type: "boolean", short: "h" } }
    })
  } catch (error) {
    return end(`${error instanceof Error ? error.message : error}\n\n${help}`, 2)
  }
}

const { positionals: words, values } = read()
if (values.help) {
  console.log(help)
  process.exit(0)
}
const isWanted = (name: string): boolean => words.length === 0 || words.some((word) => name.includes(word))
const tables = setUps.map((setUp) => ({
  setUp,
  names: names(setUp),
  rows: scenarios(setUp)
    .filter(isWanted)
    .map((name) => ({ name, cells: [] as Array<Cell> }))
})) satisfies ReadonlyArray<Table>
if (tables.every(({ rows }) => rows.length === 0))
  end(`No scenario's name contains ${words.join(" or ")}\n\n${help}`, 2)

const leaving = new AbortController()
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => leaving.abort(new Error("interrupted")))

const tasks = tables.flatMap(({ names: contestants, rows, setUp }) =>
  rows.flatMap(({ cells, name }) =>
    contestants.map((contestant, column) => ({ contestant, scenario: name, setUp, place: { cells, column } }))
  )
)
const times: Array<{ readonly run: string; readonly millis: number }> = []

const { isTTY } = process.stderr
const wipe = isTTY ? "\r\u001b[K" : ""
const progress = (run: string): void => {
  const count = `${times.length}/${tasks.length}`
  if (isTTY) process.stderr.write(`${wipe}${count} ${run}`)
  else if (times.length % 20 === 0) console.error(count)
}

try {
  await Workers.run(
    tasks,
    ({ contestant, place, scenario, setUp }, cell, millis) => {
      place.cells[place.column] = cell
      const run = `${scenario} ${contestant}, ${setUp}`
      times.push({ run, millis })
      progress(run)
    },
    leaving.signal
  )
} catch (error) {
  end(`${wipe}${error instanceof Error ? error.message : error}`, leaving.signal.aborted ? 130 : 1)
}
process.stderr.write(wipe)
console.log(values.markdown ? markdown(tables, versions()) : text(tables))
if (values.times) {
  const slowest = times.toSorted((a, b) => b.millis - a.millis).slice(0, 10)
  console.error(slowest.map(({ millis, run }) => `${(millis / 1000).toFixed(1)} s  ${run}`).join("\n"))
}
