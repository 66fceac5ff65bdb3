/** The rule against import cycles; an `import type` counts, because a cycle of types is a cycle of thought. */
import * as Imports from "../Imports.ts"
import type { Source, Violation } from "../Source.ts"

interface Edge {
  readonly to: string
  readonly line: number
}

type Graph = ReadonlyMap<string, ReadonlyArray<Edge>>

/** No file imports itself by a detour. Each cycle is reported once, where the walk closes it. */
export const cycles = (sources: ReadonlyArray<Source>): ReadonlyArray<Violation> => {
  const graph = graphOf(sources)
  const found: Array<Violation> = []
  const done = new Set<string>()
  const visit = (path: string, trail: ReadonlyArray<string>): void => {
    if (done.has(path)) return
    const here = [...trail, path]
    for (const edge of graph.get(path) ?? []) {
      const start = here.indexOf(edge.to)
      if (start < 0) visit(edge.to, here)
      else found.push({ path, line: edge.line, message: describe([...here.slice(start), edge.to]) })
    }
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return found
}

const describe = (cycle: ReadonlyArray<string>): string =>
  `import cycle ${cycle.join(" -> ")}: move what both sides need into a module below them`

const graphOf = (sources: ReadonlyArray<Source>): Graph => {
  const paths = new Set(sources.map((source) => source.path))
  const edgesOf = (source: Source): ReadonlyArray<Edge> =>
    Imports.of(source).flatMap(({ specifier, line }) => {
      const to = Imports.target(source.path, specifier)
      return to !== undefined && paths.has(to) ? [{ to, line }] : []
    })
  return new Map(sources.map((source) => [source.path, edgesOf(source)]))
}
