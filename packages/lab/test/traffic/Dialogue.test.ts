import { describe, expect, it } from "vitest"
import * as Lab from "../../src/Lab.ts"
import * as Client from "../../src/run/Client.ts"
import * as HttpClient from "../../src/run/HttpClient.ts"
import type { TrafficOptions } from "../../src/scenario/Options.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import * as Dialogue from "../../src/traffic/Dialogue.ts"
import * as ReplyText from "../../src/traffic/ReplyText.ts"
import * as Traffic from "../../src/traffic/Traffic.ts"

const make = (traffic: Partial<TrafficOptions>, more: Partial<Parameters<typeof Scenario.make>[0]> = {}) =>
  Scenario.make({
    name: "talks",
    teaches: { en: "Nothing.", zh: "无。" },
    traffic: { model: "qwen-plus", every: "2s", for: "4s", ...traffic },
    ...more
  })

const stepOf = (traffic: Partial<TrafficOptions>): Dialogue.Step => {
  const [first] = Traffic.calls(make(traffic))
  if (first === undefined) throw new Error("no call")
  return Dialogue.begin(first)
}

/** Whatever is asked goes straight to the first vendor. */
const plain = HttpClient.make({
  name: "plain",
  url: "https://dashscope.aliyuncs.com/compatible-mode",
  apiKey: "sk-demo-qwen-1"
})

/** A client that runs tools itself, so many times, and passes their results on or not. */
const looping = (runs: number, told: boolean): Client.Client => ({
  name: "runs tools itself",
  promises: true,
  open: async (setting) => {
    const { start } = await plain.open(setting)
    return {
      start: (request, observer) =>
        start(request, {
          ...observer,
          end: (outcome) => {
            const [call] = "reply" in outcome ? (outcome.reply.toolCalls ?? []) : []
            if (call === undefined) return observer.end(outcome)
            const results = Array.from({ length: runs }, () => observer.runTool(call))
            const { id, name } = call
            const written = { id, type: "function" as const, function: { name, arguments: call.arguments } }
            const content = told ? (results[0] ?? "") : ""
            start(
              {
                ...request,
                messages: [
                  ...request.messages,
                  { role: "assistant", content: "", tool_calls: [written] },
                  { role: "tool", tool_call_id: id, content }
                ]
              },
              observer
            )
          }
        })
    }
  }
})

describe("Dialogue", () => {
  it("says one text where nothing else is asked for", () => {
    const step = stepOf({})
    expect(step.messages).toEqual([{ role: "user", content: "Say the alphabet. [call:c1]" }])
    expect(Dialogue.next(step, { text: "A", toolCalls: [] })).toBeUndefined()
  })

  it("says a system text and what went before first, and shows an image with the first question", () => {
    const { messages } = stepOf({ system: "Be brief.", history: { turns: 2, words: 3 }, image: true, text: "What?" })
    expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user", "assistant", "user"])
    expect(messages[1]).toEqual({ role: "user", content: "Question 1: word0 word1 word2?" })
    expect(messages.at(-1)?.content).toEqual([
      { type: "text", text: "What? [call:c1]" },
      { type: "image_url", image_url: { url: expect.stringMatching(/^data:image\/png;base64,/) } }
    ])
  })

  it("takes a tool's result back at once, by a call with a mark of its own", () => {
    const call = { id: "call_1", name: "book_table", arguments: '{"reply":7}' }
    const next = Dialogue.next(stepOf({ tools: true }), { text: "", reasoning: "Hm.", toolCalls: [call] })
    expect([next?.step.id, next?.wait]).toEqual(["c1.2", 0])
    expect(next?.step.messages.slice(1)).toEqual([
      {
        role: "assistant",
        content: "",
        reasoning_content: "Hm.",
        tool_calls: [{ id: "call_1", type: "function", function: { name: "book_table", arguments: '{"reply":7}' } }]
      },
      { role: "tool", tool_call_id: "call_1", content: "Booked for reply 7. [call:c1.2]" }
    ])
  })

  it("asks the next question after a pause, until all are asked", () => {
    const second = Dialogue.next(stepOf({ turns: 2, pause: "3s" }), { text: "A", toolCalls: [] })
    expect(second).toMatchObject({ wait: 3_000, step: { id: "c1.2" } })
    expect(second?.step.messages.slice(1)).toEqual([
      { role: "assistant", content: "A" },
      { role: "user", content: "And then? [call:c1.2]" }
    ])
    expect(second && Dialogue.next(second.step, { text: "B", toolCalls: [] })).toBeUndefined()
  })

  it("reads answers that are JSON, however they are spaced, and beginnings of them", () => {
    const text = ReplyText.make(3, "qwen")
    expect(ReplyText.read(ReplyText.frame(text))).toEqual({ _tag: "Whole", ordinal: 3 })
    expect(ReplyText.read(`{ "reply": "${text}" }`)).toEqual({ _tag: "Whole", ordinal: 3 })
    expect(ReplyText.read(`{"reply":"${text}`)).toEqual({ _tag: "Beginning", ordinal: 3 })
    expect(ReplyText.read('{"reply":"Reply 3 of qwen: alpha')).toEqual({ _tag: "Beginning", ordinal: 3 })
    expect(ReplyText.rest('{"reply":"Reply 3 of qwen: al')).toMatch(/^pha bravo .*"\}$/)
  })
})

describe("a run of conversations", () => {
  it("has every call of a conversation with its own attempts, the tool's runs and the results that went back", async () => {
    const { run, verdict } = await Lab.run(make({ tools: true, turns: 2, stream: 0.5 }))
    expect(verdict).toMatchObject({ passed: true, figures: { calls: 8, answered: 8, attempts: 8 } })
    expect(run.calls.slice(0, 4).map(({ id }) => id)).toEqual(["c1", "c1.2", "c1.3", "c1.4"])
    for (const { id, toolRuns } of run.calls) {
      const [attempt] = run.attempts.filter(({ call }) => call === id)
      const arguments_ = `{"reply":${attempt?.ordinal}}`
      const asks = /^c\d(\.3)?$/.test(id)
      expect(toolRuns?.map((each) => [each.name, each.arguments])).toEqual(
        asks ? [["book_table", arguments_]] : undefined
      )
      const before = run.attempts.find(({ call }) => call === id.replace(/\.[24]$/, id.endsWith("4") ? ".3" : ""))
      expect(attempt?.toolResults).toEqual(asks ? undefined : [`Booked for reply ${before?.ordinal}. [call:${id}]`])
    }
  })

  it("goes on with the other vendor in the middle of it, answers in JSON included", async () => {
    const outage = { faults: [{ kind: "overload.fast" as const, vendor: "qwen" as const, from: "30s", for: "1m" }] }
    for (const traffic of [{ tools: true }, { turns: 3 }, { answer: "json" as const }, { answer: "schema" as const }]) {
      const { run, verdict } = await Lab.run(make({ every: "5s", for: "2m", stream: 0.5, ...traffic }, outage))
      expect([traffic, verdict.findings, verdict.figures.availability]).toEqual([traffic, [], 1])
      expect(run.attempts.some(({ vendor }) => vendor === "deepseek")).toBe(true)
    }
  })

  it("ends with a call that was not answered", async () => {
    const faults = [{ kind: "content.input" as const, vendor: "qwen" as const, ordinals: [2] }]
    const { run } = await Lab.run(make({ turns: 3, for: "2s" }, { faults }))
    expect(run.calls.map(({ id, outcome }) => [id, outcome])).toEqual([
      ["c1", "answered"],
      ["c1.2", "failed"]
    ])
  })

  it("does not take free text for the JSON that was asked for", async () => {
    const deaf = Client.make("leaves the format out", (setting) => async (request, { content, runTool, signal }) => {
      const { start } = await plain.open(setting)
      const { responseFormat: _, ...rest } = request
      return new Promise((resolve, reject) => {
        const end: Client.Observer["end"] = (outcome) =>
          "reply" in outcome ? resolve(outcome.reply) : reject(outcome.error)
        signal.addEventListener("abort", start(rest, { content, runTool, end }))
      })
    })
    const { verdict } = await Lab.run(make({ answer: "json" }), { client: deaf })
    expect(verdict.findings.map(({ kind }) => kind)).toContain("truncated-accepted")
  })

  it("counts every run of a tool, and what came back of its results, of a client that runs tools itself", async () => {
    const good = await Lab.run(make({ tools: true }), { client: looping(1, true) })
    expect(good.verdict).toMatchObject({ passed: true, figures: { calls: 2, attempts: 4 } })
    expect(good.run.attempts[1]?.toolResults).toEqual(["Booked for reply 1."])
    const twice = await Lab.run(make({ tools: true }), { client: looping(2, false) })
    expect(twice.run.calls[0]?.toolRuns?.map((each) => each.arguments)).toEqual(['{"reply":1}', '{"reply":1}'])
    expect(twice.run.attempts[1]?.toolResults).toEqual([""])
  })
})
