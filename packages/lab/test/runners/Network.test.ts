import OpenAI from "openai"
import { afterEach, describe, expect, it, vi } from "vitest"
import * as Lab from "../../src/Lab.ts"
import * as Json from "../../src/report/Json.ts"
import * as Client from "../../src/run/Client.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import { late } from "./Short.ts"

afterEach(() => vi.useRealTimers())

/** What has to be faked for exact times: `setImmediate` must go on, and `nextTick` too. */
const toFake = ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] as const

/** A client that knows nothing of the lab: the machine's timers, the library's own retries, the vendor's real host. */
const openai = Client.make("openai", ({ qwen: { keys } }) => {
  const baseURL = "https://dashscope.aliyuncs.com/compatible-mode/v1"
  const vendor = new OpenAI({ baseURL, apiKey: keys[0] ?? "", maxRetries: 2 })
  return async ({ messages, model }, { signal }) => {
    const request = { model, messages: [...messages] }
    const { choices } = await vendor.chat.completions.create(request, { signal, timeout: 4_000 })
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    return { text: choices[0]?.message.content ?? "" }
  }
})

const scenario = Scenario.make({
  name: "slow-then-busy",
  teaches: { en: "x", zh: "y" },
  faults: [
    { kind: "stall.before", times: 1 },
    { kind: "server.error", from: "30s", times: 1 }
  ],
  traffic: { model: "qwen-plus", calls: [{ at: "0s" }, { at: "1m" }] }
})

/** A client without a time limit of its own: what ends its calls is the limit of five minutes that the global fetch has. */
const patient = Client.make("patient", ({ qwen: { keys } }) => {
  const baseURL = "https://dashscope.aliyuncs.com/compatible-mode/v1"
  const vendor = new OpenAI({ baseURL, apiKey: keys[0] ?? "", maxRetries: 0, timeout: 3_600_000 })
  return async ({ messages, model }, { signal }) => {
    const { choices } = await vendor.chat.completions.create({ model, messages: [...messages] }, { signal })
    return { text: choices[0]?.message.content ?? "" }
  }
})

const silent = Scenario.make({
  name: "silent",
  teaches: { en: "x", zh: "y" },
  phases: [
    { name: "silent", until: { after: "30s" }, faults: [{ kind: "stall.before" }] },
    { name: "well", until: { after: "60s" } },
    { name: "silent again", faults: [{ kind: "stall.before" }] }
  ],
  traffic: { model: "qwen-plus", calls: [{ at: "0s" }, { at: "1m" }, { at: "2m" }] }
})

describe("the network runner", () => {
  it("hurries back-offs, time limits and sleeps of a client that knows nothing of it", async () => {
    const { run } = await Lab.run(scenario, { client: openai, runner: "network" })
    expect(run.attempts.map(({ call, end, recipe }) => [call, recipe, end])).toEqual([
      ["c1", "stall.before", "client-left"],
      ["c1", "answer", "complete"],
      ["c2", "server.error", "complete"],
      ["c2", "answer", "complete"]
    ])
    const [limit = 0, retry = 0] = [run.attempts[0]?.endedAt, run.attempts[1]?.at]
    expect(limit).toBe(4_000)
    expect(retry).toBeGreaterThan(4_300)
    expect(run.calls[0]).toMatchObject({ outcome: "answered", endedAt: retry + 3_000 })
    expect(run.duration).toBeGreaterThan(63_000)
  })

  it("gives the machine its timers and its network back, whatever the client does", async () => {
    const [later, now, request] = [globalThis.setTimeout, globalThis.Date, globalThis.fetch]
    const clumsy = Client.make("clumsy", () => {
      throw new Error("no such setting")
    })
    await expect(Lab.run(scenario, { client: clumsy, runner: "network" })).rejects.toThrow("no such setting")
    expect([globalThis.setTimeout, globalThis.Date, globalThis.fetch]).toEqual([later, now, request])
  })

  it("writes the same bytes a second time, since nothing of the first run is left in the process's HTTP client", async () => {
    const [once, again] = [
      await Lab.run(silent, { client: patient, runner: "network" }),
      await Lab.run(silent, { client: patient, runner: "network" })
    ]
    expect(once.run.calls.map(({ endedAt, outcome }) => [outcome, Math.round((endedAt ?? 0) / 1_000)])).toEqual([
      ["failed", 300],
      ["answered", 60],
      ["failed", 420]
    ])
    expect(Json.encode([again])).toBe(Json.encode([once]))
  })

  it("writes the same bytes under vitest's fake timers as under its own", async () => {
    const own = await Lab.run(late, { runner: "network" })
    vi.useFakeTimers({ toFake: [...toFake] })
    const given = await Lab.run(late, { runner: "network", timers: vi })
    expect(vi.isFakeTimers()).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
    expect(Json.encode([given])).toBe(Json.encode([own]))
  })
})
