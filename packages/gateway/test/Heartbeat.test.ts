import type * as AccessLog from "@understudy/gateway/AccessLog"
import { expect, it } from "vitest"
import { chat, config, frame, readStream, type Sent, serve, silent } from "./support.ts"

const begin = ({ handler }: Sent, ...frames: ReadonlyArray<string>): void => {
  handler.onHeaders(200, { "content-type": "text/event-stream" })
  for (const text of frames) handler.onData(Buffer.from(text))
}

it("sends comments to a caller who waits for a stream, and says nothing of a vendor that has not answered", async () => {
  const entries: Array<AccessLog.Entry> = []
  const { advance, close, upstream, url } = await serve(silent, {
    clock: "virtual",
    record: (entry) => entries.push(entry)
  })
  const asked = chat(url, { stream: true })
  await upstream.until(() => upstream.sent.length === 1)
  await advance(14_000)
  await advance(2_000)
  const response = await asked
  expect(response.status).toBe(200)
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8")
  expect([...response.headers.keys()].filter((name) => name.startsWith("x-understudy"))).toEqual([])
  await advance(16_000)
  begin(upstream.sent[0]!, frame("Hello"), frame("", "stop"), "data: [DONE]\n\n")
  upstream.sent[0]!.handler.onEnd()
  const { cut, text } = await readStream(response)
  expect(cut).toBe(false)
  expect(text).toMatch(/^: keep-alive\n\n: keep-alive\n\ndata: .*"Hello"/)
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true)
  await close()
  expect(entries[0]?.fields).toMatchObject({ status: 200, provider: "vendor", answeredBy: "m1", attempts: 1 })
  expect(entries[0]?.fields.trail).toMatch(/vendor\/m1#k\w+ ok/)
})

it("goes on to the next target after a comment", async () => {
  const { advance, upstream, url } = await serve(silent, {
    clock: "virtual",
    heartbeat: 4_000,
    config: { ...config, routes: [{ ...config.routes[0]!, fallback: [{ provider: "vendor", model: "other" }] }] }
  })
  const asked = chat(url, { stream: true })
  await upstream.until(() => upstream.sent.length === 1)
  await advance(5_000)
  const response = await asked
  await advance(6_000)
  await upstream.until(() => upstream.sent.length === 2)
  begin(upstream.sent[1]!, frame("Hello"), frame("", "stop"), "data: [DONE]\n\n")
  upstream.sent[1]!.handler.onEnd()
  expect((await readStream(response)).text).toMatch(/^(: keep-alive\n\n)+data: .*"Hello"/)
})

it("tells a failure after a comment as an event, and cuts the connection", async () => {
  const { advance, upstream, url } = await serve(silent, { clock: "virtual", heartbeat: 1_000 })
  const asked = chat(url, { stream: true })
  await upstream.until(() => upstream.sent.length === 1)
  await advance(2_000)
  // What a fetch has not handed out when its connection is cut, it drops: it is read as it comes.
  const reading = readStream(await asked)
  await advance(600_000)
  const { cut, text } = await reading
  expect(cut).toBe(true)
  expect(text).toContain('"code":"deadline_exceeded"')
  expect(text).not.toContain("[DONE]")
})

it.each([
  ["to a caller of JSON", false, 1_000],
  ["when it is off", true, 0]
])("sends no comment %s", async (_, stream, heartbeat) => {
  const { advance, upstream, url } = await serve(silent, { clock: "virtual", heartbeat })
  const asked = chat(url, { stream })
  await upstream.until(() => upstream.sent.length === 1)
  await advance(600_000)
  expect((await asked).status).toBe(504)
})
