import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as Clock from "@understudy/mocks/Clock"
import type { FaultSpec } from "@understudy/mocks/Fault"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { expect, it, onTestFinished } from "vitest"
import * as Recorder from "../../src/record/Recorder.ts"
import { ask, chat, fault, key, recorder, vendorsOnSocket } from "./support.ts"

const stream = { stream: true, stream_options: { include_usage: true } }

/** Records one answer of mocks that play the vendor, then plays it through other mocks. */
const replayed = async (vendor: "deepseek" | "qwen", body: object, options: Vendors.Options = {}) => {
  const { server } = await vendorsOnSocket({ clock: Clock.real(), ...options })
  const { exchanges, urls } = await recorder(
    { deepseek: server.urls.deepseek, qwen: server.urls.qwen },
    { keepText: true }
  )
  const heard = await ask(vendor === "qwen" ? urls.qwen : urls.deepseek, { body })
  await expect.poll(() => exchanges.length).toBe(1)
  const [exchange] = exchanges
  if (exchange === undefined) throw new Error("nothing was recorded")
  const second = await MockServer.listen(Vendors.make({ acceptAnyKey: true, recordings: [exchange.recording] }))
  onTestFinished(() => second.close())
  const again = await ask(vendor === "qwen" ? second.urls.qwen : second.urls.deepseek, { body })
  return { heard, exchange, again }
}

/** Masks the ids of the mocks as a recording has them. */
const withoutIds = (text: string): string =>
  text
    .replace(/[\da-f]{8}-[\da-f]{4}-(.)[\da-f]{3}-[\da-f]{4}-[\da-f]{12}/g, "00000000-0000-$1000-8000-000000000000")
    .replace(/\*{4}\w+/g, "****xxxx")

it.each([
  ["deepseek", chat("deepseek-chat"), {}],
  ["deepseek", chat("deepseek-reasoner", stream), {}],
  ["qwen", chat("qwen-plus"), {}],
  ["qwen", chat("qwen-plus", { ...stream, enable_thinking: true }), {}],
  ["deepseek", chat("deepseek-chat"), fault({ vendor: "deepseek", kind: "auth.invalid" })],
  ["qwen", chat("qwen-turbo", stream), fault({ vendor: "qwen", kind: "rate.limit" })],
  ["deepseek", chat("deepseek-chat"), fault({ vendor: "deepseek", kind: "edge.html" })],
  [
    "deepseek",
    chat("deepseek-chat", stream),
    fault({ kind: "overload.queue", vendor: "deepseek", delay: 20, every: 10 })
  ],
  ["deepseek", chat("deepseek-chat"), fault({ kind: "overload.queue", vendor: "deepseek", delay: 20, every: 10 })],
  ["deepseek", chat("deepseek-chat", stream), fault({ kind: "bytes.sliced", size: 5 })],
  ["qwen", chat("qwen-plus", stream), fault({ kind: "content.output", vendor: "qwen" })],
  ["qwen", chat("qwen-plus", stream), fault({ kind: "cut.midstream", afterChunks: 3 })],
  ["qwen", chat("qwen-plus", stream), fault({ kind: "reset.midstream", afterChunks: 3 })],
  ["deepseek", chat("deepseek-chat"), fault({ kind: "body.short" })],
  ["deepseek", chat("deepseek-chat", stream), fault({ kind: "eof.noDone" })]
] as const)("passes %s's answer to %j on unchanged, and a replay of it says the same (%j)", async (vendor, body, options) => {
  const { again, exchange, heard } = await replayed(vendor, body, options)
  expect(heard.body).not.toBe("")
  expect(again.status).toBe(heard.status)
  expect(again.end).toBe(heard.end)
  expect(again.headers["content-type"]).toBe(heard.headers["content-type"])
  expect(again.body).toBe(withoutIds(heard.body))
  expect(exchange).toMatchObject({ recording: { vendor, model: body.model, stream: "stream" in body } })
  expect(exchange.brokenOff).toBeUndefined()
})

it.each([
  ["complete", {}],
  ["cut", { kind: "cut.midstream" }],
  ["cut", { kind: "halfclose.midstream" }],
  ["reset", { kind: "reset.midstream" }]
] as const)("notes that an answer's end was %s (%j)", async (end, spec) => {
  const options = "kind" in spec ? fault(spec as FaultSpec) : {}
  const { exchange } = await replayed("deepseek", chat("deepseek-chat", stream), options)
  expect(exchange.recording.end).toBe(end)
})

it("answers as the vendor does, with its headers, and says nothing of its own", async () => {
  const { server } = await vendorsOnSocket()
  const { urls } = await recorder({ qwen: server.urls.qwen })
  const {
    connection: _,
    "keep-alive": __,
    date: ___,
    ...headers
  } = (await ask(urls.qwen, { body: chat("qwen-plus") })).headers
  const direct = (await ask(server.urls.qwen, { body: chat("qwen-plus") })).headers
  expect(Object.keys(headers).sort()).toEqual(
    Object.keys(direct)
      .filter((name) => !["connection", "keep-alive", "date"].includes(name))
      .sort()
  )
})

/** A vendor that is written to by hand. */
const handmade = async (onRequest: (request: http.IncomingMessage, response: http.ServerResponse) => void) => {
  const server = http.createServer(onRequest)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => void server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it("keeps events whole however they arrive, comments too, with the time between them", async () => {
  const clock = Clock.manual()
  let answer: http.ServerResponse | undefined
  const url = await handmade((_, response) => {
    answer = response
    response.writeHead(200, { "content-type": "text/event-stream" })
    clock.advance(70)
    response.flushHeaders()
  })
  const { exchanges, urls } = await recorder({ deepseek: url }, { clock, keepText: true })
  const pieces: ReadonlyArray<readonly [ms: number, data: Buffer]> = [
    [100, Buffer.from(": keep-alive\n\n")],
    [50, Buffer.from('data: {"choices":[{"delta":{"content":"你好'.slice(0, -1)).subarray(0)],
    [30, Buffer.from('好"}}]}\r\n\r\ndata: {}\n\ndata: [DONE]\n\n')]
  ]
  let seen = ""
  const send = (index: number): void => {
    const piece = pieces[index]
    clock.advance(piece?.[0] ?? 0)
    if (piece === undefined) answer?.end()
    else answer?.write(piece[1])
  }
  let next = 0
  const heard = ask(urls.deepseek, {
    body: chat("deepseek-chat", { stream: true }),
    onData: (data) => {
      seen += data
      if (seen === Buffer.concat(pieces.slice(0, next).map(([, bytes]) => bytes)).toString()) send(next++)
    }
  })
  await expect.poll(() => answer?.headersSent).toBe(true)
  send(next++)
  expect((await heard).body).toBe(seen)
  await expect.poll(() => exchanges.length).toBe(1)
  expect(exchanges[0]?.waited).toBe(70)
  expect(exchanges[0]?.recording.frames).toEqual([
    { after: 100, data: ": keep-alive\n\n" },
    { after: 80, data: 'data: {"choices":[{"delta":{"content":"你好"}}]}\r\n\r\n' },
    { after: 0, data: "data: {}\n\n" },
    { after: 0, data: "data: [DONE]\n\n" }
  ])
})

it("aborts the vendor's answer when the client leaves, and keeps what had come", async () => {
  const { clock, server, vendors } = await vendorsOnSocket({ chunkDelay: 10 })
  const { exchanges, urls } = await recorder({ qwen: server.urls.qwen })
  const pending = ask(urls.qwen, {
    body: chat("qwen-plus", { stream: true }),
    onData: (_, request) => request.destroy()
  })
  await expect.poll(() => vendors.journal.entries.length).toBe(1)
  clock.advance(20)
  await Promise.allSettled([pending])
  await vendors.journal.waitFor((entry) => entry.end === "client-left")
  await expect.poll(() => exchanges.length).toBe(1)
  expect(exchanges[0]).toMatchObject({ brokenOff: true, recording: { status: 200, end: "stall" } })
  expect(exchanges[0]?.recording.frames.length).toBeGreaterThan(0)
})

it("breaks off and records what is under way when it is closed", async () => {
  const { clock, server, vendors } = await vendorsOnSocket({ chunkDelay: 10 })
  const { close, exchanges, urls } = await recorder({ qwen: server.urls.qwen })
  let heard = ""
  const pending = ask(urls.qwen, { body: chat("qwen-plus", { stream: true }), onData: (data) => (heard += data) })
  await expect.poll(() => vendors.journal.entries.length).toBe(1)
  clock.advance(20)
  await expect.poll(() => heard).not.toBe("")
  await close()
  expect(exchanges).toMatchObject([{ brokenOff: true, recording: { end: "stall" } }])
  expect((await pending).end).toBe("broken")
})

it("passes what is no chat on without recording it", async () => {
  const { server } = await vendorsOnSocket()
  const { exchanges, skipped, urls } = await recorder({
    deepseek: server.urls.deepseek,
    qwen: server.urls.qwen
  })
  const balance = await ask(urls.deepseek, { method: "GET", path: "/user/balance?x=1" })
  expect(JSON.parse(balance.body)).toMatchObject({ is_available: true })
  const embedding = { model: "text-embedding-v4", input: "hi" }
  expect((await ask(urls.qwen, { path: "/embeddings", body: embedding })).status).toBe(200)
  expect((await ask(urls.qwen, { body: { messages: [] } })).status).toBe(400)
  expect(exchanges).toEqual([])
  expect(skipped).toEqual(["qwen: the request names no model"])
})

it.each([
  "reset.before",
  "close.before"
] as const)("lets a client see %s, of which there is nothing to record", async (kind) => {
  const { server } = await vendorsOnSocket({ clock: Clock.real(), ...fault({ kind }) })
  const { exchanges, skipped, urls } = await recorder({ qwen: server.urls.qwen })
  await expect(ask(urls.qwen, { body: chat("qwen-plus") })).rejects.toMatchObject({ code: "ECONNRESET" })
  expect(exchanges).toEqual([])
  expect(skipped).toEqual(["qwen qwen-plus: no answer, ECONNRESET"])
})

it("says 502 and why where a vendor cannot be reached", async () => {
  const { skipped, urls } = await recorder({ qwen: "http://127.0.0.1:1/v1" })
  const { body, status } = await ask(urls.qwen, { body: chat("qwen-plus") })
  expect(status).toBe(502)
  expect(body).toContain("127.0.0.1:1 could not be reached (ECONNREFUSED)")
  expect(body).not.toContain(key)
  expect(skipped).toEqual(["qwen qwen-plus: no answer, ECONNREFUSED"])
})

it("does not record what a vendor compresses against its wish, and asks for plain text", async () => {
  let accepted: string | undefined
  const url = await handmade((request, response) => {
    accepted = request.headers["accept-encoding"]
    response.writeHead(200, { "content-encoding": "br", "content-type": "application/json" })
    response.end("?")
  })
  const { skipped, urls } = await recorder({ qwen: url })
  await ask(urls.qwen, { body: chat("qwen-plus"), headers: { "accept-encoding": "br" } })
  expect(accepted).toBe("identity")
  await expect.poll(() => skipped).toEqual(["qwen qwen-plus: the answer was compressed although that was declined"])
})

it("passes answers and refuses requests beyond its limit without recording them", async () => {
  const url = await handmade((_, response) => {
    response.writeHead(200, { "content-type": "application/json" })
    response.end(Buffer.alloc(11 * 1024 * 1024, " "))
  })
  const { exchanges, skipped, urls } = await recorder({ qwen: url })
  expect((await ask(urls.qwen, { body: chat("qwen-plus") })).body.length).toBe(11 * 1024 * 1024)
  await expect.poll(() => skipped).toEqual(["qwen qwen-plus: the answer was too long to record"])
  expect((await ask(urls.qwen, { body: chat("x".repeat(11 * 1024 * 1024)) })).status).toBe(413)
  expect(exchanges).toEqual([])
})

it("says where the vendors are to whoever asks elsewhere", async () => {
  const { url } = await recorder({})
  expect(await ask(url, { method: "GET", path: "/openai" })).toMatchObject({ status: 404 })
  expect((await ask(url, { method: "GET", path: "/" })).body).toContain("/qwen/compatible-mode/v1")
})

it.each([
  "nonsense",
  "ftp://host",
  "https://user:sk-demo-word@host"
])("refuses %s as a base URL, without repeating it", async (url) => {
  const listening = Recorder.listen({ upstreams: { qwen: url }, onRecorded: () => undefined })
  await expect(listening).rejects.toThrow(/^the base URL of qwen must be http:\/\/ or https:\/\//)
  await expect(listening).rejects.not.toThrow("sk-demo")
})
