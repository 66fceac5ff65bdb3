import { describe, expect, it } from "vitest"
import * as DeepSeek from "../src/internal/provider/deepseek/DeepSeek.ts"
import * as Lowering from "../src/internal/provider/Lowering.ts"
import * as OpenAiCompatible from "../src/internal/provider/openai-compatible/OpenAiCompatible.ts"
import * as Qwen from "../src/internal/provider/qwen/Qwen.ts"
import type { Dialect, StructuredOutput } from "../src/provider/Dialect.ts"
import type { ChatCompletionRequest, ChatMessage } from "../src/wire/ChatCompletion.ts"

const dialects: Record<string, Dialect> = {
  deepseek: DeepSeek.dialect,
  qwen: Qwen.dialect,
  open: OpenAiCompatible.dialect
}

const taker = (name: string, structuredOutput?: StructuredOutput): Lowering.Taker => ({
  dialect: dialects[name]!,
  structuredOutput
})

const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
const format = { type: "json_schema", json_schema: { name: "place", description: "A place.", schema, strict: true } }
const user = { role: "user", content: "Where?" }

const ask = (model: string, more: object = {}): ChatCompletionRequest => ({
  model,
  messages: [user],
  response_format: format,
  ...more
})

describe("a schema", () => {
  it.each<[string, string, object, StructuredOutput | undefined, string]>([
    ["open", "gpt", {}, undefined, "json_schema"],
    ["open", "llama", {}, "json_object", "json_object"],
    ["open", "llama", {}, "none", "nothing"],
    ["deepseek", "deepseek-flash", {}, undefined, "json_object"],
    ["deepseek", "deepseek-flash", {}, "json_schema", "json_schema"],
    ["qwen", "qwen-plus", {}, undefined, "json_schema"],
    ["qwen", "qwen-plus", { enable_thinking: true }, undefined, "nothing"],
    ["qwen", "qwen-turbo", {}, undefined, "json_object"],
    ["qwen", "qwq-32b", {}, undefined, "nothing"],
    ["qwen", "qwen3-235b-a22b", {}, undefined, "json_object"],
    ["qwen", "qwen3-235b-a22b", { enable_thinking: true }, undefined, "nothing"],
    ["qwen", "qwen3.7-plus", {}, undefined, "json_object"],
    ["qwen", "qwen3.7-plus", { enable_thinking: true }, undefined, "nothing"],
    ["qwen", "qwen3.8-max", {}, undefined, "nothing"],
    ["qwen", "qwen3-max", {}, undefined, "json_schema"],
    ["qwen", "qwen3-max-2025-05-01", {}, undefined, "json_object"],
    ["qwen", "qwen-flash-2025-07-28", {}, undefined, "json_schema"],
    ["qwen", "deepseek-v3.2", {}, undefined, "json_schema"],
    ["qwen", "qwen3-235b-a22b", { enable_thinking: false }, undefined, "json_object"]
  ])("reaches %s's %s with %o (configured: %s) as %s", (name, model, more, configured, expected) => {
    const request = ask(model, more)
    const lowered = Lowering.lower(taker(name, configured), request)
    const native = expected === "json_schema"
    expect(Lowering.structured(taker(name, configured), request)).toBe(native ? "native" : "instructed")
    if (native) return expect(lowered).toBe(request)
    expect(lowered["response_format"]).toEqual(expected === "nothing" ? undefined : { type: "json_object" })
    expect(lowered.messages).toHaveLength(2)
    expect(lowered.messages[0]).toMatchObject({ role: "system", content: expect.stringContaining("JSON") })
    expect(lowered.messages[0]?.content).toContain(JSON.stringify(schema))
    expect(lowered.messages[0]?.content).toContain("A place.")
  })

  it.each<[string, ChatMessage, unknown]>([
    [
      "a text",
      { role: "system", content: "Be brief." },
      expect.stringMatching(/^Be brief\.\n\nWrite your answer as JSON/)
    ],
    [
      "a list of parts",
      { role: "developer", content: [{ type: "text", text: "Be brief." }] },
      [
        { type: "text", text: "Be brief." },
        { type: "text", text: expect.stringContaining("JSON") }
      ]
    ]
  ])("is appended to a system message that is %s", (_, system, content) => {
    const lowered = Lowering.lower(taker("deepseek"), ask("deepseek-flash", { messages: [system, user] }))
    expect(lowered.messages).toEqual([{ role: "system", content }, user])
  })

  it("that nobody asked for leaves no trace", () => {
    for (const response_format of [undefined, null, { type: "text" }, { type: "json_object" }]) {
      const request = ask("deepseek-flash", { response_format })
      expect(Lowering.lower(taker("deepseek"), request)).toBe(request)
      expect(Lowering.structured(taker("deepseek"), request)).toBeUndefined()
    }
  })
})

const call = (id?: string) => ({ id, type: "function", function: { name: "weather", arguments: "{}" } })
const calls = (more: object = {}): ChatMessage => ({
  role: "assistant",
  content: "",
  tool_calls: [call("c1")],
  ...more
})
const result: ChatMessage = { role: "tool", tool_call_id: "c1", content: "21" }
const plain: ChatMessage = { role: "assistant", content: "Hello." }

const messagesFor = (name: string, messages: ReadonlyArray<ChatMessage>, more: object = {}) => {
  const request = { model: "deepseek-flash", messages, ...more }
  const lowered = Lowering.lower(taker(name), request)
  return { same: lowered === request, messages: lowered.messages }
}

describe("a conversation that another vendor began", () => {
  it("gets the reasoning that a thinking DeepSeek demands once tools were called, and keeps what is there", () => {
    const thought = calls({ reasoning_content: "Look it up.", tool_calls: [call("c2")] })
    const second = { ...result, tool_call_id: "c2" }
    expect(messagesFor("deepseek", [user, calls(), result, plain, user, thought, second]).messages).toEqual([
      user,
      calls({ reasoning_content: "" }),
      result,
      { ...plain, reasoning_content: "" },
      user,
      thought,
      second
    ])
  })

  it.each<[string, ReadonlyArray<ChatMessage>, object]>([
    ["passes it back already", [user, calls({ reasoning_content: "Hm." }), result], {}],
    ["does not think", [user, calls(), result], { thinking: { type: "disabled" } }],
    ["does not think by its name", [user, calls(), result], { model: "deepseek-chat" }],
    ["calls no tool", [user, plain, user], {}]
  ])("stays as it is for a DeepSeek that %s", (_, messages, more) => {
    expect(messagesFor("deepseek", messages, more).same).toBe(true)
  })

  it("loses its reasoning at a DeepSeek that has no use for it, but not where a text is to be gone on with", () => {
    const prefix = { ...plain, prefix: true, reasoning_content: "So." }
    const { messages } = messagesFor("deepseek", [user, { ...plain, reasoning_content: "Greet." }, user, prefix])
    expect(messages).toEqual([user, plain, user, prefix])
  })

  it("keeps its reasoning elsewhere", () => {
    for (const name of ["qwen", "open"]) {
      expect(messagesFor(name, [user, calls({ reasoning_content: "Hm." }), result, plain]).same).toBe(true)
    }
  })

  it("asks each vendor in its own word to go on with a text, and an unknown server as the caller did", () => {
    const partial = { ...plain, partial: true }
    const prefix = { ...plain, prefix: true }
    expect(messagesFor("deepseek", [user, partial]).messages).toEqual([user, prefix])
    expect(messagesFor("qwen", [user, prefix]).messages).toEqual([user, partial])
    expect(messagesFor("qwen", [user, partial]).same).toBe(true)
    expect(messagesFor("open", [user, prefix]).same).toBe(true)
  })

  it.each(["qwen", "open"])("gets ids where tool calls have lost theirs, the same for call and result (%s)", (name) => {
    const lost: ChatMessage = { role: "assistant", content: "", tool_calls: [call(""), call("kept"), call()] }
    const to = (tool_call_id?: string): ChatMessage => ({ role: "tool", content: "21", tool_call_id })
    const { messages } = messagesFor(name, [user, lost, to(""), to("kept"), to(), user, lost, to(), to("kept"), to("")])
    const idsOf = (at: number) => (messages[at]?.["tool_calls"] as ReadonlyArray<{ id: string }>).map(({ id }) => id)
    const answered = (...at: ReadonlyArray<number>) => at.map((index) => messages[index]?.["tool_call_id"])
    expect(idsOf(1)).toEqual(answered(2, 3, 4))
    expect(idsOf(6)).toEqual(answered(7, 8, 9))
    expect(new Set([...idsOf(1), ...idsOf(6)])).toHaveLength(6)
    expect([idsOf(1)[1], idsOf(6)[1]]).toEqual(["kept", "kept_2"])
  })

  it("keeps ids that are there, whoever made them", () => {
    expect(messagesFor("qwen", [user, calls(), result]).same).toBe(true)
  })
})

describe("a switch of one vendor", () => {
  const switches = { thinking: { type: "enabled" }, enable_thinking: true, thinking_budget: 100, enable_search: true }
  const asked = { model: "any", messages: [user], ...switches, search_options: {}, seed: 7 }

  it.each([
    ["deepseek", ["thinking"]],
    ["qwen", ["enable_thinking", "thinking_budget", "enable_search", "search_options"]]
  ])("reaches %s only when it is its own", (name, own) => {
    const lowered = Lowering.lower(taker(name), asked)
    expect(Object.keys(lowered).toSorted()).toEqual(["messages", "model", "seed", ...own].toSorted())
    expect(Lowering.lower(taker(name), lowered)).toBe(lowered)
  })

  it("reaches a server of which nobody knows what it knows", () => {
    expect(Lowering.lower(taker("open"), asked)).toBe(asked)
  })
})

const off = { enable_thinking: false }
const on = { enable_thinking: true }

it.each([
  ["qwq-32b", {}, true],
  ["qwq-plus", off, true],
  ["qvq-max", {}, true],
  ["qwen3-0.6b", {}, true],
  ["qwen3-1.7b", {}, true],
  ["qwen3-4b", {}, true],
  ["qwen3-30b-a3b", {}, true],
  ["qwen3-235b-a22b", {}, true],
  ["qwen3-235b-a22b", off, false],
  ["qwen3-1.7b", { ...off, response_format: { type: "json_object" } }, false],
  ["qwen3-235b-a22b-thinking-2507", off, true],
  ["qwen3-235b-a22b-instruct-2507", {}, false],
  ["qwen3-next-80b-a3b-thinking", {}, true],
  ["qwen3-vl-32b-thinking", {}, true],
  ["qwen3-vl-plus", {}, false],
  ["qwen3-vl-plus", on, true],
  ["qwen-omni-turbo-2025-01-19", {}, true],
  ["qwen2.5-omni-7b", {}, true],
  ["qwen3-omni-flash", off, true],
  ["qwen3.8-omni-flash", {}, true],
  ["qwen3.5-plus", {}, false],
  ["qwen3.5-plus", on, false],
  ["qwen3.6-35b-a3b", {}, false],
  ["qwen3.7-max", on, false],
  ["qwen3.8-max", {}, false],
  ["qwen3.8-flash", {}, false],
  ["qwen-max", on, false],
  ["qwen-turbo", on, true],
  ["qwen-plus", {}, false],
  ["qwen-plus", on, true],
  ["a-model-of-tomorrow", {}, false],
  ["a-model-of-tomorrow", on, true]
])("%s with %o answers only as a stream: %s", (model, more, expected) => {
  expect(Qwen.dialect.isStreamOnly?.({ model, ...more })).toBe(expected)
})

const json = { response_format: { type: "json_object" } }
const forced = { tool_choice: "required" }
const named = { tool_choice: { type: "function", function: { name: "pay" } } }
const sent = (name: string, model: string, more: object) =>
  Lowering.lower(taker(name), { model, messages: [user], ...more })

describe("thinking that nobody asked for", () => {
  it.each<[string, string, object]>([
    ["qwen", "qwen3-1.7b", json],
    ["qwen", "qwen3.5-plus", json],
    ["qwen", "qwen3.7-max", forced],
    ["qwen", "qwen3-8b", named],
    ["deepseek", "deepseek-flash", forced],
    ["deepseek", "deepseek-v4-pro", named]
  ])("gives way at %s's %s to %j", (name, model, more) => {
    const lowered = sent(name, model, more)
    const switched = name === "qwen" ? off : { thinking: { type: "disabled" } }
    expect(lowered).toEqual({ model, messages: [user], ...more, ...switched })
  })

  it.each<[string, string, object]>([
    ["qwen", "qwen3.5-plus", { tool_choice: "auto" }],
    ["qwen", "qwen3.5-plus", { response_format: { type: "text" } }],
    ["qwen", "qwen3.5-plus", { ...forced, ...on }],
    ["qwen", "qwen3.8-max", forced],
    ["qwen", "qwen-plus", { ...json, ...forced }],
    ["deepseek", "deepseek-flash", { tool_choice: "none" }],
    ["deepseek", "deepseek-flash", json],
    ["deepseek", "deepseek-flash", { ...forced, thinking: { type: "enabled" } }],
    ["deepseek", "deepseek-reasoner", forced],
    ["open", "gpt", { ...json, ...forced }]
  ])("stays as it is at %s's %s with %j", (name, model, more) => {
    const request = { model, messages: [user], ...more }
    expect(Lowering.lower(taker(name), request)).toBe(request)
  })

  it("makes room for JSON as an instruction where it was asked for, or cannot be switched off", () => {
    for (const [model, more] of [
      ["qwen3.5-plus", on],
      ["qwen-plus", on],
      ["qwen3.8-max", {}],
      ["qwq-32b", {}]
    ] as const) {
      const lowered = sent("qwen", model, { ...json, ...more })
      expect(lowered).not.toHaveProperty("response_format")
      expect(lowered.messages[0]).toMatchObject({ role: "system", content: expect.stringContaining("JSON") })
    }
  })
})

describe("the role developer", () => {
  const developer = { role: "developer", content: "Be brief." }
  it.each(["deepseek", "qwen"])("is system at %s", (name) => {
    expect(messagesFor(name, [developer, user, developer]).messages).toEqual([
      { role: "system", content: "Be brief." },
      user,
      { role: "system", content: "Be brief." }
    ])
  })

  it("reaches a server that may know it", () => {
    expect(messagesFor("open", [developer, user]).same).toBe(true)
  })
})

describe("the bound of an answer's length", () => {
  const lengths = ({ max_completion_tokens, max_tokens }: ChatCompletionRequest) => [max_tokens, max_completion_tokens]
  it.each<[object, unknown]>([
    [{ max_completion_tokens: 5 }, 5],
    [{ max_tokens: 7 }, 7],
    [{ max_tokens: 7, max_completion_tokens: 5 }, 7],
    [{ max_tokens: null, max_completion_tokens: 5 }, 5],
    [{ max_completion_tokens: null }, undefined],
    [{}, undefined]
  ])("%j goes out once, in the field that the vendor knows", (given, expected) => {
    for (const name of ["deepseek", "qwen"]) {
      expect(lengths(sent(name, "any", given))).toEqual([expected, undefined])
      expect(Object.keys(sent(name, "any", given))).not.toContain("max_completion_tokens")
    }
  })

  it("goes to another server in the caller's fields", () => {
    expect(lengths(sent("open", "any", { max_tokens: 7, max_completion_tokens: 5 }))).toEqual([7, 5])
  })
})

const picture = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }
const showing = (part: object): ChatMessage => ({
  role: "user",
  content: [{ type: "text", text: "What is it?" }, part]
})

describe("what a model is known not to take", () => {
  it.each<[string, string, object, string | undefined]>([
    ["deepseek", "deepseek-v4-pro", picture, "images"],
    ["deepseek", "deepseek-v4-pro", { type: "input_audio", input_audio: {} }, "audio"],
    ["deepseek", "deepseek-v4-pro", { type: "text", text: "image_url" }, undefined],
    ["deepseek", "deepseek-flash", picture, undefined],
    ["deepseek", "deepseek-v4-flash-vision-exp", picture, undefined],
    ["deepseek", "deepseek-of-tomorrow", picture, undefined],
    ["qwen", "qwen-plus", picture, "images"],
    ["qwen", "qwen3-coder-plus", { type: "video_url" }, "videos"],
    ["qwen", "qwen3-1.7b", { type: "file" }, "files"],
    ["qwen", "qwen3.7-max", picture, "images"],
    ["qwen", "qwen3.7-plus", picture, undefined],
    ["qwen", "qwen3-vl-plus", picture, undefined],
    ["qwen", "qwen2.5-vl-7b-instruct", picture, undefined],
    ["qwen", "qwen3-omni-flash", { type: "input_audio" }, undefined],
    ["qwen", "qvq-max", picture, undefined],
    ["open", "gpt", picture, undefined]
  ])("at %s's %s with %j is %s", (name, model, part, expected) => {
    expect(dialects[name]!.unsuited?.({ model, messages: [user, showing(part)] })).toBe(expected)
  })

  it("is nothing in a request whose messages are odd", () => {
    for (const messages of [undefined, {}, [null], [{ content: [null, 5] }], [{ content: 5 }]]) {
      expect(DeepSeek.dialect.unsuited?.({ model: "deepseek-v4-pro", messages })).toBeUndefined()
    }
  })
})
