/** The rule that time, luck and ids come from Effect's services, so that a day of outages replays from a seed. */
import { isNode, type Node, nameOf, type Source, type Violation, violationAt, walk } from "../Source.ts"
import type { TimerAllowance } from "../Table.ts"

/** Nothing in core reads the wall clock, rolls its own dice or starts its own timer, but for the allowed adapters. */
export const determinism = (
  sources: ReadonlyArray<Source>,
  allowed: ReadonlyArray<TimerAllowance>
): ReadonlyArray<Violation> => {
  const used = new Set<TimerAllowance>()
  const found = sources.flatMap((source) =>
    usesIn(source).flatMap(({ node, name }) => {
      const allowance = allowed.find((entry) => entry.path === source.path && entry.name === name)
      if (allowance !== undefined && adapters.test(source.path)) {
        used.add(allowance)
        return []
      }
      return [violationAt(source, node, `${name}: ${instead(name)}`)]
    })
  )
  const stale = allowed.filter((entry) => !used.has(entry))
  return [
    ...found,
    ...stale.map(({ path, name }) => ({
      path,
      line: 1,
      message: `the allowance of ${name} is of no use here: remove it`
    }))
  ]
}

const adapters = /^packages\/core\/src\/(?:internal\/)?upstream\//

const globals = new Set(["setTimeout", "setInterval", "setImmediate", "randomUUID", "randomBytes", "randomInt"])

const members: ReadonlyMap<string, string> = new Map([
  ["Date.now", "use Clock.currentTimeMillis"],
  ["new Date()", "use Clock.currentTimeMillis"],
  ["performance.now", "use Clock.currentTimeNanos"],
  ["Math.random", "use Random"],
  ["randomUUID", "take ids from a service"],
  ["randomBytes", "use Random"],
  ["randomInt", "use Random"],
  ["AbortSignal.timeout", "use Effect.timeoutOrElse, or one deadline of src/upstream"]
])

const instead = (name: string): string =>
  members.get(name) ??
  `use Effect.sleep; an adapter in src/upstream may have it when test/architecture/Table.ts lists it with a reason`

const usesIn = (source: Source): ReadonlyArray<{ readonly node: Node; readonly name: string }> => {
  const found: Array<{ readonly node: Node; readonly name: string }> = []
  walk(source, (node, parent) => {
    const name = memberName(node) ?? bareDate(node) ?? globalName(node, parent)
    if (name !== undefined) found.push({ node, name })
  })
  return found
}

const memberName = (node: Node): string | undefined => {
  if (node.type !== "MemberExpression") return undefined
  const object = node["object"]
  const owner = isNode(object) && object.type === "MemberExpression" ? nameOf(object["property"]) : nameOf(object)
  const name = `${owner}.${nameOf(node["property"])}`
  return members.has(name) ? name : undefined
}

const bareDate = (node: Node): string | undefined => {
  const isBare = node.type === "NewExpression" && nameOf(node["callee"]) === "Date"
  return isBare && Array.isArray(node["arguments"]) && node["arguments"].length === 0 ? "new Date()" : undefined
}

const globalName = (node: Node, parent: Node | undefined): string | undefined => {
  const name = node.type === "Identifier" ? nameOf(node) : undefined
  if (name === undefined || !globals.has(name)) return undefined
  const isKey = parent?.["key"] === node && parent["shorthand"] !== true
  const isOthersMember =
    parent?.["property"] === node && !["globalThis", "crypto"].includes(nameOf(parent["object"]) ?? "")
  return isKey || isOthersMember ? undefined : name
}
