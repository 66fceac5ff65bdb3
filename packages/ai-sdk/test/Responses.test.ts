/** What the AI SDK is told when a ChatModel answers. */
import type { LanguageModelV4StreamPart } from "@ai-sdk/provider"
import type { ChatPart } from "@understudy/chat-model/ChatPart"
import * as TestChatModel from "@understudy/chat-model/TestChatModel"
import type { Trail } from "@understudy/core/failure/Trail"
import { generateText, streamText } from "ai"
import { expect, it } from "vitest"
import { createUnderstudy } from "../src/UnderstudyProvider.ts"

const trail: Trail = [
  {
    _tag: "Failed",
    provider: "qwen",
    model: "qwen-turbo",
    key: "kabc",
    millis: 3,
    next: { _tag: "NextTarget" },
    reason: { _tag: "Unauthorized" },
    afterContent: false,
    status: 401,
    message: "qwen answered 401"
  },
  {
    _tag: "Ok",
    provider: "deepseek",
    model: "deepseek-chat",
    key: undefined,
    millis: 9,
    next: { _tag: "Answer" }
  }
]

const answer: ReadonlyArray<ChatPart> = [
  {
    type: "response-metadata",
    id: "answer-1",
    model: "deepseek-chat",
    created: 1_700_000_000,
    route: "aliyun",
    provider: "deepseek",
    trail
  },
  { type: "reasoning-start", id: "reasoning-1" },
  { type: "reasoning-delta", id: "reasoning-1", delta: "Hm." },
  { type: "reasoning-end", id: "reasoning-1" },
  { type: "text-start", id: "text-1" },
  { type: "text-delta", id: "text-1", delta: "Hello." },
  { type: "text-end", id: "text-1" },
  { type: "tool-call-start", id: "c1", name: "weather" },
  { type: "tool-call-delta", id: "c1", delta: "" },
  { type: "tool-call", id: "c1", name: "weather", arguments: "" },
  {
    type: "finish",
    finishReason: { unified: "tool-calls", raw: "tool_calls" },
    usage: {
      promptTokens: 10,
      completionTokens: 7,
      totalTokens: 17,
      reasoningTokens: 4,
      cacheReadInputTokens: 6,
      nativeUsage: { prompt_tokens: 10 }
    },
    trail
  }
]

const open = async (entry: TestChatModel.Entry) =>
  createUnderstudy({ chatModel: await TestChatModel.promise([entry]) })("qwen-plus")

const call = { prompt: [{ role: "user" as const, content: [{ type: "text" as const, text: "hi" }] }] }

const usage = {
  inputTokens: { total: 10, noCache: 4, cacheRead: 6, cacheWrite: undefined },
  outputTokens: { total: 7, text: 3, reasoning: 4 },
  raw: { prompt_tokens: 10 }
}
const providerMetadata = {
  understudy: { route: "aliyun", provider: "deepseek", trail: JSON.parse(JSON.stringify(trail)) }
}
const finishReason = { unified: "tool-calls", raw: "tool_calls" }

it("tells a whole answer", async () => {
  const model = await open(answer)
  expect(await model.doGenerate(call)).toEqual({
    content: [
      { type: "reasoning", text: "Hm." },
      { type: "text", text: "Hello." },
      { type: "tool-call", toolCallId: "c1", toolName: "weather", input: "{}" }
    ],
    finishReason,
    usage,
    providerMetadata,
    response: { id: "answer-1", modelId: "deepseek-chat", timestamp: new Date(1_700_000_000_000) },
    warnings: []
  })
})

it("takes no less than nothing for what is left of a count", async () => {
  const counts = { promptTokens: 3, completionTokens: 2, reasoningTokens: 9, cacheReadInputTokens: 5 }
  const finish = { ...answer.at(-1), usage: { ...counts, nativeUsage: {} } } as ChatPart
  const { usage } = await (await open([...answer.slice(0, -1), finish])).doGenerate(call)
  expect(usage).toMatchObject({ inputTokens: { total: 3, noCache: 0 }, outputTokens: { total: 2, text: 0 } })
})

const collect = async (stream: ReadableStream<LanguageModelV4StreamPart>) => {
  const parts: Array<LanguageModelV4StreamPart> = []
  for await (const part of stream) parts.push(part)
  return parts
}

it("tells a stream part by part", async () => {
  const { stream } = await (await open(answer)).doStream({ ...call, includeRawChunks: true })
  expect(await collect(stream)).toEqual([
    { type: "stream-start", warnings: [{ type: "unsupported", feature: "includeRawChunks" }] },
    {
      type: "response-metadata",
      id: "answer-1",
      modelId: "deepseek-chat",
      timestamp: new Date(1_700_000_000_000)
    },
    { type: "reasoning-start", id: "reasoning-1" },
    { type: "reasoning-delta", id: "reasoning-1", delta: "Hm." },
    { type: "reasoning-end", id: "reasoning-1" },
    { type: "text-start", id: "text-1" },
    { type: "text-delta", id: "text-1", delta: "Hello." },
    { type: "text-end", id: "text-1" },
    { type: "tool-input-start", id: "c1", toolName: "weather" },
    { type: "tool-input-delta", id: "c1", delta: "" },
    { type: "tool-input-end", id: "c1" },
    { type: "tool-call", toolCallId: "c1", toolName: "weather", input: "{}" },
    { type: "finish", finishReason, usage, providerMetadata }
  ])
})

it("tells a refusal as text that says so, and takes it back as one", async () => {
  const chatModel = await TestChatModel.promise([{ refusal: "No." }, "Yes."])
  const model = createUnderstudy({ chatModel })("qwen-plus")
  const { response, text } = await generateText({ model, prompt: "hi" })
  expect(text).toBe("No.")
  await generateText({ model, messages: [...response.messages, { role: "user", content: "Please." }] })
  expect(chatModel.prompts[1]?.messages[0]).toEqual({ role: "assistant", refusal: "No." })
})

it.each([
  ['```json\n{"a":1}\n```', '{"a":1}'],
  ['Here it is: {"a":1}.', '{"a":1}'],
  ['[{"a":1}]', undefined],
  ['```json\n[{"a":1},{"a":2}]\n```', '[{"a":1},{"a":2}]'],
  ["I cannot.", undefined]
])("finds the JSON that a target has put something around: %j", async (text, found) => {
  const model = await open(text)
  const { structuredOutputText } = await model.doGenerate({ ...call, responseFormat: { type: "json" } })
  expect(structuredOutputText).toBe(found)
})

it("rejects a stream that fails before it has begun", async () => {
  const model = await open(TestChatModel.failure({ _tag: "Limited", retryAfter: 1500 }))
  await expect(model.doStream(call)).rejects.toMatchObject({ name: "AI_APICallError", statusCode: 429 })
})

it("tells that a stream broke, after what had come", async () => {
  const broken = TestChatModel.failure({
    _tag: "Broken",
    kind: "Interrupted",
    detail: "qwen hung up",
    status: undefined,
    type: undefined,
    code: undefined,
    param: undefined
  })
  const model = await open([
    { type: "text-start", id: "text-1" },
    { type: "text-delta", id: "text-1", delta: "Hel" },
    broken
  ])
  const errors: Array<unknown> = []
  const result = streamText({ model, prompt: "hi", onError: ({ error }) => void errors.push(error) })
  const texts: Array<string> = []
  for await (const part of result.fullStream) if (part.type === "text-delta") texts.push(part.text)
  expect(texts).toEqual(["Hel"])
  expect(errors).toMatchObject([{ name: "AI_APICallError", statusCode: 502, data: { reason: "Broken" } }])
  expect(await result.finishReason).toBe("error")
})
