/**
 * The same outages, four clients, one table: what each of them does about a bad key, a limit, a silent or a broken vendor.
 *
 * ```
 * npm run compare                 # the whole library, some minutes
 * npm run compare -- auth stall   # scenarios whose names contain one of these
 * npm run compare -- --markdown   # the table as Markdown
 * ```
 *
 * Every contestant runs as its documentation shows it, with its own default retries, over its own HTTP client, against the
 * vendors' real host names; nothing leaves the process, and fake timers take the waiting out. Cuts and resets look the
 * same to a client here; with real sockets they carry different error codes, which none of the contestants looks at.
 */
import * as Lab from "@understudy/lab/Lab"
import * as Library from "@understudy/lab/library/Library"
import type { Client } from "@understudy/lab/run/Client"
import { aiSdk } from "./AiSdkClient.ts"
import { langChain } from "./LangChainClient.ts"
import { openai } from "./OpenAiClient.ts"
import { type Cell, table } from "./table.ts"
import { understudy } from "./UnderstudyClient.ts"

const contestants: ReadonlyArray<Client> = [openai, aiSdk, langChain, understudy]

/** A day in a process where every request crosses MSW takes minutes: the virtual runner is for those. */
const longest = 15 * 60_000

const runOne = async (name: string, client: Client): Promise<Cell> => {
  const { verdict } = await Lab.run(name, { client, runner: "network", approximate: true })
  const { availability } = verdict.figures
  return { passed: verdict.passed, availability, findings: verdict.findings.map(({ kind }) => kind) }
}

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"))
const markdown = process.argv.includes("--markdown")
const scenarios = Library.all.filter(
  ({ length, name }) => length <= longest && (words.length === 0 || words.some((word) => name.includes(word)))
)
const rows = []
for (const { name } of scenarios) {
  const cells: Array<Cell> = []
  for (const client of contestants) {
    if (process.stderr.isTTY)
      process.stderr.write(`\r\u001b[K${rows.length + 1}/${scenarios.length} ${name} ${client.name}`)
    cells.push(await runOne(name, client))
  }
  rows.push({ name, cells })
}
if (process.stderr.isTTY) process.stderr.write("\r\u001b[K")
console.log(
  table(
    contestants.map(({ name }) => name),
    rows,
    markdown
  )
)
// Clients that were left waiting for an answer that never comes would hold the process.
process.exit(0)
