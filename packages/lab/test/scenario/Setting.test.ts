import { describe, expect, it } from "@effect/vitest"
import * as VendorList from "@understudy/mocks/VendorList"
import type { ScenarioOptions, TrafficOptions } from "../../src/scenario/Options.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import * as Setup from "../../src/scenario/Setup.ts"
import * as ReplyText from "../../src/traffic/ReplyText.ts"
import * as Traffic from "../../src/traffic/Traffic.ts"

const make = (traffic: TrafficOptions, more: Partial<ScenarioOptions> = {}) =>
  Scenario.make({ name: "a", teaches: { en: "x", zh: "y" }, traffic, ...more })

const plus = { model: "qwen-plus", every: "1s", for: "10s" }

describe("Setup", () => {
  it("offers the targets of the route and then its fallback, each with all keys", () => {
    const labels = (model: string) =>
      Setup.paths(make(plus), model).map((path) => `${path.vendor}/${path.model}#${path.key}`)
    expect(labels("qwen-max")).toEqual([
      "qwen/qwen-max#qwen-1",
      "qwen/qwen-max#qwen-2",
      "deepseek/deepseek-flash#deepseek-1",
      "deepseek/deepseek-flash#deepseek-2"
    ])
    expect(labels("qwq-32b")[2]).toBe("deepseek/deepseek-v4-pro#deepseek-1")
    expect(labels("deepseek-flash")[2]).toBe("qwen/qwen-plus#qwen-1")
    expect(labels("gpt-4o")).toEqual([])
  })

  it("fills base URLs and the values and accounts of keys into a configuration of one's own", () => {
    const scenario = make(plus, {
      keys: { a: { vendor: "qwen", account: "main", value: "sk-demo-x" }, b: { vendor: "qwen" } },
      config: {
        version: 1,
        providers: {
          one: { type: "qwen", keys: ["a", { value: "b", weight: 2 }], aliases: { "qwen-plus": "qwen-max" } }
        },
        routes: [{ name: "r", match: { model: { prefix: "qwen-" } }, targets: [{ provider: "one" }] }]
      }
    })
    const filled = Setup.configFor(scenario, VendorList.urlsAt("http://127.0.0.1:1"))
    expect(filled.providers["one"]).toMatchObject({
      baseUrl: "http://127.0.0.1:1/qwen/compatible-mode/v1",
      keys: [
        { name: "a", account: "main", value: "sk-demo-x" },
        { name: "b", account: "b", value: "sk-demo-b", weight: 2 }
      ]
    })
    expect(Setup.paths(scenario, "qwen-plus")).toEqual([
      { vendor: "qwen", model: "qwen-max", key: "a" },
      { vendor: "qwen", model: "qwen-max", key: "b" }
    ])
  })
})

describe("Traffic.calls", () => {
  it("makes the same calls of the same seed, and others of another", () => {
    const scenario = make({ ...plus, for: "2m", stream: 0.5, leaving: { share: 0.5, after: "2s" } })
    expect(Traffic.calls(scenario)).toEqual(Traffic.calls(scenario, 42))
    expect(Traffic.calls(scenario)).not.toEqual(Traffic.calls(scenario, 43))
    const calls = Traffic.calls(scenario)
    for (const share of [calls.filter((call) => call.stream), calls.filter((call) => call.leaves === 2_000)]) {
      expect(share.length).toBeGreaterThan(36)
      expect(share.length).toBeLessThan(84)
    }
  })

  it("draws for each call by itself: longer traffic begins with the same calls", () => {
    const short = Traffic.calls(make({ ...plus, stream: 0.5 }))
    expect(Traffic.calls(make({ ...plus, stream: 0.5, for: "1m" })).slice(0, 10)).toEqual(short)
  })

  it("marks each text with its call", () => {
    const calls = Traffic.calls(make({ ...plus, text: "Hello." }))
    expect(calls.map(({ at, id }) => [id, at]).at(-1)).toEqual(["c10", 9_000])
    expect(calls[0]?.text).toBe(`Hello. ${ReplyText.mark("c1")}`)
  })

  it("takes a list as it is, and makes its calls in the order of time", () => {
    const scenario = make({
      model: "qwen-plus",
      stream: true,
      leaving: { share: 1, after: "5s" },
      calls: [
        { at: "2s", model: "qwq-32b", stream: false, text: "Why?" },
        { at: "500ms", leaves: "1s" }
      ]
    })
    expect(scenario.length).toBe(2_000)
    expect(Traffic.calls(scenario)).toEqual([
      { id: "c2", at: 500, model: "qwen-plus", stream: true, leaves: 1_000, text: "Say the alphabet. [call:c2]" },
      { id: "c1", at: 2_000, model: "qwq-32b", stream: false, leaves: 5_000, text: "Why? [call:c1]" }
    ])
  })
})
