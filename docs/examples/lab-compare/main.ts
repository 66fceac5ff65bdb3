/**
 * The same outages, four clients, one table: what each of them does about a bad key, a limit, a silent or a broken vendor.
 *
 * ```
 * npm run compare                 # all of the library but its whole days, some minutes
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
import { type Cell, markdown, text } from "./table.ts"
import * as Workers from "./workers.ts"

const help = `npm run compare -- [WORD …] [--markdown] [--times]

Runs the lab's library, all but its whole days, against ${names.join(", ")},
and prints what each of them did: one row a scenario, one column a client.

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
const wanted = scenarios.filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
if (wanted.length === 0) end(`No scenario's name contains ${words.join(" or ")}\n\n${help}`, 2)

const leaving = new AbortController()
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => leaving.abort(new Error("interrupted")))

const rows = wanted.map((name) => ({ name, cells: [] as Array<Cell> }))
const tasks = rows.flatMap(({ cells, name }) =>
  names.map((contestant, column) => ({ contestant, scenario: name, place: { cells, column } }))
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
    ({ contestant, place, scenario }, cell, millis) => {
      place.cells[place.column] = cell
      const run = `${scenario} ${contestant}`
      times.push({ run, millis })
      progress(run)
    },
    leaving.signal
  )
} catch (error) {
  end(`${wipe}${error instanceof Error ? error.message : error}`, leaving.signal.aborted ? 130 : 1)
}
process.stderr.write(wipe)
console.log(values.markdown ? markdown(names, rows, versions()) : text(names, rows))
if (values.times) {
  const slowest = times.toSorted((a, b) => b.millis - a.millis).slice(0, 10)
  console.error(slowest.map(({ millis, run }) => `${(millis / 1000).toFixed(1)} s  ${run}`).join("\n"))
}
