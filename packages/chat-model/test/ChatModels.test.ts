import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { ConfigError } from "@understudy/core/config/ConfigError"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Understudy from "@understudy/core/Understudy"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import * as ChatModel from "../src/ChatModel.ts"
import * as ChatModels from "../src/ChatModels.ts"
import * as PromiseChatModels from "../src/PromiseChatModels.ts"

const vendors = Vendors.make({
  keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } }
})
const folder = mkdtempSync(path.join(tmpdir(), "understudy-models-"))
const file = path.join(folder, "understudy.yaml")
let server: MockServer.MockServer

const config = () => ({
  version: 1 as const,
  providers: {
    qwen: { type: "qwen" as const, baseUrl: server.urls.qwen, keys: ["sk-demo-qwen"] },
    deepseek: { type: "deepseek" as const, baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
  },
  routes: [
    {
      name: "aliyun",
      match: { model: { prefix: "qwen-" } },
      targets: [{ provider: "qwen" }],
      fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
    },
    { name: "deepseek", match: { model: { prefix: "deepseek-" } }, targets: [{ provider: "deepseek" }] }
  ],
  models: {
    planner: { model: "qwen-plus", options: { temperature: 0.5, maxTokens: 100 } },
    critic: { model: "deepseek-chat" }
  },
  prices: { "qwen-plus": { input: 1e6, output: 0, currency: "CNY" } }
})

beforeAll(async () => {
  server = await MockServer.listen(vendors)
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config()))
})
beforeEach(() => vendors.reset())
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const problem = `${file}: 1 problem\n  ${file}  models.worker: is not there. Models: planner, critic`

describe("ChatModels", () => {
  it("asks each model by its name, over one engine", async () => {
    const models = ChatModels.fromOptions(config())
    expect(models.names).toEqual(["planner", "critic"])
    const program = Effect.gen(function* () {
      const planner = yield* models.get("planner")
      expect(planner.options).toEqual({ model: "qwen-plus", temperature: 0.5, maxTokens: 100 })
      const critic = yield* Effect.provide(ChatModel.ChatModel, models.layer("critic"))
      vendors.addFault({ vendor: "qwen", kind: "auth.invalid" })
      const removed = yield* planner.call("hi")
      const again = yield* planner.call("hi")
      return [removed, again, yield* critic.call("hi")].map(({ metadata }) => [metadata.model, metadata.attempts])
    })
    expect(await Effect.runPromise(Effect.provide(program, models.engine))).toEqual([
      ["deepseek-chat", 2],
      // The key that failed the first call is known to be out.
      ["deepseek-chat", 1],
      ["deepseek-chat", 1]
    ])
  })

  it("lets a prompt's own options win", async () => {
    const models = ChatModels.fromOptions(config())
    const asked = Effect.flatMap(models.get("planner"), (planner) =>
      planner.call({ messages: [{ role: "user", content: "hi" }], options: { model: "deepseek-chat" } })
    )
    expect((await Effect.runPromise(Effect.provide(asked, models.engine))).metadata.model).toBe("deepseek-chat")
  })

  it("names a file's models when it is asked for another", async () => {
    const asked = Effect.provide(Effect.flip(ChatModels.get("worker")), ChatModels.layerYaml(file))
    expect((await Effect.runPromise(asked)).message).toBe(problem)
    const built = Effect.flip(Effect.provide(ChatModel.ChatModel, ChatModels.layer("worker")))
    expect((await Effect.runPromise(Effect.provide(built, ChatModels.layerYaml(file)))).message).toBe(problem)
    const unnamed = UnderstudyConfig.fromOptions({ ...config(), models: {} })
    const engine = Effect.map(unnamed, (checked) => ({ config: checked }) as Understudy.Understudy["Service"])
    const none = Effect.flip(ChatModels.get("planner")).pipe(
      Effect.provide(ChatModels.layerEngine),
      Effect.provideServiceEffect(Understudy.Understudy, engine)
    )
    expect((await Effect.runPromise(none)).message).toContain("models.planner: is not there. No models are named")
  })

  it("gives an answer its cost, and none where one of its models has no price", async () => {
    const models = ChatModels.fromOptions(config())
    const asked = Effect.gen(function* () {
      const planner = yield* models.get("planner")
      const priced = yield* planner.call("hi")
      const free = yield* (yield* models.get("critic")).call("hi")
      return { priced: priced.metadata, free: free.metadata }
    })
    const { free, priced } = await Effect.runPromise(Effect.provide(asked, models.engine))
    expect(priced.cost).toEqual({ amount: priced.usage?.promptTokens, currency: "CNY" })
    expect(priced.trail[0]?.cost).toEqual(priced.cost)
    expect(free).not.toHaveProperty("cost")
  })
})

describe("PromiseChatModels", () => {
  it("gives models by their names, and throws for others with those that there are", async () => {
    const models = await PromiseChatModels.fromYaml(file)
    expect(models.names).toEqual(["planner", "critic"])
    const { metadata } = await models.get("planner").call("hi")
    expect(metadata.model).toBe("qwen-plus")
    expect(() => models.get("worker")).toThrow(ConfigError)
    expect(() => models.get("worker")).toThrow(problem)
    await models.close()
  })

  it("closes once, and ends what is under way at every model", async () => {
    const models = await PromiseChatModels.fromOptions(config())
    vendors.addFault({ kind: "stall.before" })
    const pending = [models.get("planner").call("hi"), models.get("critic").call("hi")]
    const settled = Promise.allSettled(pending)
    expect(models.close()).toBe(models.close())
    await models.close()
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected"])
    await expect(models.get("planner").call("hi")).rejects.toThrow("closed")
  })

  it("rejects with the ConfigError of a configuration that is wrong", async () => {
    const wrong = { ...config(), models: { planner: { model: "gpt-5" } } }
    await expect(PromiseChatModels.fromOptions(wrong)).rejects.toThrow('"gpt-5" is taken by no route')
  })
})
