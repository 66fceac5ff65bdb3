/**
 * A clean start for a client that remembers: between two scenarios the vendors are well, and it is called until it uses what
 * it would use without a past. A gateway in another process has no other way to forget that is the same for all.
 *
 * **Example** (a client that nothing has happened to is back at once)
 *
 * ```ts
 * import { Client, Library } from "@understudy/lab"
 * import * as Recovery from "@understudy/lab/run/Recovery"
 *
 * const client = Client.make("asks nobody", () => () => Promise.reject(new Error("no")))
 * const { keys, failure } = await Recovery.wait(Library.find("quick.key"), client, { rounds: 1 })
 * keys.size // => 0
 * failure?.message // => "no"
 * ```
 */
import * as Scenario from "../scenario/Scenario.ts"
import * as Setup from "../scenario/Setup.ts"
import type { Client } from "./Client.ts"
import type { SeenError } from "./Run.ts"
import * as Sockets from "./Sockets.ts"

/** What a client did while all was well. */
export interface Recovered {
  /** The keys that answered, by their names in the scenario. */
  readonly keys: ReadonlySet<string>
  /** What a caller was told, where one was refused. */
  readonly failure: SeenError | undefined
}

/** How it is waited for. */
export interface Options extends Sockets.Options {
  /** The keys that it used in the beginning. Left out at the beginning: then the first target of the setting is waited for. */
  readonly known?: ReadonlySet<string> | undefined
  /** Rounds of calls, a second each, after which it is taken as it is; 60 unless told otherwise. */
  readonly rounds?: number
}

/** Enough calls for either of two keys to be drawn. */
const calls = 12

/** The scenario's setting, with nothing wrong in it, and a dozen calls within half a second. */
const calm = ({ keys, name, source, teaches }: Scenario.Scenario, after: number): Scenario.Scenario =>
  Scenario.make({
    name,
    teaches,
    keys: Object.fromEntries(keys.map(({ account, name, value, vendor }) => [name, { account, value, vendor }])),
    ...(source.config === undefined ? {} : { config: source.config }),
    traffic: {
      model: source.traffic.model,
      calls: Array.from({ length: calls }, (_, index) => ({ at: `${after + index * 40}ms` }))
    }
  })

/** After so many rounds in which no vendor was asked, none will be. */
const hopeless = 5

/** The keys of the first target. */
const preferred = (scenario: Scenario.Scenario): ReadonlySet<string> => {
  const paths = Setup.paths(scenario, scenario.source.traffic.model)
  const isFirst = ({ model, vendor }: Scenario.PathPlan): boolean =>
    model === paths[0]?.model && vendor === paths[0]?.vendor
  return new Set(paths.filter(isFirst).map(({ key }) => key))
}

const look = async (scenario: Scenario.Scenario, client: Client, options: Sockets.Options): Promise<Recovered> => {
  const run = await Sockets.run(scenario, client, { ...options, aftermath: 0, patience: 10_000 })
  const answered = run.attempts.filter(({ call, status }) => call !== undefined && status === 200)
  return { keys: new Set(answered.map(({ key }) => key)), failure: run.calls.find(({ error }) => error)?.error }
}

const isWithin = (part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean =>
  [...part].every((key) => whole.has(key))

/** Calls until it uses what it would without a past, and says what is used. Rejects with the signal's reason. */
export const wait = async (scenario: Scenario.Scenario, client: Client, options: Options = {}): Promise<Recovered> => {
  const { known, rounds = 60, ...run } = options
  for (let round = 1; ; round++) {
    const found = await look(calm(scenario, round === 1 ? 0 : 500), client, run)
    const { keys } = found
    const isBack = known === undefined ? isWithin(keys, preferred(scenario)) : isWithin(known, keys)
    if (round >= rounds || (keys.size === 0 ? round >= hopeless : isBack)) return found
  }
}
