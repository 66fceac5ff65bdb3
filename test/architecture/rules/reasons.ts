/** The rule that a reason's meaning is read from its row, so that a new reason is a new row and nothing else. */
import { isNode, type Node, nodesOf, type Source, type Violation, violationAt, walk } from "../Source.ts"
import type { NamesakeAllowance } from "../Table.ts"

/** The table itself. */
const table = "packages/core/src/failure/Reason.ts"

/** Nobody but the table compares, switches by or lists the names of reasons; `tags` are those names. */
export const reasonsByName = (
  sources: ReadonlyArray<Source>,
  tags: ReadonlyArray<string>,
  namesakes: ReadonlyArray<NamesakeAllowance>
): ReadonlyArray<Violation> => {
  const used = new Set<NamesakeAllowance>()
  const found = sources.flatMap((source) =>
    source.path === table
      ? []
      : literalsIn(source).flatMap((literal) => {
          const name = String(literal["value"])
          if (!tags.includes(name)) return []
          const namesake = namesakes.find((entry) => entry.path === source.path && entry.name === name)
          if (namesake === undefined) return [violationAt(source, literal, `"${name}": ${instead}`)]
          used.add(namesake)
          return []
        })
  )
  const stale = namesakes.filter((entry) => !used.has(entry))
  return [
    ...found,
    ...stale.map(({ name, path }) => ({
      path,
      line: 1,
      message: `no "${name}" is asked for here: remove the namesake`
    }))
  ]
}

const instead =
  "ask a column of the table (`traitsOf(reason)`, `reasons[tag]` of failure/Reason), or give it one, in place of a reason's name"

/** The literals that something is compared with, or looked up in. */
const literalsIn = (source: Source): ReadonlyArray<Node> => {
  const found: Array<Node> = []
  walk(source, (node) => {
    for (const part of partsOf(node)) if (isNode(part) && typeof part["value"] === "string") found.push(part)
  })
  return found
}

const partsOf = (node: Node): ReadonlyArray<unknown> => {
  if (node.type === "SwitchCase") return [node["test"]]
  if (node.type === "ArrayExpression") return nodesOf(node["elements"])
  return node.type === "BinaryExpression" ? [node["left"], node["right"]] : []
}
