import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { defects } from "./Defects.ts"

const source = (name: string, file: string): string =>
  readFileSync(join(import.meta.dirname, "../../packages", name, "src", file), "utf8")

it.each(defects)("$name: its place is in $file exactly once", ({ file, find, package: name = "core", replace }) => {
  expect(source(name, file).split(find)).toHaveLength(2)
  expect(replace).not.toBe(find)
})
