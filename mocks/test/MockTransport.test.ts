import { Clock, MockServer, MockTransport, Vendors } from "@understudy/mocks"
import * as undici from "undici"
import { describe, expect, it } from "vitest"
import { deepseekKey, keys, qwenKey, world } from "./support.ts"

interface Ask {
  readonly vendor?: "deepseek" | "qwen"
  readonly origin?: string
  readonly path?: string
  readonly stream?: boolean
  readonly onData?: () => void
}

const requestOf = ({ vendor = "qwen", stream = true, ...place }: Ask): MockTransport.TransportRequest => ({
  method: "POST",
  ...(vendor === "qwen"
    ? { origin: "https://dashscope.aliyuncs.com", path: "/compatible-mode/v1/chat/completions" }
    : { origin: "https://api.deepseek.com", path: "/chat/completions" }),
  ...place,
  headers: { authorization: `Bearer ${vendor === "qwen" ? qwenKey : deepseekKey}` },
  body: JSON.stringify({
    model: vendor === "qwen" ? "qwen-turbo" : "deepseek-chat",
    stream,
    messages: [{ role: "user", content: "echo: a b c d e f" }]
  })
})

/** Sends, and notes what the handler is told. */
const send = (transport: MockTransport.MockTransport, { onData, ...ask }: Ask = {}) => {
  const told: Array<string> = []
  const seen = { told, text: "", status: 0, headers: {} as Readonly<Record<string, string>>, error: {} as object }
  const call = transport.send(requestOf(ask), {
    onConnected: () => told.push("connected"),
    onHeaders: (status, headers) => {
      told.push("headers")
      Object.assign(seen, { status, headers })
    },
    onData: (chunk) => {
      told.push("data")
      seen.text += chunk.toString()
      onData?.()
    },
    onEnd: () => told.push("end"),
    onError: (error) => {
      told.push("error")
      seen.error = error
    }
  })
  return { seen, call }
}

const stage = (options: Vendors.Options = {}) => {
  const { clock, vendors } = world(options)
  return { clock, vendors, transport: MockTransport.make(vendors) }
}

describe("a transport without sockets", () => {
  it("says nothing within send, and all of a plain answer in the clock's next turn", () => {
    const { clock, transport, vendors } = stage()
    const { seen } = send(transport, { stream: false })
    expect(seen.told).toEqual([])
    clock.advance(0)
    expect(seen.told).toEqual(["connected", "headers", "data", "end"])
    expect([seen.status, seen.headers["content-type"], JSON.parse(seen.text).model]).toEqual([
      200,
      "application/json",
      "qwen-turbo"
    ])
    expect(vendors.journal.entries[0]).toMatchObject({ adapter: "transport", end: "complete", status: 200, chunks: 1 })
  })

  it.each(["", "/v1", "/beta"])("reaches DeepSeek under %j, whatever the query", (base) => {
    const { clock, transport } = stage()
    const { seen } = send(transport, { vendor: "deepseek", path: `${base}/chat/completions?a=1` })
    clock.advance(0)
    expect([seen.status, seen.text.includes("[DONE]")]).toEqual([200, true])
  })

  it.each([
    ["https://api.openai.com", "/v1/chat/completions"],
    ["https://api.deepseek.com.example.org", "/chat/completions"],
    ["https://dashscope.aliyuncs.com", "/api/v1/services/aigc/text-generation/generation"]
  ])("fails %s%s, which nothing mocks, without its query", (origin, path) => {
    const { clock, transport, vendors } = stage()
    const { seen } = send(transport, { origin, path: `${path}?secret=1` })
    expect(seen.told).toEqual([])
    clock.advance(0)
    expect(seen.told).toEqual(["error"])
    expect(seen.error).toEqual({
      code: "ERR_NOT_MOCKED",
      message: `POST ${origin}${path} is not mocked and must not be called; name its base URL in MockTransport's options`
    })
    expect(vendors.journal.total).toBe(0)
  })

  it("answers on other base URLs when told to", () => {
    const { clock, vendors } = world()
    const transport = MockTransport.make(vendors, { qwen: ["https://dashscope-intl.aliyuncs.com/compatible-mode/v1/"] })
    const { seen } = send(transport, { origin: "https://dashscope-intl.aliyuncs.com" })
    clock.advance(0)
    expect(seen.status).toBe(200)
  })

  it.each([
    ["refuse", "ECONNREFUSED", "connect ECONNREFUSED dashscope.aliyuncs.com:443", "refused", ["error"]],
    ["dns", "ENOTFOUND", "getaddrinfo ENOTFOUND dashscope.aliyuncs.com", "refused", ["error"]],
    ["reset.before", "ECONNRESET", "read ECONNRESET", "reset", ["connected", "error"]],
    ["close.before", "UND_ERR_SOCKET", "other side closed", "cut", ["connected", "error"]]
  ] as const)("fails with %s before an answer", (kind, code, message, end, told) => {
    const { clock, transport, vendors } = stage({ faults: [{ kind, delay: "2s" }] })
    const { seen } = send(transport)
    clock.advance(1999)
    expect(seen.told).not.toContain("error")
    clock.advance(1)
    expect(seen).toMatchObject({ told, error: { code, message } })
    expect(vendors.journal.entries[0]).toMatchObject({ end, status: 0 })
  })

  it.each([
    ["stall.before", ["connected"]],
    ["stall.midstream", ["connected", "headers", "data"]]
  ] as const)("stays silent after %s", (kind, told) => {
    const { clock, transport, vendors } = stage({ faults: [{ kind }] })
    const { seen } = send(transport)
    clock.advance("1d")
    expect(seen.told).toEqual(told)
    expect(vendors.journal.open()).toHaveLength(1)
  })

  it("paces chunks by the clock, headers first", () => {
    const { clock, transport } = stage({ faults: [{ kind: "slow.chunks", delay: "10s" }] })
    const { seen } = send(transport)
    clock.advance(0)
    expect(seen.told).toEqual(["connected", "headers", "data"])
    clock.advance("20s")
    expect(seen.told).toEqual(["connected", "headers", "data", "data", "data"])
  })
})

describe("faults, beside a real socket", () => {
  it.each([
    "cut.midstream",
    "reset.midstream",
    "halfclose.midstream",
    "body.short",
    "reset.before",
    "close.before",
    "eof.noDone",
    "empty.200"
  ] as const)("tells the client of %s what undici is told", async (kind) => {
    const faults = [{ kind, afterChunks: 2 }]
    const { clock, transport, vendors } = stage({ faults })
    const { seen } = send(transport)
    clock.advance(0)
    const real = Vendors.make({ keys, faults })
    const server = await MockServer.listen(real)
    const { body, headers } = requestOf({})
    let text = ""
    const failure = await undici
      .request(`${server.urls.qwen}/chat/completions`, { method: "POST", headers, body: body ?? "" })
      .then(async (response) => {
        for await (const part of response.body) text += part
        return {}
      })
      .catch((error: { code: string; message: string }) => ({ code: error.code, message: error.message }))
    await server.close()
    expect(seen.error).toEqual(failure)
    expect(seen.text.length).toBe(text.length)
    const facts = ({ end, chunks, bytes, status }: Vendors.Vendors["journal"]["entries"][number]) => ({
      end,
      chunks,
      bytes,
      status
    })
    expect(vendors.journal.entries.map(facts)).toEqual(real.journal.entries.map(facts))
  })
})

describe("a client that leaves", () => {
  it("hears nothing more, and the journal says where it left", () => {
    const { clock, transport, vendors } = stage({ faults: [{ kind: "slow.chunks", delay: "1s" }] })
    const { call, seen } = send(transport)
    clock.advance("2s")
    call.abort()
    clock.advance("1h")
    expect(seen.told).toEqual(["connected", "headers", "data", "data", "data"])
    expect(vendors.journal.entries[0]).toMatchObject({ end: "client-left", left: { after: 2000, chunk: 2 } })
  })

  it("may leave before it is connected, in a callback, and after the end", () => {
    const { clock, transport, vendors } = stage({ chunkDelay: 5 })
    const early = send(transport)
    early.call.abort()
    const late = send(transport, { stream: false })
    const inside = send(transport, { onData: () => inside.call.abort() })
    clock.advance("1h")
    late.call.abort()
    expect([early, late, inside].map(({ seen }) => seen.told.at(-1))).toEqual([undefined, "end", "data"])
    expect(vendors.journal.entries.map(({ end }) => end)).toEqual(["client-left", "complete", "client-left"])
  })

  it("leaves no timer behind when it aborts in a callback", () => {
    const manual = Clock.manual()
    const pending = new Set<() => void>()
    const after = (ms: number, task: () => void) => {
      const run = () => {
        pending.delete(run)
        task()
      }
      pending.add(run)
      const cancel = manual.after(ms, run)
      return () => {
        pending.delete(run)
        cancel()
      }
    }
    const { transport } = stage({ clock: { ...manual, after }, chunkDelay: 5 })
    const { call, seen } = send(transport, { onData: () => call.abort() })
    manual.advance(0)
    expect([seen.told.at(-1), pending.size]).toEqual(["data", 0])
  })
})

describe("a client that pauses", () => {
  it("is handed what was held back once it resumes, in order and not within resume", () => {
    const { clock, transport, vendors } = stage({ chunkDelay: 5 })
    const { call, seen } = send(transport)
    clock.advance(5)
    const before = seen.told.length
    call.pause()
    clock.advance("1h")
    expect([seen.told.length, vendors.journal.entries[0]?.end]).toEqual([before, "open"])
    call.resume()
    expect(seen.told.length).toBe(before)
    clock.advance(0)
    expect([seen.told.at(-1), seen.text.endsWith("data: [DONE]\n\n")]).toEqual(["end", true])
  })

  it("may pause again at every chunk", () => {
    const { clock, transport } = stage({ chunkDelay: 5 })
    const { call, seen } = send(transport, { onData: () => call.pause() })
    clock.advance("1h")
    let turns = 0
    for (; seen.told.at(-1) !== "end" && turns < 50; turns++) {
      call.resume()
      clock.advance(0)
    }
    expect(turns).toBe(seen.told.filter((name) => name === "data").length)
    expect(seen.text).toContain("[DONE]")
  })
})
