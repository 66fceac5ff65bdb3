import { request as httpsRequest } from "node:https"
import * as tls from "node:tls"
import { Clock, MockNetwork, MockServer, Vendors } from "@understudy/mocks"
import OpenAI from "openai"
import * as undici from "undici"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { keys, qwenKey } from "./support.ts"

const clock = Clock.manual()
const vendors = Vendors.make({ clock, keys })
const network = MockNetwork.make(vendors)
beforeAll(() => network.enable())
afterEach(() => vendors.reset())
afterAll(() => network.disable())

const url = "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions"
const init = (stream = true) => ({
  method: "POST" as const,
  headers: { authorization: `Bearer ${qwenKey}` },
  body: JSON.stringify({ model: "qwen-turbo", stream, messages: [{ role: "user", content: "echo: a b c d e f" }] })
})

describe("interception", () => {
  it("catches npm's undici: request, Pool and fetch", async () => {
    const direct = await undici.request(url, init(false))
    expect(await direct.body.text()).toContain('"content":"a b c d e f"')
    const pool = new undici.Pool("https://dashscope.aliyuncs.com")
    const pooled = await pool.request({ path: "/compatible-mode/v1/chat/completions", ...init(false) })
    expect(await pooled.body.text()).toContain("qwen-turbo")
    await pool.close()
    expect((await undici.fetch(url, init())).status).toBe(200)
    expect(vendors.journal.total).toBe(3)
  })

  it("catches node:https", async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const { body, ...options } = init(false)
    const outgoing = httpsRequest(url, options, async (response) => {
      let text = ""
      for await (const part of response) text += part
      resolve(text)
    })
    outgoing.end(body)
    expect(await promise).toContain("qwen-turbo")
  })

  it("keeps a connection to a mocked host here while its client has nothing to ask yet", async () => {
    const lookup = vi.fn<NonNullable<tls.ConnectionOptions["lookup"]>>()
    const socket = tls.connect({ host: "dashscope.aliyuncs.com", port: 443, lookup })
    const answer = new Promise<string>((resolve) => socket.setEncoding("utf8").once("data", resolve))
    await new Promise((resolve) => socket.once("connect", resolve))
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(lookup).not.toHaveBeenCalled()
    socket.write("GET /compatible-mode/v1/models HTTP/1.1\r\nhost: dashscope.aliyuncs.com\r\n\r\n")
    expect(await answer).toContain("HTTP/1.1 401")
    socket.destroy()
  })

  it("fails requests to hosts that are not mocked, without their query or body", async () => {
    const failure = await fetch("https://api.openai.com/v1/chat/completions?secret=1", {
      method: "POST",
      body: "private"
    }).catch((error: Error) => error)
    const message = String((failure as Error).cause)
    expect(message).toContain("POST https://api.openai.com/v1/chat/completions is not mocked and must not be called")
    expect(message).not.toMatch(/secret|private/)
    expect(network.unhandled).toEqual(["POST https://api.openai.com/v1/chat/completions"])
  })

  it("fails other paths of a mocked host, such as the native protocol", async () => {
    const native = "https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation"
    await expect(undici.request(native, { method: "POST" })).rejects.toThrow("is not mocked")
  })

  it("lets the loopback pass", async () => {
    const server = await MockServer.listen(Vendors.make())
    expect((await fetch(server.url)).status).toBe(200)
    await server.close()
  })

  it("answers on other base URLs when told to", async () => {
    network.disable()
    const intl = MockNetwork.make(vendors, { qwen: ["https://dashscope-intl.aliyuncs.com/compatible-mode/v1/"] })
    intl.enable()
    expect((await fetch(url.replace("dashscope", "dashscope-intl"), init())).status).toBe(200)
    intl.disable()
    network.enable()
    expect(() => MockNetwork.make(vendors, { qwen: ["dashscope"] })).toThrow(
      'qwen must be a list of absolute URLs; got "dashscope"'
    )
  })

  it("frees those who wait when it is disabled", async () => {
    vendors.addFault({ kind: "stall.before", times: 1 })
    const waiting = expect(fetch(url, init())).rejects.toThrow()
    await vendors.journal.waitFor(({ end }) => end === "open")
    network.disable()
    await waiting
    network.enable()
    expect(vendors.journal.entries[0]?.end).toBe("server-closed")
  })

  it.each([
    ["refuse", "ECONNREFUSED"],
    ["dns", "ENOTFOUND"]
  ] as const)("does %s, which a server cannot", async (kind, code) => {
    vendors.addFault({ kind })
    const failure = (await fetch(url, init()).catch((error: Error) => error)) as Error
    expect((failure.cause as { code: string }).code).toBe(code)
    expect(vendors.journal.entries[0]?.end).toBe("refused")
  })

  it("keeps four parallel calls apart", async () => {
    const texts = ["one", "two", "three", "four"].map(async (word) => {
      const body = JSON.stringify({ model: "qwen-turbo", messages: [{ role: "user", content: `echo: ${word}` }] })
      const reply = (await (await fetch(url, { ...init(), body })).json()) as any
      return reply.choices[0].message.content
    })
    expect(await Promise.all(texts)).toEqual(["one", "two", "three", "four"])
  })
})

describe("pitfalls of MSW 3", () => {
  it("P1: a mid-stream error is not a clean end", async () => {
    vendors.addFault({ kind: "cut.midstream", afterChunks: 2 })
    const response = await fetch(url, init())
    expect(response.headers.get("transfer-encoding")).toBe("chunked")
    await expect(response.text()).rejects.toThrow("terminated")
  })

  it("P2: a client that aborts a stalled body kills nothing", async () => {
    const crashes = vi.fn()
    process.on("uncaughtException", crashes)
    vendors.addFault({ kind: "stall.midstream" })
    const abort = new AbortController()
    const response = await fetch(url, { ...init(), signal: abort.signal })
    abort.abort()
    await expect(response.text()).rejects.toThrow("aborted")
    expect((await vendors.journal.waitFor(({ end }) => end !== "open")).end).toBe("client-left")
    await new Promise((resolve) => setImmediate(resolve))
    process.off("uncaughtException", crashes)
    expect(crashes).not.toHaveBeenCalled()
  })

  it("P3: headers do not wait for the first byte of the body", async () => {
    vendors.addFault({ kind: "slow.firstToken", delay: "1h" })
    const response = await fetch(url, init())
    expect(response.status).toBe(200)
    clock.advance("1h")
    expect(await response.text()).toContain("[DONE]")
  })

  it("P4: a body that is too short fails instead of hanging", async () => {
    vendors.addFault({ kind: "body.short" })
    const response = await fetch(url, init())
    expect(response.headers.has("content-length")).toBe(false)
    await expect(response.text()).rejects.toThrow("terminated")
  })

  it("P5: a reset arrives as ECONNRESET, not as a 500 with a stack trace", async () => {
    vendors.addFault({ kind: "reset.before" })
    const client = new OpenAI({ apiKey: qwenKey, baseURL: url.replace("/chat/completions", ""), maxRetries: 0 })
    const call = client.chat.completions.create({ model: "qwen-turbo", messages: [{ role: "user", content: "hi" }] })
    await expect(call).rejects.toThrow(OpenAI.APIConnectionError)
    const failure = (await fetch(url, init()).catch((error: Error) => error)) as Error
    expect(failure.cause).toMatchObject({ code: "ECONNRESET", syscall: "read" })
  })

  it("P6: nothing is printed for a fault that was asked for", async () => {
    const printed = vi.spyOn(console, "error").mockImplementation(() => undefined)
    vendors.addFault({ kind: "reset.before" })
    await fetch(url, init()).catch(() => undefined)
    expect(printed).not.toHaveBeenCalled()
    printed.mockRestore()
  })

  it("runs an hour of queueing under the test runner's fake timers", async () => {
    network.disable()
    const timed = Vendors.make({ keys, faults: [{ kind: "slow.firstToken", delay: "1h" }] })
    const own = MockNetwork.make(timed)
    own.enable()
    vi.useFakeTimers()
    try {
      const text = fetch(url, init()).then((response) => response.text())
      await timed.journal.waitFor((entry) => entry.status === 200)
      await vi.advanceTimersByTimeAsync(3_600_000)
      expect(await text).toContain("[DONE]")
      const [entry] = timed.journal.entries
      expect((entry?.endedAt ?? 0) - (entry?.arrivedAt ?? 0)).toBeGreaterThanOrEqual(3_600_000)
    } finally {
      vi.useRealTimers()
      own.disable()
      network.enable()
    }
  })
})
