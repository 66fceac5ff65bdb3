/** What LangChain is told when a ChatModel answers, or fails. */
import type { AIMessageChunk } from "@langchain/core/messages"
import { FakeListChatModel } from "@langchain/core/utils/testing"
import type { ChatPart } from "@understudy/chat-model/ChatPart"
import * as TestChatModel from "@understudy/chat-model/TestChatModel"
import type { Trail } from "@understudy/core/failure/Trail"
import { expect, it } from "vitest"
import { z } from "zod"
import { ChatUnderstudy } from "../src/ChatUnderstudy.ts"

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
  { type: "refusal-start", id: "refusal-1" },
  { type: "refusal-delta", id: "refusal-1", delta: "No." },
  { type: "refusal-end", id: "refusal-1" },
  { type: "tool-call-start", id: "c1", name: "weather" },
  { type: "tool-call-delta", id: "c1", delta: '{"city":"Hangzhou"}' },
  { type: "tool-call", id: "c1", name: "weather", arguments: '{"city":"Hangzhou"}' },
  { type: "tool-call-start", id: "c2", name: "clock" },
  { type: "tool-call-delta", id: "c2", delta: "{}" },
  { type: "tool-call", id: "c2", name: "clock", arguments: "{}" },
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

const open = async (...script: ReadonlyArray<TestChatModel.Entry>) => {
  const chatModel = await TestChatModel.promise(script)
  return { model: new ChatUnderstudy({ chatModel, model: "qwen-plus" }), prompts: chatModel.prompts }
}

const expected = {
  id: "answer-1",
  content: "Hello.",
  tool_calls: [
    { id: "c1", name: "weather", args: { city: "Hangzhou" }, type: "tool_call" },
    { id: "c2", name: "clock", args: {}, type: "tool_call" }
  ],
  invalid_tool_calls: [],
  additional_kwargs: { reasoning_content: "Hm.", refusal: "No." },
  usage_metadata: {
    input_tokens: 10,
    output_tokens: 7,
    total_tokens: 17,
    input_token_details: { cache_read: 6 },
    output_token_details: { reasoning: 4 }
  },
  response_metadata: {
    model_name: "deepseek-chat",
    provider: "deepseek",
    route: "aliyun",
    finish_reason: "tool_calls",
    trail
  }
}

const gather = async (model: ChatUnderstudy): Promise<AIMessageChunk> => {
  let whole: AIMessageChunk | undefined
  for await (const chunk of await model.stream("hi")) whole = whole === undefined ? chunk : whole.concat(chunk)
  return whole as AIMessageChunk
}

it("tells a whole answer, and the same in a stream", async () => {
  const { model } = await open(answer, answer)
  const whole = await model.invoke("hi")
  const streamed = await gather(model)
  expect(whole).toMatchObject(expected)
  expect(streamed).toMatchObject(expected)
  const blocks = ["reasoning", "text", "tool_call", "tool_call"]
  expect(whole.contentBlocks.map(({ type }) => type)).toEqual(blocks)
  expect(streamed.contentBlocks.map(({ type }) => type)).toEqual(blocks)
})

it("takes its answers back as they were", async () => {
  const { model, prompts } = await open(answer, answer, answer)
  const whole = await model.invoke("hi")
  const streamed = await gather(model)
  await model.invoke([whole, streamed])
  const message = {
    role: "assistant",
    text: "Hello.",
    reasoning: "Hm.",
    refusal: "No.",
    toolCalls: [
      { id: "c1", name: "weather", arguments: '{"city":"Hangzhou"}' },
      { id: "c2", name: "clock", arguments: "{}" }
    ]
  }
  expect(prompts[2]?.messages).toEqual([message, message])
})

it("tells arguments that are no JSON apart", async () => {
  const { model } = await open({ toolCalls: [{ id: "c1", name: "weather", arguments: '{"city' }] })
  const { invalid_tool_calls, tool_calls } = await model.invoke("hi")
  expect(tool_calls).toEqual([])
  expect(invalid_tool_calls).toMatchObject([{ id: "c1", name: "weather", args: '{"city' }])
})

it.each([
  '{"city": "Hang',
  '{"city": "a\\',
  '{"city": ',
  '{"city": 1',
  "{",
  '{"a": [1, ',
  "[1]",
  '"text"',
  '{"a":1} and more'
])("tells arguments that are no JSON object apart in a stream, too, and takes them back as they were: %s", async (args) => {
  const call = { id: "c1", name: "weather", arguments: args }
  const { model, prompts } = await open({ toolCalls: [call, { name: "clock", arguments: {} }] }, "ok")
  const streamed = await gather(model)
  expect(streamed.tool_calls).toMatchObject([{ name: "clock" }])
  expect(streamed.invalid_tool_calls).toMatchObject([{ id: "c1", name: "weather" }])
  await model.invoke([streamed])
  expect(prompts[1]?.messages[0]).toMatchObject({ toolCalls: expect.arrayContaining([call]) })
})

it.each(["", " ", "null"])("reads a call without arguments, whole and streamed: %j", async (args) => {
  const calls = { toolCalls: [{ id: "c1", name: "clock", arguments: args }] }
  const { model } = await open(calls, calls)
  for (const { invalid_tool_calls, tool_calls } of [await model.invoke("hi"), await gather(model)]) {
    expect([tool_calls, invalid_tool_calls]).toMatchObject([[{ id: "c1", name: "clock", args: {} }], []])
  }
})

const Trip = z.object({ city: z.string(), days: z.number() })

it.each([
  ["in a fence", '```json\n{"city":"Hangzhou","days":3}\n```'],
  ["in prose", 'As [1] says: {"city":"Hangzhou","days":3}.'],
  ["behind thinking", '<think>{}</think>{"city":"Hangzhou","days":3}']
])("reads an object %s, whole and streamed", async (_, text) => {
  const { model } = await open(text, text, text)
  const trip = { city: "Hangzhou", days: 3 }
  const structured = model.withStructuredOutput(Trip)
  expect(await structured.invoke("hi")).toEqual(trip)
  let last: unknown
  for await (const each of await structured.stream("hi")) last = each
  expect(last).toEqual(trip)
  expect((await model.withStructuredOutput(Trip, { includeRaw: true }).invoke("hi")).parsed).toEqual(trip)
})

it.each([
  ["of zod", Trip, "extract"],
  ["of JSON Schema", z.toJSONSchema(Trip) as Record<string, unknown>, "extract"],
  ["as a definition of OpenAI's", { name: "trip", parameters: z.toJSONSchema(Trip) }, "trip"]
])("reads an object %s from a call, whole and streamed", async (_, schema, name) => {
  const trip = { city: "Hangzhou", days: 3 }
  const calls = { toolCalls: [{ name, arguments: JSON.stringify(trip) }] }
  const { model, prompts } = await open(calls, calls, calls)
  const structured = model.withStructuredOutput(schema, { method: "functionCalling" })
  expect(await structured.invoke("hi")).toEqual(trip)
  let last: unknown
  for await (const each of await structured.stream("hi")) last = each
  expect(last).toEqual(trip)
  const raw = model.withStructuredOutput(schema, { method: "functionCalling", includeRaw: true })
  expect((await raw.invoke("hi")).parsed).toEqual(trip)
  expect(prompts[0]?.options).toMatchObject({ tools: [{ name }], toolChoice: { tool: name } })
})

it("tells an answer that is empty, whole and streamed, and goes on from it", async () => {
  const { model, prompts } = await open({ text: "" }, { text: "" }, "Hello.")
  const whole = await model.invoke("hi")
  const streamed = await gather(model)
  expect([whole.content, streamed.content]).toEqual(["", ""])
  await model.invoke([whole, streamed, "Are you there?"])
  expect(prompts[2]?.messages).toEqual([{ role: "user", content: "Are you there?" }])
})

it("tells callbacks every token, and the whole at the end", async () => {
  const { model } = await open(answer)
  const tokens: Array<string> = []
  const ends: Array<unknown> = []
  const callbacks = [
    {
      handleLLMNewToken: (token: string) => void tokens.push(token),
      handleLLMEnd: ({ llmOutput }: { readonly llmOutput?: unknown }) => void ends.push(llmOutput)
    }
  ]
  for await (const _ of await model.stream("hi", { callbacks }));
  expect(tokens.join("")).toBe("Hello.")
  expect(ends).toMatchObject([{ tokenUsage: { totalTokens: 17 } }])
})

it("fails at once with the ChatModel's error, whole and streamed", async () => {
  const failure = TestChatModel.failure({ _tag: "Limited", retryAfter: 1500 })
  const { model, prompts } = await open(failure, failure)
  await expect(model.invoke("hi")).rejects.toBe(failure)
  await expect(gather(model)).rejects.toBe(failure)
  expect(prompts).toHaveLength(2)
})

it("says what is wrong with a configuration, at the first call", async () => {
  const model = new ChatUnderstudy({ path: "/nowhere/understudy.yaml" })
  await expect(model.invoke("hi")).rejects.toMatchObject({ _tag: "ConfigError" })
  await model.close()
})

it("makes way for a fallback of LangChain's", async () => {
  const { model } = await open(TestChatModel.failure({ _tag: "NoTarget", route: "aliyun", retryAfter: undefined }))
  const chain = model.withFallbacks([new FakeListChatModel({ responses: ["I am here."] })])
  expect((await chain.invoke("hi")).text).toBe("I am here.")
})
