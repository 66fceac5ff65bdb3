/** The size bars: code lines of files and functions, and no `any`. */
import * as Imports from "../Imports.ts"
import { codeLinesBetween, lineOf, type Source, type Violation, violationAt, walk } from "../Source.ts"
import { bars } from "../Table.ts"

/** The median, the ninetieth percentile and the longest file of each package stay under their bars. */
export const fileSizes = (sources: ReadonlyArray<Source>): ReadonlyArray<Violation> => {
  const packages = Map.groupBy(sources, (source) => Imports.unitOf(source.path))
  return [...packages].flatMap(([unit, files]) => [...longFiles(files), ...tooLongOnTheWhole(unit, files)])
}

const sizeOf = (source: Source): number => codeLinesBetween(source, 0, source.text.length)

/** No file is longer than the bar. */
export const longFiles = (files: ReadonlyArray<Source>): ReadonlyArray<Violation> =>
  files
    .filter((file) => sizeOf(file) > bars.file)
    .map((file) => ({
      path: file.path,
      line: lineOf(file, file.text.length),
      message: `${sizeOf(file)} code lines, the bar is ${bars.file}: split it by noun`
    }))

const tooLongOnTheWhole = (unit: string, files: ReadonlyArray<Source>): ReadonlyArray<Violation> => {
  const sorted = files.toSorted((a, b) => sizeOf(a) - sizeOf(b))
  const over = ([name, share, bar]: readonly [string, number, number]): ReadonlyArray<Violation> => {
    const file = sorted[Math.ceil(sorted.length * share) - 1]
    if (file === undefined || sizeOf(file) <= bar) return []
    const message = `the ${name} file of ${unit} has ${sizeOf(file)} code lines, the bar is ${bar}: split the longest files`
    return [{ path: file.path, line: 1, message }]
  }
  return [["median", 0.5, bars.median] as const, ["90th percentile", 0.9, bars.p90] as const].flatMap(over)
}

/** No function is longer than the bar, whatever it nests. */
export const functionSizes = (sources: ReadonlyArray<Source>): ReadonlyArray<Violation> =>
  sources.flatMap((source) => {
    const found: Array<Violation> = []
    walk(source, (node) => {
      if (!functions.has(node.type)) return
      const lines = codeLinesBetween(source, node.start, node.end)
      if (lines <= bars.function) return
      found.push(
        violationAt(source, node, `a function of ${lines} code lines, the bar is ${bars.function}: name its parts`)
      )
    })
    return found
  })

const functions = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"])

/** Nothing is typed `any`. */
export const noAny = (sources: ReadonlyArray<Source>): ReadonlyArray<Violation> =>
  sources.flatMap((source) => {
    const found: Array<Violation> = []
    walk(source, (node) => {
      if (node.type === "TSAnyKeyword")
        found.push(violationAt(source, node, "`any`: write the type, or `unknown` and a check"))
    })
    return found
  })
