/** What the `openai` client makes of an engine that is its `fetch`. */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { MockServer, Vendors } from "@understudy/mocks"
import OpenAI, { APIUserAbortError } from "openai"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import * as PromiseUnderstudy from "../src/PromiseUnderstudy.ts"

const vendors = Vendors.make({
  keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } }
})
let server: MockServer.MockServer
let understudy: PromiseUnderstudy.PromiseUnderstudy
let client: OpenAI

const config = (): UnderstudyOptions => ({
  version: 1,
  providers: {
    qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen"] },
    deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
  },
  routes: [
    {
      name: "tagged",
      match: { model: { prefix: "qwen-" }, headers: { "x-team": "search" } },
      targets: [{ provider: "deepseek", model: "deepseek-chat" }]
    },
    { name: "aliyun", match: { model: { prefix: "qwen-" } }, targets: [{ provider: "qwen" }] },
    { name: "vectors", match: { model: { prefix: "text-" } }, targets: [{ provider: "qwen" }] }
  ]
})

beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
beforeEach(async () => {
  understudy = await PromiseUnderstudy.fromOptions(config(), { model: "qwen-plus" })
  client = understudy.openai(OpenAI)
})
afterEach(async () => {
  await understudy.close()
  vendors.reset()
})
afterAll(() => server.close())

const messages = [{ role: "user" as const, content: "你是谁？" }]
const question = { model: "qwen-turbo", messages }
const tools = [
  {
    type: "function" as const,
    function: {
      name: "weather",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
    }
  }
]

const failure = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    (error: unknown) => error
  )

describe("openai", () => {
  it("gets usage at the end of a stream when it asks for it", async () => {
    const stream = await client.chat.completions.create({
      ...question,
      stream: true,
      stream_options: { include_usage: true }
    })
    let last: OpenAI.ChatCompletionChunk | undefined
    for await (const chunk of stream) last = chunk
    expect(last?.usage?.total_tokens).toBeGreaterThan(0)
  })

  it("calls tools, whole and streamed", async () => {
    const asked = { ...question, model: "qwen-plus", tools, tool_choice: "required" as const }
    const whole = await client.chat.completions.create(asked)
    const streamed = await client.chat.completions.stream(asked).finalChatCompletion()
    for (const { choices } of [whole, streamed]) {
      expect(choices[0]?.finish_reason).toBe("tool_calls")
      expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ type: "function", function: { name: "weather" } })
    }
  })

  it("is told who answered in the headers", async () => {
    const { response } = await client.chat.completions.create(question).withResponse()
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "x-understudy-route": "aliyun",
      "x-understudy-provider": "qwen",
      "x-understudy-model": "qwen-turbo",
      "x-understudy-attempts": "1",
      "x-understudy-trail": expect.stringMatching(/^qwen\/qwen-turbo#k\w+ ok \d+ms$/)
    })
  })

  it("chooses routes by its headers", async () => {
    const tagged = understudy.openai(OpenAI, { defaultHeaders: { "x-team": "search" } })
    expect((await tagged.chat.completions.create(question)).model).toBe("deepseek-chat")
  })

  it("embeds texts", async () => {
    const { data, usage } = await client.embeddings.create({
      model: "text-embedding-v4",
      input: ["a", "b"],
      dimensions: 64
    })
    expect(data.map(({ embedding }) => embedding.length)).toEqual([64, 64])
    expect(usage.total_tokens).toBeGreaterThan(0)
  })

  it("lists models, and finds one", async () => {
    const ids: Array<string> = []
    for await (const { id } of client.models.list()) ids.push(id)
    expect(ids).toContain("qwen-turbo")
    expect(await client.models.retrieve("qwen-turbo")).toMatchObject({ id: "qwen-turbo", object: "model" })
    expect(await failure(client.models.retrieve("gpt/none"))).toMatchObject({ status: 404, code: "model_not_found" })
  })

  it.each([
    ["auth.invalid", OpenAI.InternalServerError, { status: 502, code: "upstream_failed" }],
    ["rate.limit", OpenAI.RateLimitError, { status: 429, code: "rate_limit_exceeded" }],
    ["request.invalid", OpenAI.BadRequestError, { status: 400 }]
  ] as const)("throws its own error for %s", async (kind, type, fields) => {
    vendors.addFault({ vendor: "qwen", kind })
    const error = await failure(client.chat.completions.create(question))
    expect(error).toBeInstanceOf(type)
    expect(error).toMatchObject(fields)
    const streamed = await failure(client.chat.completions.create({ ...question, stream: true }))
    expect(streamed).toBeInstanceOf(type)
  })

  it("throws its own error for a request that cannot be used, and sends nothing", async () => {
    const unknown = await failure(client.chat.completions.create({ model: "gpt-5", messages }))
    expect(unknown).toBeInstanceOf(OpenAI.NotFoundError)
    expect(unknown).toMatchObject({ code: "model_not_found", param: "model" })
    const empty = await failure(client.chat.completions.create({ ...question, messages: [] }))
    expect(empty).toMatchObject({ status: 400, code: "empty_array" })
    const input = await failure(client.embeddings.create({ model: "text-embedding-v4", input: 7 as never }))
    expect(input).toMatchObject({ status: 400, code: "invalid_type" })
    const image = await failure(client.images.generate({ prompt: "a cat" }))
    expect(image).toMatchObject({ status: 404, code: "unknown_url" })
    expect(vendors.journal.total).toBe(0)
  })

  it("asks once: the engine repeats, the client does not", async () => {
    vendors.addFault({ vendor: "qwen", kind: "auth.invalid" })
    await failure(client.chat.completions.create(question))
    expect(vendors.journal.total).toBe(1)
    vendors.journal.clear()
    vendors.clearFaults()
    vendors.addFault({ vendor: "qwen", kind: "reset.before" })
    const own = new OpenAI({ fetch: understudy.fetch, apiKey: "unused" })
    const error = await failure(own.chat.completions.create(question))
    expect(error).toMatchObject({ status: expect.any(Number) })
    expect(vendors.journal.total).toBeLessThanOrEqual(2)
  })

  it("throws a typed error when a stream breaks, after what had come", async () => {
    vendors.addFault({ vendor: "qwen", kind: "cut.midstream", afterChunks: 3 })
    const stream = await client.chat.completions.create({ ...question, stream: true })
    let text = ""
    const read = async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ""
    }
    const error = await failure(read())
    expect(error).toBeInstanceOf(OpenAI.APIError)
    expect(error).toMatchObject({ code: "stream_interrupted", message: expect.stringContaining("broke off") })
    expect(text).not.toBe("")
  })

  it("is let go when it aborts, before and after content", async () => {
    vendors.addFault({ kind: "stall.before" })
    const before = new AbortController()
    const asked = failure(client.chat.completions.create(question, { signal: before.signal }))
    await vendors.journal.waitFor(() => true)
    before.abort()
    expect(await asked).toBeInstanceOf(APIUserAbortError)
    await vendors.journal.waitFor(({ end }) => end === "client-left")
    vendors.reset()
    vendors.addFault({ kind: "stall.midstream", afterChunks: 2 })
    const stream = await client.chat.completions.create({ ...question, stream: true })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break
    await vendors.journal.waitFor(({ end }) => end === "client-left")
  })
})

describe("fetch", () => {
  const url = "https://api.openai.com/v1/chat/completions"
  const body = JSON.stringify(question)

  it("takes a Request, and bodies that are no text", async () => {
    const asRequest = await understudy.fetch(new Request(url, { method: "POST", body }))
    const asBytes = await understudy.fetch(new URL(url), { method: "post", body: new TextEncoder().encode(body) })
    expect([asRequest.status, asBytes.status]).toEqual([200, 200])
    expect(await asRequest.json()).toHaveProperty("choices")
  })

  it("reads a byte order mark over, and refuses what is not UTF-8", async () => {
    const marked = await understudy.fetch(url, { method: "POST", body: `\ufeff${body}` })
    const bytes = await understudy.fetch(url, { method: "POST", body: Buffer.from(`\ufeff${body}`) })
    expect([marked.status, bytes.status]).toEqual([200, 200])
    const sent = vendors.journal.total
    const broken = await understudy.fetch(url, { method: "POST", body: new Uint8Array([0x7b, 0xc4, 0xe3]) })
    expect([broken.status, await broken.json()]).toMatchObject([400, { error: { code: "invalid_encoding" } }])
    expect(vendors.journal.total).toBe(sent)
  })

  it("answers on a deployment's path with its model, and on paths with too many slashes", async () => {
    const { model: _, ...rest } = question
    const azure = "https://x.openai.azure.com//openai/deployments/qwen-turbo/chat/completions/?api-version=2024-06-01"
    const response = await understudy.fetch(azure, { method: "POST", body: JSON.stringify(rest) })
    expect([response.status, response.headers.get("x-understudy-model")]).toEqual([200, "qwen-turbo"])
  })

  it("rejects with the signal's reason when it has aborted already, and sends nothing", async () => {
    const reason = new Error("enough")
    await expect(understudy.fetch(url, { method: "POST", body, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason
    )
    expect(vendors.journal.total).toBe(0)
  })

  it("breaks a body off with the signal's reason", async () => {
    vendors.addFault({ kind: "stall.midstream", afterChunks: 2 })
    const controller = new AbortController()
    const streamed = JSON.stringify({ ...question, stream: true })
    const response = await understudy.fetch(url, { method: "POST", body: streamed, signal: controller.signal })
    const reading = failure(response.text())
    const reason = new Error("enough")
    controller.abort(reason)
    expect(await reading).toBe(reason)
    await vendors.journal.waitFor(({ end }) => end === "client-left")
  })

  it("ends what is under way when the engine is closed, and refuses afterwards", async () => {
    vendors.addFault({ kind: "stall.before" })
    const asked = failure(understudy.fetch(url, { method: "POST", body }))
    await vendors.journal.waitFor(() => true)
    await understudy.close()
    expect(String(await asked)).toContain("engine is closed")
    expect(String(await failure(understudy.fetch(url, { method: "POST", body })))).toContain("engine is closed")
  })
})

it("has the configuration's named models and the core over the same engine, and closes them with it", async () => {
  const named = await PromiseUnderstudy.fromOptions({ ...config(), models: { worker: { model: "qwen-turbo" } } })
  const worker = named.chatModels.get("worker")
  expect((await worker.call("hi")).metadata.model).toBe("qwen-turbo")
  expect(named.engine.config.routes.map(({ name }) => name)).toEqual(["tagged", "aliyun", "vectors"])
  await named.close()
  await expect(worker.call("hi")).rejects.toThrow("chat model is closed")
})

it("shares what it knows of keys with a ChatModel and an EmbeddingModel", async () => {
  const { providers, ...rest } = config()
  const keys = [
    { value: "sk-demo-gone", weight: 1 },
    { value: "sk-demo-qwen", weight: 0 }
  ]
  const qwen = { type: "qwen", baseUrl: server.urls.qwen, selection: "weighted", keys } as const
  const shared = await PromiseUnderstudy.fromOptions({ ...rest, providers: { ...providers, qwen } })
  await shared.openai(OpenAI).chat.completions.create(question)
  expect(vendors.journal.entries.map(({ status }) => status)).toContain(401)
  vendors.journal.clear()
  expect((await shared.chatModel.call({ messages, options: { model: "qwen-plus" } })).metadata.attempts).toBe(1)
  expect((await shared.embeddingModel.embed("hi", { model: "text-embedding-v4" })).metadata.attempts).toBe(1)
  await shared.close()
})
