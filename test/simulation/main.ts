/** `npm run simulate`: thousands of random days of the core, judged. Exits 1 when a promise was broken. See README.md. */
import { writeFileSync } from "node:fs"
import * as Check from "./Check.ts"
import * as Options from "./Options.ts"
import * as Report from "./Report.ts"
import { shrink } from "./Shrink.ts"
import * as Workers from "./Workers.ts"
import { generate } from "./world/Generate.ts"
import type { Plan } from "./world/Plan.ts"

const { calls, from, json, seeds, shrinks, verbose, workers } = Options.read()
const startedAt = performance.now()
const totals = Report.zero()
const broken: Array<Report.Broken> = []

// Errors by the thousand are part of every day; where they were made is told of a seed that is looked at alone.
if (seeds > 1) Error.stackTraceLimit = 0

/** Seeds that a worker gets at a time. */
const blockSize = 25

const blocks = Array.from({ length: Math.ceil(seeds / blockSize) }, (_, index) => ({
  from: from + index * blockSize,
  seeds: Math.min(blockSize, seeds - index * blockSize)
}))

/** True when a plan breaks one of the promises that the seed broke; a plan that cannot be run breaks none. */
const breaks =
  ({ violations }: Report.Broken) =>
  (plan: Plan): boolean => {
    try {
      const twice = violations[0]?.message.startsWith("two runs") === true
      return Check.run(plan, { twice }).violations.some(({ invariant }) => invariant === violations[0]?.invariant)
    } catch {
      return false
    }
  }

let reportedAt = startedAt
const settings = { calls, twiceEvery: seeds === 1 ? 1 : 50, verbose }
await Workers.run(
  {
    blocks,
    settings,
    take: (outcome) => {
      Report.merge(totals, outcome.totals)
      totals.elapsed = performance.now() - startedAt
      for (const each of outcome.told) console.log(each)
      for (const each of outcome.broken) console.log(Report.broken(each, calls))
      broken.push(...outcome.broken)
      if (performance.now() - reportedAt < 5_000) return
      reportedAt = performance.now()
      console.log(Report.progress(totals))
    }
  },
  workers
)
console.log(Report.summary(totals, broken))
const failed = broken.map((each, index) => {
  // To shrink one takes as long as hundreds of seeds.
  if (index >= shrinks) return each
  const shrunk = shrink(generate(each.seed, { calls }), breaks(each))
  console.log(Report.shrunk(each, shrunk))
  return { ...each, shrunk }
})
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ from, calls, totals, failed }, null, 2)}\n`)
process.exitCode = failed.length === 0 ? 0 : 1
