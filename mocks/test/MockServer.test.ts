import { connect } from "node:net"
import { Clock, MockServer, VendorList, Vendors } from "@understudy/mocks"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { deepseekKey, keys, qwenKey } from "./support.ts"

const clock = Clock.manual()
const vendors = Vendors.make({ clock, keys })
let server: MockServer.MockServer
beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
afterEach(() => vendors.reset())
afterAll(() => server.close())

const chat = (
  options: { vendor?: "qwen" | "deepseek"; stream?: boolean; signal?: AbortSignal; path?: string } = {}
) => {
  const { vendor = "qwen", stream = true, signal } = options
  const base = vendor === "qwen" ? server.urls.qwen : server.urls.deepseek
  return fetch(`${base}${options.path ?? ""}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${vendor === "qwen" ? qwenKey : deepseekKey}` },
    body: JSON.stringify({
      model: vendor === "qwen" ? "qwen-turbo" : "deepseek-chat",
      stream,
      messages: [{ role: "user", content: "echo: a b c d e f" }]
    }),
    ...(signal === undefined ? {} : { signal })
  })
}

/** Reads until the body ends or fails; says how. */
const drain = async (response: Response) => {
  let text = ""
  const decoder = new TextDecoder()
  try {
    for await (const part of response.body ?? []) text += decoder.decode(part, { stream: true })
  } catch (error) {
    const cause = ((error as Error).cause ?? error) as { code: string | number; message: string }
    return { text, code: cause.code, message: cause.message }
  }
  return { text, code: undefined, message: undefined }
}

const control = async (method: string, path: string, body?: unknown) => {
  const response = await fetch(`${server.url}/_mock${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) })
  })
  return { status: response.status, body: (await response.json()) as any }
}

describe("sockets", () => {
  it.each([
    ["cut.midstream", "UND_ERR_SOCKET", "other side closed", "cut"],
    ["reset.midstream", "ECONNRESET", "read ECONNRESET", "reset"],
    ["halfclose.midstream", "UND_ERR_SOCKET", "other side closed", "half-close"],
    ["body.short", "UND_ERR_SOCKET", "other side closed", "cut"]
  ] as const)("does %s after two chunks, all of which arrive", async (kind, code, message, end) => {
    vendors.addFault({ kind, afterChunks: 2 })
    const read = await drain(await chat())
    expect(read).toMatchObject({ code, message })
    expect(read.text.match(/data: /g)).toHaveLength(3)
    expect(vendors.journal.entries[0]).toMatchObject({ end, chunks: 2 })
  })

  it("delivers every byte before an RST, time and again", async () => {
    vendors.addFault({ kind: "reset.midstream", afterChunks: 3 })
    const reads = await Promise.all(Array.from({ length: 20 }, async () => drain(await chat())))
    expect(reads.map((read) => [read.code, read.text.match(/data: /g)?.length])).toEqual(
      Array(20).fill(["ECONNRESET", 4])
    )
  })

  it("sends headers at once when the first token is slow", async () => {
    vendors.addFault({ kind: "slow.firstToken", delay: "30s" })
    const response = await chat()
    expect(response.status).toBe(200)
    expect(vendors.journal.entries[0]).toMatchObject({ status: 200, chunks: 0, end: "open" })
    clock.advance("30s")
    expect((await drain(response)).text).toContain("[DONE]")
  })

  it("holds headers back when those are slow", async () => {
    vendors.addFault({ kind: "slow.headers", delay: "30s" })
    const response = chat()
    const entry = await vendors.journal.waitFor(({ end }) => end === "open")
    expect(entry.headersAt).toBeUndefined()
    clock.advance("30s")
    expect((await response).status).toBe(200)
    expect((entry.headersAt ?? 0) - entry.arrivedAt).toBe(30_000)
  })

  it("keeps a queued connection alive for ten minutes, then closes it", async () => {
    vendors.addFault({ kind: "overload.queue", delay: "10m", every: "1m", finally: "close" })
    const response = await chat({ vendor: "deepseek" })
    clock.advance("10m")
    expect(await drain(response)).toMatchObject({ text: ": keep-alive\n\n".repeat(10), code: "UND_ERR_SOCKET" })
  })

  it("paces chunks by the clock, and notes at which one the client left", async () => {
    vendors.addFault({ kind: "slow.chunks", delay: "1s" })
    const abort = new AbortController()
    const response = await chat({ signal: abort.signal })
    clock.advance("2s")
    abort.abort()
    expect((await drain(response)).message).toContain("aborted")
    expect(await vendors.journal.waitFor(({ end }) => end !== "open")).toMatchObject({
      end: "client-left",
      left: { after: 2000, chunk: 2 }
    })
  })

  it("is reached under every base path, and says where things are elsewhere", async () => {
    for (const path of ["", "/v1", "/beta"])
      expect((await chat({ vendor: "deepseek", stream: false, path })).status).toBe(200)
    const lost = await fetch(`${server.url}/openai/v1/models`)
    expect([lost.status, await lost.json()]).toEqual([
      404,
      {
        error: "nothing is mocked at /openai/v1/models",
        places: { ...VendorList.places, control: "/_mock" }
      }
    ])
  })

  it("answers bodies that are too large with 413", async () => {
    const response = await fetch(`${server.urls.deepseek}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${deepseekKey}` },
      body: "x".repeat(10 * 1024 * 1024 + 1)
    })
    expect([response.status, await response.text()]).toEqual([
      413,
      "Failed to buffer the request body: length limit exceeded"
    ])
  })

  it("sends a plain-text 401 without a content-type over the wire", async () => {
    const response = await fetch(`${server.urls.deepseek}/models`)
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      401,
      null,
      "Authentication Fails (governor)"
    ])
  })

  it("keeps reading after a half-close", async () => {
    vendors.addFault({ kind: "halfclose.midstream", afterChunks: 1 })
    const body = JSON.stringify({ model: "qwen-turbo", stream: true, messages: [{ role: "user", content: "hi" }] })
    const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true })
    socket.write(
      `POST /qwen/compatible-mode/v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${qwenKey}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    )
    const ended = Promise.withResolvers<void>()
    socket.on("end", ended.resolve).resume()
    await ended.promise
    const wrote = Promise.withResolvers<unknown>()
    socket.write("still here", wrote.resolve)
    expect(await wrote.promise).toBeFalsy()
    socket.destroy()
  })

  it("ends open connections when it closes", async () => {
    const own = Vendors.make({ keys, faults: [{ kind: "stall.midstream" }] })
    const short = await MockServer.listen(own)
    const response = await fetch(`${short.urls.qwen}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${qwenKey}` },
      body: JSON.stringify({ model: "qwen-turbo", stream: true, messages: [{ role: "user", content: "hi" }] })
    })
    await short.close()
    expect((await drain(response)).code).toBe("UND_ERR_SOCKET")
    expect(own.journal.entries[0]?.end).toBe("server-closed")
    await expect(fetch(short.url)).rejects.toThrow()
  })

  it("stays up, and says so, when a test's own replies throw", async () => {
    const replies = () => {
      throw new Error("oops")
    }
    const own = await MockServer.listen(Vendors.make({ keys, replies }))
    const response = await fetch(`${own.urls.qwen}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${qwenKey}` },
      body: JSON.stringify({ model: "qwen-turbo", messages: [{ role: "user", content: "hi" }] })
    })
    expect([response.status, await response.json()]).toEqual([500, { error: "the mock itself failed: Error: oops" }])
    await own.close()
  })

  it("refuses a port that is taken", async () => {
    await expect(MockServer.listen(Vendors.make(), { port: server.port })).rejects.toThrow("EADDRINUSE")
  })
})

describe("control endpoints", () => {
  it("adds, shows, changes and removes keys, masked", async () => {
    const key = "sk-from-another-language-1234"
    const added = await control("POST", "/keys", { key, vendor: "qwen", name: "other", state: "arrears" })
    expect(added.status).toBe(200)
    expect(JSON.stringify(added.body)).not.toContain(key)
    expect(added.body.keys.at(-1)).toMatchObject({
      key: "sk-****1234",
      name: "other",
      state: "arrears",
      vendor: "qwen"
    })
    expect((await control("GET", "/keys")).body.keys).toHaveLength(3)
    expect((await control("PUT", "/keys", [{ key, vendor: "qwen" }])).body.keys).toHaveLength(1)
    expect((await control("DELETE", "/keys?key=nobody")).status).toBe(404)
    expect((await control("DELETE", `/keys?key=${key}`)).status).toBe(200)
    expect(vendors.keys()).toEqual([])
  })

  it("adds and removes faults", async () => {
    const { status, body } = await control("POST", "/faults", { kind: "overload.fast", vendor: "qwen", key: qwenKey })
    expect([status, body.ids, body.faults[0].key]).toEqual([201, ["f1"], "qw"])
    expect((await chat()).status).toBe(500)
    expect((await control("DELETE", "/faults?id=f1")).status).toBe(200)
    expect((await chat()).status).toBe(200)
    expect(
      (await control("PUT", "/faults", [{ kind: "server.error" }, { kind: "edge.html", times: 1 }])).body.faults
    ).toHaveLength(2)
    expect((await control("DELETE", "/faults")).status).toBe(200)
    expect((await control("GET", "/faults")).body.faults).toEqual([])
  })

  it("shows the journal, filtered, and clears it", async () => {
    await chat({ stream: false })
    await chat({ vendor: "deepseek", stream: false })
    const { body } = await control("GET", "/journal?vendor=qwen")
    expect([body.total, body.entries.map((entry: any) => entry.keyName)]).toEqual([2, ["qw"]])
    await control("DELETE", "/journal")
    expect(vendors.journal.total).toBe(0)
  })

  it("shows and advances the clock", async () => {
    vendors.setKey(qwenKey, { vendor: "qwen", state: "invalid", restoredAfter: "5m" })
    expect((await chat({ stream: false })).status).toBe(401)
    const before = (await control("GET", "/clock")).body.now
    const after = (await control("POST", "/clock", { advance: "5m" })).body
    expect([after.now - before, after.iso]).toEqual([300_000, new Date(after.now).toISOString()])
    expect((await chat({ stream: false })).status).toBe(200)
  })

  it("says on every answer, and of the clock, how much faster it lives than its callers", async () => {
    const faster = await MockServer.listen(Vendors.make({ clock: Clock.real({ speed: 10 }) }))
    try {
      const clock = await fetch(`${faster.url}/_mock/clock`)
      const answer = await fetch(`${faster.urls.qwen}/models`)
      expect([clock, answer].map(({ headers }) => headers.get(MockServer.speedHeader))).toEqual(["10", "10"])
      expect(await clock.json()).toMatchObject({ speed: 10, jumped: 0 })
      expect((await fetch(`${server.urls.qwen}/models`)).headers.has(MockServer.speedHeader)).toBe(false)
    } finally {
      await faster.close()
    }
  })

  it("resets to how it was made", async () => {
    vendors.addFault({ kind: "overload.fast" })
    expect((await control("POST", "/reset")).body).toEqual({ reset: true })
    expect((await chat({ stream: false })).status).toBe(200)
  })

  it.each([
    ["POST", "/keys", "{", "the body", 'the body must be JSON; got "{"'],
    [
      "POST",
      "/keys",
      { vendor: "qwen" },
      "key.key",
      "key.key must be an API key: printable ASCII without spaces; got nothing"
    ],
    [
      "POST",
      "/keys",
      { key: "sk-a", vendor: "openai" },
      "key.vendor",
      `key.vendor must be one of ${VendorList.names.join(", ")}; got "openai"`
    ],
    [
      "POST",
      "/keys",
      { key: "sk-a", vendor: "qwen", state: "broken" },
      "key.state",
      /^key\.state must be one of valid, invalid, .*; got "broken"$/
    ],
    ["POST", "/keys", { key: "sk-a", vendor: "qwen", colour: 1 }, "a field of key", /got "colour"$/],
    [
      "POST",
      "/keys",
      { key: "sk-a", vendor: "qwen", changes: [{ state: "valid", after: "x" }] },
      "key.changes[0].after",
      /a duration such as/
    ],
    [
      "POST",
      "/keys",
      { key: "sk-a", vendor: "qwen", limit: { requests: 0, per: "1m" } },
      "key.limit.requests",
      /an integer >= 1; got 0/
    ],
    ["POST", "/faults", { kind: "explode" }, "fault.kind", /^fault\.kind must be one of .*; got "explode"$/],
    ["POST", "/faults", { kind: "refuse" }, "fault.kind", /MockNetwork and MockTransport can/],
    [
      "POST",
      "/faults",
      { kind: "server.error", ordinals: [1], skip: 1 },
      "fault.skip",
      /^fault\.skip must be left out where ordinals/
    ],
    ["POST", "/faults", { kind: "server.error", attempt: "2" }, "fault.attempt", /got "2"$/],
    ["POST", "/faults", { kind: "server.error", flap: 5 }, "fault.flap", /an object with every, on; got 5$/],
    ["POST", "/faults", 5, "fault", /^fault must be an object with kind, .*; got 5$/],
    ["POST", "/clock", { advance: "-1s" }, "clock.advance", /got "-1s"$/],
    ["GET", "/journal?colour=red", undefined, "a field of the query", /one of vendor, key, .*; got "colour"$/]
  ])("refuses %s %s with %j and says why", async (method, path, body, field, message) => {
    const reply = await control(method, path, body)
    expect(reply).toEqual({ status: 400, body: { error: expect.stringMatching(message), field } })
  })

  it("asks the extension first, and lists its endpoints with its own", async () => {
    const asked: Array<MockServer.ControlRequest> = []
    const own = await MockServer.listen(vendors, {
      endpoints: ["GET /state"],
      control: (request) => {
        asked.push(request)
        if (request.path === "/clock") return { status: 202, body: "mine" }
        return request.path === "/state" ? { status: 200, body: { stage: 2 } } : undefined
      }
    })
    const get = async (path: string) => {
      const response = await fetch(`${own.url}/_mock${path}`)
      return [response.status, await response.json()]
    }
    expect([await get("/state?full=1"), await get("/clock"), await get("/faults")]).toEqual([
      [200, { stage: 2 }],
      [202, "mine"],
      [200, { faults: [] }]
    ])
    expect(asked[0]).toMatchObject({ method: "GET", path: "/state", body: "" })
    expect(asked[0]?.query.get("full")).toBe("1")
    const lost = await get("/nothing")
    expect(lost).toEqual([404, { error: expect.stringMatching(/^no GET \/_mock\/nothing; .*, GET \/_mock\/state$/) }])
    await own.close()
  })

  it("lists what there is when asked for something else", async () => {
    const { status, body } = await control("GET", "/nothing")
    expect([status, body.error]).toEqual([404, expect.stringContaining("GET /_mock/keys")])
  })
})
