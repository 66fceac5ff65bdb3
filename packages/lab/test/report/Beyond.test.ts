import { expect, it } from "vitest"
import * as Html from "../../src/report/Html.ts"
import * as Json from "../../src/report/Json.ts"
import * as JUnit from "../../src/report/JUnit.ts"
import type { Judged } from "../../src/report/Judged.ts"
import * as Markdown from "../../src/report/Markdown.ts"
import * as Terminal from "../../src/report/Terminal.ts"
import { nothing } from "../../src/run/Rest.ts"
import { failed } from "./support.ts"

const long = (beyond: number): Judged => ({
  ...failed,
  run: {
    ...failed.run,
    rest: { ...nothing, beyond, times: new Map(), minutes: new Map(), straight: new Map() }
  }
})

const reports: ReadonlyArray<readonly [name: string, render: (judged: Judged) => string]> = [
  ["the page", (judged) => Html.render([judged], "en")],
  ["JUnit's", (judged) => JUnit.render([judged], "en")],
  ["the summary", (judged) => Markdown.render([judged], "en")],
  ["the terminal", (judged) => Terminal.timeline(judged, { language: "en", width: 400 })]
]

it.each(reports)("%s report says that findings count the calls that were kept", (_, render) => {
  const said = "1,234 more were worth keeping"
  expect(render(long(1_234))).toContain(said)
  expect(render(long(0))).not.toContain("worth keeping")
})

it("the JSON report has the number", () => {
  expect(Json.toStored(long(1_234)).beyond).toBe(1_234)
  expect(Json.toStored(long(0))).not.toHaveProperty("beyond")
})
