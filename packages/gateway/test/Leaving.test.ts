import { expect, it } from "vitest"
import { answerJson, chat, chatBody, frame, openStream, type Sent, serve, silent, unread } from "./support.ts"

const midStream = "in the middle of a stream"

it.each<[string, (sent: Sent) => void, boolean]>([
  ["while the vendor is silent", silent, false],
  ["in the middle of a JSON answer", ({ handler }) => handler.onHeaders(200, {}), false],
  ["before the first content of a stream", openStream(": keep-alive\n\n"), true],
  [midStream, openStream(frame("Hel")), true]
])("gives the vendor's request up when the caller leaves %s", async (when, answer, stream) => {
  const { close, lines, upstream, url } = await serve(answer)
  const controller = new AbortController()
  const asked = chat(url, { stream }, { signal: controller.signal })
  asked.catch(() => {})
  await upstream.until(() => upstream.sent.length === 1)
  if (when === midStream) await asked
  controller.abort()
  await upstream.until(() => upstream.sent[0]!.seen.includes("abort"))
  await close()
  expect(lines.at(-1)).toMatch(/status=499 error=client_left/)
})

// More than the sockets' buffers on both sides can hold together.
const huge = frame("x".repeat(14 * 1024 * 1024))

it("stops the vendor while the caller reads slowly, and lets it go on", async () => {
  const { upstream, url } = await serve(openStream(frame("Hel")))
  const { response } = await unread(url, chatBody({ stream: true }))
  const [sent] = upstream.sent
  sent!.handler.onData(Buffer.from(huge))
  expect(sent!.seen).toEqual(["pause"])
  response.resume()
  await upstream.until(() => sent!.seen.includes("resume"))
  sent!.handler.onData(Buffer.from(frame("", "stop")))
  sent!.handler.onEnd()
  await new Promise((resolve) => response.on("end", resolve))
})

it("gives a paused vendor up when the slow caller leaves", async () => {
  const { upstream, url } = await serve(openStream(frame("Hel")))
  const { response, socket } = await unread(url, chatBody({ stream: true }))
  response.on("error", () => {})
  const [sent] = upstream.sent
  sent!.handler.onData(Buffer.from(huge))
  socket.destroy()
  await upstream.until(() => sent!.seen.includes("abort"))
})

it("does not mind callers who leave while they send", async () => {
  const { upstream, url } = await serve(answerJson())
  const controller = new AbortController()
  const body = new ReadableStream({ start: (stream) => stream.enqueue(Buffer.from('{"model":')) })
  const asked = fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    body,
    duplex: "half",
    signal: controller.signal
  } as RequestInit)
  await new Promise((resolve) => setImmediate(resolve))
  controller.abort()
  await expect(asked).rejects.toThrow()
  expect((await chat(url)).status).toBe(200)
  expect(upstream.sent.length).toBe(1)
})
