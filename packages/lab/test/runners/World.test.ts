import * as Clock from "@understudy/mocks/Clock"
import * as MockTransport from "@understudy/mocks/MockTransport"
import { describe, expect, it } from "vitest"
import * as World from "../../src/run/World.ts"
import type { ScenarioOptions } from "../../src/scenario/Options.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import * as Setup from "../../src/scenario/Setup.ts"
import * as Standard from "../../src/scenario/Standard.ts"

const model = "qwen-plus"

const begin = (options: Partial<ScenarioOptions>, clock = Clock.manual()) => {
  const scenario = Scenario.make({
    name: "a",
    teaches: { en: "x", zh: "y" },
    traffic: { model, every: "1s", for: "1m" },
    ...options
  })
  const world = World.begin({ scenario, paths: { [model]: Setup.paths(scenario, model) }, clock })
  const transport = MockTransport.make(world.vendors)
  /** Asks Qwen, and tells the status. */
  const ask = (key = "qwen-1", content = "Hello [call:c1]"): number => {
    let seen = 0
    transport.send(
      {
        method: "POST",
        origin: "https://dashscope.aliyuncs.com",
        path: "/compatible-mode/v1/chat/completions",
        headers: { authorization: `Bearer sk-demo-${key}`, "content-type": "application/json" },
        body: JSON.stringify({ model, messages: [{ role: "user", content }] })
      },
      {
        onConnected: () => undefined,
        onHeaders: (status) => {
          seen = status
        },
        onData: () => undefined,
        onEnd: () => undefined,
        onError: () => undefined
      }
    )
    clock.advance(0)
    return seen
  }
  const told = () => world.transitions.map(({ at, from, name, to, what }) => `${at} ${what} ${name}: ${from} > ${to}`)
  const keys = () => world.health[model]?.map(({ at, paths }) => [at, paths.map((path) => path.split("#")[1]).join()])
  return { ask, clock, keys, told, world }
}

const four = "qwen-1,qwen-2,deepseek-1,deepseek-2"

describe("a world", () => {
  it("goes through phases by time and by requests, each with its faults", () => {
    const { ask, clock, keys, told, world } = begin({
      phases: [
        { name: "well", until: { after: "10s" } },
        { name: "ill", until: { requests: 2 }, faults: [{ kind: "server.error", vendor: "qwen" }] },
        { name: "well again" }
      ]
    })
    expect([world.phase(), ask()]).toEqual(["well", 200])
    clock.advance("10s")
    expect([world.phase(), ask(), ask(), world.phase()]).toEqual(["ill", 500, 500, "ill"])
    clock.advance("5s")
    expect([ask(), world.phase()]).toEqual([200, "well again"])
    expect(told().filter((line) => !line.includes(" key "))).toEqual([
      "0 phase :  > well",
      "10000 phase : well > ill",
      "10000 fault server.error:  > on",
      "15000 fault server.error: on > off",
      "15000 phase : ill > well again"
    ])
    expect(keys()).toEqual([
      [0, four],
      [10_000, "deepseek-1,deepseek-2"],
      [15_000, four]
    ])
  })

  it("tells each change of a key, by time and by requests, and which paths were certain in between", () => {
    const { ask, clock, keys, told } = begin({
      keys: {
        ...Standard.keys,
        "qwen-1": {
          vendor: "qwen",
          changes: [
            { state: "revoked", after: "2s" },
            { state: "valid", after: "3s" }
          ]
        },
        "qwen-2": { vendor: "qwen", state: "arrears", restoredAfterRequests: 2 }
      }
    })
    expect([ask("qwen-2"), ask("qwen-2"), ask("qwen-2")]).toEqual([400, 400, 200])
    clock.advance("2s")
    expect(ask()).toBe(401)
    clock.advance("3s")
    expect(ask()).toBe(200)
    expect(told().filter((line) => line.includes("qwen"))).toEqual([
      "0 key qwen-1:  > valid",
      "0 key qwen-2:  > arrears",
      "0 key qwen-2: arrears > valid",
      "2000 key qwen-1: valid > revoked",
      "5000 key qwen-1: revoked > valid"
    ])
    expect(keys()).toEqual([
      [0, "qwen-1,deepseek-1,deepseek-2"],
      [0, four],
      [2_000, "qwen-2,deepseek-1,deepseek-2"],
      [5_000, four]
    ])
  })

  it("tells every turn of a fault that flaps, within its window", () => {
    const { clock, keys, told } = begin({
      faults: [
        {
          kind: "overload.fast",
          name: "flaps",
          vendor: "qwen",
          from: "10s",
          for: "50s",
          flap: { every: "20s", on: "8s" }
        }
      ]
    })
    clock.advance("2m")
    expect(told().filter((line) => line.includes("flaps"))).toEqual([
      "0 fault flaps:  > off",
      "10000 fault flaps: off > on",
      "18000 fault flaps: on > off",
      "30000 fault flaps: off > on",
      "38000 fault flaps: on > off",
      "50000 fault flaps: off > on",
      "58000 fault flaps: on > off"
    ])
    expect(keys()?.map(([at]) => at)).toEqual([0, 10_000, 18_000, 30_000, 38_000, 50_000, 58_000])
  })

  it("calls no path certain that luck may spoil", () => {
    const { keys } = begin({ faults: [{ kind: "server.error", vendor: "qwen", ratio: 0.01 }] })
    expect(keys()).toEqual([[0, "deepseek-1,deepseek-2"]])
  })

  it("begins at nought, however long it takes to furnish on a clock that runs", () => {
    const manual = Clock.manual()
    let now = manual.now()
    const { keys, told, world } = begin({}, { ...manual, now: () => now++ })
    expect(told().every((line) => line.startsWith("0 "))).toBe(true)
    expect(keys()).toEqual([[0, four]])
    expect(world.elapsed()).toBeLessThan(20)
  })

  it("tells attempts by the names of their keys and the marks of their calls, in the run's own time", () => {
    const { ask, clock, world } = begin({})
    clock.advance("3s")
    ask("qwen-2", "First [call:c7]")
    ask("qwen-2", "Again [call:c7]")
    ask("nobody", "A stranger")
    expect(world.attempts()).toMatchObject([
      {
        ordinal: 1,
        at: 3_000,
        key: "qwen-2",
        account: "qwen-2",
        call: "c7",
        attempt: 1,
        recipe: "answer",
        status: 200
      },
      { ordinal: 2, at: 3_000, key: "qwen-2", call: "c7", attempt: 2 },
      { ordinal: 3, at: 3_000, recipe: "auth.invalid", status: 401 }
    ])
    expect(world.attempts()[2]?.call).toBeUndefined()
    expect(JSON.stringify(world.attempts())).not.toContain("sk-demo")
  })

  it("changes no more once it is stopped", () => {
    const { clock, told, world } = begin({
      phases: [{ name: "one", until: { after: "1s" } }, { name: "two" }],
      faults: [{ kind: "server.error", from: "2s" }]
    })
    const before = told()
    world.stop()
    clock.advance("1m")
    expect([world.phase(), told()]).toEqual(["one", before])
  })
})
