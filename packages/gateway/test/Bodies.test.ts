/** What callers send as a body, byte by byte. */
import { request as httpRequest } from "node:http"
import { expect, it } from "vitest"
import { answerJson, chat, chatBody, config, json, raw, serve } from "./support.ts"

const withBytes = (...bytes: ReadonlyArray<number>): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    ...Buffer.from('{"model":"m1","messages":[{"role":"user","content":"'),
    ...bytes,
    ...Buffer.from('"}]}')
  ])

it("refuses a body that is not UTF-8 with the place, and sends nothing", async () => {
  const { upstream, url } = await serve(answerJson())
  const response = await chat(url, {}, { body: withBytes(0xc4, 0xe3, 0xba, 0xc3) })
  expect(response.status).toBe(400)
  expect((await json(response)).error).toMatchObject({
    code: "invalid_encoding",
    type: "invalid_request_error",
    message: expect.stringContaining("0xC4 at byte 52 (line 1, column 53)")
  })
  expect(upstream.sent.length).toBe(0)
})

it("takes UTF-8 that is cut anywhere, with a real U+FFFD in it", async () => {
  const { port, upstream } = await serve(answerJson())
  const body = Buffer.from(chatBody({ text: "你好 \ufffd 😀" }))
  await new Promise<void>((resolve, reject) => {
    const request = httpRequest({ port, path: "/v1/chat/completions", method: "POST", agent: false }, (response) => {
      response.resume().on("end", resolve)
    })
    request.on("error", reject)
    const send = (at: number): void => {
      if (at === body.length) return void request.end()
      request.write(body.subarray(at, at + 1), () => send(at + 1))
    }
    send(0)
  })
  expect(upstream.sent[0]?.request.body).toBe(body.toString())
})

it("reads a byte order mark over, and does not pass it on", async () => {
  const { upstream, url } = await serve(answerJson())
  const response = await chat(url, {}, { body: Buffer.from(`\ufeff${chatBody()}`) })
  expect([response.status, upstream.sent[0]?.request.body]).toEqual([200, chatBody()])
})

it("takes duplicate keys, unknown ones, and an own __proto__ as they come", async () => {
  const { upstream, url } = await serve(answerJson())
  const body = '{"model":"m0","model":"m1","messages":[{"role":"user"}],"x":1,"x":1.0,"__proto__":{"a":1}}'
  expect((await chat(url, {}, { body })).status).toBe(200)
  expect(upstream.sent[0]?.request.body).toBe(body)
})

it("answers a body that is nested deeper than a stack, and stays up", async () => {
  const { url } = await serve(answerJson())
  const body = chatBody({ deep: 0 }).replace('"deep":0', `"deep":${"[".repeat(200_000)}${"]".repeat(200_000)}`)
  const response = await chat(url, {}, { body })
  expect((await json(response)).choices ?? []).toHaveLength(response.status === 200 ? 1 : 0)
  expect((await chat(url)).status).toBe(200)
})

it("takes as large a body as the configuration says, and names that setting", async () => {
  const { url } = await serve(answerJson(), { config: { ...config, server: { maxBody: "1KB" } } })
  const refused = await chat(url, { padding: "x".repeat(1_000) })
  expect([refused.status, (await json(refused)).error.message]).toEqual([
    413,
    expect.stringMatching(/this gateway takes at most 1000\. Send less, or raise `server\.maxBody`\.$/)
  ])
  expect((await chat(url, { padding: "x".repeat(800) })).status).toBe(200)
})

it("refuses bodies that no text can hold when it starts", async () => {
  await expect(serve(answerJson(), { maxBody: 1e9 })).rejects.toThrow(
    "maxBody must be at most 512000000, got 1000000000"
  )
})

it("takes a chunked body with extensions and trailers", async () => {
  const { port } = await serve(answerJson())
  const body = chatBody()
  const [one, two] = [body.slice(0, 10), body.slice(10)]
  const chunk = (text: string): string => `${text.length.toString(16)};ext=1\r\n${text}\r\n`
  const head =
    "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
  expect(await raw(port, head, chunk(one), `${chunk(two)}0\r\nx-trailer: 1\r\n\r\n`)).toMatch(/^HTTP\/1.1 200 OK/)
})
