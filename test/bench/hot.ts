/** `node test/bench/hot.ts DIRECTORY`: where the time went, by function, in each of the profiles that a run left. */
import { readdirSync, readFileSync } from "node:fs"
import * as path from "node:path"
import * as Report from "./Report.ts"

interface Profile {
  readonly nodes: ReadonlyArray<{
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }>
  readonly samples: ReadonlyArray<number>
  readonly timeDeltas: ReadonlyArray<number>
}

const shorten = (url: string): string => url.replace(/^.*\/(?:node_modules|main)\//, "")

const hottest = ({ nodes, samples, timeDeltas }: Profile, count: number): string => {
  const names = new Map(
    nodes.map(({ callFrame, id }) => [
      id,
      `${callFrame.functionName || "(anonymous)"} ${shorten(callFrame.url)}:${callFrame.lineNumber + 1}`
    ])
  )
  const times = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? "?"
    if (!name.startsWith("(idle)")) times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0))
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0)
  const rows = [...times].sort(([, a], [, b]) => b - a).slice(0, count)
  return Report.table(rows.map(([name, time]) => [`${((time / total) * 100).toFixed(1)}%`.padStart(6), ` ${name}`]))
}

const [directory = ".", count = "40"] = process.argv.slice(2)
for (const file of readdirSync(directory).filter((name) => name.endsWith(".cpuprofile"))) {
  console.log(`\n${file}\n${hottest(JSON.parse(readFileSync(path.join(directory, file), "utf8")), Number(count))}`)
}
