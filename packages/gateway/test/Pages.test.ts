/** What web pages may do at a gateway: pages of other sites, of other ports, under borrowed names, and those that are stated. */
import { expect, it } from "vitest"
import { answerJson, chat, chatBody, config, frame, openStream, raw, serve } from "./support.ts"

const bodyOf = (text: string): any => JSON.parse(text.slice(text.indexOf("\r\n\r\n") + 4))

/** Asks with headers that `fetch` would not send. */
const ask = async (port: number, headers: Readonly<Record<string, string>>, method = "POST", target?: string) => {
  const body = method === "POST" ? chatBody() : ""
  const lines = Object.entries({ host: `localhost:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`
  )
  const path = target ?? (method === "POST" ? "/v1/chat/completions" : "/v1/models")
  const answer = await raw(
    port,
    `${method} ${path} HTTP/1.1\r\n${lines.join("")}connection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  )
  return { status: Number(answer.slice(9, 12)), answer }
}

const open = async () => {
  const served = await serve(answerJson())
  return { ...served, ask: (headers: Record<string, string>, method?: string) => ask(served.port, headers, method) }
}

it.each<[string, Record<string, string>, string]>([
  ["of another site", { origin: "https://evil.example" }, 'server.cors: ["https://evil.example"]'],
  ["of another port", { origin: "http://localhost:3000" }, 'server.cors: ["http://localhost:3000"]'],
  ["of no site", { origin: "null" }, 'server.cors: ["null"]'],
  [
    "that avoids a preflight",
    { origin: "https://evil.example", "content-type": "text/plain" },
    'server.cors: ["https://evil.example"]'
  ],
  ["of another site, without its origin", { "sec-fetch-site": "cross-site" }, "server.cors: ["],
  ["of another port, without its origin", { "sec-fetch-site": "same-site" }, "server.cors: ["]
])("does not answer a page %s while it is open, and says what would help", async (_, headers, says) => {
  const { ask, upstream } = await open()
  for (const method of ["POST", "GET"]) {
    const { answer, status } = await ask(headers, method)
    expect(status).toBe(403)
    expect(bodyOf(answer).error).toMatchObject({ code: "cross_site_refused", message: expect.stringContaining(says) })
    expect(answer.toLowerCase()).not.toContain("access-control-allow")
  }
  expect(upstream.sent.length).toBe(0)
})

it.each([
  "evil.example",
  "evil.example:8080",
  "127.0.0.1.evil.example",
  "localhost.evil.example",
  "localhost.evil.example.",
  "xlocal.example"
])("does not answer under a name that may be a page's while it is open: %s", async (host) => {
  const { ask, upstream } = await open()
  const { answer, status } = await ask({ host })
  expect([status, bodyOf(answer).error.code]).toEqual([403, "host_refused"])
  expect(bodyOf(answer).error.message).toContain(`server.hosts: ["${host.replace(/:\d+$/, "")}"]`)
  expect(upstream.sent.length).toBe(0)
})

it("looks at the name in a whole target, too", async () => {
  const { port } = await open()
  const { status } = await ask(port, {}, "POST", "http://evil.example/v1/chat/completions")
  expect(status).toBe(403)
})

it.each([
  "localhost",
  "LOCALHOST:8080",
  "app.localhost:1",
  "127.0.0.1:8080",
  "127.1.2.3",
  "[::1]:8080",
  "192.168.1.7:8080",
  "understudy",
  "host.docker.internal:8080",
  "laptop.local",
  "localhost."
])("answers under names that no site can have: %s", async (host) => {
  const { ask } = await open()
  expect((await ask({ host })).status).toBe(200)
})

it("answers under the names that are stated, and the one that it listens on", async () => {
  const { port } = await serve(answerJson(), {
    config: { ...config, server: { hosts: ["ai.example.com", "*.example.org"] } }
  })
  const statuses = await Promise.all(
    ["ai.example.com:443", "x.y.example.org", "example.org", "xai.example.com"].map((host) =>
      ask(port, { host }).then(({ status }) => status)
    )
  )
  expect(statuses).toEqual([200, 200, 403, 403])
})

it("answers health checks under any name", async () => {
  const { port } = await open()
  expect((await ask(port, { host: "10.0.0.1.nip.example" }, "GET", "/healthz")).status).toBe(200)
})

it("answers programs, whatever content type they send, and its own origin", async () => {
  const { ask, port } = await open()
  for (const headers of [
    { "content-type": "text/plain" },
    { "content-type": "application/x-www-form-urlencoded" },
    { "sec-fetch-site": "none" },
    { "sec-fetch-site": "same-origin", origin: `http://localhost:${port}` }
  ] as Array<Record<string, string>>)
    expect((await ask(headers)).status).toBe(200)
})

const consumers = [{ name: "app", keys: ["demo-app-key"] }]

it("asks a gateway with consumers for a key alone, whatever page or name it is asked under", async () => {
  const { port } = await serve(answerJson(), { config: { ...config, consumers } })
  const page = { origin: "https://evil.example", host: "evil.example" }
  expect((await ask(port, page)).status).toBe(401)
  expect((await ask(port, { ...page, "x-api-key": "demo-app-key" })).status).toBe(200)
})

const cors = { cors: ["https://app.example", "http://localhost:*"] }

it("answers stated pages, in every answer, and lets them read its headers", async () => {
  const { port, url } = await serve(answerJson(), { config: { ...config, server: cors } })
  const fromPage = { origin: "https://app.example", "sec-fetch-site": "cross-site" }
  const paths: ReadonlyArray<readonly [string, RequestInit, number]> = [
    ["/v1/chat/completions", { method: "POST", body: chatBody() }, 200],
    ["/v1/chat/completions", { method: "POST", body: "{" }, 400],
    ["/v1/models", {}, 200],
    ["/healthz", {}, 200],
    ["/nowhere", {}, 404]
  ]
  for (const [path, init, status] of paths) {
    const response = await fetch(url + path, { ...init, headers: fromPage })
    expect([path, response.status, Object.fromEntries(response.headers)]).toEqual([
      path,
      status,
      expect.objectContaining({
        "access-control-allow-origin": "https://app.example",
        "access-control-expose-headers": expect.stringMatching(/x-request-id.*x-understudy-trail.*retry-after/),
        vary: "Origin"
      })
    ])
  }
  expect((await ask(port, { origin: "http://localhost:5173" })).status).toBe(200)
  expect((await ask(port, { origin: "http://localhost.evil.example:80" })).status).toBe(403)
})

it("lets stated pages read streams", async () => {
  const answer = openStream(frame("Hi", "stop"), "data: [DONE]\n\n")
  const { url } = await serve(answer, { config: { ...config, server: cors } })
  const response = await chat(url, { stream: true }, { headers: { origin: "https://app.example" } })
  expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example")
  expect(await response.text()).toContain("[DONE]")
})

const preflight = {
  "access-control-request-method": "POST",
  "access-control-request-headers": "authorization,content-type,x-stainless-os",
  "access-control-request-private-network": "true"
}

it("answers the preflight of a stated page without a key, and refuses that of another with words", async () => {
  const { url } = await serve(answerJson(), { config: { ...config, consumers, server: cors } })
  const send = (origin: string, path = "/v1/chat/completions") =>
    fetch(url + path, { method: "OPTIONS", headers: { ...preflight, origin } })
  const good = await send("https://app.example")
  expect([good.status, Object.fromEntries(good.headers)]).toEqual([
    204,
    expect.objectContaining({
      "access-control-allow-origin": "https://app.example",
      "access-control-allow-methods": "POST, OPTIONS",
      "access-control-allow-headers": preflight["access-control-request-headers"],
      "access-control-allow-private-network": "true",
      "access-control-max-age": "7200",
      vary: "Origin"
    })
  ])
  expect((await send("https://app.example", "/v1/models")).headers.get("access-control-allow-methods")).toContain("GET")
  const bad = await send("https://evil.example")
  expect([bad.status, bad.headers.get("access-control-allow-origin")]).toEqual([403, null])
  expect(await bad.text()).toContain("server.cors")
})

it("has no CORS headers at all where no page is stated", async () => {
  const { url } = await open()
  const headers = Object.fromEntries((await chat(url)).headers)
  expect(Object.keys(headers).filter((name) => name.startsWith("access-control") || name === "vary")).toEqual([])
})

it("follows a configuration that states other pages", async () => {
  const { port, reload } = await serve(answerJson())
  const page = { origin: "https://app.example" }
  expect((await ask(port, page)).status).toBe(403)
  await reload({ ...config, server: cors })
  expect((await ask(port, page)).status).toBe(200)
})
