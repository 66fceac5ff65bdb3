/** What a run of the simulator may be told. */
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"

/** The options of a run. */
export interface Options {
  readonly from: number
  readonly seeds: number
  /** Calls a seed; absent: as many as the seed draws. */
  readonly calls: number | undefined
  readonly json: string | undefined
  /** How many failing seeds are shrunk. */
  readonly shrinks: number
  /** Print the trail of every call. */
  readonly verbose: boolean
  /** Threads. */
  readonly workers: number
}

const help = `npm run simulate -- [--seeds N] [--from N] [--workers N] [--calls N] [--shrinks N] [--json FILE]
npm run simulate -- --seed N [--calls N] [--verbose]

  --seeds    how many seeds; default 1000
  --from     the first seed; default 1
  --workers  threads that share the seeds; default: one a core. What comes out is the same with any number
  --calls    calls a seed; default: each seed draws its own, 4 to 16
  --shrinks  how many failing seeds are shrunk in the end; default 3
  --json     writes what came out to a file
  --seed     one seed alone
  --verbose  prints the plan and the trail of every call`

const toNumber = (name: string, text: string): number => {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0) return value
  console.error(`--${name} must be a whole number >= 0, got "${text}"\n\n${help}`)
  return process.exit(2)
}

/** Reads the command line. */
export const read = (args: ReadonlyArray<string> = process.argv.slice(2)): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: "string", default: "1000" },
      from: { type: "string", default: "1" },
      calls: { type: "string" },
      workers: { type: "string" },
      shrinks: { type: "string", default: "3" },
      json: { type: "string" },
      seed: { type: "string" },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false }
    }
  })
  if (values.help) {
    console.log(help)
    process.exit(0)
  }
  const one = values.seed === undefined ? undefined : toNumber("seed", values.seed)
  return {
    from: one ?? toNumber("from", values.from),
    seeds: one === undefined ? toNumber("seeds", values.seeds) : 1,
    calls: values.calls === undefined ? undefined : toNumber("calls", values.calls),
    workers: values.workers === undefined ? availableParallelism() : toNumber("workers", values.workers),
    shrinks: toNumber("shrinks", values.shrinks),
    json: values.json,
    verbose: values.verbose
  }
}
