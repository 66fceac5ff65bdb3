import * as path from "node:path"
import { UnderstudyOptions } from "@understudy/core/config/Options"
import { expect, it } from "vitest"
import { texts } from "./Chinese.ts"
import * as Tables from "./Tables.ts"
import { files } from "./Written.ts"

const settings = Tables.all(Tables.root(UnderstudyOptions))

/** A fallback is a target, which the guide describes once. */
const told = settings.filter(({ path }) => !path.startsWith("routes[].fallback[]."))

it.each(files().map((each) => [path.basename(each.file), each] as const))("keeps %s as the schema has it", (_, {
  kept,
  right
}) => {
  // Out of date? npm run settings
  expect(kept).toBe(right)
})

it("has a hover text for every setting, and a default in a form that may be written for every one that can be left out", () => {
  const silent = settings.filter(
    ({ isRequired, node }) =>
      node.meaning === undefined || isRequired === (node.leftOut !== undefined || node.default !== undefined)
  )
  expect(silent.map(({ path }) => path)).toEqual([])
})

it("says in Chinese what it says in English, of every setting and of nothing else", () => {
  expect(Object.keys(texts).sort()).toEqual(told.map(({ path }) => path).sort())
  const english = told.filter(({ node }) => node.leftOut !== undefined).map(({ path }) => path)
  const chinese = Object.entries(texts).flatMap(([path, text]) => (typeof text === "string" ? [] : [path]))
  expect(chinese.sort()).toEqual(english.sort())
})
