/** The library with other names of models: those of the articles, and those that think by themselves. */
import * as Lab from "@understudy/lab/Lab"
import * as Library from "@understudy/lab/library/Library"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import { expect, it } from "vitest"
import * as OwnConfig from "../src/lab/OwnConfig.ts"

it.each([
  "auth.invalid@deepseek",
  "answer.json@qwen",
  "quick.restored"
])("plays %s with the names of the articles too", async (name) => {
  const { run, verdict } = await Lab.run(OwnConfig.inCatalogue(Library.find(name), "2025"))
  expect(run.scenario.source.traffic.model).toBe(name.endsWith("deepseek") ? "deepseek-chat" : "qwen-plus")
  expect(JSON.stringify(run.scenario.config)).not.toMatch(/deepseek-flash|deepseek-v4/)
  expect([verdict.error, verdict.findings]).toEqual([undefined, []])
})

it.each([
  "answer.json@qwen",
  "tools.cut@qwen",
  "stall.midstream@qwen"
])("asks models that think by themselves in %s, and finds nothing against them", async (name) => {
  const { run, verdict } = await Lab.run(OwnConfig.ofModel("qwen3.8-flash").into(Library.find(name)))
  expect(run.attempts.some(({ model }) => model === "qwen3.8-flash")).toBe(true)
  expect([verdict.error, verdict.findings]).toEqual([undefined, []])
})

it("has no retired names of models where the vendors are of today alone", async () => {
  const old = Scenario.make({
    name: "old",
    teaches: { en: "A test's own.", zh: "测试专用。" },
    traffic: { model: "deepseek-chat", every: "1s", for: "3s" }
  })
  expect((await Lab.run(old)).verdict.error).toMatchObject({ kind: "no-such-target" })
  expect((await Lab.run(OwnConfig.inCatalogue(old, "both"))).verdict.error).toBeUndefined()
})
