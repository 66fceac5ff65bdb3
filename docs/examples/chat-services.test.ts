/** Each chat service, started as a reader would start it, against the mock vendors. */
import * as Gateway from "@understudy/gateway/Gateway"
import { MockServer, Vendors } from "@understudy/mocks"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import * as effect from "./chat-service-effect/main.ts"
import * as behindGateway from "./chat-service-gateway/main.ts"
import * as plain from "./chat-service-plain/main.ts"

const vendors = Vendors.make({
  keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } },
  replies: (request, vendor) => `${vendor} heard: ${request.messages.at(-1)?.text}`
})
let server: MockServer.MockServer

beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vendors.reset()
})
afterAll(() => server.close())

const stubVendors = () => {
  vi.stubEnv("DASHSCOPE_API_KEY", "sk-demo-qwen")
  vi.stubEnv("DEEPSEEK_API_KEY", "sk-demo-deepseek")
  vi.stubEnv("QWEN_BASE_URL", server.urls.qwen)
  vi.stubEnv("DEEPSEEK_BASE_URL", server.urls.deepseek)
}

const ask = async (url: string, path = "/chat", input = "hello") => {
  const response = await fetch(`${url}${path}?input=${encodeURIComponent(input)}`)
  return { status: response.status, text: await response.text(), model: response.headers.get("x-model") }
}

describe.each([
  ["chat-service-effect", effect.start],
  ["chat-service-plain", plain.start]
])("%s", (_, start) => {
  it("answers with Qwen, and with DeepSeek when no Qwen key works", async () => {
    stubVendors()
    const service = await start({ port: 0 })
    expect(await ask(service.url)).toMatchObject({ status: 200, text: "qwen heard: hello" })
    vendors.setKey("sk-demo-qwen", { vendor: "qwen", state: "invalid" })
    expect(await ask(service.url)).toMatchObject({ status: 200, text: "deepseek heard: hello" })
    await service.close()
  })

  it("says what is wrong when it cannot answer", async () => {
    stubVendors()
    const service = await start({ port: 0 })
    expect((await ask(service.url, "/chat", "")).status).toBeGreaterThanOrEqual(400)
    vendors.addFault({ kind: "content.input" })
    const { status, text } = await ask(service.url)
    expect(status).toBe(502)
    expect(text).toContain("qwen answered 400")
    await service.close()
  })
})

describe("chat-service-plain", () => {
  it("streams the text as it is written", async () => {
    stubVendors()
    const service = await plain.start({ port: 0 })
    expect(await ask(service.url, "/chat/stream")).toMatchObject({ status: 200, text: "qwen heard: hello" })
    await service.close()
  })

  it("leaves the vendor when its caller leaves", async () => {
    stubVendors()
    vendors.addFault({ kind: "stall.midstream", afterChunks: 12 })
    const service = await plain.start({ port: 0 })
    const caller = new AbortController()
    const response = await fetch(`${service.url}/chat/stream?input=hello`, { signal: caller.signal })
    expect(response.status).toBe(200)
    caller.abort()
    expect((await vendors.journal.waitFor(({ end }) => end !== "open")).end).toBe("client-left")
    await service.close()
  })
})

describe("chat-service-gateway", () => {
  it.each([
    "/v1",
    "",
    "/v1/chat/completions"
  ])("answers through the gateway at a base URL that ends in '%s'", async (path) => {
    const gateway = await Gateway.start({
      port: 0,
      log: false,
      config: {
        version: 1,
        providers: { deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] } },
        routes: [{ name: "deepseek", match: { model: { prefix: "deepseek-" } }, targets: [{ provider: "deepseek" }] }],
        consumers: [{ name: "demo", keys: ["consumer-demo-1"] }]
      }
    })
    vi.stubEnv("UNDERSTUDY_BASE_URL", `${gateway.url}${path}`)
    vi.stubEnv("UNDERSTUDY_API_KEY", "consumer-demo-1")
    const service = await behindGateway.start({ port: 0 })
    expect(await ask(service.url)).toEqual({ status: 200, text: "deepseek heard: hello", model: "deepseek-flash" })
    await service.close()
    vi.stubEnv("UNDERSTUDY_API_KEY", "consumer-demo-wrong")
    const stranger = await behindGateway.start({ port: 0 })
    expect((await ask(stranger.url)).status).toBe(502)
    await stranger.close()
    await gateway.close()
  })
})
