/**
 * Everything that a schema cannot say of a scenario: names that have to exist, times that have to be possible, things that
 * exclude each other. Tells all there is, in the order of the fields.
 */
import type { VendorName } from "@understudy/mocks/VendorList"
import * as ConfigChecks from "./ConfigChecks.ts"
import * as FaultChecks from "./FaultChecks.ts"
import { type Context, type Report, seconds } from "./Issues.ts"
import * as KeyChecks from "./KeyChecks.ts"
import * as LinkChecks from "./LinkChecks.ts"
import type { FaultOptions, PhaseOptions, ScenarioOptions } from "./Options.ts"
import * as Routing from "./Routing.ts"
import type { Issue, Path } from "./ScenarioError.ts"
import * as Schedule from "./Schedule.ts"
import * as Standard from "./Standard.ts"
import * as TrafficChecks from "./TrafficChecks.ts"

const always: FaultChecks.Span = { begins: 0, lasts: Number.POSITIVE_INFINITY }

/** A thing that may have a name of its own, by its path. */
type Named = readonly [path: Path, name: string | undefined]

const checkNames = (named: ReadonlyArray<Named>, report: Report): void => {
  const taken = new Set<string>()
  for (const [path, name] of named) {
    if (name !== undefined && taken.has(name)) report([...path, "name"], `"${name}" is there twice`)
    if (name !== undefined) taken.add(name)
  }
}

const checkUntil = (path: Path, { until }: PhaseOptions, isLast: boolean, report: Report): void => {
  if (isLast) {
    if (until !== undefined) report([...path, "until"], "ends the last phase: add the next one, or leave it out")
    return
  }
  if (until === undefined) report([...path, "until"], "is missing: only the last phase needs none")
  else if ((until.after === undefined) === (until.requests === undefined)) {
    report([...path, "until"], "needs either after or requests")
  }
}

/** A phase's length; not a number where requests decide. */
const lengthOf = ({ until }: PhaseOptions, isLast: boolean): number =>
  isLast ? Number.POSITIVE_INFINITY : (Schedule.millis(until?.after) ?? Number.NaN)

const checkPhases = (phases: ReadonlyArray<PhaseOptions>, context: Context): void => {
  const { length, report } = context
  let begins = 0
  phases.forEach((phase, index) => {
    const path: Path = ["phases", index]
    const isLast = index === phases.length - 1
    checkUntil(path, phase, isLast, report)
    if (begins > length) report(path, `begins at ${seconds(begins)}, after the last call (${seconds(length)})`)
    const span = { begins, lasts: lengthOf(phase, isLast) }
    FaultChecks.check([...path, "faults"], phase.faults ?? [], span, context)
    begins += span.lasts
  })
  checkNames(
    phases.map(({ name }, index) => [["phases", index], name]),
    report
  )
}

const namedFaults = ({ faults = [], phases = [] }: ScenarioOptions): ReadonlyArray<Named> => {
  const named = (list: ReadonlyArray<FaultOptions>, path: Path): ReadonlyArray<Named> =>
    list.map(({ name }, index) => [[...path, index], name])
  return [
    ...named(faults, ["faults"]),
    ...phases.flatMap((phase, index) => named(phase.faults ?? [], ["phases", index, "faults"]))
  ]
}

/** Where requests can go, from the traffic by the configuration. */
const pathsOf = (options: ScenarioOptions, keys: ReadonlyMap<string, VendorName>, report: Report) => {
  const config = options.config ?? Standard.config(options.keys)
  if (keys.size === 0 || (options.config !== undefined && !ConfigChecks.check(config, keys, report))) return []
  const taken = Routing.labels(config).join(", ")
  return [...TrafficChecks.models(options.traffic)].flatMap(([model, path]) => {
    const found = Routing.paths(config, model)
    if (found.length === 0) report(path, `no route takes "${model}": there are routes for ${taken}`)
    return found
  })
}

/** Every issue. */
export const issues = (options: ScenarioOptions): ReadonlyArray<Issue> => {
  const found: Array<Issue> = []
  const report: Report = (path, message) => void found.push({ path, message })
  const keys = options.keys ?? Standard.keys
  const isTimed = TrafficChecks.check(options.traffic, report)
  const length = isTimed ? Schedule.length(options.traffic) : Number.POSITIVE_INFINITY
  const owners = new Map(Object.entries(keys).map(([name, key]) => [name, key.vendor]))
  const context: Context = {
    report,
    length,
    keys: owners,
    accounts: new Map(Object.entries(keys).map(([name, { account = name, vendor }]) => [account, vendor])),
    paths: pathsOf(options, owners, report)
  }
  KeyChecks.check(keys, length, report)
  LinkChecks.check(options.links, owners.values(), report)
  FaultChecks.check(["faults"], options.faults ?? [], always, context)
  checkPhases(options.phases ?? [], context)
  checkNames(namedFaults(options), report)
  return found
}
