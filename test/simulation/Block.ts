/** A block of seeds, run one after another: what a worker does at a time. */
import * as Check from "./Check.ts"
import * as Report from "./Report.ts"
import { generate } from "./world/Generate.ts"

/** Seeds one after another. */
export interface Block {
  readonly from: number
  readonly seeds: number
}

/** What is the same for every block of a run. */
export interface Settings {
  /** Calls a seed; absent: as many as the seed draws. */
  readonly calls: number | undefined
  /** Seeds that are divisible by it are run twice. */
  readonly twiceEvery: number
  readonly verbose: boolean
}

/** What a block came to: plain data. */
export interface Outcome {
  readonly totals: Report.Totals
  readonly broken: ReadonlyArray<Report.Broken>
  /** The seeds in full, where that is asked for. */
  readonly told: ReadonlyArray<string>
}

/** Runs a block. */
export const run = ({ from, seeds }: Block, { calls, twiceEvery, verbose }: Settings): Outcome => {
  const totals = Report.zero()
  const broken: Array<Report.Broken> = []
  const told: Array<string> = []
  for (let seed = from; seed < from + seeds; seed++) {
    const checked = Check.run(generate(seed, { calls }), { twice: seed % twiceEvery === 0 })
    Report.add(totals, checked)
    if (verbose) told.push(Report.verbose(checked))
    if (checked.violations.length > 0) broken.push({ seed, violations: checked.violations })
  }
  return { totals, broken, told }
}
