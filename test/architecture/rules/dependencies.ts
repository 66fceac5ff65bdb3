/** The rules about who imports whom. */
import * as Imports from "../Imports.ts"
import type { Source, Violation } from "../Source.ts"
import { type Allowance, layersOf, type Row, rows } from "../Table.ts"

/** Sources import what their package's row of the table allows, and nothing else. */
export const allowedImports = (sources: ReadonlyArray<Source>): ReadonlyArray<Violation> =>
  eachImport(sources, (source, from) => {
    const inner = Imports.insideSrc(source.path)
    if (inner === undefined || from.specifier.startsWith(".")) return undefined
    const name = Imports.packageName(Imports.unitOf(source.path))
    const row = rows[name]
    if (row === undefined)
      return `package ${name} has no row in test/architecture/Table.ts: add one that fits the architecture`
    return isAllowed(row, inner, from)
      ? undefined
      : `${name} may not import "${from.specifier}"${hint(row, name, from)}`
  })

const isAllowed = (row: Row, inner: string, from: Imports.Import): boolean =>
  row.may.some((allowance) => covers(allowance, from.specifier) && isHere(allowance, inner, from))

const covers = ({ module }: Allowance, specifier: string): boolean =>
  /[/:]$/.test(module)
    ? specifier.startsWith(module) && specifier !== module
    : specifier === module || specifier.startsWith(`${module}/`)

const isHere = ({ under, typesElsewhere }: Allowance, inner: string, from: Imports.Import): boolean =>
  under === undefined ||
  (typesElsewhere === true && from.typeOnly) ||
  under.some(
    (folder) =>
      inner
        .replace(/\.ts$/, "")
        .replace(/^internal\/(?=.*\/)/, "")
        .split("/")[0]
        ?.toLowerCase() === folder
  )

const hint = (row: Row, name: string, { specifier }: Imports.Import): string => {
  if (specifier === "effect")
    return `: import the submodule, "effect/Effect", not the barrel (it triples the cold start)`
  if (specifier.startsWith(`@understudy/${name}`)) return ": import its own files by a relative path"
  const candidates = row.may.filter((allowance) => covers(allowance, specifier))
  const folders = candidates.flatMap(({ under }) => under ?? []).map((folder) => `src/${folder}`)
  const types = candidates.some(({ typesElsewhere }) => typesElsewhere)
    ? " its types anywhere (`import type`), values"
    : ""
  if (candidates.length === 0) return ": move the code to a package that may"
  return `:${types} only under ${folders.join(", ") || "no folder"}`
}

/** Nobody reaches into another package, neither by a relative path nor through its `internal/`; mocks' tests know no package. */
export const closedInsides = (sources: ReadonlyArray<Source>): ReadonlyArray<Violation> =>
  eachImport(sources, (source, { specifier }) => {
    const unit = Imports.unitOf(source.path)
    const to = Imports.target(source.path, specifier)
    if (to === undefined || !isPackage(Imports.unitOf(to)) || Imports.unitOf(to) === unit) return undefined
    if (specifier.startsWith(".")) return `"${specifier}" reaches into another package: import it by its package name`
    if (to.includes("/internal/")) return `"${specifier}" is internal to its package: use what the package exports`
    if (unit === "mocks") return `mocks is the independent oracle and may not import "${specifier}"`
    return undefined
  })

const isPackage = (unit: string): boolean => unit.startsWith("packages/") || unit === "mocks"

/** Inside a package with layers one imports only itself and those before it; files of `src` that are no layer are on top. */
export const layers = (sources: ReadonlyArray<Source>): ReadonlyArray<Violation> =>
  eachImport(sources, (source, { specifier }) => {
    const unit = Imports.unitOf(source.path)
    const name = Imports.packageName(unit)
    const order = layersOf[name]
    const inner = Imports.insideSrc(source.path)
    if (order === undefined || inner === undefined) return undefined
    const upper = layerOf(inner)
    if (levelIn(order, inner) < 0) return `src/${upper} is not a layer of ${name}: add it to layersOf or move the file`
    const to = Imports.target(source.path, specifier)
    const lower = to !== undefined && Imports.unitOf(to) === unit ? Imports.insideSrc(to) : undefined
    if (lower === undefined || layerOf(lower) === upper || levelIn(order, lower) < levelIn(order, inner))
      return undefined
    if (levelIn(order, inner) === order.length) return undefined
    return [
      `src/${upper} may not import "${specifier}"`,
      `  why: the inside of ${name} depends one way: ${order.join(" <- ")} <- other files of src`,
      `  do: move what both need down to src/${upper} or below, or the code that asks for it up`
    ].join("\n")
  })

/** The layer of a file: public and `internal/` files of one folder name are one layer; a file of `src` has its own name. */
const layerOf = (inner: string): string =>
  inner
    .replace(/^internal\/(?=.*\/)/, "")
    .replace(/\.ts$/, "")
    .split("/")[0] ?? ""

/** The place of a file in the order; a file of `src` that is not in it stands above all. */
const levelIn = (order: ReadonlyArray<string>, inner: string): number => {
  const level = order.indexOf(layerOf(inner))
  return level < 0 && !inner.includes("/") ? order.length : level
}

const eachImport = (
  sources: ReadonlyArray<Source>,
  problem: (source: Source, from: Imports.Import) => string | undefined
): ReadonlyArray<Violation> =>
  sources.flatMap((source) =>
    Imports.of(source).flatMap((from) => {
      const message = problem(source, from)
      return message === undefined ? [] : [{ path: source.path, line: from.line, message }]
    })
  )
