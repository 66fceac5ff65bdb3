/** What the first visit costs: everything that log-in and overview load, compressed. */
import { readFileSync } from "node:fs"
import * as path from "node:path"
import { gzipSync } from "node:zlib"
import { beforeAll, expect, it } from "vitest"
import { root } from "../cli/support.ts"
import { build } from "./support.ts"

const dist = path.join(root, "packages/console/dist")

type Manifest = Readonly<
  Record<
    string,
    { readonly file: string; readonly css?: ReadonlyArray<string>; readonly imports?: ReadonlyArray<string> }
  >
>

/** Bytes of the first load that may not be exceeded, as gzip makes them. */
const limit = 300_000

beforeAll(build)

const filesOf = (manifest: Manifest, name: string, seen = new Set<string>()): ReadonlyArray<string> => {
  if (seen.has(name)) return []
  seen.add(name)
  const { css = [], file = "", imports = [] } = manifest[name] ?? {}
  return [file, ...css, ...imports.flatMap((each) => filesOf(manifest, each, seen))]
}

it("log-in and overview together load less than 300 kB, compressed", () => {
  const manifest: Manifest = JSON.parse(readFileSync(path.join(dist, "manifest.json"), "utf8"))
  const files = new Set(["index.html", "src/pages/overview/Overview.tsx"].flatMap((name) => filesOf(manifest, name)))
  expect(files.size).toBeGreaterThan(3)
  const bytes = [...files].reduce(
    (sum, file) => sum + gzipSync(readFileSync(path.join(dist, file)), { level: 9 }).length,
    0
  )
  expect(bytes).toBeLessThan(limit)
})
