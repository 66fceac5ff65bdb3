/**
 * The same outages, four clients, one table: what each of them does about a bad key, a limit, a silent or a broken vendor.
 *
 * ```
 * npm run compare                 # all of the library but its whole days, some minutes
 * npm run compare -- auth stall   # scenarios whose names contain one of these
 * npm run compare -- --markdown   # the table as Markdown
 * ```
 *
 * Every contestant runs as its documentation shows it, with its own default retries, over its own HTTP client, against the
 * vendors' real host names; nothing leaves the process, and fake timers take the waiting out. Cuts and resets look the
 * same to a client here; with real sockets they carry different error codes, which none of the contestants looks at.
 *
 * Each run has a process of its own: what a client leaves behind (requests that never end, timers of its HTTP client) is nobody
 * else's.
 */
import { fork } from "node:child_process"
import { availableParallelism } from "node:os"
import * as Library from "@understudy/lab/library/Library"
import { compete, names } from "./contestants.ts"
import { type Cell, table } from "./table.ts"

/** A day in a process where every request crosses MSW takes minutes: the virtual runner is for those. */
const longest = 15 * 60_000

const { LAB_CONTESTANT: contestant, LAB_SCENARIO: scenario } = process.env
if (contestant !== undefined && scenario !== undefined) {
  process.send?.(await compete(contestant, scenario))
  // Clients that were left waiting for an answer that never comes would hold the process.
  process.exit(0)
}

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"))
const markdown = process.argv.includes("--markdown")
const scenarios = Library.all
  .filter(({ length, name }) => length <= longest && (words.length === 0 || words.some((word) => name.includes(word))))
  .map(({ name }) => name)

/** One run, from its process. */
const result = (client: string, name: string): Promise<Cell> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, LAB_CONTESTANT: client, LAB_SCENARIO: name }
    const child = fork(import.meta.filename, [], { env })
    child.on("message", resolve)
    child.on("exit", (code) => reject(new Error(`${client} in ${name} ended with ${code} and no result`)))
  })

const rows = scenarios.map((name) => ({ name, cells: [] as Array<Cell> }))
const runs = rows.flatMap(({ cells, name }) => names.map((client, column) => ({ cells, client, column, name })))
let done = 0
const work = async (): Promise<void> => {
  for (let run = runs.shift(); run !== undefined; run = runs.shift()) {
    run.cells[run.column] = await result(run.client, run.name)
    done++
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${done}/${done + runs.length} ${run.name} ${run.client}`)
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, work))
if (process.stderr.isTTY) process.stderr.write("\r\u001b[K")
console.log(table(names, rows, markdown))
