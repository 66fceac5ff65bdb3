import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { UnderstudyOptions } from "../src/config/Options.ts"
import type { Dialect, StructuredOutput } from "../src/provider/Dialect.ts"
import * as DeepSeek from "../src/provider/deepseek/DeepSeek.ts"
import * as Lowering from "../src/provider/Lowering.ts"
import * as OpenAiCompatible from "../src/provider/openai-compatible/OpenAiCompatible.ts"
import * as Qwen from "../src/provider/qwen/Qwen.ts"
import * as Understudy from "../src/Understudy.ts"
import type { ChatCompletionRequest, ChatMessage } from "../src/wire/ChatCompletion.ts"
import * as S from "./support.ts"

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
    ["qwen", "qwen3-235b-a22b", {}, undefined, "nothing"],
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
    expect(lowered.messages).toEqual([{ role: system.role, content }, user])
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

it.each([
  ["qwq-32b", {}, true],
  ["qwen3-235b-a22b", {}, true],
  ["qwen3-235b-a22b", { enable_thinking: false }, false],
  ["qwen-plus", {}, false],
  ["qwen-plus", { enable_thinking: true }, true]
])("%s with %o answers only as a stream: %s", (model, more, expected) => {
  expect(Qwen.dialect.isStreamOnly({ model, ...more })).toBe(expected)
})

const throughCore = (
  vendor: (seen: S.Seen) => S.Play,
  call: { readonly request: ChatCompletionRequest; readonly text?: string },
  config?: UnderstudyOptions
) => {
  const world = S.makeWorld()
  const answered = Effect.flatMap(Understudy.Understudy, ({ failover }) => failover.call(call)).pipe(
    Effect.provide(S.understudy(world, vendor, config))
  )
  return Effect.map(answered, ({ trail }) => ({ world, trail }))
}

describe("an attempt", () => {
  const down = ({ origin, model }: S.Seen): S.Play =>
    origin.includes("qwen")
      ? S.json(401, { error: { message: "no", code: "invalid_api_key" } })
      : S.json(200, S.completion(model))

  it("says in the trail how the schema was put, for each target its own way", async () => {
    const request = { ...S.request("qwen-plus"), response_format: format }
    const { trail, world } = await Effect.runPromise(throughCore(down, { request }))
    expect(trail.map(({ outcome, structured }) => [outcome, structured])).toEqual([
      ["Unauthorized", "native"],
      ["Unauthorized", "native"],
      ["ok", "instructed"]
    ])
    expect(world.seen.map(({ body }) => (body["response_format"] as { type: string }).type)).toEqual([
      "json_schema",
      "json_schema",
      "json_object"
    ])
  })

  it("says nothing of schemas where there is none", async () => {
    const { trail } = await Effect.runPromise(throughCore(down, { request: S.request("qwen-plus") }))
    for (const record of trail) expect(record).not.toHaveProperty("structured")
  })

  it("has the switches of its own vendor alone", async () => {
    const request = S.request("qwen-plus", { enable_thinking: false, thinking: { type: "disabled" } })
    const { world } = await Effect.runPromise(throughCore(down, { request, text: JSON.stringify(request) }))
    expect(world.seen.map(({ body }) => [body["enable_thinking"], body["thinking"]])).toEqual([
      [false, undefined],
      [false, undefined],
      [undefined, { type: "disabled" }]
    ])
  })

  it("takes the configured ability over the dialect's", async () => {
    const base = S.options()
    const deepseek = { ...base.providers["deepseek"]!, structuredOutput: "none" as const }
    const request = { ...S.request("deepseek-chat"), response_format: format }
    const config = S.options({ providers: { ...base.providers, deepseek } })
    const { world } = await Effect.runPromise(throughCore(down, { request }, config))
    expect(world.seen[0]?.body).not.toHaveProperty("response_format")
  })

  it("goes to DeepSeek's beta path when it is to go on with a text, whichever vendor's word the caller used", async () => {
    for (const word of ["prefix", "partial"]) {
      const messages = [user, { ...plain, [word]: true }]
      const { world } = await Effect.runPromise(
        throughCore(down, { request: S.request("deepseek-chat", { messages }) })
      )
      expect(world.seen[0]).toMatchObject({
        path: "/beta/chat/completions",
        body: { messages: [user, { prefix: true }] }
      })
    }
  })
})
