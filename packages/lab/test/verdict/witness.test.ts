/** What counts as shown: the vendors' journal is the witness, and a client's word never beats it. */
import * as Client from "@understudy/lab/run/Client"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import * as ReplyText from "@understudy/lab/traffic/ReplyText"
import * as Verdict from "@understudy/lab/verdict/Verdict"
import { describe, expect, it } from "vitest"
import * as Lab from "../../src/Lab.ts"
import * as UnderstudyClient from "../../src/run/UnderstudyClient.ts"
import { type CallOptions, kinds, make, type RunOptions } from "./Build.ts"

const any = { availability: 0 }
const errorOf = (options: RunOptions): string | undefined => Verdict.of(make(options)).error?.kind
const whole = ([ordinal = 0]: ReadonlyArray<number>): string => ReplyText.make(ordinal, "qwen")

describe("a run that shows nothing", () => {
  it("is an error when no request reached a vendor, whatever the callers were told", async () => {
    const liar = Client.make("liar", () => async () => ({ text: "The service is busy.", finish: "stop" }))
    const { verdict } = await Lab.run("auth.invalid@qwen", { client: liar })
    expect(verdict).toMatchObject({ passed: false, error: { kind: "nothing-reached" } })
    expect(verdict.findings.map(({ kind, severity }) => [kind, severity])).toEqual([["made-up-answer", "fails"]])
  })

  it("says what the callers of a gateway saw that was never pointed at the mocks", async () => {
    const silent = Client.make("silent gateway", () => () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.1")))
    const { verdict } = await Lab.run("auth.invalid@qwen", { client: silent })
    expect(verdict).toMatchObject({ passed: false, error: { kind: "nothing-reached" }, findings: [] })
    expect(verdict.error?.message.en).toContain('Its callers saw "connect ECONNREFUSED 10.0.0.1"')
    expect(verdict.error?.message.zh).toContain("ECONNREFUSED")
  })

  it("is an error when only the health of keys was asked for", () => {
    const cached: CallOptions = { at: 0, outcome: "answered", text: "cached" }
    expect(errorOf({ calls: [cached], probes: [{ at: 0 }] })).toBe("nothing-reached")
  })

  it("is an error when the first target is no model of its vendor, though the fallback answers everybody", async () => {
    const scenario = Scenario.make({
      name: "of-tomorrow",
      teaches: { en: "A model that is not there.", zh: "不存在的模型。" },
      traffic: { model: "qwen-of-tomorrow", every: "1s", for: "20s" }
    })
    const { verdict } = await Lab.run(scenario)
    expect(verdict.figures.availability).toBe(1)
    expect(verdict).toMatchObject({ passed: false, error: { kind: "no-such-target" } })
    expect(verdict.error?.message.en).toContain("qwen has no model qwen-of-tomorrow")
  })

  it("is an error when the first target was well and never asked, or refused keys that are none of the scenario's", () => {
    const elsewhere: CallOptions = { at: 0, attempts: [{ key: "deepseek-1" }] }
    expect(errorOf({ calls: [elsewhere] })).toBe("target-never-answered")
    const stranger: CallOptions = { at: 0, attempts: [{ key: "ab12", vendor: "qwen", recipe: "auth.invalid" }] }
    expect(errorOf({ calls: [stranger] })).toBe("target-never-answered")
  })

  it("is none when the first target was unwell from the beginning, or answered once", () => {
    const elsewhere: CallOptions = { at: 0, attempts: [{ recipe: "server.error" }, { key: "deepseek-1" }] }
    expect(errorOf({ calls: [elsewhere], well: [[0, "deepseek"]] })).toBeUndefined()
    expect(
      errorOf({
        calls: [
          { at: 0, attempts: [{}] },
          { ...elsewhere, at: 1_000 }
        ]
      })
    ).toBeUndefined()
  })

  it("does not accuse of what follows from it", async () => {
    const wrongKeys = UnderstudyClient.make({
      config: (config) => ({
        ...config,
        providers: Object.fromEntries(
          Object.entries(config.providers).map(([name, provider]) => [name, { ...provider, keys: ["sk-demo-other"] }])
        )
      })
    })
    const { verdict } = await Lab.run("auth.invalid@qwen", { client: wrongKeys })
    expect(verdict).toMatchObject({ passed: false, error: { kind: "target-never-answered" }, findings: [] })
  })
})

describe("a client's word", () => {
  it("does not make a broken text whole: its finish reason counts only when the vendor sent it", () => {
    const half = (ordinals: ReadonlyArray<number>): string => whole(ordinals).slice(0, 40)
    const call: CallOptions = { at: 0, outcome: "answered", finish: "length", text: half }
    const cut = { recipe: "cut.midstream", end: "cut", stream: true } as const
    expect(kinds({ calls: [{ ...call, attempts: [cut] }], expect: any })).toEqual(["truncated-accepted"])
    expect(kinds({ calls: [{ ...call, attempts: [{ finish: "length" }] }] })).toEqual([])
  })

  it("does not make up an answer: a text that names a request which no vendor answered is nobody's", () => {
    const refused = { recipe: "auth.invalid" } as const
    const invented: CallOptions = { at: 0, outcome: "answered", attempts: [refused], text: whole }
    expect(kinds({ calls: [invented, { at: 1_000, attempts: [{}] }], expect: any })).toEqual(["made-up-answer"])
    const unheard: CallOptions = { at: 0, outcome: "answered", attempts: [{}], text: ReplyText.make(99, "qwen") }
    expect(kinds({ calls: [unheard], expect: any })).toEqual(["made-up-answer"])
  })

  it("does not hide pieces that came twice, nor characters that were cut", () => {
    const twice = (ordinals: ReadonlyArray<number>): string => whole(ordinals).replaceAll(/\S+ /g, "$&$&")
    const cut = (ordinals: ReadonlyArray<number>): string => whole(ordinals).replace("世", "\ufffd\ufffd")
    const joiner = (ordinals: ReadonlyArray<number>): string => whole(ordinals).replace("\u200d", "")
    for (const text of [twice, cut, joiner]) {
      expect(
        kinds({ calls: [{ at: 0, outcome: "answered", stream: true, text, attempts: [{}] }], expect: any })
      ).toEqual(["garbled-answer"])
    }
    const streamed: CallOptions = { at: 0, stream: true, streamed: "Reply 1 of", attempts: [{}] }
    expect(kinds({ calls: [streamed], expect: any })).toEqual(["garbled-answer"])
  })

  it("grants an answer without words of which the vendor said why", () => {
    const nothing: CallOptions = { at: 0, outcome: "answered", text: "" }
    expect(kinds({ calls: [{ ...nothing, attempts: [{ finish: "tool_calls" }] }] })).toEqual([])
    expect(kinds({ calls: [{ ...nothing, attempts: [{ recipe: "empty.200" }] }], expect: any })).toEqual([
      "truncated-accepted"
    ])
  })
})

describe("one defect", () => {
  it("is told once: a call that failed beside a healthy path is not counted against availability again", () => {
    const failed: CallOptions = { at: 0, attempts: [{}, { recipe: "server.error" }] }
    expect(kinds({ calls: [{ at: 0, attempts: [{}] }, failed], well: [[0, "qwen-1", "deepseek-1"]] })).toEqual([
      "failed-while-healthy"
    ])
  })

  it("counts by what fails: what is only worth a look does not fail a run", () => {
    const verdict = Verdict.of(make({ calls: [{ at: 0, attempts: [{}] }] }))
    expect(verdict).toMatchObject({ passed: true, findings: [], withheld: [] })
  })
})
