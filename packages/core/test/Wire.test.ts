import type OpenAI from "openai"
import { describe, expect, expectTypeOf, it } from "vitest"
import * as Finish from "../src/internal/provider/Finish.ts"
import { fold } from "../src/internal/wire/Fold.ts"
import * as Inspect from "../src/internal/wire/Inspect.ts"
import type { ChatCompletionRequest, ChatDelta } from "../src/wire/ChatCompletion.ts"

describe("ChatCompletionRequest", () => {
  it("takes what the openai client sends", () => {
    expectTypeOf<OpenAI.ChatCompletionMessageParam>().toExtend<{ role: string }>()
    expectTypeOf<Pick<OpenAI.ChatCompletionCreateParams, "model">>().toExtend<Pick<ChatCompletionRequest, "model">>()
  })
})

describe("Inspect.hasContent", () => {
  it.each([
    ["text", { content: "a" }, true],
    ["reasoning", { reasoning_content: "a" }, true],
    ["reasoning as OpenRouter and vLLM spell it", { reasoning: "a" }, true],
    ["a refusal", { refusal: "no" }, true],
    ["a tool call", { tool_calls: [{ index: 0, function: { name: "f", arguments: "" } }] }, true],
    ["parts of content", { content: [{ type: "text", text: "a" }] }, true],
    ["an image among the parts", { content: [{ type: "image_url", image_url: { url: "u" } }] }, true],
    ["images alone", { images: [{ type: "image_url", image_url: { url: "u" } }] }, true],
    ["a sound", { audio: { data: "QUJD" } }, true],
    ["what is said in a sound", { audio: { transcript: "a" } }, true],
    ["one image", { image: { url: "u" } }, true],
    ["a film", { video: { url: "u" } }, true],
    ["no film", { video: null, videos: [], image: {} }, false],
    ["annotations", { annotations: [{ type: "url_citation" }] }, true],
    ["details of reasoning", { reasoning_details: [{ type: "reasoning.text", text: "a" }] }, true],
    ["a function call", { function_call: { name: "f" } }, true],
    ["an empty part", { content: [{ type: "text", text: "" }] }, false],
    ["parts that are none", { content: [null, ""] }, false],
    ["the id that a sound begins with", { audio: { id: "a1" } }, false],
    ["no images", { images: [], annotations: [], reasoning_details: [] }, false],
    ["a role alone", { role: "assistant" }, false],
    ["an empty text", { role: "assistant", content: "" }, false],
    ["an empty reasoning", { content: null, reasoning_content: "" }, false],
    ["no tool calls", { tool_calls: [] }, false],
    ["nothing", null, false]
  ])("tells for %s", (_, delta, expected) => {
    expect(Inspect.hasContent(delta as ChatDelta | null)).toBe(expected)
  })
})

describe("Finish.of", () => {
  it.each([
    ["stop", "complete"],
    ["length", "complete"],
    ["tool_calls", "complete"],
    ["content_filter", "complete"],
    ["insufficient_system_resource", "gaveUp"],
    ["aborted", "gaveUp"],
    ["ERROR", "gaveUp"],
    ["network_error", "gaveUp"],
    ["MALFORMED_FUNCTION_CALL", "gaveUp"],
    ["function_call_filter: MALFORMED_FUNCTION_CALL", "gaveUp"],
    ["network_errors_explained", "complete"],
    ["null", "none"],
    ["", "none"],
    [null, "none"],
    [undefined, "none"],
    [false, "none"],
    [0, "none"]
  ])("reads %s as %s", (raw, expected) => {
    expect(Finish.of(raw)).toBe(expected)
  })
})

describe("Inspect.flawOf", () => {
  const choice = (message: object, finish: string | null = "stop") => ({
    choices: [{ index: 0, message, finish_reason: finish }]
  })
  it.each([
    ["an answer", choice({ content: "a" }), undefined],
    ["an answer without a finish reason, as some servers send it", choice({ content: "a" }, null), undefined],
    ["a text cut by max_tokens, even when empty", choice({ content: "" }, "length"), undefined],
    ["a filtered answer", choice({ content: "" }, "content_filter"), undefined],
    ["a tool call", choice({ content: "", tool_calls: [{ id: "1" }] }, "tool_calls"), undefined],
    ["images alone", choice({ content: "", images: [{ type: "image_url", image_url: { url: "u" } }] }), undefined],
    ["a sound alone", choice({ content: null, audio: { id: "a1", data: "QUJD", transcript: "a" } }), undefined],
    ["a refusal alone", choice({ content: null, refusal: "no" }), undefined],
    ["a finish that is none", choice({ content: "" }, false as unknown as string), "empty"],
    ["an empty answer", choice({ content: "" }), "empty"],
    ["an empty answer that ends in another word", choice({ content: "" }, "eos"), "empty"],
    ["an empty answer that ends in capitals", choice({ content: "" }, "STOP"), "empty"],
    ["a film alone", choice({ content: null, videos: [{ url: "u" }] }), undefined],
    ["no choices", { choices: [] }, "empty"],
    ["an answer given up", choice({ content: "a" }, "insufficient_system_resource"), "gaveUp"],
    ["an array", [], "malformed"],
    ["a string", "ok", "malformed"],
    ["null", null, "malformed"],
    ["another object", { ok: true }, "malformed"],
    ["choices that are none", { choices: "many" }, "malformed"],
    ["a choice without a message", { choices: [{ index: 0 }] }, "malformed"]
  ])("judges %s", (_, body, expected) => {
    expect(Inspect.flawOf(body, Finish.of)).toBe(expected)
  })
})

describe("fold", () => {
  const chunk = (delta: ChatDelta, finish: string | null = null) => ({
    id: "c1",
    object: "chat.completion.chunk",
    created: 7,
    model: "qwq-32b",
    choices: [{ index: 0, delta, finish_reason: finish }]
  })

  it("joins text and reasoning, keeps them apart, and takes usage from a chunk of its own", () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
    expect(
      fold([
        chunk({ role: "assistant", content: null, reasoning_content: "" }),
        chunk({ content: null, reasoning_content: "hm" }),
        chunk({ content: "a", reasoning_content: null }),
        chunk({ content: "b" }),
        chunk({ content: "" }, "stop"),
        { ...chunk({}), choices: [], usage }
      ])
    ).toEqual({
      id: "c1",
      object: "chat.completion",
      created: 7,
      model: "qwq-32b",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "ab", reasoning_content: "hm" },
          logprobs: null,
          finish_reason: "stop"
        }
      ],
      usage
    })
  })

  it("merges tool call fragments by index and lets Qwen's empty ids pass", () => {
    const call = (index: number, id: string, name: string | undefined, args: string) => ({
      tool_calls: [
        { index, id, type: "function", function: { ...(name === undefined ? {} : { name }), arguments: args } }
      ]
    })
    const folded = fold([
      chunk(call(0, "call_a", "weather", "")),
      chunk(call(0, "", undefined, '{"city":')),
      chunk(call(1, "call_b", "time", "{}")),
      chunk(call(0, "", undefined, '"北京"}')),
      chunk({}, "tool_calls")
    ])
    expect(folded.choices[0]?.message.tool_calls).toEqual([
      { index: 0, id: "call_a", type: "function", function: { name: "weather", arguments: '{"city":"北京"}' } },
      { index: 1, id: "call_b", type: "function", function: { name: "time", arguments: "{}" } }
    ])
  })

  it("keeps several choices apart", () => {
    const of = (index: number, content: string, finish: string | null = null) => ({
      id: "c1",
      choices: [{ index, delta: { content }, finish_reason: finish }]
    })
    const folded = fold([of(1, "b"), of(0, "a"), of(1, "B", "stop"), of(0, "A", "length")])
    expect(folded.choices.map(({ finish_reason, message }) => [message.content, finish_reason])).toEqual([
      ["aA", "length"],
      ["bB", "stop"]
    ])
  })
})
