/** What a run may be told, and how long it then takes. */
import { parseArgs } from "node:util"

/** How often and how long is measured. Times in milliseconds. */
export interface Pace {
  readonly rounds: number
  /** One round of a gateway under one load. */
  readonly load: number
  /** Rounds of the clients: more and shorter ones, since a machine's pace changes within a second. */
  readonly turns: number
  /** One round of a client. */
  readonly calls: number
  readonly warmUp: number
  /** Starts of a fresh process. */
  readonly starts: number
  /** Imports of what is published, each in a fresh process. */
  readonly imports: number
  /** Whether streams that come frame by frame are measured too. */
  readonly trickles: boolean
  /** A run that is not over by then is ended. */
  readonly limit: number
}

const paces = {
  full: {
    rounds: 7,
    load: 600,
    turns: 17,
    calls: 180,
    warmUp: 1_500,
    starts: 5,
    imports: 11,
    trickles: true,
    limit: 600_000
  },
  quick: {
    rounds: 3,
    load: 350,
    turns: 5,
    calls: 100,
    warmUp: 1_000,
    starts: 2,
    imports: 5,
    trickles: false,
    limit: 240_000
  }
} as const satisfies Readonly<Record<string, Pace>>

/** What a run may ask for besides. */
export interface Besides {
  /** So many workers of `serve`; 0 for none. */
  readonly workers: number
  /** The folder where Portkey's gateway is installed. */
  readonly portkey: string | undefined
}

/** A run's options. */
export interface Options {
  readonly pace: Pace
  readonly parts: ReadonlyArray<string>
  /** Only loads and clients whose names hold this. */
  readonly match: string
  readonly json: string | undefined
  readonly strict: boolean
  readonly profiles: string | undefined
  readonly besides: Besides
}

/** The parts of a run. */
export const parts = ["gateway", "clients", "import", "start"] as const

const help = `npm run bench -- [--quick] [--only ${parts.join(",")}] [--match TEXT] [--json FILE] [--strict]
    [--workers N] [--portkey FOLDER] [--cpu-prof DIRECTORY]

  --quick     a minute and a half unless the machine is very busy, and less exact
  --only      some of the parts
  --match     only loads and clients whose names hold the text
  --json      writes every number to a file
  --strict    exits 1 when a target is missed
  --workers   beside the rest, \`serve --workers N\`
  --portkey   beside the rest, Portkey's gateway, where it was installed: npm i @portkey-ai/gateway@1.15.2
  --cpu-prof  profiles the gateways and clients; \`node test/bench/hot.ts DIRECTORY\` reads the profiles`

/** Reads the command line. */
export const read = (): Options => {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", default: parts.join(",") },
      match: { type: "string", default: "" },
      json: { type: "string" },
      strict: { type: "boolean", default: false },
      workers: { type: "string", default: "0" },
      portkey: { type: "string" },
      "cpu-prof": { type: "string" },
      help: { type: "boolean", default: false }
    }
  })
  if (values.help) {
    console.log(help)
    process.exit(0)
  }
  return {
    pace: values.quick ? paces.quick : paces.full,
    parts: values.only.split(","),
    match: values.match,
    json: values.json,
    strict: values.strict,
    profiles: values["cpu-prof"],
    besides: { workers: Number(values.workers), portkey: values.portkey }
  }
}
