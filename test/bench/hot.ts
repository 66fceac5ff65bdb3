/** `node test/bench/hot.ts DIRECTORY [COUNT]`: where the time went, by area and by function, in each profile of a run. */
import { readdirSync, readFileSync } from "node:fs"
import * as path from "node:path"
import * as Report from "./Report.ts"

interface Frame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

interface Profile {
  readonly nodes: ReadonlyArray<{ readonly id: number; readonly callFrame: Frame }>
  readonly samples: ReadonlyArray<number>
  readonly timeDeltas: ReadonlyArray<number>
}

const root = path.resolve(import.meta.dirname, "../..")

const fileOf = ({ url }: Frame): string => url.replace(`file://${root}/`, "").replace(/^(?:file:.*)?node_modules\//, "")

const nameOf = (frame: Frame): string =>
  `${frame.functionName || "(anonymous)"} ${fileOf(frame)}:${frame.lineNumber + 1}`

const areaOf = (frame: Frame): string => {
  const file = fileOf(frame)
  if (file === "") return `native ${frame.functionName}`
  return /^(?:node:|wasm:)/.test(file)
    ? file.slice(0, 4)
    : file
        .split("/")
        .slice(0, file.startsWith("packages/") ? 2 : 1)
        .join("/")
}

const isIdle = ({ functionName }: Frame): boolean => functionName === "(idle)"

const shares = ({ nodes, samples, timeDeltas }: Profile, toName: (frame: Frame) => string, count: number): string => {
  const frames = new Map(nodes.map(({ callFrame, id }) => [id, callFrame]))
  const times = new Map<string, number>()
  let total = 0
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)
    if (frame === undefined || isIdle(frame)) continue
    const time = timeDeltas[index] ?? 0
    times.set(toName(frame), (times.get(toName(frame)) ?? 0) + time)
    total += time
  }
  const hottest = [...times].sort(([, a], [, b]) => b - a).slice(0, count)
  return Report.table(hottest.map(([name, time]) => [name, `${((time / total) * 100).toFixed(1)}%`]))
}

const [directory = ".", count = "40"] = process.argv.slice(2)
for (const file of readdirSync(directory).filter((name) => name.endsWith(".cpuprofile"))) {
  const profile: Profile = JSON.parse(readFileSync(path.join(directory, file), "utf8"))
  console.log(`\n${file}\n\n${shares(profile, areaOf, 14)}\n\n${shares(profile, nameOf, Number(count))}`)
}
