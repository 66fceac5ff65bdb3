import { describe, expect, it } from "vitest"
import type { ChatPart } from "../src/ChatPart.ts"
import * as ChatResponse from "../src/ChatResponse.ts"
import { PartMapper } from "../src/internal/stream/PartMapper.ts"
import { chunk, completion, finish, usage } from "./support/ScriptedUpstream.ts"

const head = { route: "chain", provider: "first", model: "chat", trail: [] }

const map = (...chunks: ReadonlyArray<any>): ReadonlyArray<ChatPart> => {
  const mapper = new PartMapper(head)
  const parts: Array<ChatPart> = []
  for (const each of chunks) mapper.push(each, parts)
  mapper.end(parts, head.trail)
  return parts
}

const fold = (...chunks: ReadonlyArray<any>) => ChatResponse.fromParts(map(...chunks))
const types = (parts: ReadonlyArray<ChatPart>) => parts.map((part) => part.type)

describe("blocks", () => {
  it("come one at a time, each begun, filled and ended", () => {
    const parts = map(
      chunk({ role: "assistant", content: null, reasoning_content: "" }),
      chunk({ content: null, reasoning_content: "Hm" }),
      chunk({ content: null, reasoning_content: "." }),
      chunk({ content: "Yes", reasoning_content: null }),
      chunk({ content: "!" }),
      finish()
    )
    expect(parts.slice(1, -1)).toEqual([
      { type: "reasoning-start", id: "reasoning-1" },
      { type: "reasoning-delta", id: "reasoning-1", delta: "Hm" },
      { type: "reasoning-delta", id: "reasoning-1", delta: "." },
      { type: "reasoning-end", id: "reasoning-1" },
      { type: "text-start", id: "text-2" },
      { type: "text-delta", id: "text-2", delta: "Yes" },
      { type: "text-delta", id: "text-2", delta: "!" },
      { type: "text-end", id: "text-2" }
    ])
  })

  it("end before a tool call begins", () => {
    const parts = map(
      chunk({ content: "Let me see" }),
      chunk({ tool_calls: [{ index: 0, id: "c1", type: "function", function: { name: "weather", arguments: "" } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: "{}" } }] }),
      finish("tool_calls")
    )
    expect(types(parts)).toEqual([
      "response-metadata",
      "text-start",
      "text-delta",
      "text-end",
      "tool-call-start",
      "tool-call-delta",
      "tool-call",
      "finish"
    ])
  })

  it("hand out tool calls with the finish reason, before the usage has come", () => {
    const mapper = new PartMapper(head)
    const parts: Array<ChatPart> = []
    mapper.push(
      chunk({ tool_calls: [{ index: 0, id: "c1", function: { name: "now", arguments: "{}" } }] }) as any,
      parts
    )
    mapper.push(finish("tool_calls") as any, parts)
    expect(types(parts).at(-1)).toBe("tool-call")
  })
})

it.each([
  [1_700_000_000, 1_700_000_000],
  [1_700_000_000_999, 1_700_000_000],
  [1e30, undefined],
  [-1, undefined],
  ["1700000000", undefined]
])("reads the time %j as %j", (created, expected) => {
  expect(fold({ ...(chunk({ content: "a" }) as object), created }, finish()).metadata.created).toBe(expected)
})

describe("what vendors send oddly", () => {
  const rows: ReadonlyArray<readonly [string, ReadonlyArray<any>, Partial<ChatResponse.ChatResponse>]> = [
    ["absent choices", [{ id: "x" }, chunk({ content: "a" }), finish()], { text: "a" }],
    ["null choices", [{ id: "x", choices: null }, chunk({ content: "a" }), finish()], { text: "a" }],
    ["a null delta", [chunk(null), chunk({ content: "a" }), finish()], { text: "a" }],
    ["a choice without a delta", [{ choices: [{ index: 0 }] }, chunk({ content: "a" }), finish()], { text: "a" }],
    ["a choice without an index", [{ choices: [{ delta: { content: "a" } }] }, finish()], { text: "a" }],
    [
      "a second choice",
      [chunk({ content: "a" }), { choices: [{ index: 1, delta: { content: "b" } }] }, finish()],
      { text: "a" }
    ],
    [
      "a choice whose index is a text",
      [{ choices: [{ index: "0", delta: { content: "a" }, finish_reason: "stop" }] }],
      { text: "a" }
    ],
    [
      "one choice, counted from 1",
      [
        { choices: [{ index: 1, delta: { content: "a" } }] },
        { choices: [{ index: 1, delta: { content: "b" }, finish_reason: "stop" }] }
      ],
      { text: "ab" }
    ],
    ["content as one part", [chunk({ content: { type: "text", text: "a" } }), finish()], { text: "a" }],
    [
      "a function call of the days before tools",
      [
        chunk({ function_call: { name: "now", arguments: "{" } }),
        chunk({ function_call: { arguments: "}" } }),
        finish("function_call")
      ],
      { toolCalls: [{ id: "call_answer-1_0", name: "now", arguments: "{}" }] as never }
    ],
    ["null tool calls", [chunk({ content: "a", tool_calls: null }), finish()], { text: "a", toolCalls: [] }],
    [
      "null content beside reasoning",
      [chunk({ content: null, reasoning_content: "r" }), finish()],
      { text: undefined, reasoning: "r" }
    ],
    [
      "reasoning under OpenRouter's name",
      [chunk({ reasoning: "r" }), chunk({ content: "a" }), finish()],
      { text: "a", reasoning: "r" }
    ],
    [
      "reasoning under both names at once",
      [chunk({ reasoning: "r", reasoning_content: "r" }), finish()],
      { reasoning: "r" }
    ],
    [
      "reasoning and text in one delta",
      [chunk({ reasoning_content: "r", content: "a" }), finish()],
      { text: "a", reasoning: "r" }
    ],
    [
      "content as a list of parts",
      [
        chunk({
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" }
          ]
        }),
        finish()
      ],
      { text: "ab" }
    ],
    ["empty texts only", [chunk({ content: "" }), finish("length")], { text: undefined, reasoning: undefined }],
    [
      "text and finish in one chunk",
      [{ choices: [{ index: 0, delta: { content: "a" }, finish_reason: "stop" }] }],
      { text: "a" }
    ]
  ]

  it.each(rows)("survives %s", (_, chunks, expected) => {
    expect(fold(...chunks)).toMatchObject(expected)
  })

  it("keeps a refusal apart from the text", () => {
    const { result, text } = fold(chunk({ refusal: "I can" }), chunk({ refusal: "not." }), finish())
    expect(result.output.refusal).toBe("I cannot.")
    expect(text).toBeUndefined()
  })

  it("names the answer by the first chunk that names it", () => {
    const azure = { id: "", model: "", choices: [], prompt_filter_results: [] }
    expect(fold(azure, chunk({ content: "a" }), finish()).metadata).toMatchObject({
      id: "answer-1",
      model: "chat-2026"
    })
  })

  it("falls back on the model that was asked for when the vendor names none", () => {
    const { metadata } = fold(
      { choices: [{ delta: { content: "a" } }] },
      { choices: [{ delta: {}, finish_reason: "stop" }] }
    )
    expect(metadata.model).toBe("chat")
    expect(metadata).not.toHaveProperty("id")
    expect(metadata).not.toHaveProperty("created")
  })
})

describe("usage", () => {
  it.each([
    ["on the finish chunk (DeepSeek)", [finish("stop", { usage: { prompt_tokens: 3, completion_tokens: 5 } })]],
    ["in a chunk of its own (Qwen)", [finish(), usage]],
    ["null until then", [chunk({}, { usage: null }), finish("stop", { usage: null }), usage]],
    ["growing from chunk to chunk", [chunk({}, { usage: { prompt_tokens: 3, completion_tokens: 1 } }), finish(), usage]]
  ])("is read %s", (_, chunks) => {
    expect(fold(chunk({ content: "a" }), ...chunks).metadata.usage).toMatchObject({
      promptTokens: 3,
      completionTokens: 5,
      totalTokens: 8
    })
  })

  it("is absent when the vendor reports none, and 0 when it reports 0", () => {
    expect(fold(chunk({ content: "a" }), finish()).metadata).not.toHaveProperty("usage")
    const { usage: counted } = fold(finish("stop", { usage: { prompt_tokens: 0, completion_tokens: null } })).metadata
    expect(counted).toMatchObject({ promptTokens: 0 })
    expect(counted).not.toHaveProperty("completionTokens")
    expect(counted).not.toHaveProperty("totalTokens")
  })

  it.each([
    ["OpenAI's", { prompt_tokens_details: { cached_tokens: 64 } }, { cacheReadInputTokens: 64 }],
    ["DeepSeek's", { prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 1 }, { cacheReadInputTokens: 64 }],
    [
      "Qwen's explicit cache",
      { prompt_tokens_details: { cache_creation_input_tokens: 9 } },
      { cacheWriteInputTokens: 9 }
    ],
    ["reasoning", { completion_tokens_details: { reasoning_tokens: 7 } }, { reasoningTokens: 7 }],
    [
      "details that are null",
      { prompt_tokens_details: null, completion_tokens_details: null, total_tokens: 1 },
      { totalTokens: 1 }
    ]
  ])("reads %s spelling and keeps the vendor's own", (_, native, expected) => {
    const read = fold(finish("stop", { usage: native })).metadata.usage
    expect(read).toMatchObject(expected)
    expect(read?.nativeUsage).toEqual(native)
  })
})

describe("finish reasons", () => {
  it.each([
    ["stop", "stop"],
    ["length", "length"],
    ["max_tokens", "length"],
    ["tool_calls", "tool-calls"],
    ["function_call", "tool-calls"],
    ["content_filter", "content-filter"],
    ["sensitive", "content-filter"],
    ["STOP", "stop"],
    ["something_new", "other"]
  ])("reads %s as %s and keeps the vendor's word", (raw, unified) => {
    expect(fold(chunk({ content: "a" }), finish(raw)).metadata.finishReason).toEqual({ unified, raw })
  })

  it("reads stop as tool-calls when the answer calls tools", () => {
    const fragment = { index: 0, id: "c1", function: { name: "now", arguments: "{}" } }
    expect(fold(chunk({ tool_calls: [fragment] }), finish("stop")).metadata.finishReason).toEqual({
      unified: "tool-calls",
      raw: "stop"
    })
  })

  it("has no raw word when the vendor sent none", () => {
    const whole = { choices: [{ message: { content: "a" }, finish_reason: null }] }
    expect(ChatResponse.fromParts(PartMapper.ofWhole(head, whole)).metadata.finishReason).toEqual({ unified: "other" })
  })
})

describe("a whole completion", () => {
  it("folds like the stream of the same answer", () => {
    const toolCalls = [{ id: "c1", type: "function", function: { name: "weather", arguments: '{"city":"Hangzhou"}' } }]
    const whole = completion(
      { role: "assistant", content: "Let me see", reasoning_content: "Hm.", tool_calls: toolCalls },
      { choices: undefined }
    ) as any
    whole.choices = [
      {
        index: 0,
        message: { role: "assistant", content: "Let me see", reasoning_content: "Hm.", tool_calls: toolCalls },
        finish_reason: "tool_calls"
      }
    ]
    const streamed = fold(
      chunk({ role: "assistant", content: null, reasoning_content: "" }),
      chunk({ reasoning_content: "H" }),
      chunk({ reasoning_content: "m." }),
      chunk({ content: "Let me " }),
      chunk({ content: "see" }),
      chunk({ tool_calls: [{ index: 0, id: "c1", type: "function", function: { name: "weather", arguments: "" } }] }),
      chunk({ tool_calls: [{ index: 0, id: "", function: { arguments: '{"city":' } }] }),
      chunk({ tool_calls: [{ index: 0, id: "", function: { arguments: '"Hangzhou"}' } }] }),
      finish("tool_calls"),
      usage
    )
    expect(ChatResponse.fromParts(PartMapper.ofWhole(head, whole))).toEqual(streamed)
  })

  it("keeps calls apart that share an id, or have none", () => {
    const call = (id?: string) => ({ id, type: "function", function: { name: "now", arguments: "{}" } })
    const whole = completion({ content: "", tool_calls: [call("c1"), call("c1"), call(), call("")] }) as any
    const { toolCalls } = ChatResponse.fromParts(PartMapper.ofWhole(head, whole))
    expect(toolCalls.map(({ id }) => id)).toEqual(["c1", "c1", "call_answer-1_2", "call_answer-1_3"])
    expect(new Set(toolCalls.map((each) => each.arguments))).toEqual(new Set(["{}"]))
  })
})

describe("parts that are not whole", () => {
  it("fold as far as they go, without a finish reason", () => {
    const parts = map(chunk({ content: "Once" }), chunk({ content: " upon" }), finish()).slice(0, 4)
    const response = ChatResponse.fromParts(parts)
    expect(response.text).toBe("Once upon")
    expect(response.metadata).not.toHaveProperty("finishReason")
    expect(ChatResponse.fromParts([]).text).toBeUndefined()
  })

  it("take a longer trail from the end of the call", () => {
    const mapper = new PartMapper(head)
    const parts: Array<ChatPart> = []
    mapper.push(chunk({ content: "a" }) as any, parts)
    const about = { provider: "second", model: "m", key: undefined, millis: 1 }
    const attempt = { _tag: "Ok", ...about, next: { _tag: "Answer" } } as const
    mapper.end(parts, [attempt])
    expect(ChatResponse.fromParts(parts).metadata).toMatchObject({ id: "answer-1", trail: [attempt], attempts: 1 })
  })
})
