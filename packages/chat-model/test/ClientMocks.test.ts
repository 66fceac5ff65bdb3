/** The examples of the client's docstrings, the whole way to DeepSeek and Qwen as `@understudy/mocks` plays them. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { MockServer, Vendors } from "@understudy/mocks"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as Stream from "effect/Stream"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import * as BudgetAdvisor from "../src/advisor/BudgetAdvisor.ts"
import type { BudgetError } from "../src/advisor/BudgetError.ts"
import * as CacheAdvisor from "../src/advisor/CacheAdvisor.ts"
import * as LoggingAdvisor from "../src/advisor/LoggingAdvisor.ts"
import * as MemoryAdvisor from "../src/advisor/MemoryAdvisor.ts"
import * as RedactionAdvisor from "../src/advisor/RedactionAdvisor.ts"
import * as ChatClient from "../src/ChatClient.ts"
import * as ChatMemory from "../src/ChatMemory.ts"
import * as ChatModel from "../src/ChatModel.ts"
import * as KeyValueMemory from "../src/memory/KeyValueMemory.ts"
import * as Window from "../src/memory/Window.ts"
import * as PromiseChatClient from "../src/PromiseChatClient.ts"
import * as PromiseChatModel from "../src/PromiseChatModel.ts"

const said: Array<string> = []
/** They answer with everything that was said to them. */
const vendors = Vendors.make({
  keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } },
  replies: ({ messages }) => {
    const content = messages.map(({ text }) => text).join(" | ")
    said.push(content)
    return { content }
  }
})
let server: MockServer.MockServer

beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
afterEach(() => {
  vendors.reset()
  said.length = 0
})
afterAll(() => server.close())

const config = (): UnderstudyOptions => ({
  version: 1,
  providers: {
    qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen"] },
    deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
  },
  routes: [
    {
      name: "aliyun",
      match: { model: { prefix: "qwen-" } },
      targets: [{ provider: "qwen" }],
      fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
    }
  ]
})
const model = () => ChatModel.layerUnderstudy(config(), { model: "qwen-turbo" })
const run = <A, E>(effect: Effect.Effect<A, E, ChatModel.ChatModel>) =>
  Effect.runPromise(Effect.provide(effect, model()))

describe("against DeepSeek and Qwen, a client", () => {
  it("asks a question from a template", async () => {
    const program = Effect.gen(function* () {
      const client = yield* ChatClient.ChatClient
      return yield* client
        .prompt()
        .system("You are a comedian.")
        .user("Tell me a {adjective} joke about {topic}", { adjective: "short", topic: "cats" })
        .options({ temperature: 1 })
        .call()
        .content()
    })
    const answer = await Effect.runPromise(Effect.provide(program, Layer.provide(ChatClient.layer(), model())))
    expect(answer).toBe("You are a comedian. | Tell me a short joke about cats")
  })

  it("has defaults, and others where it is mutated", async () => {
    const program = Effect.gen(function* () {
      const comedian = ChatClient.make(yield* ChatModel.ChatModel, { system: "You are a comedian." })
      const brief = comedian.mutate({ options: { maxTokens: 50 } })
      return yield* brief.prompt("Tell me a joke").call().content()
    })
    expect(await run(program)).toBe("You are a comedian. | Tell me a joke")
    expect(vendors.journal.entries[0]!.maxTokens).toBe(50)
  })

  it("streams, and shows a fallback through all of its advisors", async () => {
    vendors.addFault({ vendor: "qwen", kind: "billing.exhausted" })
    const program = Effect.gen(function* () {
      const advisors = [
        MemoryAdvisor.make(ChatMemory.make({ window: Window.tokens(4000) })),
        LoggingAdvisor.make({ level: "Trace" }),
        CacheAdvisor.make(),
        RedactionAdvisor.make(),
        BudgetAdvisor.make({ perCall: { tokens: 8000 } })
      ] as const
      const client = ChatClient.make(yield* ChatModel.ChatModel, { advisors })
      const first = yield* client.prompt("I am 13800138000.").conversation("c1").call().response()
      const stream = client.prompt("Who am I?").conversation("c1").stream()
      return [first, (yield* Stream.runCollect(stream.content())).join("")] as const
    })
    const [first, second] = await run(program)
    expect(first.metadata).toMatchObject({ provider: "deepseek", model: "deepseek-chat", attempts: 2 })
    expect(second).toBe("I am 13800138000. | I am 13800138000. | Who am I?")
    expect(said).toEqual(["I am [PHONE_1].", "I am [PHONE_1]. | I am [PHONE_1]. | Who am I?"])
  })

  it("remembers in files", async () => {
    const folder = await mkdtemp(join(tmpdir(), "conversations-"))
    const memory = KeyValueMemory.layer().pipe(
      Layer.provide(KeyValueStore.layerFileSystem(folder)),
      Layer.provide(NodeServices.layer)
    )
    const ask = (text: string) =>
      Effect.gen(function* () {
        const advisor = MemoryAdvisor.make(yield* ChatMemory.ChatMemory)
        const client = ChatClient.make(yield* ChatModel.ChatModel, { advisors: [advisor] })
        return yield* client.prompt(text).conversation("c1").call().content()
      }).pipe(Effect.provide(Layer.fresh(memory)))
    await run(ask("My name is Ann."))
    expect(await run(ask("What is my name?"))).toBe("My name is Ann. | My name is Ann. | What is my name?")
    await rm(folder, { recursive: true })
  })

  it("answers from its cache", async () => {
    const cache = CacheAdvisor.make({ ttl: "1 hour", capacity: 500 })
    const program = Effect.gen(function* () {
      const client = ChatClient.make(yield* ChatModel.ChatModel, { advisors: [cache] })
      yield* client.prompt("How far is the moon?").call().response()
      const again = yield* client.prompt("How far is the moon?").call().response()
      return again.metadata.cached
    })
    expect(await run(program)).toBe(true)
    expect(vendors.journal.total).toBe(1)
  })

  it("keeps order numbers to itself", async () => {
    const redaction = RedactionAdvisor.make([...RedactionAdvisor.rules, { name: "ORDER", pattern: /\bSO-\d{8}\b/ }])
    const program = Effect.gen(function* () {
      const client = ChatClient.make(yield* ChatModel.ChatModel, { advisors: [redaction] })
      return yield* client.prompt("Write a text to 13800138000 about order SO-20260101.").call().content()
    })
    expect(await run(program)).toBe("Write a text to 13800138000 about order SO-20260101.")
    expect(said).toEqual(["Write a text to [PHONE_1] about order [ORDER_1]."])
  })

  it("keeps to a budget of money", async () => {
    const budget = BudgetAdvisor.make({
      perCall: { tokens: 8000 },
      perWindow: { every: "1 hour", tokens: 100_000, money: 0.000_02 },
      price: {
        "deepseek-chat": { input: 2, output: 3, currency: "CNY" },
        "qwen-turbo": { input: 0.3, output: 0.6, currency: "CNY" }
      }
    })
    const ask = Effect.gen(function* () {
      const client = ChatClient.make(yield* ChatModel.ChatModel, { advisors: [budget] })
      return yield* client.prompt("Tell me a joke").call().content()
    }).pipe(
      Effect.catchReason("BudgetError", "Exhausted", ({ retryAfter }) => Effect.succeed(`Again in ${retryAfter} ms`))
    )
    const answers = await run(Effect.all(Array.from({ length: 10 }, () => ask)))
    expect(answers[0]).toBe("Tell me a joke")
    expect(answers.at(-1)).toMatch(/^Again in \d+ ms$/)
  })

  it("waits for the next window where its caller says so", async () => {
    const patient = <A, E>(ask: Effect.Effect<A, E | BudgetError>) =>
      Effect.catchReason(ask, "BudgetError", "Exhausted", ({ retryAfter }) => Effect.delay(ask, retryAfter))
    expect(await Effect.runPromise(patient(Effect.succeed(1) as Effect.Effect<number, BudgetError>))).toBe(1)
  })

  it("answers with promises", async () => {
    const chat = await PromiseChatModel.fromOptions(config(), { model: "qwen-turbo" })
    const client = PromiseChatClient.make(chat, { system: "You are a comedian." })
    const joke = client.prompt().user("Tell me a {adjective} joke", { adjective: "short" })
    expect(await joke.call().content()).toBe("You are a comedian. | Tell me a short joke")
    let streamed = ""
    for await (const text of joke.stream({ signal: AbortSignal.timeout(10_000) }).content()) streamed += text
    expect(streamed).toBe("You are a comedian. | Tell me a short joke")
    await chat.close()
  })
})
