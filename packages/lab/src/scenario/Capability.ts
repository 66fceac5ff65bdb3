/**
 * What a runner can do exactly: each carries requests over one of the mocks' adapters, and not every adapter can do every
 * fault the way the wire does it.
 */
import { catalogue, type Description, type FaultKind } from "@understudy/mocks/FaultKind"
import type { AdapterName } from "@understudy/mocks/Journal"
import { faultOf, type KeyState } from "@understudy/mocks/Key"
import type { ScenarioOptions } from "./Options.ts"
import type { Issue, Path } from "./ScenarioError.ts"

/** The adapter of each runner. */
const adapters = { virtual: "transport", network: "network", sockets: "server" } as const satisfies Record<
  string,
  AdapterName
>

type RunnerName = keyof typeof adapters

/** The names of the runners. */
export const runnerNames = Object.keys(adapters) as ReadonlyArray<RunnerName>

/** Why a runner cannot do a fault as it is; undefined when it can. */
export const objection = (kind: FaultKind, runner: RunnerName): string | undefined => {
  const description: Description = catalogue[kind]
  if (description[adapters[runner]] === "exact") return undefined
  const able = runnerNames.filter((each) => description[adapters[each]] === "exact")
  const others = able.length === 0 ? "no runner can" : `run it with ${able.join(" or ")}`
  return `the ${runner} runner cannot do "${kind}" (${description.about}) as it really is: ${others}`
}

const ofState = (path: Path, state: KeyState | undefined, runner: RunnerName): ReadonlyArray<Issue> => {
  const kind = state === undefined ? undefined : faultOf(state)
  const message = kind === undefined ? undefined : objection(kind, runner)
  return message === undefined ? [] : [{ path, message }]
}

/** What a scenario asks for and a runner cannot do. */
export const issues = (
  { faults = [], keys = {}, phases = [] }: ScenarioOptions,
  runner: RunnerName
): ReadonlyArray<Issue> => {
  const ofFault = (path: Path, kind: FaultKind): ReadonlyArray<Issue> => ofState([...path, "kind"], kind, runner)
  return [
    ...Object.entries(keys).flatMap(([name, { changes = [], state }]) => [
      ...ofState(["keys", name, "state"], state, runner),
      ...changes.flatMap((change, index) => ofState(["keys", name, "changes", index, "state"], change.state, runner))
    ]),
    ...faults.flatMap(({ kind }, index) => ofFault(["faults", index], kind)),
    ...phases.flatMap((phase, at) =>
      (phase.faults ?? []).flatMap(({ kind }, index) => ofFault(["phases", at, "faults", index], kind))
    )
  ]
}
