/** Streams that break after content: the caller hears of it in band, and the connection is cut. */
import { expect, it } from "vitest"
import { chat, chatBody, frame, openStream, raw, readStream, type Sent, serve } from "./support.ts"

const breaksOff = (sent: Sent): void => {
  openStream(frame("Hel"))(sent)
  sent.handler.onEnd()
}

const request = (version: string, connection: string): string => {
  const body = chatBody({ stream: true })
  return `POST /v1/chat/completions HTTP/${version}\r\nhost: localhost\r\nconnection: ${connection}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

it("tells the error in an event, and then cuts the connection, without [DONE]", async () => {
  const { url } = await serve(breaksOff)
  const { cut, text } = await readStream(await chat(url, { stream: true }))
  const [content, error, rest] = text.split("\n\n")
  expect(`${content}\n\n`).toBe(frame("Hel"))
  expect(JSON.parse(error!.slice(6))).toMatchObject({
    error: {
      code: "stream_interrupted",
      type: "upstream_error",
      param: null,
      message: expect.stringContaining("broke off")
    },
    understudy: { trail: [{ reason: { _tag: "Interrupted" }, afterContent: true }] }
  })
  expect([rest, cut]).toEqual(["", true])
})

it.each(["close", "keep-alive"])("leaves the last chunk out for a client with connection: %s", async (connection) => {
  const { port } = await serve(breaksOff)
  const answer = await raw(port, request("1.1", connection))
  expect(answer).toContain("Transfer-Encoding: chunked")
  expect(answer).toContain('"code":"stream_interrupted"')
  expect(answer).not.toMatch(/\r\n0\r\n\r\n$/)
})

it("resets the connection of an HTTP/1.0 client, for whom its end would be the answer's", async () => {
  const { port } = await serve(breaksOff)
  await expect(raw(port, request("1.0", "close"))).rejects.toMatchObject({ code: "ECONNRESET" })
})

it("delivers a large backlog and the error event before it cuts", async () => {
  const large = frame("x".repeat(4 * 1024 * 1024))
  const { upstream, url } = await serve(openStream(frame("Hel")))
  const response = await chat(url, { stream: true })
  upstream.sent[0]!.handler.onData(Buffer.from(large))
  upstream.sent[0]!.handler.onEnd()
  const { cut, text } = await readStream(response)
  expect(text.startsWith(frame("Hel") + large)).toBe(true)
  expect([text.includes('"code":"stream_interrupted"'), cut]).toEqual([true, true])
})

it("cuts a pipelined stream only when its turn has come", async () => {
  let calls = 0
  const { port } = await serve((sent) => {
    if (++calls === 1) {
      openStream(frame("Hel"))(sent)
      setImmediate(() => {
        sent.handler.onData(Buffer.from(frame("lo", "stop")))
        sent.handler.onEnd()
      })
    } else breaksOff(sent)
  })
  const answer = await raw(port, request("1.1", "keep-alive") + request("1.1", "keep-alive"))
  expect(answer.match(/HTTP\/1.1 200 OK/g)?.length).toBe(2)
  expect(answer.indexOf("[DONE]")).toBeLessThan(answer.indexOf("stream_interrupted"))
  expect(answer).not.toMatch(/\r\n0\r\n\r\n$/)
})

it("logs a stream that broke as the vendor's fault, not as a caller who left", async () => {
  const { close, lines, url } = await serve(breaksOff)
  await readStream(await chat(url, { stream: true }))
  await close()
  expect(lines.at(-1)).toMatch(/WARN POST \/v1\/chat\/completions requestId=req_1 status=200 error=stream_interrupted/)
})
