/** The project's own files, as the rules want them. */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import * as path from "node:path"
import { type File, parse, type Violation } from "./Source.ts"

const root = path.resolve(import.meta.dirname, "../..")

const read = (file: string): string => readFileSync(path.join(root, file), "utf8")

/** Every text file that git tracks or would add: what it ignores is never published. */
export const files: ReadonlyArray<File> = execFileSync(
  "git",
  ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
  { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 }
)
  .split("\0")
  .filter((file) => file !== "" && existsSync(path.join(root, file)))
  .map((file) => ({ path: file, text: read(file) }))
  .filter(({ text }) => !text.includes("\0"))

const under = (pattern: RegExp): ReadonlyArray<ReturnType<typeof parse>> =>
  files.filter((file) => pattern.test(file.path)).map(parse)

/** The TypeScript of packages, tests and examples. */
export const all = under(/^(?:packages|mocks|test|docs\/examples)\/.*\.tsx?$/)

/** The sources of the packages. */
export const sources = all.filter((source) => /^(?:packages\/[^/]+|mocks)\/src\//.test(source.path))

/** The sources of core. */
export const core = sources.filter((source) => source.path.startsWith("packages/core/src/"))

/** The sources of these tests, which keep the bars that they set. */
export const own = all.filter((source) => source.path.startsWith("test/architecture/"))

/** The declarations of a module of Effect. */
export const effectDeclarations = (specifier: string): string | undefined => {
  const file = `node_modules/effect/dist/${specifier.slice("effect/".length)}`
  const found = [`${file}.d.ts`, `${file}/index.d.ts`].find((candidate) => existsSync(path.join(root, candidate)))
  return found === undefined ? undefined : read(found)
}

/** What a failing test shows: a line per violation. */
export const report = (violations: ReadonlyArray<Violation>): string =>
  violations.map(({ path, line, message }) => `${path}:${line} ${message}`).join("\n")
