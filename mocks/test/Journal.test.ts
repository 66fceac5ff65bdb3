import { type Journal, MockTransport, type Vendors } from "@understudy/mocks"
import { describe, expect, it } from "vitest"
import { ask, qwenKey, world } from "./support.ts"

const newest = (vendors: Vendors.Vendors): Journal.Entry | undefined => vendors.journal.entries.at(-1)

/** Plays a request to its end, and gives its entry. */
const played = (options: Vendors.Options, body: object) => {
  const { clock, vendors } = world(options)
  MockTransport.make(vendors).send(
    {
      method: "POST",
      origin: "https://dashscope.aliyuncs.com",
      path: "/compatible-mode/v1/chat/completions",
      headers: { authorization: `Bearer ${qwenKey}` },
      body: JSON.stringify({ model: "qwen-turbo", messages: [{ role: "user", content: "echo: a b c d" }], ...body })
    },
    {
      onConnected: () => undefined,
      onHeaders: () => undefined,
      onData: () => undefined,
      onEnd: () => undefined,
      onError: () => undefined
    }
  )
  clock.advance(0)
  return newest(vendors)
}

describe("calls", () => {
  it("counts the attempts of a marked call over vendors, keys and refusals", () => {
    const { vendors } = world({ faults: [{ kind: "overload.fast", times: 1 }] })
    ask(vendors, { vendor: "qwen", content: "hello [call:a-1]" })
    ask(vendors, { vendor: "qwen", content: "hello [call:b]" })
    ask(vendors, { vendor: "deepseek", content: "hello [call:a-1]", key: "sk-stranger" })
    ask(vendors, { vendor: "deepseek", content: "hello [call:a-1]" })
    const seen = vendors.journal.of({ call: "a-1" }).map(({ call, attempt, status }) => [call, attempt, status])
    expect(seen).toEqual([
      ["a-1", 1, 0],
      ["a-1", 2, 0],
      ["a-1", 3, 0]
    ])
    expect(newest(vendors)).toMatchObject({ ordinal: 4, attempt: 3 })
  })

  it("keeps the results of tools that came behind the last question, and no others", () => {
    const turn = (id: string, result: string) => [
      { role: "user", content: "book a table" },
      {
        role: "assistant",
        content: "",
        tool_calls: [{ id, type: "function", function: { name: "book", arguments: "{}" } }]
      },
      { role: "tool", tool_call_id: id, content: result }
    ]
    const messages = [...turn("a", "booked"), { role: "assistant", content: "done" }, ...turn("b", "x".repeat(300))]
    expect(played({}, { messages })?.toolResults).toEqual(["x".repeat(200)])
    expect(played({}, { messages: [...messages, { role: "user", content: "and now?" }] })).not.toHaveProperty(
      "toolResults"
    )
  })

  it.each([
    ["[call:one] and [call:two]", "two"],
    ["[call:a.b:c_d-9]", "a.b:c_d-9"],
    ["[call:one] [call:not this one]", "one"],
    [`[call:${"x".repeat(64)}]`, "x".repeat(64)],
    [`[call:${"x".repeat(65)}]`, undefined],
    ["[call:]", undefined],
    ["nothing", undefined]
  ])("reads the call of %j", (content, call) => {
    const { vendors } = world()
    ask(vendors, { vendor: "qwen", content })
    expect(newest(vendors)?.call).toBe(call)
    expect("attempt" in (newest(vendors) ?? {})).toBe(call !== undefined)
  })

  it("lets the last message that has a mark decide, whoever wrote it", () => {
    const { vendors } = world()
    const messages = [
      { role: "system", content: "[call:first]" },
      { role: "user", content: [{ type: "text", text: "[call:second]" }] },
      { role: "assistant", content: "hm" },
      { role: "user", content: "go on" }
    ]
    ask(vendors, { vendor: "qwen", messages })
    expect(newest(vendors)?.call).toBe("second")
  })

  it("counts anew once the journal was cleared", () => {
    const { vendors } = world()
    for (const clear of [() => undefined, () => undefined, vendors.journal.clear]) {
      clear()
      ask(vendors, { vendor: "qwen", content: "[call:a]" })
    }
    expect(newest(vendors)?.attempt).toBe(1)
  })
})

describe("what was sent", () => {
  it.each([
    [7, 7000],
    [{ date: "5s" }, 5000],
    [undefined, undefined]
  ] as const)("notes a Retry-After of %j in milliseconds", (retryAfter, milliseconds) => {
    const fault = { kind: "rate.limit", ...(retryAfter === undefined ? {} : { retryAfter }) } as const
    expect(played({ faults: [fault] }, {})?.retryAfter).toBe(milliseconds)
  })

  it("notes the max_tokens that was asked for", () => {
    expect(played({}, { max_tokens: 1 })?.maxTokens).toBe(1)
    expect(played({}, { max_completion_tokens: 2 })?.maxTokens).toBe(2)
    expect(played({}, {})).not.toHaveProperty("maxTokens")
  })

  it.each([
    ["a plain answer", {}, {}, "stop", 12],
    ["an answer that was too long", {}, { max_tokens: 1 }, "length", 9],
    ["a stream with usage", {}, { stream: true, stream_options: { include_usage: true } }, "stop", 12],
    ["a stream without usage", {}, { stream: true }, "stop", undefined],
    ["a sliced stream", { kind: "bytes.sliced" }, { stream: true }, "stop", undefined],
    ["a sliced answer", { kind: "bytes.sliced" }, {}, "stop", 12],
    ["a cut answer", { kind: "cut.midstream" }, {}, undefined, undefined],
    ["a cut stream", { kind: "cut.midstream" }, { stream: true }, undefined, undefined],
    ["an answer without a reason", { kind: "finish.missing" }, {}, undefined, 12],
    ["a stream without a reason", { kind: "finish.missing" }, { stream: true }, undefined, undefined],
    ["an empty answer", { kind: "empty.200" }, {}, undefined, undefined],
    ["a refusal", { kind: "overload.fast" }, {}, undefined, undefined]
  ] as const)("notes the finish_reason and the bill of %s", (_, fault, body, finish, totalTokens) => {
    const entry = played("kind" in fault ? { faults: [fault] } : {}, body)
    expect([entry?.finish, entry?.totalTokens]).toEqual([finish, totalTokens])
  })

  it("notes no finish_reason of a stream that the client left before", () => {
    const { vendors } = world()
    const { exchange } = ask(vendors, { vendor: "deepseek", stream: true })
    exchange.opened()
    exchange.sent(5, { after: 0, data: "", chunks: 1, finish: undefined })
    exchange.ended("client-left")
    expect(newest(vendors)).not.toHaveProperty("finish")
    expect(newest(vendors)?.totalTokens).toBeGreaterThan(0)
  })
})
