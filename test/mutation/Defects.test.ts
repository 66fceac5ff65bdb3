import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { defects } from "./Defects.ts"
import { witnesses } from "./Witnesses.ts"

const source = (name: string, file: string): string =>
  readFileSync(join(import.meta.dirname, "../../packages", name, "src", file), "utf8")

it.each(defects)("$name: its place is in $file exactly once", ({ file, find, package: name = "core", replace }) => {
  expect(source(name, file).split(find)).toHaveLength(2)
  expect(replace).not.toBe(find)
})

it.each(Object.entries(witnesses))("%s: its witness %s is there, and so is the defect", (name, file) => {
  expect(defects.map((defect) => defect.name)).toContain(name)
  expect(existsSync(join(import.meta.dirname, "../..", file))).toBe(true)
})
