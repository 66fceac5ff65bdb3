import { names } from "@understudy/mocks/FaultKind"
import { expect, it } from "vitest"
import * as Exercised from "../../src/report/Exercised.ts"
import * as Html from "../../src/report/Html.ts"
import * as Json from "../../src/report/Json.ts"
import * as Markdown from "../../src/report/Markdown.ts"
import * as Terminal from "../../src/report/Terminal.ts"
import { attempt, passed } from "./support.ts"

const withAttempts = (...recipes: ReadonlyArray<string>) => ({
  ...passed,
  run: { ...passed.run, attempts: recipes.map((recipe, index) => attempt(index + 1, index, { recipe })) }
})

const list = [
  withAttempts("answer", "auth.invalid", "slow.chunks+cut.midstream", "path.unknown"),
  withAttempts("auth.invalid", "auth.invalid")
]

it("counts the requests that a kind shaped, and the scenarios, whatever it came together with", () => {
  expect(Exercised.of(list).filter(({ requests }) => requests > 0)).toEqual([
    { kind: "auth.invalid", requests: 3, scenarios: 2 },
    { kind: "slow.chunks", requests: 1, scenarios: 1 },
    { kind: "cut.midstream", requests: 1, scenarios: 1 }
  ])
  expect(Exercised.of(list).map(({ kind }) => kind)).toEqual(names)
})

it("is told in every report, in both languages, with what was not exercised", () => {
  const all = names.length
  expect(Html.render(list, "en")).toContain(`3 of ${all} kinds of faults exercised`)
  expect(Html.render(list, "zh")).toContain(`${all} 种故障中演练了 3 种`)
  const page = Html.render(list, "en")
  expect(page.indexOf("<code>auth.invalid</code>")).toBeLessThan(page.indexOf("<code>refuse</code>"))
  expect(Markdown.render(list, "en")).toMatch(/\| `auth\.invalid` \| 3 \| 2 \|\n.*\nNot exercised: `refuse` /s)
  expect(Markdown.render(list, "zh")).toContain("未演练：`refuse`")
  expect(Terminal.summary(list, { language: "en", width: 200 })).toContain(
    `3 of ${all} kinds of faults exercised: auth.invalid 3, slow.chunks 1, cut.midstream 1`
  )
  expect(list.map((judged) => Json.toStored(judged).faults)).toEqual([
    { "auth.invalid": 1, "slow.chunks": 1, "cut.midstream": 1 },
    { "auth.invalid": 2 }
  ])
})

it("says that nothing was exercised where nothing went wrong", () => {
  expect(Terminal.summary([withAttempts("answer")], { language: "en" })).toContain(`0 of ${names.length} kinds`)
  expect(Markdown.render([withAttempts("answer")], "en")).toContain(`0 of ${names.length} kinds`)
})
