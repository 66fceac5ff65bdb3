/** `npm run simulate`: thousands of random days of the core, judged. Exits 1 at the first broken promise. See README.md. */
import { writeFileSync } from "node:fs"
import * as Check from "./Check.ts"
import * as Options from "./Options.ts"
import type { Violation } from "./oracle/Violation.ts"
import * as Report from "./Report.ts"
import { shrink } from "./Shrink.ts"
import { generate } from "./world/Generate.ts"
import type { Plan } from "./world/Plan.ts"

const options = Options.read()
const { calls, from, json, seeds, verbose } = options
const startedAt = performance.now()
const totals = Report.zero()

/** Every so many seeds are run twice. */
const twiceEvery = seeds === 1 ? 1 : 10

const write = (failed: object | undefined): void => {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ from, calls, totals, failed }, null, 2)}\n`)
}

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

const stop = (seed: number, plan: Plan, violations: ReadonlyArray<Violation>): never => {
  const shrunk = shrink(plan, breaks(violations))
  console.log(Report.failure(seed, violations, shrunk, calls))
  write({ seed, violations, shrunk })
  return process.exit(1)
}

let reportedAt = startedAt
for (let seed = from; seed < from + seeds; seed++) {
  const plan = generate(seed, { calls })
  const checked = Check.run(plan, { twice: seed % twiceEvery === 0 })
  Report.add(totals, checked)
  totals.elapsed = performance.now() - startedAt
  if (verbose) console.log(Report.verbose(checked))
  if (checked.violations.length > 0) stop(seed, plan, checked.violations)
  if (performance.now() - reportedAt < 5_000) continue
  reportedAt = performance.now()
  console.log(Report.progress(totals))
}
console.log(Report.summary(totals))
write(undefined)
