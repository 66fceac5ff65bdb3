import OpenAI from "openai"
import { describe, expect, it } from "vitest"
import * as Lab from "../../src/Lab.ts"
import * as Client from "../../src/run/Client.ts"
import type { ScenarioOptions } from "../../src/scenario/Options.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import * as ReplyText from "../../src/traffic/ReplyText.ts"

const scenarioOf = (options: Partial<ScenarioOptions>): Scenario.Scenario =>
  Scenario.make({
    name: "a",
    teaches: { en: "x", zh: "y" },
    traffic: { model: "qwen-plus", stream: true, calls: [{ at: "0s" }, { at: "1s", stream: false }] },
    ...options
  })

const client = Client.make("openai", ({ fetch, qwen: { baseUrl: baseURL, keys } }) => {
  const openai = new OpenAI({ baseURL, apiKey: keys[0] ?? "", fetch, maxRetries: 0 })
  return async ({ messages, model, stream }, { content, signal }) => {
    const request = { model, messages: [...messages] }
    if (!stream) {
      const { choices } = await openai.chat.completions.create(request, { signal })
      return { text: choices[0]?.message.content ?? "", finish: choices[0]?.finish_reason }
    }
    const reply = { text: "", finish: undefined as string | undefined }
    for await (const { choices } of await openai.chat.completions.create({ ...request, stream: true }, { signal })) {
      reply.text += choices[0]?.delta.content ?? ""
      reply.finish = choices[0]?.finish_reason ?? reply.finish
      content(choices[0]?.delta.content ?? "")
    }
    return reply
  }
})

const run = async (options: Partial<ScenarioOptions>) => (await Lab.run(scenarioOf(options), { client })).run

describe("setting.fetch on the virtual runner", () => {
  it("carries the openai client, streams and JSON alike, in virtual time", async () => {
    const { attempts, calls } = await run({})
    expect(calls).toMatchObject([
      { outcome: "answered", endedAt: 180, finish: "stop" },
      { outcome: "answered", endedAt: 1_000, finish: "stop" }
    ])
    expect(calls.map(({ text }) => text.slice(0, 15))).toEqual(["Reply 1 of qwen", "Reply 2 of qwen"])
    expect(attempts.map(({ end, key, stream }) => [end, key, stream])).toEqual([
      ["complete", "qwen-1", true],
      ["complete", "qwen-1", false]
    ])
  })

  it("puts split characters together", async () => {
    const { calls } = await run({ faults: [{ kind: "bytes.sliced", size: 3 }] })
    expect(calls.map(({ text }) => ReplyText.read(text))).toEqual([
      { _tag: "Whole", ordinal: 1 },
      { _tag: "Whole", ordinal: 2 }
    ])
  })

  it.each([
    ["refuse", "Connection error.", ""],
    ["reset.before", "Connection error.", ""],
    ["auth.invalid", "401", ""],
    ["cut.midstream", "fetch failed", "Reply 1 of qwen"]
  ] as const)("shows %s as fetch does", async (kind, message, text) => {
    const { calls } = await run({ faults: [{ kind, vendor: "qwen" }] })
    expect(calls[0]).toMatchObject({ outcome: "failed", error: { message: expect.stringContaining(message) } })
    expect(calls[0]?.text.startsWith(text)).toBe(true)
    expect(calls[1]?.outcome).toBe("failed")
  })

  it("ends the request when its caller leaves", async () => {
    const traffic = { model: "qwen-plus", stream: true, calls: [{ at: "0s", leaves: "50ms" }] }
    const { attempts, calls } = await run({ traffic, faults: [{ kind: "stall.midstream" }] })
    expect(calls).toMatchObject([{ outcome: "left", endedAt: 50 }])
    expect(attempts).toMatchObject([{ end: "client-left", endedAt: 50 }])
  })

  it("refuses hosts that nobody plays", async () => {
    const client = Client.make("lost", ({ fetch }) => async () => {
      const error: unknown = await fetch("https://example.com/v1/models").catch((reason: unknown) => reason)
      throw (error as Error).cause
    })
    const { run } = await Lab.run(scenarioOf({}), { client })
    expect(run.calls[0]?.error).toMatchObject({
      code: "ERR_NOT_MOCKED",
      message: expect.stringContaining("example.com")
    })
  })
})
