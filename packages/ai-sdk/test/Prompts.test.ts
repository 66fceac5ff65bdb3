/** What a ChatModel is asked when the AI SDK asks. */
import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from "@ai-sdk/provider"
import type { Prompt } from "@understudy/chat-model/Prompt"
import * as TestChatModel from "@understudy/chat-model/TestChatModel"
import { expect, it } from "vitest"
import { createUnderstudy } from "../src/UnderstudyProvider.ts"

const hello: LanguageModelV4Prompt = [{ role: "user", content: [{ type: "text", text: "hi" }] }]

const ask = async (call: Partial<LanguageModelV4CallOptions>) => {
  const chatModel = await TestChatModel.promise(["Hello."])
  const { warnings } = await createUnderstudy({ chatModel })("qwen-plus").doGenerate({ prompt: hello, ...call })
  return { warnings, ...(chatModel.prompts[0] as Prompt) }
}

it("asks for the model by name, and leaves out what was not said", async () => {
  const { messages, options, warnings } = await ask({})
  expect(messages).toEqual([{ role: "user", content: "hi" }])
  expect(options).toEqual({ model: "qwen-plus" })
  expect(warnings).toEqual([])
})

it("hands over every setting", async () => {
  const { options } = await ask({
    maxOutputTokens: 5,
    temperature: 0.5,
    topP: 0.6,
    topK: 7,
    seed: 8,
    stopSequences: ["END"],
    presencePenalty: 0.1,
    frequencyPenalty: 0.2,
    reasoning: "high",
    providerOptions: {
      understudy: {
        conversationId: "c1",
        vendor: { qwen: { enableThinking: false } },
        extraBody: { enable_search: true }
      },
      other: { a: 1 }
    }
  })
  expect(options).toEqual({
    model: "qwen-plus",
    maxTokens: 5,
    temperature: 0.5,
    topP: 0.6,
    topK: 7,
    seed: 8,
    stopSequences: ["END"],
    presencePenalty: 0.1,
    frequencyPenalty: 0.2,
    reasoningEffort: "high",
    conversationId: "c1",
    vendor: { qwen: { enableThinking: false } },
    extraBody: { enable_search: true }
  })
  expect((await ask({ reasoning: "provider-default" })).options).toEqual({ model: "qwen-plus" })
})

it.each([
  [{ conversationID: "c1" }, "providerOptions.understudy.conversationID is not known"],
  [{ extraBody: "x" }, 'providerOptions.understudy.extraBody must be of type object, got "x"']
])("refuses provider options that make no sense: %j", async (understudy, message) => {
  await expect(ask({ providerOptions: { understudy } as never })).rejects.toMatchObject({
    name: "AI_InvalidArgumentError",
    message: expect.stringContaining(message)
  })
})

it("hands over tools and their choice, and warns of a vendor's own", async () => {
  const inputSchema = { type: "object", properties: {} } as const
  const { options, warnings } = await ask({
    tools: [
      { type: "function", name: "weather", description: "The weather", inputSchema, strict: true },
      { type: "provider", id: "openai.web_search", name: "web_search", args: {} }
    ],
    toolChoice: { type: "tool", toolName: "weather" }
  })
  expect(options).toMatchObject({
    tools: [{ name: "weather", description: "The weather", parameters: inputSchema, strict: true }],
    toolChoice: { tool: "weather" }
  })
  expect(warnings).toMatchObject([{ type: "unsupported", feature: "provider-defined tool openai.web_search" }])
  expect((await ask({ toolChoice: { type: "required" } })).options).toEqual({ model: "qwen-plus" })
})

it("asks for JSON, with a schema where there is one", async () => {
  const schema = { type: "object" } as const
  const format = { type: "json", schema, name: "city", description: "A city" } as const
  const strict = await ask({ responseFormat: format })
  expect(strict.options.responseFormat).toMatchObject({ schema, name: "city", description: "A city" })
  const loose = await ask({ responseFormat: format, providerOptions: { understudy: { strictJsonSchema: false } } })
  expect(loose.options.responseFormat).toMatchObject({ strict: false })
  expect((await ask({ responseFormat: { type: "json" } })).options.responseFormat).toBe("json")
  expect((await ask({ responseFormat: { type: "text" } })).options).toEqual({ model: "qwen-plus" })
})

it("reads a whole conversation", async () => {
  const { messages } = await ask({
    prompt: [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "file", mediaType: "image/png", data: { type: "data", data: new Uint8Array([1, 2]) } },
          { type: "file", mediaType: "image/*", data: { type: "data", data: "AQI=" } },
          { type: "file", mediaType: "image", data: { type: "url", url: new URL("https://example.com/cat.png") } },
          { type: "file", mediaType: "text/plain", data: { type: "text", text: "a note" } }
        ]
      },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "Hm." },
          { type: "text", text: "Let me see." },
          { type: "text", text: "No.", providerOptions: { understudy: { refusal: true } } },
          { type: "tool-call", toolCallId: "c1", toolName: "look", input: { at: "it" } },
          { type: "tool-call", toolCallId: "c3", toolName: "look", input: {} },
          { type: "tool-call", toolCallId: "c4", toolName: "look", input: {} },
          { type: "tool-call", toolCallId: "c2", toolName: "web", input: {}, providerExecuted: true },
          { type: "tool-result", toolCallId: "c2", toolName: "web", output: { type: "text", value: "x" } }
        ]
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", toolCallId: "c1", toolName: "look", output: { type: "json", value: { cat: true } } },
          { type: "tool-result", toolCallId: "c3", toolName: "look", output: { type: "error-text", value: "no eyes" } },
          { type: "tool-result", toolCallId: "c4", toolName: "look", output: { type: "execution-denied" } },
          { type: "tool-approval-response", approvalId: "a1", approved: true }
        ]
      },
      { role: "assistant", content: [] }
    ]
  })
  expect(messages).toEqual([
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "What is this?" },
        { type: "image", url: "data:image/png;base64,AQI=" },
        { type: "image", url: "data:image/jpeg;base64,AQI=" },
        { type: "image", url: "https://example.com/cat.png" },
        { type: "text", text: "a note" }
      ]
    },
    {
      role: "assistant",
      text: "Let me see.",
      reasoning: "Hm.",
      refusal: "No.",
      toolCalls: [
        { id: "c1", name: "look", arguments: '{"at":"it"}' },
        { id: "c3", name: "look", arguments: "{}" },
        { id: "c4", name: "look", arguments: "{}" }
      ]
    },
    { role: "tool", toolCallId: "c1", content: '{"cat":true}' },
    { role: "tool", toolCallId: "c3", content: "no eyes" },
    { role: "tool", toolCallId: "c4", content: "The tool was not allowed to run." }
  ])
})

it("refuses files that no vendor takes from another", async () => {
  const data = { type: "data", data: "AQI=" } as const
  const user: LanguageModelV4Prompt = [{ role: "user", content: [{ type: "file", mediaType: "audio/wav", data }] }]
  const assistant: LanguageModelV4Prompt = [
    { role: "assistant", content: [{ type: "file", mediaType: "image/png", data }] }
  ]
  for (const prompt of [user, assistant])
    await expect(ask({ prompt })).rejects.toMatchObject({ name: "AI_UnsupportedFunctionalityError" })
})

it("sends arguments that could not be parsed as the model wrote them, and a result in texts as one text", async () => {
  const texts = [
    { type: "text", text: "no " },
    { type: "text", text: "eyes" }
  ] as const
  const { messages } = await ask({
    prompt: [
      { role: "assistant", content: [{ type: "tool-call", toolCallId: "c1", toolName: "look", input: '{"at": "i' }] },
      {
        role: "tool",
        content: [
          { type: "tool-result", toolCallId: "c1", toolName: "look", output: { type: "content", value: [...texts] } }
        ]
      }
    ]
  })
  expect(messages).toEqual([
    { role: "assistant", toolCalls: [{ id: "c1", name: "look", arguments: '{"at": "i' }] },
    { role: "tool", toolCallId: "c1", content: "no eyes" }
  ])
})
