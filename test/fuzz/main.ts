/** `npm run fuzz`: thousands of bent answers through the core, the gateway and the SDK. Exits 1 when a promise is broken. */
import { parseArgs } from "node:util"
import { type Broken, caseOf, describe, Fuzz } from "./Fuzz.ts"

const help = `npm run fuzz -- [--runs N] [--seed N] [--lanes N]

  --runs   how many answers are bent; default 10000
  --seed   the first seed; default 1. One failing seed again: --seed N --runs 1
  --lanes  how many are asked for side by side; default 32

Ctrl-C ends the run and prints what it came to.`

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    lanes: { type: "string", default: "32" },
    help: { type: "boolean", default: false }
  }
})

const toNumber = (name: string, text: string): number => {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= (name === "seed" ? 0 : 1)) return value
  console.error(`--${name} must be a whole number, got "${text}"\n\n${help}`)
  return process.exit(2)
}

if (values.help) {
  console.log(help)
  process.exit(0)
}

const runs = toNumber("runs", values.runs)
const first = toNumber("seed", values.seed)
const lanes = Math.min(runs, toNumber("lanes", values.lanes))
const fuzz = await Fuzz.make(lanes)
const startedAt = performance.now()
let isInterrupted = false
process.once("SIGINT", () => {
  isInterrupted = true
})

const summary = (): string => {
  const { compared, errors, fallback, probes, runs: ran, whole } = fuzz.totals
  const seconds = (performance.now() - startedAt) / 1000
  return `${ran} runs in ${seconds.toFixed(0)} s: ${whole} whole (${compared} texts compared), ${fallback} by the fallback, ${errors} errors, ${probes} probes`
}

const failures: Array<Broken> = []
let reportedAt = startedAt
for (let seed = first; seed < first + runs && !isInterrupted && failures.length < 20; seed += lanes) {
  const length = Math.min(lanes, first + runs - seed)
  const found = await fuzz.run(Array.from({ length }, (_, lane) => caseOf(fuzz.corpus, seed + lane)))
  for (const each of found) {
    const shrunk = await fuzz.shrink(each)
    failures.push(shrunk)
    console.log(describe(shrunk))
  }
  if (performance.now() - reportedAt < 5_000) continue
  reportedAt = performance.now()
  console.log(summary())
}
await fuzz.close()
console.log(summary())
if (failures.length > 0)
  console.log(`Broken by ${failures.length} seeds: ${failures.map(({ broken }) => broken.seed).join(", ")}`)
process.exit(failures.length > 0 ? 1 : 0)
