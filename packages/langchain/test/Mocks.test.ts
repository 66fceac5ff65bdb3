/** Chains, tools and objects the whole way, over sockets, and what stays when the one who answers changes in between. */
import { type BaseMessage, HumanMessage } from "@langchain/core/messages"
import { StringOutputParser } from "@langchain/core/output_parsers"
import { ChatPromptTemplate } from "@langchain/core/prompts"
import { tool } from "@langchain/core/tools"
import { MockServer, Vendors } from "@understudy/mocks"
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest"
import { z } from "zod"
import { ChatUnderstudy } from "../src/ChatUnderstudy.ts"

const vendors = Vendors.make({
  seed: 7,
  keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } },
  replies: (request) => (request.format === "text" ? undefined : '{"city":"Hangzhou"}')
})
let server: MockServer.MockServer
let model: ChatUnderstudy

beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
beforeEach(() => {
  const config = {
    version: 1,
    providers: {
      qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen"] },
      deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
    },
    routes: [
      {
        name: "aliyun",
        match: { model: { prefix: "q" } },
        targets: [{ provider: "qwen" }],
        fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
      }
    ]
  } as const
  model = new ChatUnderstudy({ config, model: "qwen-plus" })
})
afterEach(async () => {
  await model.close()
  vendors.reset()
})
afterAll(() => server.close())

const question = "What is the weather in Hangzhou?"
const answer = "我是阿里云开发的一款超大规模语言模型，我叫通义千问。"

it("answers in a chain, whole and streamed", async () => {
  const chain = ChatPromptTemplate.fromTemplate("{question}").pipe(model).pipe(new StringOutputParser())
  expect(await chain.invoke({ question: "你是谁？" })).toBe(answer)
  const texts: Array<string> = []
  for await (const text of await chain.stream({ question: "你是谁？" })) texts.push(text)
  expect(texts.join("")).toBe(answer)
  expect(texts.filter((text) => text !== "").length).toBeGreaterThan(1)
})

const weather = tool(() => ({ celsius: 21 }), { name: "weather", schema: z.object({ city: z.string() }) })

it("takes a tool's result to the fallback when Qwen fails between two turns", async () => {
  const messages: Array<BaseMessage> = [new HumanMessage(question)]
  const first = await model.bindTools([weather], { tool_choice: "any" }).invoke(messages)
  messages.push(first)
  for (const call of first.tool_calls ?? []) messages.push(await weather.invoke({ ...call, type: "tool_call" }))
  vendors.addFault({ vendor: "qwen", kind: "overload.fast" })
  const second = await model.bindTools([weather], { tool_choice: "none" }).invoke(messages)
  expect(first.response_metadata).toMatchObject({ model_name: "qwen-plus", finish_reason: "tool_calls" })
  expect(second.response_metadata).toMatchObject({ model_name: "deepseek-chat", finish_reason: "stop" })
  expect(second.text).toContain('{"celsius":21}')
})

it("reads an object from either vendor", async () => {
  const extract = model.withStructuredOutput(z.object({ city: z.string() }), { includeRaw: true })
  const whole = await extract.invoke(question)
  vendors.addFault({ vendor: "qwen", kind: "overload.fast" })
  const fallback = await extract.invoke(question)
  expect([whole.parsed.city, fallback.parsed.city]).toEqual(["Hangzhou", "Hangzhou"])
  expect([whole, fallback].map(({ raw }) => raw.response_metadata["model_name"])).toEqual([
    "qwen-plus",
    "deepseek-chat"
  ])
})

it("shows the model's thinking", async () => {
  const { additional_kwargs, text } = await model.invoke(question, { model: "qwq-32b" })
  expect(additional_kwargs["reasoning_content"]).toMatch(/\S/)
  expect(text).toMatch(/\S/)
})

it("leaves the vendor when the caller aborts, or has enough", async () => {
  vendors.addFault({ kind: "stall.before" })
  const controller = new AbortController()
  const asked = model.invoke(question, { signal: controller.signal })
  await vendors.journal.waitFor(() => true)
  controller.abort(new Error("enough"))
  await expect(asked).rejects.toThrow()
  await vendors.journal.waitFor(({ end }) => end === "client-left")
  vendors.reset()
  vendors.addFault({ kind: "stall.midstream", afterChunks: 2 })
  for await (const chunk of await model.stream(question)) if (chunk.text !== "") break
  await vendors.journal.waitFor(({ end }) => end === "client-left")
})
