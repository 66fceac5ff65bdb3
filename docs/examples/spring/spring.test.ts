/** Both twins of the article's controller, started as a reader would start them, against the mock vendors. */
import { readFileSync } from "node:fs"
import * as path from "node:path"
import { MockServer, Vendors } from "@understudy/mocks"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import * as effect from "./effect.ts"
import * as nestjs from "./nestjs.ts"

const vendors = Vendors.make({
  keys: {
    "sk-demo-qwen": { vendor: "qwen" },
    "sk-demo-deepseek-1": { vendor: "deepseek" },
    "sk-demo-deepseek-2": { vendor: "deepseek" }
  },
  replies: (request, vendor) => `${vendor} ${request.model} heard: ${request.messages.at(-1)?.text}`
})
let server: MockServer.MockServer

beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
beforeEach(() => {
  vi.stubEnv("DASHSCOPE_API_KEY", "sk-demo-qwen")
  vi.stubEnv("DEEPSEEK_API_KEY", "sk-demo-deepseek-1,sk-demo-deepseek-2")
  vi.stubEnv("QWEN_BASE_URL", server.urls.qwen)
  vi.stubEnv("DEEPSEEK_BASE_URL", server.urls.deepseek)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vendors.reset()
})
afterAll(() => server.close())

const deepseek = "deepseek deepseek-flash heard: 你是谁？"
const qwq = "qwen qwq-32b heard: 你是谁？"

describe.each([
  ["nestjs", nestjs.start],
  ["effect", effect.start]
])("%s", (_, start) => {
  let service: Awaited<ReturnType<typeof start>>
  beforeEach(async () => {
    service = await start({ port: 0 })
  })
  afterEach(() => service.close())

  const get = (path: string, init?: RequestInit) =>
    fetch(`${service.url}${path}?input=${encodeURIComponent("你是谁？")}`, init)

  /** The text of an answer, and of a streamed one, asked for together. */
  const answers = async (): Promise<ReadonlyArray<string>> => {
    const called = await get("/chat")
    const streamed = await get("/chat/stream")
    expect([called.status, streamed.status]).toEqual([200, 200])
    expect(streamed.headers.get("content-type")).toContain("text/event-stream")
    const events = [...(await streamed.text()).matchAll(/^data: (.+)$/gm)]
    return [await called.text(), events.map(([, data = ""]) => JSON.parse(data).delta).join("")]
  }

  it("answers the article's call, whole and as it is written", async () => {
    expect(await answers()).toEqual([deepseek, deepseek])
  })

  it("keeps the model when one of its keys is bad", async () => {
    vendors.setKey("sk-demo-deepseek-1", { vendor: "deepseek", state: "invalid" })
    for (let i = 0; i < 3; i++) expect(await answers()).toEqual([deepseek, deepseek])
  })

  it("lets QwQ-32B answer when DeepSeek is down", async () => {
    vendors.addFault({ vendor: "deepseek", kind: "reset.before" })
    expect(await answers()).toEqual([qwq, qwq])
  })

  it("leaves the vendor when its caller leaves", async () => {
    vendors.addFault({ kind: "stall.midstream", afterChunks: 30 })
    const caller = new AbortController()
    const response = await get("/chat/stream", { signal: caller.signal })
    expect(response.status).toBe(200)
    caller.abort()
    expect((await vendors.journal.waitFor(({ end }) => end !== "open")).end).toBe("client-left")
  })
})

const read = (file: string): string => readFileSync(path.join(import.meta.dirname, file), "utf8")

it.each(["", ".zh-CN"])("the guide%s shows the article's listings as they are here", (language) => {
  const guide = read(`../../guides/spring-ai-users${language}.md`)
  expect(guide).toContain(read("ChatModelController.java"))
  expect(guide).toContain(read("understudy.yaml").replace(/^#.*\n/gm, ""))
  expect(guide).toContain(read("application.yml").replace(/^#.*\n/gm, ""))
})
