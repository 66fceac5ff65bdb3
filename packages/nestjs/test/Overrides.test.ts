/** Applications under test, whose ChatModel is a scripted one, and applications with providers that live for a request. */

import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Controller, Get, Inject, Injectable, Module, Scope } from "@nestjs/common"
import { REQUEST } from "@nestjs/core"
import { Test } from "@nestjs/testing"
import type { PromiseChatModel } from "@understudy/chat-model/PromiseChatModel"
import * as TestChatModel from "@understudy/chat-model/TestChatModel"
import { afterEach, describe, expect, it, vi } from "vitest"
import { getChatModelToken, getUnderstudyToken, InjectChatModel } from "../src/InjectChatModel.ts"
import { UnderstudyHealthIndicator } from "../src/UnderstudyHealthIndicator.ts"
import type { UnderstudyHost } from "../src/UnderstudyHost.ts"
import { UnderstudyModule } from "../src/UnderstudyModule.ts"
import type { UnderstudyModuleOptions } from "../src/UnderstudyModuleOptions.ts"

const closing: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

@Controller("chat")
class ChatController {
  readonly #chatModel: PromiseChatModel
  constructor(@InjectChatModel() chatModel: PromiseChatModel) {
    this.#chatModel = chatModel
  }
  @Get()
  async chat() {
    return (await this.#chatModel.call("hi")).text
  }
}

describe("a test that overrides the ChatModel", () => {
  const nowhere = { path: "/nowhere/understudy.yaml", models: ["planner"] }

  it("reads no configuration and starts no engine", async () => {
    const scripted = await TestChatModel.promise(["scripted"])
    const useFactory = vi.fn((): UnderstudyModuleOptions => nowhere)
    const compiled = await Test.createTestingModule({
      imports: [UnderstudyModule.forRootAsync({ useFactory, models: ["planner"] })],
      controllers: [ChatController]
    })
      .overrideProvider(getChatModelToken())
      .useValue(scripted)
      .overrideProvider(getChatModelToken("planner"))
      .useValue(scripted)
      .compile()
    await compiled.init()
    expect(await compiled.get(ChatController).chat()).toBe("scripted")
    expect(useFactory).not.toHaveBeenCalled()
    const host: UnderstudyHost = compiled.get(getUnderstudyToken(), { strict: false })
    expect(host.isStarted).toBe(false)
    expect(() => host.understudy).toThrow("No engine has been started")
    const indicator = compiled.get(UnderstudyHealthIndicator, { strict: false })
    expect(await indicator.isHealthy("models")).toEqual({
      models: { status: "up", message: "No engine has been started", providers: {} }
    })
    await compiled.close()
  })

  it("still starts the engine for a model that it does not override", async () => {
    const scripted = await TestChatModel.promise(["scripted"])
    const compiling = Test.createTestingModule({ imports: [UnderstudyModule.forRoot(nowhere)] })
      .overrideProvider(getChatModelToken())
      .useValue(scripted)
      .compile()
    await expect(compiling).rejects.toMatchObject({ _tag: "ConfigError" })
  })

  it("may put a host of its own in its place", async () => {
    const chatModel = await TestChatModel.promise(["scripted"])
    const compiled = await Test.createTestingModule({
      imports: [UnderstudyModule.forRoot({ path: nowhere.path })],
      controllers: [ChatController]
    })
      .overrideProvider(getUnderstudyToken())
      .useValue({ chatModel })
      .compile()
    expect(await compiled.get(ChatController).chat()).toBe("scripted")
    await compiled.close()
  })
})

/** A vendor that counts the connections that are open to it. */
const listen = async () => {
  let connections = 0
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      const message = { role: "assistant", content: String(request.headers.authorization) }
      response.setHeader("content-type", "application/json")
      response.end(
        JSON.stringify({
          id: "1",
          object: "chat.completion",
          created: 1,
          model: "m",
          choices: [{ index: 0, finish_reason: "stop", message }]
        })
      )
    })
  })
  server.on("connection", (socket) => {
    connections++
    socket.on("close", () => connections--)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return { url, connections: () => connections }
}

describe("options that come from what lives for a request", () => {
  const serve = async (keyOf: (request: { readonly headers: Readonly<Record<string, string>> }) => string) => {
    const vendor = await listen()

    @Injectable({ scope: Scope.REQUEST })
    class Tenant {
      readonly key: string
      constructor(@Inject(REQUEST) request: { readonly headers: Readonly<Record<string, string>> }) {
        this.key = keyOf(request)
      }
    }
    @Module({ providers: [Tenant], exports: [Tenant] })
    class TenantModule {}
    const compiled = await Test.createTestingModule({
      imports: [
        UnderstudyModule.forRootAsync({
          imports: [TenantModule],
          inject: [Tenant],
          useFactory: (tenant: Tenant) => ({ remote: { baseUrl: vendor.url, apiKey: tenant.key, model: "m" } })
        })
      ],
      controllers: [ChatController]
    }).compile()
    const app = compiled.createNestApplication()
    await app.listen(0, "127.0.0.1")
    closing.push(() => app.close())
    const url = `${await app.getUrl()}/chat`
    const ask = async (tenant: string) => (await fetch(url, { headers: { tenant, connection: "close" } })).text()
    return { app, ask, vendor }
  }

  it("have one engine for as long as they are equal, which ends with the application", async () => {
    const { app, ask, vendor } = await serve(() => "sk-demo-all")
    for (let request = 0; request < 5; request++) expect(await ask("any")).toBe("Bearer sk-demo-all")
    expect(vendor.connections()).toBe(1)
    await app.close()
    await vi.waitFor(() => expect(vendor.connections()).toBe(0))
  })

  it("have an engine each where they differ, so that nobody asks with another's key", async () => {
    const { app, ask, vendor } = await serve(({ headers }) => `sk-demo-${headers["tenant"]}`)
    for (const tenant of ["ann", "bob", "ann", "bob"]) expect(await ask(tenant)).toBe(`Bearer sk-demo-${tenant}`)
    expect(vendor.connections()).toBe(2)
    await app.close()
    await vi.waitFor(() => expect(vendor.connections()).toBe(0))
  })
})
