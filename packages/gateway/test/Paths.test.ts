/** The paths that clients ask on, and what they hear on those that are not here. */
import { expect, it } from "vitest"
import { answerJson, chatBody, completion, config, json, raw, type Sent, serve } from "./support.ts"

it.each([
  "/v1/chat/completions/",
  "//v1//chat/completions",
  "/v1/%63hat/completions",
  "/openai/deployments/m1/chat/completions?api-version=2024-06-01"
])("answers on %s", async (path) => {
  const { url } = await serve(answerJson())
  const response = await fetch(url + path, { method: "POST", body: chatBody() })
  expect(await response.json()).toEqual(completion)
})

it("takes the model from a deployment's path where the body names none, and from the body where it does", async () => {
  const { upstream, url } = await serve(answerJson())
  const messages = '[{"role":"user","content":"Hi","seed":12345678901234567890}]'
  const ask = (body: string) => fetch(`${url}/openai/deployments/m%2F7/chat/completions`, { method: "POST", body })
  expect((await ask(`{"messages":${messages}}`)).status).toBe(200)
  expect((await ask(`{"messages":${messages},"model":"m2"}`)).status).toBe(200)
  expect(upstream.sent.map(({ request }) => request.body)).toEqual([
    `{"model":"m/7","messages":${messages}}`,
    `{"messages":${messages},"model":"m2"}`
  ])
  const vectors = { data: [{ embedding: [1] }] }
  const other = await serve(answerJson(vectors))
  const embedded = await fetch(`${other.url}/openai/deployments/m1/embeddings?api-version=x`, {
    method: "POST",
    body: '{"input":"Hi"}'
  })
  expect(await embedded.json()).toEqual(vectors)
})

it("takes the form of a target that proxies are sent", async () => {
  const { port } = await serve(answerJson())
  const body = chatBody()
  const answer = await raw(
    port,
    `POST http://localhost:${port}/v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  )
  expect(answer).toMatch(/^HTTP\/1.1 200 OK/)
})

const listing = answerJson({ data: [{ id: "m1" }, { id: "m/x:8b" }, { id: "other" }] })
const consumers = [{ name: "app", keys: ["demo-app-key"], models: ["m1"] }]

it.each(["m1", "m%2Fx%3A8b", "m/x:8b", "m1/", "m1?beta=1"])("tells of one model: %s", async (id) => {
  const { url } = await serve(listing)
  const response = await fetch(`${url}/v1/models/${id}`)
  const wanted = id.startsWith("m1") ? "m1" : "m/x:8b"
  expect([response.status, await response.json()]).toEqual([
    200,
    { id: wanted, object: "model", created: 0, owned_by: "vendor" }
  ])
})

it.each([
  ["that no route takes", "other"],
  ["that its vendor does not list", "m2"],
  ["without a name", ""],
  ["with a name that is no text", "%ff"]
])("does not know a model %s", async (_, id) => {
  const { url } = await serve(listing)
  const response = await fetch(`${url}/v1/models/${id}?x=1`)
  if (id === "") return expect(response.status).toBe(200)
  expect([response.status, (await json(response)).error]).toEqual([
    404,
    expect.objectContaining({ code: "model_not_found", param: "model", type: "invalid_request_error" })
  ])
})

it("does not know a model that its consumer may not use", async () => {
  const { url } = await serve(listing, { config: { ...config, consumers } })
  const ask = (id: string, key = "demo-app-key") =>
    fetch(`${url}/v1/models/${id}`, { headers: { authorization: `Bearer ${key}` } }).then(({ status }) => status)
  expect([await ask("m1"), await ask("m%2Fx%3A8b"), await ask("m1", "demo-wrong")]).toEqual([200, 404, 401])
})

it("knows every name that a target replaces, and every one of a vendor without a list", async () => {
  const renaming = { ...config, routes: [{ ...config.routes[0]!, targets: [{ provider: "vendor", model: "m1" }] }] }
  const renamed = await serve(listing, { config: renaming })
  expect((await fetch(`${renamed.url}/v1/models/m-whatever`)).status).toBe(200)
  const silent = await serve(answerJson({ error: { message: "no list here" } }, 404))
  expect((await fetch(`${silent.url}/v1/models/m-whatever`)).status).toBe(200)
})

it.each([
  ["POST", "/v1/responses", "take chat completions, POST /v1/chat/completions"],
  ["GET", "/v1/responses/resp_1", "take chat completions"],
  ["POST", "/v1/messages", "Use a client of OpenAI's: POST /v1/chat/completions"],
  ["POST", "/v1/messages/count_tokens", "Use a client of OpenAI's"],
  ["POST", "/v1beta/models/m1:streamGenerateContent", "Use a client of OpenAI's"],
  ["POST", "/v1/engines/davinci/completions", "Name the model in the body: POST /v1/completions"],
  ["POST", "/api/chat", "with a base URL that ends in /v1"],
  ["GET", "/api/tags", "The models are at GET /v1/models"],
  ["POST", "/v1/audio/transcriptions", "Ask the vendor for that directly"],
  ["POST", "/v1/images/generations", "Ask the vendor for that directly"]
])("says what to use instead of %s %s", async (method, path, says) => {
  const { url } = await serve(answerJson())
  const response = await fetch(url + path, { method })
  expect(response.status).toBe(404)
  const { error } = await json(response)
  expect(error).toMatchObject({ code: "unknown_url", message: expect.stringContaining(says) })
  expect(error.message).toContain("There is: POST /v1/chat/completions")
})

it("says which method a path takes, and answers HEAD without a body", async () => {
  const { url } = await serve(listing)
  const wrong = await fetch(`${url}/v1/models/m1`, { method: "DELETE" })
  expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"])
  const head = await fetch(`${url}/v1/models`, { method: "HEAD" })
  expect([head.status, Number(head.headers.get("content-length")) > 0, await head.text()]).toEqual([200, true, ""])
})

it("cuts a long path in what it says", async () => {
  const { url } = await serve(answerJson())
  const { error } = await json(await fetch(`${url}/${"x".repeat(10_000)}`))
  expect(error.message.length).toBeLessThan(600)
})

it("answers pipelined requests in their order", async () => {
  const { port } = await serve(listing)
  const get = (path: string, connection: string): string =>
    `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: ${connection}\r\n\r\n`
  const answer = await raw(
    port,
    get("/v1/models/m1", "keep-alive") + get("/healthz", "keep-alive") + get("/nowhere", "close")
  )
  expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 404"])
})

const refused = { error: { message: "bad key", code: "invalid_api_key" } }
const key = ({ request }: Sent): string => request.headers["authorization"] ?? ""

it("says that nobody can be asked, in place of an empty list, while the only key is out", async () => {
  let isBack = false
  const { url } = await serve((sent) => (isBack ? listing(sent) : answerJson(refused, 401)(sent)))
  const silent = await fetch(`${url}/v1/models`)
  expect([silent.status, (await json(silent)).error.code]).toEqual([503, "no_target_available"])
  expect((await fetch(`${url}/v1/models/m1`)).status).toBe(200)
  isBack = true
  expect((await fetch(`${url}/v1/models`)).status).toBe(200)
})

it("lists with the next key when the first gets no list", async () => {
  const { url } = await serve((sent) => (key(sent).endsWith("good") ? listing(sent) : answerJson(refused, 401)(sent)), {
    config: {
      ...config,
      providers: { vendor: { ...config.providers["vendor"]!, keys: ["sk-demo-bad", "sk-demo-good"] } }
    }
  })
  const response = await fetch(`${url}/v1/models`)
  expect([response.status, (await json(response)).data.length > 0]).toEqual([200, true])
})

it("has an empty list where its vendor has none", async () => {
  const { url } = await serve(answerJson({ detail: "Not Found" }, 404))
  expect(await json(await fetch(`${url}/v1/models`))).toEqual({ object: "list", data: [] })
})
