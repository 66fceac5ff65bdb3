/** The whole way, over sockets: ChatModel, core, undici, and DeepSeek and Qwen as `@understudy/mocks` plays them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { outcomeOf } from "@understudy/core/failure/Trail"
import { MockServer, Vendors } from "@understudy/mocks"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import * as ChatModel from "../src/ChatModel.ts"
import * as ChatResponse from "../src/ChatResponse.ts"
import * as Message from "../src/Message.ts"
import * as PromiseChatModel from "../src/PromiseChatModel.ts"
import * as Prompt from "../src/Prompt.ts"

const vendors = Vendors.make({
  seed: 7,
  keys: {
    "sk-demo-qwen-1": { vendor: "qwen", account: "one" },
    "sk-demo-qwen-2": { vendor: "qwen", account: "two" },
    "sk-demo-deepseek-1": { vendor: "deepseek" }
  },
  replies: (request) =>
    request.messages.at(-1)?.text === "the same" ? { content: "你好, it is me.", reasoning: "Who am I?" } : undefined
})
let server: MockServer.MockServer

beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
afterEach(() => vendors.reset())
afterAll(() => server.close())

const config = (): UnderstudyOptions => ({
  version: 1,
  providers: {
    qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen-1", "sk-demo-qwen-2"] },
    deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek-1"] }
  },
  routes: [
    {
      name: "aliyun",
      match: { model: { prefix: "qw" } },
      targets: [{ provider: "qwen" }],
      fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
    },
    { name: "deepseek", match: { model: { prefix: "deepseek-" } }, targets: [{ provider: "deepseek" }] }
  ]
})

const run = <A, E>(effect: Effect.Effect<A, E, ChatModel.ChatModel>): Promise<A> =>
  Effect.runPromise(Effect.provide(effect, ChatModel.layerUnderstudy(config(), { model: "qwen-turbo" })))

const weather = {
  name: "weather",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
}

describe("against DeepSeek and Qwen", () => {
  it.each([
    "qwen-turbo",
    "qwen-plus",
    "deepseek-chat",
    "deepseek-reasoner",
    "qwq-32b"
  ])("%s answers call and stream with text, usage and a finish reason", async (model) => {
    const prompt = Prompt.make("你是谁？", { model })
    const called = await run(ChatModel.call(prompt))
    const streamed = await run(ChatResponse.fromStream(ChatModel.stream(prompt)))
    for (const { metadata, reasoning, text } of [called, streamed]) {
      expect(text).not.toBe("")
      expect(metadata).toMatchObject({ model, finishReason: { unified: "stop", raw: "stop" }, attempts: 1 })
      expect(metadata.usage?.totalTokens).toBeGreaterThan(0)
      expect(metadata.id).toMatch(/\S/)
      const thinks = model === "deepseek-reasoner" || model === "qwq-32b"
      expect(reasoning === undefined).toBe(!thinks)
    }
  })

  it.each(["qwen-turbo", "deepseek-reasoner"])("%s streams what it would have answered whole", async (model) => {
    const prompt = Prompt.make("the same", { model })
    const called = await run(ChatModel.call(prompt))
    const streamed = await run(ChatResponse.fromStream(ChatModel.stream(prompt)))
    expect(streamed.text).toBe("你好, it is me.")
    expect(streamed.result).toEqual(called.result)
    expect(streamed.metadata.usage).toEqual(called.metadata.usage)
  })

  it.each([
    "qwen-plus",
    "deepseek-chat"
  ])("%s calls a tool, whole and streamed, and takes its answer", async (model) => {
    const prompt = Prompt.make("What is the weather in Hangzhou?", { model, tools: [weather], toolChoice: "required" })
    const called = await run(ChatModel.call(prompt))
    const streamed = await run(ChatResponse.fromStream(ChatModel.stream(prompt)))
    for (const { metadata, toolCalls } of [called, streamed]) {
      expect(toolCalls).toHaveLength(1)
      expect(toolCalls[0]).toMatchObject({ name: "weather", id: expect.stringMatching(/^call_/) })
      expect(JSON.parse(toolCalls[0]!.arguments)).toHaveProperty("city")
      expect(metadata.finishReason?.unified).toBe("tool-calls")
    }
    const results = streamed.toolCalls.map((call) => Message.tool(call.id, { celsius: 21 }))
    const next = Prompt.make(Prompt.append(prompt, streamed.result.output, ...results), { toolChoice: "none" })
    expect((await run(ChatModel.call(next))).text).toMatch(/\S/)
  })

  it("moves to DeepSeek when no Qwen key works, and says so", async () => {
    vendors.addFault({ vendor: "qwen", kind: "auth.invalid" })
    const called = await run(ChatModel.call("你是谁？"))
    const streamed = await run(ChatResponse.fromStream(ChatModel.stream("你是谁？")))
    for (const { metadata } of [called, streamed]) {
      expect(metadata).toMatchObject({ model: "deepseek-chat", provider: "deepseek", attempts: 3 })
      expect(metadata.trail.map(outcomeOf)).toEqual(["Unauthorized", "Unauthorized", "ok"])
    }
  })

  it("says that a stream broke, after delivering what had come", async () => {
    vendors.addFault({ vendor: "qwen", kind: "cut.midstream", afterChunks: 3 })
    let text = ""
    const reading = Stream.runForEach(ChatModel.stream("你是谁？"), (part) =>
      Effect.sync(() => {
        if (part.type === "text-delta") text += part.delta
      })
    )
    const error = await run(Effect.flip(reading))
    expect(error.reason).toMatchObject({ _tag: "Broken", kind: "Interrupted" })
    expect(text).not.toBe("")
  })

  it("leaves the vendor when the reader has enough", async () => {
    vendors.addFault({ kind: "stall.midstream", afterChunks: 2 })
    const parts = await run(Stream.runCollect(Stream.take(ChatModel.stream("你是谁？"), 3)))
    expect(parts).toHaveLength(3)
    const entry = await vendors.journal.waitFor(({ end }) => end !== "open")
    expect(entry.end).toBe("client-left")
  })

  it("leaves the vendor when a promise's reader has enough, or its signal aborts", async () => {
    vendors.addFault({ kind: "stall.midstream", afterChunks: 2 })
    const chat = await PromiseChatModel.fromOptions(config(), { model: "qwen-turbo" })
    for await (const part of chat.stream("你是谁？")) if (part.type === "text-delta") break
    expect((await vendors.journal.waitFor(({ end }) => end !== "open")).end).toBe("client-left")
    vendors.journal.clear()
    const controller = new AbortController()
    const reading = async () => {
      for await (const part of chat.stream("你是谁？", { signal: controller.signal })) {
        if (part.type === "text-delta") controller.abort()
      }
    }
    await expect(reading()).rejects.toMatchObject({ name: "AbortError" })
    expect((await vendors.journal.waitFor(({ end }) => end !== "open")).end).toBe("client-left")
    await chat.close()
  })
})

describe("layerRemote", () => {
  const paths = ["", "/v1", "/v1/", "/v1/chat/completions"]

  it.each(paths)("reaches a gateway whose base URL ends in '%s'", async (path) => {
    const remote = { baseUrl: `${server.urls.deepseek}${path}`, apiKey: "sk-demo-deepseek-1", model: "deepseek-chat" }
    const response = await Effect.runPromise(Effect.provide(ChatModel.call("hi"), ChatModel.layerRemote(remote)))
    expect(response.metadata).toMatchObject({ model: "deepseek-chat", provider: "gateway", route: "gateway" })
    expect(vendors.journal.entries.map((entry) => entry.key).join()).toContain("sk-")
  })

  it("takes any model that a prompt names", async () => {
    const chat = await PromiseChatModel.remote({ baseUrl: server.urls.qwen, apiKey: "sk-demo-qwen-1" })
    expect((await chat.call(Prompt.make("hi", { model: "qwen-plus" }))).metadata.model).toBe("qwen-plus")
    await chat.close()
  })

  it("leaves repeats of a busy gateway to the gateway", async () => {
    vendors.addFault({ vendor: "deepseek", kind: "overload.fast" })
    const remote = { baseUrl: server.urls.deepseek, apiKey: "sk-demo-deepseek-1", model: "deepseek-chat" }
    const failing = Effect.flip(ChatModel.call("hi"))
    const error = await Effect.runPromise(Effect.provide(failing, ChatModel.layerRemote(remote)))
    expect(error.reason).toMatchObject({ _tag: "UpstreamFailed", kind: "Overloaded" })
    expect(vendors.journal.total).toBe(1)
  })

  it("keeps saying that a consumer's key is wrong", async () => {
    const chat = await PromiseChatModel.remote({
      baseUrl: server.urls.deepseek,
      apiKey: "sk-demo-wrong",
      model: "deepseek-chat"
    })
    for (let i = 0; i < 3; i++) {
      await expect(chat.call("hi")).rejects.toMatchObject({ reason: { _tag: "UpstreamFailed", kind: "Unauthorized" } })
    }
    await chat.close()
  })
})

describe("layerConfig", () => {
  const ask = (env: Record<string, string>, options = {}) =>
    Effect.runPromise(
      Effect.provide(
        ChatModel.call("hi"),
        ChatModel.layerConfig(options).pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))))
      )
    )

  it("asks the gateway that the environment names", async () => {
    const env = {
      UNDERSTUDY_BASE_URL: `${server.urls.deepseek}/v1`,
      UNDERSTUDY_API_KEY: "sk-demo-deepseek-1",
      UNDERSTUDY_MODEL: "deepseek-reasoner"
    }
    expect((await ask(env)).metadata).toMatchObject({ model: "deepseek-reasoner", provider: "gateway" })
    expect((await ask(env, { model: "deepseek-chat" })).metadata.model).toBe("deepseek-chat")
  })

  it("reads the file that the environment names when it names no gateway", async () => {
    const folder = await mkdtemp(join(tmpdir(), "chat-model-"))
    const path = join(folder, "some.yaml")
    await writeFile(path, JSON.stringify(config()))
    const env = { UNDERSTUDY_CONFIG: path, UNDERSTUDY_MODEL: "qwen-plus" }
    expect((await ask(env)).metadata).toMatchObject({ model: "qwen-plus", provider: "qwen", route: "aliyun" })
    await rm(folder, { recursive: true })
  })

  it("says which file is missing", async () => {
    await expect(ask({ UNDERSTUDY_BASE_URL: "", UNDERSTUDY_CONFIG: "/nowhere/understudy.yaml" })).rejects.toMatchObject(
      {
        _tag: "ConfigError",
        message: expect.stringContaining("/nowhere/understudy.yaml")
      }
    )
  })
})
