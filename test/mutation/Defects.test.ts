import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { defects } from "./Defects.ts"

const source = (file: string): string =>
  readFileSync(join(import.meta.dirname, "../../packages/core/src", file), "utf8")

it.each(defects)("$name: its place is in $file exactly once", ({ file, find, replace }) => {
  expect(source(file).split(find)).toHaveLength(2)
  expect(replace).not.toBe(find)
})
