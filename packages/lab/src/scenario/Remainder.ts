/**
 * What is left of a scenario when the parts that a schema refused are made harmless, so that what the others mean can be
 * checked at once.
 *
 * Only parts that no other part refers to: after a wrong key, traffic or configuration nobody can say what the rest means.
 */
import * as Predicate from "effect/Predicate"
import type { Path } from "./ScenarioError.ts"

type Fields = Record<string | number, unknown>

/** What others refer to. */
const bearing: ReadonlyArray<Path[number]> = ["keys", "phases", "traffic", "config"]

/** What stands for parts that cannot be left out. */
const standIns = new Map<Path[number], unknown>([
  ["name", "x"],
  ["teaches", { en: "x", zh: "x" }]
])

/** A fault that is right everywhere. */
const harmless = { kind: "bytes.sliced" }

/** The fault that a path leads to or into. */
const faultOf = (path: Path): Path | undefined => {
  if (path[0] === "faults" && path.length > 1) return path.slice(0, 2)
  return path[0] === "phases" && path[2] === "faults" && path.length > 3 ? path.slice(0, 4) : undefined
}

/** Makes the part that a path leads to or into harmless; false when it cannot be. */
const disarm = (scenario: Fields, path: Path): boolean => {
  const [name = ""] = path
  const fault = faultOf(path)
  if (fault !== undefined) {
    const list = fault.slice(0, -1).reduce<unknown>((inner, part) => (inner as Fields)[part], scenario)
    ;(list as Fields)[fault.at(-1) ?? ""] = harmless
  } else if (bearing.includes(name)) return false
  else if (standIns.has(name)) scenario[name] = standIns.get(name)
  else delete scenario[name]
  return true
}

/** The scenario without what was refused; undefined when too little is left to say anything. */
export const of = (input: unknown, refused: ReadonlyArray<Path>): unknown => {
  if (!Predicate.isObject(input)) return undefined
  const left = structuredClone(input) as Fields
  return refused.every((path) => disarm(left, path)) ? left : undefined
}
