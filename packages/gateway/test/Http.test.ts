import { createHash } from "node:crypto"
import { expect, it } from "vitest"
import { answerJson, chat, chatBody, completion, config, json, raw, serve } from "./support.ts"

const bodyOf = (text: string): any => JSON.parse(text.slice(text.indexOf("\r\n\r\n") + 4))

const post = (body: string, headers = ""): string =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

it.each([
  "/v1/chat/completions",
  "/v1/v1/chat/completions",
  "/team/a/v1/chat/completions",
  "/v1/chat/completions?beta=1"
])("answers on %s", async (path) => {
  const { url } = await serve(answerJson())
  const response = await fetch(url + path, { method: "POST", body: chatBody() })
  expect(await response.json()).toEqual(completion)
})

it.each([
  ["GET", "/v1/chat/completions", 405, "method_not_allowed", "It takes: POST, OPTIONS."],
  ["PUT", "/v1/models", 405, "method_not_allowed", "It takes: GET, HEAD, OPTIONS."],
  ["POST", "/healthz", 405, "method_not_allowed", "It takes: GET, HEAD, OPTIONS."],
  [
    "POST",
    "/v1/images",
    404,
    "unknown_url",
    "There is: POST /v1/chat/completions, POST /v1/completions, POST /v1/embeddings, GET /v1/models"
  ],
  ["POST", "/embeddings", 404, "unknown_url", "Does the base URL end in /v1?"],
  ["POST", "/completions", 404, "unknown_url", "Does the base URL end in /v1?"],
  ["POST", "/chat/completions", 404, "unknown_url", "Does the base URL end in /v1?"],
  ["GET", "/", 404, "unknown_url", "GET / does not exist here."],
  ["OPTIONS", "/nowhere", 404, "unknown_url", "does not exist here."]
])("%s %s is %i %s", async (method, path, status, code, says) => {
  const { url } = await serve(answerJson())
  const response = await fetch(url + path, { method })
  const { error } = await json(response)
  expect([response.status, error.code, error.type]).toEqual([status, code, "invalid_request_error"])
  expect(error.message).toContain(says)
})

it("does not let other sites' web pages use it while it is open", async () => {
  const { url } = await serve(answerJson())
  const from = (site: string): Promise<Response> =>
    fetch(`${url}/v1/chat/completions`, { method: "POST", body: chatBody(), headers: { "sec-fetch-site": site } })
  const refused = await from("cross-site")
  expect([refused.status, (await json(refused)).error.code]).toEqual([403, "cross_site_refused"])
  expect((await from("same-origin")).status).toBe(200)
})

it("tells OPTIONS and HEAD what GET would", async () => {
  const { url } = await serve(answerJson())
  const options = await fetch(`${url}/v1/chat/completions`, { method: "OPTIONS" })
  expect([options.status, options.headers.get("allow")]).toEqual([204, "POST, OPTIONS"])
  const head = await fetch(`${url}/healthz`, { method: "HEAD" })
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "15", ""])
})

it("refuses a stated size at once and an unstated one when it is passed, with limit and size", async () => {
  const { port, upstream, url } = await serve(answerJson(), { maxBody: 1_000 })
  const stated = await chat(url, { padding: "x".repeat(2_000) })
  expect(stated.status).toBe(413)
  expect((await json(stated)).error).toMatchObject({
    code: "request_too_large",
    message: expect.stringMatching(/^The request body has 20\d\d bytes, and this gateway takes at most 1000\./)
  })
  const chunk = `400\r\n${"x".repeat(1_024)}\r\n`
  const unstated = await raw(
    port,
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${chunk}${chunk}0\r\n\r\n`
  )
  expect(unstated).toMatch(/^HTTP\/1.1 413 /)
  expect(bodyOf(unstated).error.message).toContain("at least 1024 bytes")
  expect((await chat(url)).status).toBe(200)
  expect(upstream.sent.length).toBe(1)
})

it("cuts off a caller who sends on and on", async () => {
  const { port } = await serve(answerJson(), { maxBody: 1_000 })
  const head = "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n"
  expect(await raw(port, head, "x".repeat(100_000)).catch(() => "reset")).toMatch(/^HTTP\/1.1 413 |^reset$/)
})

it("answers Expect: 100-continue, and does not ask for a body that it would refuse", async () => {
  const { port } = await serve(answerJson(), { maxBody: 1_000 })
  expect(await raw(port, post(chatBody(), "expect: 100-continue\r\n"))).toMatch(
    /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/
  )
  const large =
    "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 5000\r\n\r\n"
  expect(await raw(port, large)).toMatch(/^HTTP\/1.1 413 /)
})

it.each([
  "content-encoding: Identity\r\n",
  "content-encoding:\r\n",
  "expect: 200-ok\r\n"
])("answers a plain request that says %j", async (header) => {
  const { port } = await serve(answerJson())
  expect(await raw(port, post(chatBody(), header))).toMatch(/^HTTP\/1.1 200 OK/)
})

it("refuses a compressed body with words", async () => {
  const { port } = await serve(answerJson())
  const answer = await raw(port, post("\x1f\x8b", "content-encoding: gzip\r\n"))
  expect([answer.slice(9, 12), bodyOf(answer).error.code]).toEqual(["415", "unsupported_content_encoding"])
})

it.each([
  ["no HTTP at all", "hello\r\n\r\n", "400", "malformed_http"],
  ["TLS on a plain port", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "400", "malformed_http"],
  [
    "a bad content-length",
    "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: abc\r\n\r\n",
    "400",
    "malformed_http"
  ],
  [
    "two lengths",
    "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
    "400",
    "malformed_http"
  ],
  ["headers without end", `GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, "431", "headers_too_large"],
  [
    "a bad chunk",
    "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    "400",
    "malformed_http"
  ]
])("answers %s and stays up", async (_, bytes, status, code) => {
  const { port, url } = await serve(answerJson())
  const answer = await raw(port, bytes)
  expect([answer.slice(9, 12), bodyOf(answer).error.code]).toEqual([status, code])
  expect((await chat(url)).status).toBe(200)
})

it("does not wait for headers for ever", async () => {
  const { port } = await serve(answerJson(), { headersTimeout: 30 })
  const answer = await raw(port, "GET /healthz HTTP/1.1\r\nhost: x\r\n")
  expect([answer.slice(9, 12), bodyOf(answer).error.code]).toEqual(["408", "request_timeout"])
})

const consumers = [
  { name: "app", keys: ["demo-app-key"], models: ["m1", "m2*"] },
  { name: "hashed", keys: [`sha256:${createHash("sha256").update("demo-hashed-key").digest("hex")}`] }
]

it("asks for a consumer's key, takes it in three headers, and never repeats it", async () => {
  const { url } = await serve(answerJson(), { config: { ...config, consumers } })
  const ask = (headers: Record<string, string>, model = "m1") => chat(url, { model }, { headers })
  const without = await ask({})
  expect(without.status).toBe(401)
  expect((await json(without)).error).toEqual({
    message:
      "This gateway wants an API key. Send one as `Authorization: Bearer KEY`, `x-api-key: KEY` or `api-key: KEY`.",
    type: "invalid_request_error",
    param: null,
    code: "invalid_api_key"
  })
  const wrong = await ask({ authorization: "Bearer demo-wrong-key" })
  expect([wrong.status, (await wrong.text()).includes("demo-wrong-key")]).toEqual([401, false])
  for (const headers of [
    { authorization: "Bearer demo-app-key" },
    { "x-api-key": "demo-app-key" },
    { "api-key": "demo-hashed-key" }
  ] as Array<Record<string, string>>)
    expect((await ask(headers)).status).toBe(200)
  const forbidden = await ask({ authorization: "Bearer demo-app-key" }, "m3")
  expect(forbidden.status).toBe(403)
  expect((await json(forbidden)).error).toMatchObject({
    code: "model_not_allowed",
    param: "model",
    message: 'Consumer "app" may not use model "m3". Allowed: m1, m2*.'
  })
})

it("lists the models that the caller may use", async () => {
  const { url } = await serve(answerJson({ data: [{ id: "m1" }, { id: "m3" }, { id: "m20" }, { id: "other" }] }), {
    config: { ...config, consumers }
  })
  expect((await fetch(`${url}/v1/models`)).status).toBe(401)
  const list = await json(await fetch(`${url}/v1/models`, { headers: { "x-api-key": "demo-app-key" } }))
  expect(list).toEqual({
    object: "list",
    data: ["m1", "m20"].map((id) => ({ id, object: "model", created: 0, owned_by: "vendor" }))
  })
  const all = await json(await fetch(`${url}/any/v1/models`, { headers: { "x-api-key": "demo-hashed-key" } }))
  expect(all.data.map(({ id }: { id: string }) => id)).toEqual(["m1", "m20", "m3"])
})

it("is not ready when no key may be used", async () => {
  const { url } = await serve(answerJson({ error: { message: "no" } }, 401))
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  await chat(url)
  expect((await fetch(`${url}/readyz`)).status).toBe(503)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
})

it("follows the core when that takes another configuration", async () => {
  const { reload, url } = await serve(answerJson())
  expect((await chat(url)).status).toBe(200)
  await reload({ ...config, consumers })
  expect((await chat(url)).status).toBe(401)
  expect((await chat(url, {}, { headers: { "x-api-key": "demo-app-key" } })).status).toBe(200)
})
