/** `npm run simulate`: thousands of random days of the core, judged. Exits 1 when a promise was broken. See README.md. */
import { writeFileSync } from "node:fs"
import * as Check from "./Check.ts"
import * as Options from "./Options.ts"
import type { Violation } from "./oracle/Violation.ts"
import * as Report from "./Report.ts"
import { shrink } from "./Shrink.ts"
import { generate } from "./world/Generate.ts"
import type { Plan } from "./world/Plan.ts"

const options = Options.read()
const { calls, from, json, seeds, shrinks, verbose } = options
const startedAt = performance.now()
const totals = Report.zero()
const failed: Array<Report.Failed> = []

// Errors by the thousand are part of every day; where they were made is told of a seed that is looked at alone.
if (seeds > 1) Error.stackTraceLimit = 0

/** Every so many seeds are run twice. */
const twiceEvery = seeds === 1 ? 1 : 20

/** True when a plan breaks one of the promises that the seed broke; a plan that cannot be run breaks none. */
const breaks =
  (violations: ReadonlyArray<Violation>) =>
  (plan: Plan): boolean => {
    try {
      const twice = violations[0]?.message.startsWith("two runs") === true
      return Check.run(plan, { twice }).violations.some(({ invariant }) => invariant === violations[0]?.invariant)
    } catch {
      return false
    }
  }

/** Tells of a failing seed; the first few are shrunk, which takes as long as hundreds of seeds. */
const fail = (seed: number, plan: Plan, violations: ReadonlyArray<Violation>): void => {
  const shrunk = failed.length < shrinks ? shrink(plan, breaks(violations)) : undefined
  failed.push({ seed, violations, shrunk })
  console.log(Report.failure({ seed, violations, shrunk }, calls))
}

let reportedAt = startedAt
for (let seed = from; seed < from + seeds; seed++) {
  const plan = generate(seed, { calls })
  const checked = Check.run(plan, { twice: seed % twiceEvery === 0 })
  Report.add(totals, checked)
  if (verbose) console.log(Report.verbose(checked))
  if (checked.violations.length > 0) fail(seed, plan, checked.violations)
  totals.elapsed = performance.now() - startedAt
  if (performance.now() - reportedAt < 5_000) continue
  reportedAt = performance.now()
  console.log(Report.progress(totals))
}
console.log(Report.summary(totals, failed))
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ from, calls, totals, failed }, null, 2)}\n`)
process.exitCode = failed.length === 0 ? 0 : 1
