/** The rules about core's doors: which of its modules others may open, and what no face may know. */
import * as Imports from "../Imports.ts"
import type { Source, Violation } from "../Source.ts"
import type { Door } from "../Table.ts"

const root = "packages/core/src/"
const index = `${root}index.ts`

/** Core's public modules stand in its index or in the list of doors, and are no more than `most`. */
export const publicModules = (
  sources: ReadonlyArray<Source>,
  listed: ReadonlyArray<Door>,
  most: number
): ReadonlyArray<Violation> => {
  const open = sources.filter(({ path }) => path.startsWith(root) && !path.startsWith(`${root}internal/`))
  const known = new Set([index, ...listed.map(({ path }) => path)])
  for (const source of open) {
    if (source.path !== index) continue
    for (const { specifier } of Imports.of(source)) known.add(Imports.target(index, specifier) ?? "")
  }
  const violation = (path: string, message: string): Violation => ({ path, line: 1, message })
  return [
    ...open
      .filter(({ path }) => !known.has(path))
      .map(({ path }) =>
        violation(path, "is public, but neither in index.ts nor a door of Table.ts: move it under src/internal")
      ),
    ...listed
      .filter(({ path }) => !open.some((source) => source.path === path))
      .map(({ path }) => violation(path, "is a door of Table.ts and does not exist: remove it there")),
    ...open
      .slice(most)
      .map(({ path }) => violation(path, `is public module ${open.length} of ${most}: let a door lead to it instead`))
  ]
}

const faces = /^packages\/(?:core\/src\/(?:internal\/)?face|gateway|chat-model|ai-sdk|effect-ai|langchain|nestjs)\//

/** A face speaks the one language: it knows no vendor's dialect, and nothing that the core keeps to itself. */
export const closedToFaces = (sources: ReadonlyArray<Source>): ReadonlyArray<Violation> =>
  sources
    .filter(({ path }) => faces.test(path))
    .flatMap((source) =>
      Imports.of(source).flatMap(({ line, specifier }) => {
        const to = Imports.target(source.path, specifier) ?? ""
        if (/^packages\/core\/src\/(?:internal\/)?provider\/[^/]+\//.test(to)) {
          const message = `"${specifier}" is one vendor's: a face asks provider/Vendors or provider/Provider`
          return [{ path: source.path, line, message }]
        }
        if (source.path.startsWith(root) || !to.startsWith(`${root}internal/`)) return []
        return [{ path: source.path, line, message: `"${specifier}" is the core's own: a face goes through face/Face` }]
      })
    )
