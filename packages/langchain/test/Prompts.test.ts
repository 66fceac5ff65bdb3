/** What a ChatModel is asked when LangChain asks. */
import { AIMessage, type BaseMessageLike, ChatMessage, FunctionMessage, ToolMessage } from "@langchain/core/messages"
import { tool } from "@langchain/core/tools"
import type { Prompt } from "@understudy/chat-model/Prompt"
import * as TestChatModel from "@understudy/chat-model/TestChatModel"
import { expect, it } from "vitest"
import { z } from "zod"
import { ChatUnderstudy, type ChatUnderstudyCallOptions, type ChatUnderstudyFields } from "../src/ChatUnderstudy.ts"

const open = async (fields?: ChatUnderstudyFields) => {
  const chatModel = await TestChatModel.promise(["{}"])
  return { model: new ChatUnderstudy({ chatModel, model: "qwen-plus", ...fields }), prompts: chatModel.prompts }
}

const messagesOf = async (...messages: ReadonlyArray<BaseMessageLike>) => {
  const { model, prompts } = await open()
  await model.invoke([...messages])
  return prompts[0]?.messages
}

const optionsOf = async (fields: ChatUnderstudyFields, call?: Partial<ChatUnderstudyCallOptions>) => {
  const { model, prompts } = await open(fields)
  await model.invoke("hi", call)
  return (prompts[0] as Prompt).options
}

it("merges the options of a call over its own", async () => {
  expect(await optionsOf({ temperature: 0.5, topP: 0.6, verbose: false })).toEqual({
    model: "qwen-plus",
    temperature: 0.5,
    topP: 0.6
  })
  const call = {
    temperature: 0,
    stop: ["END"],
    conversationId: "c1",
    vendor: { qwen: { enableThinking: false } },
    extraBody: { enable_search: true }
  }
  expect(await optionsOf({ temperature: 0.5, extraBody: { a: 1 } }, call)).toEqual({
    model: "qwen-plus",
    temperature: 0,
    stopSequences: ["END"],
    conversationId: "c1",
    vendor: { qwen: { enableThinking: false } },
    extraBody: { a: 1, enable_search: true }
  })
})

it("reads a whole conversation", async () => {
  const read = await messagesOf(
    ["system", "Be brief."],
    {
      role: "user",
      content: [
        { type: "text", text: "What is this?" },
        { type: "image_url", image_url: { url: "https://example.com/a.png", detail: "low" } },
        { type: "image_url", image_url: "https://example.com/b.png" },
        { type: "image", url: "https://example.com/c.png" },
        { type: "image", data: "AQI=", mimeType: "image/png" },
        { type: "image", data: new Uint8Array([1, 2]), mimeType: "image/png" },
        { type: "image", source_type: "base64", data: "AQI=", mime_type: "image/gif" }
      ]
    },
    new AIMessage({
      content: "Let me see.",
      additional_kwargs: { reasoning_content: "Hm.", refusal: "No." },
      tool_calls: [{ id: "c1", name: "look", args: { at: "it" } }]
    }),
    new ToolMessage({ content: "a cat", tool_call_id: "c1" }),
    new AIMessage({
      content: [
        { type: "reasoning", reasoning: "So." },
        { type: "text", text: "A cat." }
      ]
    }),
    new ToolMessage({
      content: [
        { type: "text", text: "a" },
        { type: "text", text: "b" }
      ],
      tool_call_id: "c2"
    }),
    new ChatMessage("Hello.", "assistant"),
    ["human", "Thanks."]
  )
  expect(read).toEqual([
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "What is this?" },
        { type: "image", url: "https://example.com/a.png", detail: "low" },
        { type: "image", url: "https://example.com/b.png" },
        { type: "image", url: "https://example.com/c.png" },
        { type: "image", url: "data:image/png;base64,AQI=" },
        { type: "image", url: "data:image/png;base64,AQI=" },
        { type: "image", url: "data:image/gif;base64,AQI=" }
      ]
    },
    {
      role: "assistant",
      text: "Let me see.",
      reasoning: "Hm.",
      refusal: "No.",
      toolCalls: [{ id: "c1", name: "look", arguments: '{"at":"it"}' }]
    },
    { role: "tool", toolCallId: "c1", content: "a cat" },
    { role: "assistant", text: "A cat.", reasoning: "So." },
    { role: "tool", toolCallId: "c2", content: "ab" },
    { role: "assistant", text: "Hello." },
    { role: "user", content: "Thanks." }
  ])
})

const invalid = { name: "weather", args: '{"city": ', error: "They end early.", type: "invalid_tool_call" } as const

it("sends calls that could not be parsed back with their error, or with the result that somebody gave them", async () => {
  const calling = new AIMessage({
    content: "I look it up.",
    tool_calls: [{ id: "c1", name: "clock", args: {} }],
    invalid_tool_calls: [
      { ...invalid, id: "c2" },
      { ...invalid, id: "c3" }
    ]
  })
  const results = [
    new ToolMessage({ content: "noon", tool_call_id: "c1" }),
    new ToolMessage({ content: "No JSON.", tool_call_id: "c3" })
  ]
  const answered = [
    { role: "tool", toolCallId: "c1", content: "noon" },
    { role: "tool", toolCallId: "c3", content: "No JSON." },
    { role: "tool", toolCallId: "c2", content: "They end early." }
  ]
  const calls = ["c2", "c3"].map((id) => ({ id, name: "weather", arguments: '{"city": ' }))
  const said = {
    role: "assistant",
    text: "I look it up.",
    toolCalls: [{ id: "c1", name: "clock", arguments: "{}" }, ...calls]
  }
  expect(await messagesOf("hi", calling, ...results)).toEqual([{ role: "user", content: "hi" }, said, ...answered])
  expect((await messagesOf("hi", calling, ...results, ["human", "and?"]))?.slice(2)).toEqual([
    ...answered,
    { role: "user", content: "and?" }
  ])
})

it("gives calls without an id one each, and results without an id to them in order", async () => {
  const result = (content: string) => new ToolMessage({ content, tool_call_id: "" })
  const calling = () =>
    new AIMessage({
      content: "",
      tool_calls: [{ name: "clock", args: {} }],
      invalid_tool_calls: [invalid, { ...invalid, name: "" }]
    })
  const read = await messagesOf(
    "hi",
    calling(),
    result("noon"),
    result("sunny"),
    calling(),
    result("one"),
    result("two")
  )
  const ids = read
    ?.flatMap((message) => (message.role === "assistant" ? (message.toolCalls ?? []) : []))
    .map(({ id }) => id)
  expect(new Set(ids).size).toBe(4)
  expect(read?.flatMap((message) => (message.role === "tool" ? [message.toolCallId] : []))).toEqual(ids)
})

it("leaves out what says nothing", async () => {
  const blocks = [
    { type: "text", text: "" },
    { type: "image_url", image_url: "https://example.com/a.png" }
  ]
  const read = await messagesOf(["system", ""], "hi", new AIMessage(""), new AIMessage([]), {
    role: "user",
    content: blocks
  })
  expect(read).toEqual([
    { role: "user", content: "hi" },
    { role: "user", content: [{ type: "image", url: "https://example.com/a.png" }] }
  ])
})

it("refuses what no vendor is told", async () => {
  await expect(messagesOf({ role: "user", content: [{ type: "audio", data: "AQI=" }] })).rejects.toThrow('type "audio"')
  await expect(messagesOf({ role: "user", content: [{ type: "image", fileId: "f" }] })).rejects.toThrow('type "image"')
  await expect(messagesOf(new FunctionMessage({ content: "x", name: "f" }))).rejects.toThrow('type "function"')
})

const weather = tool(() => "sunny", {
  name: "weather",
  description: "The weather in a city",
  schema: z.object({ city: z.string() })
})

it("binds tools and their choice", async () => {
  const { model, prompts } = await open()
  const definition = { type: "function", function: { name: "clock", parameters: { type: "object" } } }
  await model.bindTools([weather, definition], { tool_choice: "any" }).invoke("hi")
  expect(prompts[0]?.options).toMatchObject({
    tools: [
      { name: "weather", description: "The weather in a city", parameters: { required: ["city"] } },
      { name: "clock", parameters: { type: "object" } }
    ],
    toolChoice: "required"
  })
  expect(() => model.bindTools([{ type: "web_search" }])).toThrow('got {"type":"web_search"}')
})

it.each([
  ["auto", "auto"],
  ["none", "none"],
  ["required", "required"],
  ["weather", { tool: "weather" }],
  [{ type: "function", function: { name: "weather" } }, { tool: "weather" }],
  [undefined, undefined]
])("reads the tool choice %j", async (given, toolChoice) => {
  const { model, prompts } = await open()
  await model.bindTools([weather], given === undefined ? {} : { tool_choice: given }).invoke("hi")
  expect(prompts[0]?.options.toolChoice).toEqual(toolChoice)
})

it("asks for a schema, for JSON or for a tool", async () => {
  const schema = z.object({ city: z.string().optional() })
  const asked = async (config: object) => {
    const { model, prompts } = await open()
    // The script's answer calls no tool.
    await model
      .withStructuredOutput(schema, config)
      .invoke("hi")
      .catch(() => undefined)
    return prompts[0]?.options
  }
  expect(await asked({ name: "place", strict: true })).toMatchObject({
    outputSchema: { name: "place", schema: { type: "object", properties: { city: {} } }, strict: true }
  })
  expect(await asked({})).toMatchObject({ outputSchema: { name: "extract", strict: false } })
  expect(await asked({ method: "jsonMode" })).toMatchObject({ responseFormat: "json" })
  expect(await asked({ method: "functionCalling" })).toMatchObject({
    tools: [{ name: "extract", parameters: { type: "object", properties: { city: {} } } }],
    toolChoice: { tool: "extract" }
  })
})

it("tells two settings apart in a cache, and a trace nothing of keys", async () => {
  const config = { version: 1, providers: { qwen: { type: "qwen", keys: ["sk-demo-1"] } }, routes: [] } as const
  const model = new ChatUnderstudy({ config, model: "qwen-plus", temperature: 1 })
  expect(model._identifyingParams()).toEqual({ model: "qwen-plus", temperature: 1 })
  expect(JSON.stringify([model.toJSON(), model.lc_kwargs])).not.toContain("sk-demo")
  expect(model.getLsParams({ stop: ["END"] })).toEqual({
    ls_provider: "understudy",
    ls_model_type: "chat",
    ls_model_name: "qwen-plus",
    ls_temperature: 1,
    ls_stop: ["END"]
  })
})
