import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { get } from "node:http"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { text } from "node:stream/consumers"
import { Controller, Get, Inject, Module } from "@nestjs/common"
import { NestFactory } from "@nestjs/core"
import { HealthCheck, HealthCheckService, TerminusModule } from "@nestjs/terminus"
import type { PromiseChatModel } from "@understudy/chat-model/PromiseChatModel"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { MockServer, Vendors } from "@understudy/mocks"
import * as Effect from "effect/Effect"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { getChatModelToken, getUnderstudyToken, InjectChatModel } from "../src/InjectChatModel.ts"
import { UnderstudyHealthIndicator } from "../src/UnderstudyHealthIndicator.ts"
import type { UnderstudyHost } from "../src/UnderstudyHost.ts"
import { UnderstudyModule } from "../src/UnderstudyModule.ts"

type Import = ReturnType<typeof UnderstudyModule.forRoot>

const vendors = Vendors.make({
  keys: {
    "sk-demo-qwen-1": { vendor: "qwen" },
    "sk-demo-qwen-2": { vendor: "qwen" },
    "sk-demo-deepseek": { vendor: "deepseek" }
  }
})
let server: MockServer.MockServer
const closing: Array<() => Promise<void>> = []

beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  vi.unstubAllEnvs()
  vendors.reset()
})
afterAll(() => server.close())

const config = (): UnderstudyOptions => ({
  version: 1,
  providers: {
    qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen-1", "sk-demo-qwen-2"] },
    deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] },
    spare: { type: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1", keys: ["sk-demo-spare"] }
  },
  routes: [
    { name: "aliyun", match: { model: { prefix: "qwen-" } }, targets: [{ provider: "qwen" }] },
    { name: "deepseek", match: { model: { prefix: "deepseek-" } }, targets: [{ provider: "deepseek" }] }
  ]
})

const start = async (...imports: ReadonlyArray<Import>) => {
  @Module({ imports: [...imports] })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false })
  closing.push(() => app.close())
  return app
}

const model = "qwen-turbo"

describe("forRoot", () => {
  it("takes a configuration, a file, the environment's file, or a gateway", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "understudy-nestjs-"))
    const file = path.join(folder, "some.yaml")
    writeFileSync(file, JSON.stringify(config()))
    vi.stubEnv("UNDERSTUDY_CONFIG", file)
    const remote = { baseUrl: `${server.urls.qwen}`, apiKey: "sk-demo-qwen-1", model }
    for (const given of [
      { config: config(), options: { model } },
      { path: file, options: { model } },
      { options: { model } },
      { remote }
    ]) {
      const app = await start(UnderstudyModule.forRoot(given))
      const chatModel: PromiseChatModel = app.get(getChatModelToken(), { strict: false })
      expect((await chatModel.call("hi")).metadata.model).toBe(model)
    }
    rmSync(folder, { recursive: true })
  })

  it("keeps several models apart by their names", async () => {
    const app = await start(
      UnderstudyModule.forRoot({ config: config(), options: { model } }),
      UnderstudyModule.forRoot({ config: config(), options: { model: "deepseek-chat" }, name: "drafts" })
    )
    const models = ["default", "drafts"].map(
      (name): PromiseChatModel => app.get(getChatModelToken(name), { strict: false })
    )
    const answers = await Promise.all(models.map((chatModel) => chatModel.call("hi")))
    expect(answers.map(({ metadata }) => metadata.model)).toEqual([model, "deepseek-chat"])
  })

  it("injects the configuration's named models, over one engine", async () => {
    const models = { planner: { model: "qwen-plus" }, critic: { model: "deepseek-chat" } }
    const app = await start(
      UnderstudyModule.forRoot({ config: { ...config(), models }, options: { model }, models: ["planner", "critic"] })
    )
    const answered = [undefined, "planner", "critic"].map(async (name) => {
      const chatModel: PromiseChatModel = app.get(getChatModelToken(name), { strict: false })
      return (await chatModel.call("hi")).metadata.model
    })
    expect(await Promise.all(answered)).toEqual([model, "qwen-plus", "deepseek-chat"])
    const planner: PromiseChatModel = app.get(getChatModelToken("planner"), { strict: false })
    await closing.pop()?.()
    await expect(planner.call("hi")).rejects.toThrow("closed")
  })

  it("does not start with a named model that the configuration does not have", async () => {
    const models = { planner: { model: "qwen-plus" } }
    const starting = start(UnderstudyModule.forRoot({ config: { ...config(), models }, models: ["planer"] }))
    await expect(starting).rejects.toThrow("models.planer: is not there. Models: planner")
  })

  it("is known everywhere when it is global, and only where it is imported when it is not", async () => {
    class Asker {
      readonly chatModel: PromiseChatModel
      constructor(@InjectChatModel() chatModel: PromiseChatModel) {
        this.chatModel = chatModel
      }
    }
    @Module({ providers: [Asker] })
    class Feature {}
    const root = (global: boolean) => UnderstudyModule.forRoot({ config: config(), options: { model }, global })
    const app = await start(root(true), { module: Feature })
    expect((await app.get(Asker, { strict: false }).chatModel.call("hi")).metadata.model).toBe(model)
    await expect(start(root(false), { module: Feature })).rejects.toThrow("UnderstudyChatModel(default)")
  })

  it.each([
    ["takes one of config, path and remote, got path and remote", { path: "a.yaml", remote: { baseUrl: "http://a" } }],
    ["/nowhere.yaml  does not exist (as given)", { path: "/nowhere.yaml" }],
    ["providers", { config: { version: 1, providers: {}, routes: [] } as never }]
  ])("says %s", async (message, options) => {
    await expect(start(UnderstudyModule.forRoot(options))).rejects.toThrow(message)
  })

  it("says what may be given when nothing is and no file is found", async () => {
    vi.stubEnv("UNDERSTUDY_CONFIG", "/nowhere/understudy.yaml")
    const error = await start(UnderstudyModule.forRoot()).catch((error: unknown) => error)
    expect(error).toMatchObject({ _tag: "ConfigError", message: expect.stringContaining("from UNDERSTUDY_CONFIG") })
    expect(String(error)).toContain("given none of config, path and remote")
  })
})

describe("forRootAsync", () => {
  class Settings {
    readonly model = model
  }
  @Module({ providers: [Settings], exports: [Settings] })
  class SettingsModule {}

  it("makes the model from what other providers know", async () => {
    const app = await start(
      UnderstudyModule.forRootAsync({
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: async (settings: Settings) => ({ config: config(), options: { model: settings.model } })
      })
    )
    const chatModel: PromiseChatModel = app.get(getChatModelToken(), { strict: false })
    expect((await chatModel.call("hi")).metadata.model).toBe(model)
  })

  it("says so when the factory returns nothing", async () => {
    const module = UnderstudyModule.forRootAsync({ useFactory: () => undefined as never })
    await expect(start(module)).rejects.toThrow("useFactory must return options")
  })
})

describe("shutdown", () => {
  it("closes the model", async () => {
    const app = await start(UnderstudyModule.forRoot({ config: config(), options: { model } }))
    const chatModel: PromiseChatModel = app.get(getChatModelToken(), { strict: false })
    await app.close()
    await expect(chatModel.call("hi")).rejects.toThrow("is closed")
  })

  it("answers a request under way first", async () => {
    @Controller("chat")
    class ChatController {
      readonly #chatModel: PromiseChatModel
      constructor(@InjectChatModel() chatModel: PromiseChatModel) {
        this.#chatModel = chatModel
      }
      @Get()
      async chat() {
        return (await this.#chatModel.call("echo: still here")).text
      }
    }
    @Module({
      imports: [UnderstudyModule.forRoot({ config: config(), options: { model } })],
      controllers: [ChatController]
    })
    class AppModule {}
    const app = await NestFactory.create(AppModule, { logger: false })
    await app.listen(0, "127.0.0.1")
    vendors.addFault({ kind: "slow.headers", delay: 50 })
    // A connection that is kept alive would hold the server open for seconds.
    const request = get(`${await app.getUrl()}/chat`, { agent: false })
    const asked = once(request, "response").then(([response]) => text(response))
    await vendors.journal.waitFor(({ end }) => end === "open")
    await app.close()
    expect(await asked).toBe("still here")
  })
})

describe("UnderstudyHealthIndicator", () => {
  const healthOf = async (options: UnderstudyOptions = config()) => {
    const app = await start(UnderstudyModule.forRoot({ config: options, options: { model } }))
    const host: UnderstudyHost = app.get(getUnderstudyToken(), { strict: false })
    const indicator = app.get(UnderstudyHealthIndicator, { strict: false })
    return { host, health: () => indicator.isHealthy("models") }
  }

  it("counts the usable keys of the providers that routes lead to", async () => {
    const { health, host } = await healthOf()
    expect(await health()).toEqual({
      models: { status: "up", providers: { qwen: { usable: 2, keys: 2 }, deepseek: { usable: 1, keys: 1 } } }
    })
    vendors.setKey("sk-demo-qwen-1", { vendor: "qwen", state: "invalid" })
    vendors.setKey("sk-demo-qwen-2", { vendor: "qwen", state: "invalid" })
    await expect(host.chatModel.call("hi")).rejects.toThrow("Unauthorized")
    expect(await health()).toMatchObject({ models: { status: "up", providers: { qwen: { usable: 0, keys: 2 } } } })
    expect(JSON.stringify(await health())).not.toContain("sk-demo")
  })

  it("is down when no key of any route may be used", async () => {
    const { health, host } = await healthOf({
      ...config(),
      routes: [{ name: "deepseek", match: { model: { prefix: "qwen-" } }, targets: [{ provider: "deepseek" }] }]
    })
    vendors.setKey("sk-demo-deepseek", { vendor: "deepseek", state: "invalid" })
    await expect(host.chatModel.call("hi")).rejects.toThrow("Unauthorized")
    expect(await health()).toEqual({
      models: {
        status: "down",
        message: expect.stringContaining("No provider"),
        providers: { deepseek: { usable: 0, keys: 1 } }
      }
    })
  })

  it("speaks for the module that is named", async () => {
    const app = await start(
      UnderstudyModule.forRoot({ config: config() }),
      UnderstudyModule.forRoot({ remote: { baseUrl: server.urls.qwen }, name: "gateway" })
    )
    const indicator = app.get(UnderstudyHealthIndicator, { strict: false })
    expect(await indicator.isHealthy("models", "gateway")).toMatchObject({
      models: { status: "up", providers: { gateway: { usable: 1, keys: 1 } } }
    })
  })

  it("is what terminus takes", async () => {
    @Controller("health")
    class HealthController {
      readonly #health: HealthCheckService
      readonly #understudy: UnderstudyHealthIndicator
      constructor(
        @Inject(HealthCheckService) health: HealthCheckService,
        @Inject(UnderstudyHealthIndicator) understudy: UnderstudyHealthIndicator
      ) {
        this.#health = health
        this.#understudy = understudy
      }
      @Get()
      @HealthCheck()
      check() {
        return this.#health.check([() => this.#understudy.isHealthy("models")])
      }
    }
    const app = await NestFactory.create(
      {
        module: class AppModule {},
        imports: [TerminusModule, UnderstudyModule.forRoot({ config: config(), options: { model } })],
        controllers: [HealthController]
      },
      { logger: false }
    )
    closing.push(() => app.close())
    await app.listen(0, "127.0.0.1")
    const url = `${await app.getUrl()}/health`
    const well = await fetch(url)
    expect(well.status).toBe(200)
    expect(await well.json()).toMatchObject({ status: "ok", info: { models: { status: "up" } } })
    const host: UnderstudyHost = app.get(getUnderstudyToken(), { strict: false })
    for (const { keys, provider } of await Effect.runPromise(host.understudy.keys)) {
      for (const { id } of keys) await Effect.runPromise(host.understudy.setKeyEnabled(provider, id, false))
    }
    const ill = await fetch(url)
    expect(ill.status).toBe(503)
    expect(await ill.json()).toMatchObject({ status: "error", error: { models: { status: "down" } } })
  })
})
