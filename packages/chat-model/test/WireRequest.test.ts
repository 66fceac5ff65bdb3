import { describe, expect, it } from "vitest"
import * as ChatModel from "../src/ChatModel.ts"
import * as ChatOptions from "../src/ChatOptions.ts"
import * as Message from "../src/Message.ts"
import * as Prompt from "../src/Prompt.ts"
import type { Tool } from "../src/Tool.ts"
import * as Scripted from "./support/ScriptedUpstream.ts"

const bodyOf = async (input: Prompt.Input, defaults: ChatOptions.ChatOptions = { model: "chat" }) => {
  const scripted = Scripted.make({ json: Scripted.completion({ content: "ok" }) }, defaults)
  await Scripted.run(scripted, ChatModel.call(input))
  return scripted.exchanges[0]!.body
}

describe("messages on the wire", () => {
  it.each<[string, Prompt.Input, ReadonlyArray<unknown>]>([
    ["a bare string", "hi", [{ role: "user", content: "hi" }]],
    ["one message", Message.user("hi"), [{ role: "user", content: "hi" }]],
    [
      "a conversation",
      [Message.system("Be brief."), Message.user("hi"), Message.assistant("hello"), Message.user("bye")],
      [
        { role: "system", content: "Be brief." },
        { role: "user", content: "hi" },
        { role: "assistant", content: "hello" },
        { role: "user", content: "bye" }
      ]
    ],
    [
      "texts that were cut inside of a character",
      [
        Message.system("s\ud83d"),
        Message.user([{ type: "text", text: "u\ud83d" }]),
        Message.assistant({
          text: "a\ude00",
          reasoning: "r\ud83d",
          refusal: "n\ud83d",
          toolCalls: [{ id: "c\ud83d", name: "f", arguments: '{"x":"\ud83d"}' }]
        }),
        Message.tool("c\ud83d", "😀😀".slice(0, 3)),
        Message.user("whole 😀")
      ],
      [
        { role: "system", content: "s\ufffd" },
        { role: "user", content: [{ type: "text", text: "u\ufffd" }] },
        {
          role: "assistant",
          content: "a\ufffd",
          refusal: "n\ufffd",
          reasoning_content: "r\ufffd",
          tool_calls: [{ id: "c\ufffd", type: "function", function: { name: "f", arguments: '{"x":"\ufffd"}' } }]
        },
        { role: "tool", tool_call_id: "c\ufffd", content: "😀\ufffd" },
        { role: "user", content: "whole 😀" }
      ]
    ],
    [
      "text and images",
      Message.user([
        { type: "text", text: "What is this?" },
        Message.image(new URL("https://example.com/cat.png")),
        { ...Message.image(new Uint8Array([1, 2, 3]), "image/gif"), detail: "low" }
      ]),
      [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: "https://example.com/cat.png" } },
            { type: "image_url", image_url: { url: "data:image/gif;base64,AQID", detail: "low" } }
          ]
        }
      ]
    ],
    [
      "a tool turn, with the reasoning that led to it",
      [
        Message.user("Weather?"),
        Message.assistant({ reasoning: "Look it up.", toolCalls: [{ id: "c1", name: "weather", arguments: "" }] }),
        Message.tool("c1", { celsius: 21 })
      ],
      [
        { role: "user", content: "Weather?" },
        {
          role: "assistant",
          content: "",
          reasoning_content: "Look it up.",
          tool_calls: [{ id: "c1", type: "function", function: { name: "weather", arguments: "{}" } }]
        },
        { role: "tool", tool_call_id: "c1", content: '{"celsius":21}' }
      ]
    ],
    [
      "a plain answer, without the reasoning that led to it",
      [Message.user("hi"), Message.assistant({ text: "hello", reasoning: "Greet." }), Message.user("bye")],
      [
        { role: "user", content: "hi" },
        { role: "assistant", content: "hello" },
        { role: "user", content: "bye" }
      ]
    ]
  ])("are written for %s", async (_, input, messages) => {
    expect((await bodyOf(input))["messages"]).toEqual(messages)
  })

  it("take an answer back as it was given", async () => {
    const toolCalls = [{ index: 0, id: "c1", type: "function", function: { name: "weather", arguments: "{}" } }]
    const choices = [
      {
        index: 0,
        message: { content: "", reasoning_content: "Hm.", tool_calls: toolCalls },
        finish_reason: "tool_calls"
      }
    ]
    const scripted = Scripted.make([{ json: { choices } }, { json: Scripted.completion({ content: "21 degrees" }) }])
    const first = Prompt.make("Weather?")
    const answer = await Scripted.run(scripted, ChatModel.call(first))
    const results = answer.toolCalls.map((call) => Message.tool(call.id, "21"))
    await Scripted.run(scripted, ChatModel.call(Prompt.append(first, answer.result.output, ...results)))
    expect(scripted.exchanges[1]!.body["messages"]).toMatchObject([
      { role: "user" },
      { role: "assistant", reasoning_content: "Hm.", tool_calls: [{ id: "c1" }] },
      { role: "tool", tool_call_id: "c1" }
    ])
  })
})

describe("options on the wire", () => {
  const weather: Tool = { name: "weather", description: "d", parameters: { type: "object" }, strict: true }

  it.each<[string, ChatOptions.ChatOptions, object]>([
    ["temperature", { temperature: 0 }, { temperature: 0 }],
    ["topP", { topP: 0.5 }, { top_p: 0.5 }],
    ["topK", { topK: 4 }, { top_k: 4 }],
    ["maxTokens", { maxTokens: 5 }, { max_tokens: 5 }],
    ["stopSequences", { stopSequences: ["a"] }, { stop: ["a"] }],
    ["presencePenalty", { presencePenalty: -1 }, { presence_penalty: -1 }],
    ["frequencyPenalty", { frequencyPenalty: 1 }, { frequency_penalty: 1 }],
    ["seed", { seed: 7 }, { seed: 7 }],
    ["reasoningEffort", { reasoningEffort: "low" }, { reasoning_effort: "low" }],
    ["tools", { tools: [weather] }, { tools: [{ type: "function", function: weather }] }],
    [
      "a tool without parameters",
      { tools: [{ name: "now" }] },
      { tools: [{ type: "function", function: { name: "now", parameters: { type: "object", properties: {} } } }] }
    ],
    ["no tools", { tools: [] }, {}],
    ["toolChoice", { toolChoice: "required" }, { tool_choice: "required" }],
    [
      "a certain tool",
      { tools: [weather], toolChoice: { tool: "weather" } },
      { tool_choice: { type: "function", function: { name: "weather" } } }
    ],
    ["responseFormat json", { responseFormat: "json" }, { response_format: { type: "json_object" } }],
    [
      "responseFormat with a schema",
      { responseFormat: { schema: { type: "object" } } },
      {
        response_format: {
          type: "json_schema",
          json_schema: { name: "response", schema: { type: "object" }, strict: true }
        }
      }
    ],
    [
      "outputSchema, which wins over responseFormat",
      { outputSchema: { name: "city", schema: { type: "object" } }, responseFormat: "json" },
      {
        response_format: {
          type: "json_schema",
          json_schema: { name: "city", schema: { type: "object" }, strict: true }
        }
      }
    ],
    ["extraBody", { topK: 4, extraBody: { enable_thinking: true, top_k: 9 } }, { enable_thinking: true, top_k: 9 }],
    [
      "vendor, for every vendor that may answer",
      {
        vendor: {
          deepseek: { thinking: "disabled" },
          qwen: {
            enableThinking: false,
            thinkingBudget: 5,
            enableSearch: false,
            searchOptions: { forced_search: true }
          }
        },
        extraBody: { enable_search: true }
      },
      {
        thinking: { type: "disabled" },
        enable_thinking: false,
        thinking_budget: 5,
        enable_search: true,
        search_options: { forced_search: true }
      }
    ],
    ["conversationId, which is not sent", { conversationId: "one" }, {}]
  ])("spell %s", async (_, options, expected) => {
    const { messages: _messages, model: _model, ...rest } = await bodyOf(Prompt.make("hi", options))
    expect(rest).toMatchObject(expected)
    if (Object.keys(expected).length === 0) expect(rest).toEqual({})
  })

  it("merge the prompt's over the defaults", async () => {
    const defaults = { model: "chat", temperature: 0.7, stopSequences: ["END"], seed: 1 }
    const prompt = Prompt.make("hi", {
      model: "chat-large",
      temperature: undefined,
      stopSequences: ChatOptions.unset,
      seed: 2
    })
    const { messages: _, ...rest } = await bodyOf(prompt, defaults)
    expect(rest).toEqual({ model: "chat-large", temperature: 0.7, seed: 2 })
  })
})
