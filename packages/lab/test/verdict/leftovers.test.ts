/** What a call leaves behind, forgets, sends and holds back. */
import { Inspection } from "@understudy/lab/run/Inspection"
import * as Verdict from "@understudy/lab/verdict/Verdict"
import { describe, expect, it } from "vitest"
import { type AttemptOptions, type CallOptions, calls, kinds, make, open, type RunOptions } from "./Build.ts"

const second = 1_000
const fallback: AttemptOptions = { key: "deepseek-1" }
const weighed = (options: RunOptions): ReadonlyArray<readonly [string, string]> =>
  Verdict.of(make(options)).findings.map(({ kind, severity }) => [kind, severity])

describe("left-running", () => {
  const hedged = (loser: AttemptOptions): RunOptions => ({
    calls: [
      {
        at: 0,
        attempts: [
          { at: 0, stream: true, chunks: 0, ...loser },
          { ...fallback, at: 100, took: 100 }
        ]
      }
    ],
    duration: 60_000
  })

  it("is found when a request went on, or was made, after the call was over", () => {
    expect(kinds(hedged(open))).toEqual(["left-running"])
    expect(kinds(hedged({ took: 5_000, end: "client-left" }))).toEqual(["left-running"])
    const late = { ...fallback, at: 900, took: 10, end: "client-left", finish: "" } as const
    expect(kinds({ calls: [{ at: 0, attempts: [{ took: 100 }, late], outcome: "answered", endedAt: 100 }] })).toEqual([
      "left-running"
    ])
  })

  it("is not found when the loser was called off, or came to its end and was billed", () => {
    expect(kinds(hedged({ took: 900, end: "client-left", finish: "" }))).toEqual([])
    expect(kinds(hedged({ took: 5_000 }))).toEqual(["double-billing"])
  })
})

describe("dead-target-asked", () => {
  const down = (took: number): AttemptOptions => ({ recipe: "edge.timeout", status: 504, vendor: "qwen", took })
  const outage = (count: number, make: (index: number) => ReadonlyArray<AttemptOptions>): RunOptions => ({
    calls: [
      { at: 0, attempts: [{}] },
      ...calls(count, second, 3 * second, (at, index) => ({ at, attempts: make(index) }))
    ],
    well: [[0, "deepseek"]]
  })

  it("fails a client all of whose calls wait for a target that is known to be down", () => {
    expect(weighed(outage(30, () => [down(2_000), fallback]))).toEqual([["dead-target-asked", "fails"]])
  })

  it("warns where every failure was quick", () => {
    expect(weighed(outage(30, () => [down(20), fallback]))).toEqual([["dead-target-asked", "warns"]])
  })

  it("is not found for looks by live traffic, short outages, hedges, nor the last resort", () => {
    expect(kinds(outage(60, (index) => (index % 4 < 3 ? [down(2_000), fallback] : [fallback])))).toEqual([])
    expect(kinds(outage(14, () => [down(2_000), fallback]))).toEqual([])
    expect(kinds(outage(30, () => [{ ...down(2_000), end: "client-left" }]))).not.toContain("dead-target-asked")
    const alone = outage(30, () => [down(2_000), fallback])
    expect(kinds({ ...alone, well: [[0, "nobody"]] })).toEqual([])
  })
})

describe("wrong-request", () => {
  const asked = [
    { role: "system", content: "Be brief. 请简短。" },
    { role: "user", content: "Say 👩‍🔬. [call:c1]" }
  ]
  const looked = (messages: unknown, text = JSON.stringify({ model: "qwen-plus", messages })) => {
    const inspection = new Inspection([])
    inspection.expect("c1", asked)
    return inspection.look({ authorization: undefined, body: text, vendor: "qwen" }, "c1")
  }

  it("is found when the caller's messages did not arrive as they were, or not in their order", () => {
    for (const messages of [
      [asked[1]],
      asked.toReversed(),
      [asked[0], { role: "user", content: "Say it. [call:c1]" }]
    ]) {
      expect(looked(messages)).toEqual({ differs: true })
    }
    expect(kinds({ calls: [{ at: 0, attempts: [{ differs: true }] }] })).toEqual(["wrong-request"])
  })

  it("is not found for parts, escapes, another role of instructions, and messages around", () => {
    expect(looked(asked)).toBeUndefined()
    const parts = asked.map(({ content, role }) => ({
      role: role === "system" ? "developer" : role,
      content: [{ type: "text", text: content }]
    }))
    expect(
      looked([{ role: "system", content: "You are kind." }, ...parts, { role: "assistant", content: "Wel" }])
    ).toBe(undefined)
    const escaped = JSON.stringify({ messages: asked }).replaceAll(/[^\x20-\x7e]/g, (unit) => {
      return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
    })
    expect(looked([], escaped)).toBeUndefined()
  })

  it("only notes a model that no route leads to, for it may be a fallback of the client's own", () => {
    const own: CallOptions = { at: 0, attempts: [{ model: "qwen-max" }] }
    const verdict = Verdict.of(
      make({
        calls: [
          { at: 0, attempts: [{}] },
          { ...own, at: second }
        ]
      })
    )
    expect(verdict.findings.map(({ kind, severity }) => [kind, severity])).toEqual([["wrong-request", "notes"]])
    expect(verdict.passed).toBe(true)
  })
})

describe("key-disclosed", () => {
  const keys = [
    { name: "q", value: "sk-demo-q", account: "q", vendor: "qwen" },
    { name: "d", value: "sk-demo-d", account: "d", vendor: "deepseek" }
  ] as const
  const look = (more: { authorization?: string; body?: string; beside?: () => string }) =>
    new Inspection(keys).look({ authorization: "Bearer sk-demo-q", body: "{}", vendor: "qwen", ...more }, undefined)

  it("is found in another vendor's authorization, in a body, in a header and in a log", () => {
    expect(look({ authorization: "Bearer sk-demo-d" })).toEqual({ discloses: { key: "d", where: "authorization" } })
    expect(look({ body: '{"messages":[{"content":"sk-demo-q"}]}' })).toEqual({ discloses: { key: "q", where: "body" } })
    expect(look({ beside: () => "x-debug: sk-demo-d" })).toEqual({ discloses: { key: "d", where: "header" } })
    expect(kinds({ calls: [{ at: 0, attempts: [{ discloses: { key: "q", where: "body" } }] }] })).toEqual([
      "key-disclosed"
    ])
    const run = make({ calls: [{ at: 0, attempts: [{}] }] })
    expect(Verdict.of({ ...run, logged: ["qwen-1"] }).findings.map(({ kind }) => kind)).toEqual(["key-disclosed"])
  })

  it("is not found for a key at its own vendor", () => {
    expect(look({ beside: () => "user-agent: somebody" })).toBeUndefined()
  })
})

describe("late-first-content", () => {
  const stream = (firstContentAt: number): RunOptions => ({
    calls: calls(10, 0, 2 * second, (at) => ({
      at,
      stream: true,
      firstContentAt: at + firstContentAt,
      attempts: [{ stream: true, at, took: 400 }]
    }))
  })

  it("warns when streams reach their callers as they end", () => {
    expect(weighed(stream(400))).toEqual([["late-first-content", "warns"]])
  })

  it("is not found for streams that are passed on as they come, nor where nobody tells", () => {
    expect(kinds(stream(20))).toEqual([])
    expect(
      kinds({ calls: calls(10, 0, 2 * second, (at) => ({ at, stream: true, attempts: [{ stream: true }] })) })
    ).toEqual([])
  })
})

describe("context-fallback-too-small", () => {
  const tooLong: AttemptOptions = { ...fallback, recipe: "request.tooLong" }

  it("warns when a request was too long for the fallback alone", () => {
    const call: CallOptions = { at: 0, attempts: [{ recipe: "server.error" }, tooLong] }
    const options: RunOptions = { calls: [call], well: [[0]], expect: { availability: 0 } }
    expect(weighed(options)).toEqual([["context-fallback-too-small", "warns"]])
    const everywhere: CallOptions = { at: 0, attempts: [{ recipe: "request.tooLong" }, tooLong] }
    expect(weighed({ ...options, calls: [everywhere] })).toEqual([])
  })
})

describe("tool-run-twice", () => {
  const run = (ordinal: number) => ({
    at: 0,
    id: "t",
    name: "book_table",
    arguments: JSON.stringify({ reply: ordinal })
  })
  const called: CallOptions = { at: 0, outcome: "answered", text: "", attempts: [{ finish: "tool_calls" }] }

  it("is found when one answer had the tool run twice, in one call or in the next of the conversation", () => {
    expect(kinds({ calls: [{ ...called, toolRuns: [run(1), run(1)] }] })).toEqual(["tool-run-twice"])
    const again: CallOptions = { at: 500, id: "c1.2", attempts: [{}], toolRuns: [run(1)] }
    expect(kinds({ calls: [{ ...called, toolRuns: [run(1)] }, again] })).toEqual(["tool-run-twice"])
  })

  it("is not found for a run for each answer", () => {
    const other: CallOptions = { ...called, at: 500, id: "c2", toolRuns: [run(2)] }
    expect(kinds({ calls: [{ ...called, toolRuns: [run(1)] }, other] })).toEqual([])
  })
})
