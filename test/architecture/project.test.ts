import { createRequire } from "node:module"
import { tags } from "@understudy/core/failure/Reason"
import { expect, it } from "vitest"
import { all, core, effectDeclarations, files, own, report, sources } from "./project.ts"
import { cycles } from "./rules/cycles.ts"
import { allowedImports, closedInsides, layers } from "./rules/dependencies.ts"
import { determinism } from "./rules/determinism.ts"
import { docstrings } from "./rules/docstrings.ts"
import { closedToFaces, publicModules } from "./rules/doors.ts"
import { reasonsByName } from "./rules/reasons.ts"
import { fileSizes, functionSizes, longFiles, noAny } from "./rules/size.ts"
import { stability } from "./rules/stability.ts"
import { registries, secrets } from "./rules/text.ts"
import { vendors } from "./rules/vendors.ts"
import { doors, mostPublic, namesakes, timers, vendorData } from "./Table.ts"

const measured = [...sources, ...own.filter((source) => !source.path.endsWith(".test.ts"))]
const tests = all.filter((source) => source.path.endsWith(".test.ts"))

it.each([
  ["packages import only what the table allows", () => allowedImports(sources)],
  ["nobody reaches into another package", () => closedInsides(all)],
  ["core's public modules are in its index or doors, and few", () => publicModules(core, doors, mostPublic)],
  ["a face knows no vendor and nothing that the core keeps to itself", () => closedToFaces(sources)],
  ["the arrows inside a package with layers run one way", () => layers(sources)],
  ["there are no import cycles", () => cycles(all)],
  ["core uses stable exports of Effect only", () => stability(core, effectDeclarations)],
  ["core takes time, luck and ids from services", () => determinism(core, timers)],
  ["a reason is asked for its row, never for its name", () => reasonsByName(sources, tags, namesakes)],
  ["files stay under their bars", () => fileSizes(measured)],
  ["no test file is longer than a source file may be", () => longFiles(tests)],
  ["functions stay under their bar", () => functionSizes(measured)],
  ["nobody asks for a vendor by its name", () => vendors(sources, vendorData)],
  ["nothing is any", () => noAny(measured)],
  ["every export of a public module has a docstring", () => docstrings(sources)],
  ["no file holds a secret", () => secrets(files)],
  ["no file names a package registry", () => registries(files)]
])("%s", (_, violations) => {
  const found = violations()
  if (found.length > 0) expect.fail(report(found))
})

it("nobody can open what the core keeps to itself", () => {
  const { resolve } = createRequire(import.meta.url)
  expect(() => resolve("@understudy/core/internal/failover/Engine")).toThrow("not defined by")
})
