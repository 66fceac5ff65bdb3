/**
 * `npm run identity [-- --node PATH]`: the digests of the reports of every scenario of the library, on the virtual and on the network
 * runner, and of a long run that is folded while it goes on. Another process does it all again, under another Node where one is
 * given: a seed gives the same bytes.
 *
 * Prints a line for each report that differs, and exits with 1 where there is one. `--print` prints the digests instead; words
 * (`auth tools.cut@qwen`) narrow it down to the scenarios whose names begin so. Reports that the two runners do not write
 * alike are told and allowed: what happens in the same millisecond has no order of its own.
 */
import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { text } from "node:stream/consumers"
import { parseArgs } from "node:util"
import { Lab, Library, Scenario } from "@understudy/lab"
import * as Json from "@understudy/lab/report/Json"

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { node: { type: "string", default: process.execPath }, print: { type: "boolean", default: false } }
})

/** 120,000 calls in two hours, the keys of one vendor gone for a while, and the vendor itself. */
const long = Scenario.make({
  name: "long-run",
  teaches: { en: "A long run is the same whenever it is run.", zh: "长时间运行每次结果都相同。" },
  keys: {
    "qwen-1": {
      vendor: "qwen",
      changes: [
        { state: "revoked", after: "20m" },
        { state: "valid", after: "20m" }
      ]
    },
    "qwen-2": { vendor: "qwen" },
    "deepseek-1": { vendor: "deepseek" }
  },
  faults: [
    { kind: "overload.fast", vendor: "qwen", from: "1h", for: "10m" },
    { kind: "cut.midstream", vendor: "qwen", stream: true, ratio: 0.01, from: "90m", for: "10m" }
  ],
  traffic: { model: "qwen-plus", stream: 0.5, every: "60ms", for: "2h", arrivals: "poisson" },
  expect: { availability: 0.99, restoredWithin: "12m" }
})

const isAsked = ({ name }: Scenario.Scenario): boolean =>
  positionals.length === 0 || positionals.some((word) => name.startsWith(word.replace(/\*$/, "")))

const scenarios = [...Library.all, ...Library.quick, long].filter(isAsked)

const isDoneBy = (scenario: Scenario.Scenario, runner: "network"): boolean => {
  try {
    Scenario.check(scenario, runner)
    return true
  } catch {
    return false
  }
}

const digest = async (scenario: Scenario.Scenario, runner: "network" | "virtual"): Promise<string> => {
  const { run, verdict } = await Lab.run(scenario, { runner })
  return createHash("sha256")
    .update(Json.encode([{ run: { ...run, runner: "virtual" }, verdict }]))
    .digest("hex")
}

const digests: Array<string> = []
const apart: Array<string> = []
for (const scenario of scenarios) {
  const virtual = await digest(scenario, "virtual")
  digests.push(`${scenario.name} virtual ${virtual}`)
  // Whole days take hours under fake timers.
  if (scenario.length > 3_600_000 || !isDoneBy(scenario, "network")) continue
  const network = await digest(scenario, "network")
  digests.push(`${scenario.name} network ${network}`)
  if (network !== virtual) apart.push(scenario.name)
}

const again = async (node: string): Promise<ReadonlySet<string>> => {
  const child = spawn(node, ["--conditions=source", import.meta.filename, "--print", ...positionals], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  const [printed] = await Promise.all([text(child.stdout), once(child, "close")])
  return new Set(printed.trimEnd().split("\n"))
}

if (values.print) console.log(digests.join("\n"))
else {
  const others = await again(values.node)
  const differing = digests.filter((line) => !others.has(line))
  for (const line of differing) console.log(`not the same under ${values.node}: ${line}`)
  if (apart.length > 0) console.log(`not alike on both runners: ${apart.join(", ")}`)
  console.log(
    `${scenarios.length} scenarios, ${digests.length} reports, ${differing.length} differ (here Node ${process.version})`
  )
  process.exitCode = differing.length > 0 ? 1 : 0
}
