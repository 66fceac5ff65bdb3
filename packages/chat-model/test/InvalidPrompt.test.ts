import { services } from "@understudy/core/provider/Vendors"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import * as ChatModel from "../src/ChatModel.ts"
import type { ChatOptions } from "../src/ChatOptions.ts"
import * as Prompt from "../src/Prompt.ts"
import * as Scripted from "./support/ScriptedUpstream.ts"

const refuse = async (input: any, options: any = {}, defaults: ChatOptions = { model: "chat" }) => {
  const scripted = Scripted.make({ json: Scripted.completion({ content: "ok" }) }, defaults)
  const prompt = Prompt.make(input, options)
  const called = await Scripted.run(scripted, Effect.flip(ChatModel.call(prompt)))
  const streamed = await Scripted.run(scripted, Effect.flip(Stream.runDrain(ChatModel.stream(prompt))))
  expect(streamed.message).toBe(called.message)
  expect(called.reason._tag).toBe("InvalidPrompt")
  expect(called.isRetryable).toBe(false)
  expect(called.trail).toEqual([])
  expect(scripted.exchanges).toEqual([])
  return called.message
}

const text = "a text that is not empty"

describe("a prompt that makes no sense is refused before anything is sent", () => {
  it.each<[string, unknown, string]>([
    ["no messages", [], "messages must be at least one message, got an empty list"],
    ["nothing", undefined, "messages[0] must be a message: { role, content }, got undefined"],
    ["a number", 7, "messages[0] must be a message: { role, content }, got 7"],
    ["strings in a list", ["hi"], "messages[0] must be a message: { role, content }, got a text"],
    ["no list, and no options", { messages: null }, "messages must be a list of messages, got null"],
    ["messages that are no list", { messages: "hi", options: {} }, "messages must be a list of messages, got a text"],
    [
      "a result of a call that nobody made",
      [
        { role: "user", content: "hi" },
        { role: "tool", toolCallId: "call_9", content: "21" }
      ],
      'messages[1].toolCallId must be the id of a tool call of an assistant\'s message before it, got "call_9"'
    ],
    [
      "calls at its end that have no result",
      [
        { role: "user", content: "hi" },
        { role: "assistant", toolCalls: [{ id: "call_1", name: "weather", arguments: "{}" }] }
      ],
      "messages[1].toolCalls must be followed by a tool message for each of them, got nothing behind them"
    ],
    [
      "an unknown role",
      { role: "robot", content: "hi" },
      'messages[0].role must be "system", "user", "assistant" or "tool", got "robot"'
    ],
    [
      "an empty text",
      "",
      "messages[0].content must be a text that is not empty, or a list of text and image parts, got an empty text"
    ],
    [
      "a system message without content",
      [{ role: "system" }, { role: "user", content: "hi" }],
      `messages[0].content must be ${text}, got undefined`
    ],
    [
      "an unknown part",
      { role: "user", content: [{ type: "audio" }] },
      'messages[0].content[0].type must be "text" or "image", got "audio"'
    ],
    [
      "a part that is none",
      { role: "user", content: ["hi"] },
      'messages[0].content[0].type must be "text" or "image", got undefined'
    ],
    [
      "an empty text part",
      { role: "user", content: [{ type: "text", text: "" }] },
      `messages[0].content[0].text must be ${text}, got an empty text`
    ],
    [
      "an image without a URL",
      { role: "user", content: [{ type: "image" }] },
      "messages[0].content[0].url must be an https: or data: URL, got undefined"
    ],
    [
      "an assistant's content",
      { role: "assistant", content: "hi" },
      "messages[0] must be given text, reasoning, refusal or toolCalls, got content"
    ],
    ["an assistant's text that is none", { role: "assistant", text: 7 }, "messages[0].text must be a text, got 7"],
    [
      "tool calls that are no list",
      { role: "assistant", toolCalls: "x" },
      "messages[0].toolCalls must be a list of tool calls, got a text"
    ],
    [
      "a tool call of OpenAI's shape",
      { role: "assistant", toolCalls: [{ id: "c1", type: "function", function: { name: "now", arguments: "{}" } }] },
      "messages[0].toolCalls[0].name must be a text that is not empty, got undefined"
    ],
    [
      "a tool call with parsed arguments",
      { role: "assistant", toolCalls: [{ id: "c1", name: "now", arguments: {} }] },
      "messages[0].toolCalls[0].arguments must be the JSON text that the model wrote, got an object with no fields"
    ],
    [
      "a tool call of OpenAI's shape",
      { role: "assistant", toolCalls: [{ id: "c1", type: "function", function: { name: "now", arguments: "{}" } }] },
      "messages[0].toolCalls[0].name must be a text that is not empty, got undefined"
    ],
    [
      "a tool call with parsed arguments",
      { role: "assistant", toolCalls: [{ id: "c1", name: "now", arguments: {} }] },
      "messages[0].toolCalls[0].arguments must be the JSON text that the model wrote, got an object with no fields"
    ],
    [
      "a tool's answer to nothing",
      { role: "tool", content: "21" },
      "messages[0].toolCallId must be the id of a tool call, got undefined"
    ],
    [
      "a tool's answer that is no text",
      { role: "tool", toolCallId: "c1", content: 21 },
      "messages[0].content must be a text, got 21"
    ]
  ])("for %s", async (_, input, message) => {
    expect(await refuse(input)).toBe(message)
  })
})

describe("options that make no sense are refused before anything is sent", () => {
  it.each<[string, object, string]>([
    [
      "a temperature that is NaN",
      { temperature: Number.NaN },
      "options.temperature must be a finite number >= 0, got NaN"
    ],
    [
      "a temperature that is text",
      { temperature: "0.7" },
      'options.temperature must be a finite number >= 0, got "0.7"'
    ],
    ["a null", { temperature: null }, "options.temperature must be a finite number >= 0, got null"],
    ["topP over 1", { topP: 1.5 }, "options.topP must be a number from 0 to 1, got 1.5"],
    ["a fraction of topK", { topK: 1.5 }, "options.topK must be an integer, got 1.5"],
    ["no tokens at all", { maxTokens: 0 }, "options.maxTokens must be an integer >= 1, got 0"],
    [
      "one stop sequence for a list",
      { stopSequences: "END" },
      'options.stopSequences must be a list of texts that are not empty, got "END"'
    ],
    [
      "an infinite penalty",
      { presencePenalty: Number.POSITIVE_INFINITY },
      "options.presencePenalty must be a finite number, got Infinity"
    ],
    [
      "a name with a typo",
      { temprature: 1 },
      "options.temprature must be one of model, temperature, topP, topK, maxTokens, stopSequences, presencePenalty, frequencyPenalty, seed, tools, toolChoice, responseFormat, outputSchema, reasoningEffort, conversationId, vendor, extraBody, got 1"
    ],
    ["an empty model", { model: "" }, 'options.model must be a text that is not empty, got ""'],
    [
      "a tool's name with a space",
      { tools: [{ name: "get weather" }] },
      'options.tools[0].name must be 1 to 64 letters, digits, _ or -, got "get weather"'
    ],
    [
      "two tools of one name",
      { tools: [{ name: "a" }, { name: "a" }] },
      'options.tools[1].name must be a name that no other tool has, got "a"'
    ],
    [
      "parameters that are no schema",
      { tools: [{ name: "a", parameters: [] }] },
      "options.tools[0].parameters must be a JSON Schema object, got a list of 0"
    ],
    [
      "parameters of a list",
      { tools: [{ name: "a", parameters: { type: "array" } }] },
      'options.tools[0].parameters.type must be "object", got "array" in tool "a"'
    ],
    [
      "a function among parameters",
      { tools: [{ name: "a", parameters: { type: "object", properties: { city: () => "x" } } }] },
      'options.tools[0].parameters.properties.city must be JSON, got a function in tool "a"'
    ],
    [
      "a bigint in a schema",
      { outputSchema: { name: "a", schema: { anyOf: [{ const: 1n }] } } },
      "options.outputSchema.schema.anyOf[0].const must be JSON, got a bigint"
    ],
    [
      "a bigint among a vendor's fields",
      { extraBody: { list: [1n] } },
      "options.extraBody.list[0] must be JSON, got a bigint"
    ],
    [
      "the choice of a tool that is not there",
      { tools: [{ name: "a" }], toolChoice: { tool: "b" } },
      'options.toolChoice.tool must be one of options.tools (a), got "b"'
    ],
    [
      "an unknown choice",
      { toolChoice: "always" },
      'options.toolChoice must be "auto", "none", "required" or { tool: name }, got "always"'
    ],
    [
      "an unknown format",
      { responseFormat: { type: "json_object" } },
      'options.responseFormat must be "text", "json" or { schema }, got an object with type'
    ],
    [
      "an output schema whose name no vendor takes",
      { outputSchema: { name: "a city", schema: {} } },
      "options.outputSchema must be { name, schema } with a name of 1 to 64 letters, digits, _ or -, got an object with name, schema"
    ],
    [
      "a vendor that is not known",
      { vendor: { acme: {} } },
      `options.vendor.acme must be one of ${services.map(({ name }) => name).join(", ")}, got an object with no fields`
    ],
    ["a vendor's options that are none", { vendor: { qwen: true } }, "options.vendor.qwen must be an object, got true"],
    [
      "another vendor's option",
      { vendor: { qwen: { thinking: "enabled" } } },
      'options.vendor.qwen.thinking must be one of enableThinking, thinkingBudget, enableSearch, searchOptions, got "enabled"'
    ],
    [
      "a vendor's option by its wire name's value",
      { vendor: { deepseek: { thinking: { type: "enabled" } } } },
      'options.vendor.deepseek.thinking must be "enabled" or "disabled", got an object with type'
    ],
    [
      "a budget of nothing",
      { vendor: { qwen: { thinkingBudget: 0 } } },
      "options.vendor.qwen.thinkingBudget must be an integer >= 1, got 0"
    ],
    [
      "messages in extraBody",
      { extraBody: { messages: [] } },
      "options.extraBody.messages must be left out: the ChatModel sets it, from the messages, the options and whether it streams, got a list of 0"
    ],
    [
      "several answers",
      { extraBody: { n: 2 } },
      "options.extraBody.n must be left out: the ChatModel sets it, from the messages, the options and whether it streams, got 2"
    ]
  ])("for %s", async (_, options, message) => {
    expect(await refuse("hi", options)).toBe(message)
  })

  it("while one without options is asked as it is", async () => {
    const scripted = Scripted.make({ json: Scripted.completion({ content: "ok" }) })
    const prompt = { messages: [{ role: "user", content: "hi" }] } as never
    expect((await Scripted.run(scripted, ChatModel.call(prompt))).text).toBe("ok")
    expect((await Scripted.run(scripted, ChatModel.call(Prompt.make(prompt)))).text).toBe("ok")
  })

  it("for no model at all", async () => {
    expect(await refuse("hi", {}, {})).toBe(
      "options.model must be set, in the prompt or in the ChatModel's defaults, got nothing"
    )
  })

  it("and never shows the text of a message", async () => {
    expect(await refuse([{ role: "system", content: ["my secret plan"] }])).not.toContain("secret")
    expect(await refuse(["my secret plan"])).not.toContain("secret")
  })
})
