/** Tools, objects and vectors the whole way, over sockets, and what stays when the one who answers changes in between. */
import * as PromiseUnderstudy from "@understudy/chat-model/PromiseUnderstudy"
import { MockServer, Vendors } from "@understudy/mocks"
import { embed, embedMany, generateObject, generateText, Output, stepCountIs, streamText, tool } from "ai"
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest"
import { z } from "zod"
import { createUnderstudy, type UnderstudyProvider } from "../src/UnderstudyProvider.ts"

const vendors = Vendors.make({
  seed: 7,
  keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } },
  replies: (request) => (request.format === "text" ? undefined : '{"city":"Hangzhou"}')
})
let server: MockServer.MockServer
let engine: PromiseUnderstudy.PromiseUnderstudy
let understudy: UnderstudyProvider

beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
beforeEach(async () => {
  engine = await PromiseUnderstudy.fromOptions({
    version: 1,
    providers: {
      qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen"] },
      deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
    },
    routes: [
      { name: "vectors", match: { model: { prefix: "text-" } }, targets: [{ provider: "qwen" }] },
      {
        name: "aliyun",
        match: { model: { prefix: "q" } },
        targets: [{ provider: "qwen" }],
        fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
      }
    ]
  })
  understudy = createUnderstudy(engine)
})
afterEach(async () => {
  await engine.close()
  vendors.reset()
})
afterAll(() => server.close())

const prompt = "What is the weather in Hangzhou?"
const tools = {
  weather: tool({
    description: "The weather in a city",
    inputSchema: z.object({ city: z.string() }),
    execute: () => {
      vendors.addFault({ vendor: "qwen", kind: "overload.fast" })
      return { celsius: 21 }
    }
  })
}
const steps = {
  model: () => understudy("qwen-plus"),
  // The first step calls the tool, the second answers.
  prepareStep: ({ stepNumber }: { readonly stepNumber: number }) => ({
    toolChoice: stepNumber === 0 ? ("required" as const) : ("none" as const)
  })
}

it("takes a tool's result to the fallback when Qwen fails between two steps", async () => {
  const { steps: taken, text } = await generateText({
    model: steps.model(),
    prompt,
    tools,
    prepareStep: steps.prepareStep,
    stopWhen: stepCountIs(2)
  })
  expect(taken.map(({ response }) => response.modelId)).toEqual(["qwen-plus", "deepseek-chat"])
  expect(taken.map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"])
  expect(text).toContain('{"celsius":21}')
})

it("does the same in a stream", async () => {
  const { steps: taken, text } = streamText({
    model: steps.model(),
    prompt,
    tools,
    prepareStep: steps.prepareStep,
    stopWhen: stepCountIs(2)
  })
  expect(await text).toContain('{"celsius":21}')
  expect((await taken).map(({ response }) => response.modelId)).toEqual(["qwen-plus", "deepseek-chat"])
})

it("reads an object from either vendor", async () => {
  const schema = z.object({ city: z.string() })
  const model = understudy("qwen-plus")
  const whole = await generateObject({ model, prompt, schema })
  vendors.addFault({ vendor: "qwen", kind: "overload.fast" })
  const fallback = await generateText({ model, prompt, output: Output.object({ schema }) })
  const streamed = await streamText({ model, prompt, output: Output.object({ schema }) }).output
  expect([whole.object, fallback.output, streamed]).toEqual(Array.from({ length: 3 }, () => ({ city: "Hangzhou" })))
  expect([whole.response.modelId, fallback.response.modelId]).toEqual(["qwen-plus", "deepseek-chat"])
})

it("shows the model's thinking, and counts it", async () => {
  const result = streamText({ model: understudy("qwq-32b"), prompt: "你是谁？" })
  expect(await result.reasoningText).toMatch(/\S/)
  expect(await result.text).toMatch(/\S/)
  const usage = await result.usage
  expect(usage.inputTokens).toBeGreaterThan(0)
  expect(usage.totalTokens).toBe((usage.inputTokens ?? 0) + (usage.outputTokens ?? 0))
})

it("embeds texts", async () => {
  const model = understudy.textEmbeddingModel("text-embedding-v4")
  const { embedding, usage } = await embed({ model, value: "a cat" })
  expect(embedding.length).toBeGreaterThan(0)
  expect(usage.tokens).toBeGreaterThan(0)
  const values = Array.from({ length: 12 }, (_, index) => `text ${index}`)
  expect((await embedMany({ model, values })).embeddings).toHaveLength(12)
})

it("leaves the vendor when the caller aborts, before and after content", async () => {
  const model = understudy("qwen-plus")
  vendors.addFault({ kind: "stall.before" })
  const before = new AbortController()
  const asked = generateText({ model, prompt, abortSignal: before.signal })
  await vendors.journal.waitFor(() => true)
  before.abort()
  await expect(asked).rejects.toMatchObject({ name: "AbortError" })
  await vendors.journal.waitFor(({ end }) => end === "client-left")
  vendors.reset()
  vendors.addFault({ kind: "stall.midstream", afterChunks: 2 })
  const after = new AbortController()
  const { fullStream } = streamText({ model, prompt, abortSignal: after.signal })
  for await (const part of fullStream) if (part.type === "text-delta") after.abort()
  await vendors.journal.waitFor(({ end }) => end === "client-left")
})
