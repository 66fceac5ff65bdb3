import { describe, expect, it } from "vitest"
import { refused, serveSetUp } from "./support.ts"

describe("keys", () => {
  it("are shown with their state, and are taken out and let in by hand", async () => {
    const { browser, call } = await serveSetUp()
    const keys = async () => (await browser.get("/api/v1/providers")).body[0].keys as ReadonlyArray<any>
    const [{ id }] = (await keys()) as [{ readonly id: string }]
    expect((await browser.post(`/api/v1/providers/first/keys/${id}/disable`)).status).toBe(204)
    expect((await keys()).map(({ state }) => state.state)).toEqual(["Disabled", "Available"])
    const { key } = (await call()).trail[0] ?? {}
    expect(key).not.toBe(id)
    expect((await browser.post(`/api/v1/providers/first/keys/${id}/restore`)).status).toBe(204)
    expect((await keys()).map(({ state }) => state.state)).toEqual(["Available", "Available"])
    const happenings = (await browser.get("/api/v1/happenings")).body as ReadonlyArray<any>
    expect(happenings.map(({ kind, detail }) => [kind, detail])).toEqual([
      ["key-restored", "admin"],
      ["key-restored", null],
      ["key-disabled", "admin"]
    ])
  })

  it("that a vendor refused say why, since when and when they are probed, and come back by hand", async () => {
    const { browser, call } = await serveSetUp()
    refused.add("sk-demo-first-1").add("sk-demo-first-2")
    expect((await call()).provider).toBe("second")
    const [first] = (await browser.get("/api/v1/providers")).body as ReadonlyArray<any>
    for (const { state } of first.keys) {
      expect(state).toEqual({ state: "Removed", reason: "Unauthorized", since: 0, dueAt: expect.any(Number) })
    }
    const key = first.keys[0].id as string
    refused.clear()
    await browser.post(`/api/v1/providers/first/keys/${key}/restore`)
    expect((await call()).provider).toBe("first")
  })

  it("are tested live", async () => {
    const { browser } = await serveSetUp()
    const [{ id }] = (await browser.get("/api/v1/providers")).body[0].keys as [{ readonly id: string }]
    const test = () => browser.post(`/api/v1/providers/first/keys/${id}/test`)
    expect((await test()).body).toMatchObject({ ok: true, message: null })
    refused.add("sk-demo-first-1").add("sk-demo-first-2")
    expect((await test()).body).toMatchObject({ ok: false, message: expect.stringContaining("Incorrect API key") })
  })

  it("that are not there are named", async () => {
    const { browser } = await serveSetUp()
    for (const what of ["test", "disable", "restore"]) {
      const { body, status } = await browser.post(`/api/v1/providers/nobody/keys/kabc/${what}`)
      expect([status, body.message]).toEqual([404, expect.stringContaining('"kabc" at a provider "nobody"')])
    }
  })
})

describe("statistics", () => {
  it("count calls, fallbacks, key changes, tokens and edges", async () => {
    const { browser, call } = await serveSetUp()
    await call()
    refused.add("sk-demo-first-1").add("sk-demo-first-2")
    await call()
    const { body } = await browser.get("/api/v1/stats?window=1h")
    expect(body.totals).toMatchObject({
      calls: 2,
      ok: 2,
      fellBack: 1,
      keySwitches: 1,
      inputTokens: 20,
      outputTokens: 10
    })
    const { inputTokens, outputTokens } = body.totals
    const firstContent = { p50: null, p95: null, p99: null }
    expect(body.points).toEqual([{ at: 0, calls: 2, ok: 2, fellBack: 1, inputTokens, outputTokens, firstContent }])
    expect(body.edges).toContainEqual({ from: "route:all", to: "target:first/m", calls: 3, failed: 2 })
    expect(body.edges).toContainEqual({ from: "route:all", to: "target:second/other", calls: 1, failed: 0 })
  })

  it("forget what is older than their window", async () => {
    const { browser, call, tick } = await serveSetUp()
    await call()
    const { value } = (await browser.post("/api/v1/tokens", { name: "ci", scopes: ["read"], expiresAt: null })).body
    const headers = { authorization: `Bearer ${value}` }
    const calls = async (window: string) =>
      (await browser.get(`/api/v1/stats?window=${window}`, headers)).body.totals.calls as number
    await tick("5 minutes")
    expect([await calls("5m"), await calls("1h"), await calls("24h")]).toEqual([0, 1, 1])
    await tick("1 hour")
    expect([await calls("1h"), await calls("24h")]).toEqual([0, 1])
    await tick("1 day")
    expect(await calls("24h")).toBe(0)
    expect((await browser.get("/api/v1/stats?window=1y", headers)).status).toBe(400)
  })
})

describe("explain", () => {
  it("says which route, targets and keys a request would take", async () => {
    const { browser } = await serveSetUp()
    const { body } = await browser.get("/api/v1/explain?model=qwen-turbo&consumer=web")
    expect(body.route).toBe("all")
    expect(body.targets.map(({ model, role }: any) => [role, model])).toEqual([
      ["target", "qwen-turbo"],
      ["fallback", "other"]
    ])
  })
})

describe("events", () => {
  it("come as they happen, until the watcher leaves", async () => {
    const { admin, browser, call } = await serveSetUp()
    const leaving = new AbortController()
    const response = await fetch(`${admin.url}/api/v1/events`, {
      headers: { cookie: browser.cookie ?? "" },
      signal: leaving.signal
    })
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/)
    refused.add("sk-demo-first-1").add("sk-demo-first-2")
    await call()
    let seen = ""
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    while (seen.split("key-removed").length < 3) seen += (await reader?.read())?.value
    expect(seen).toContain('"reason":"Unauthorized"')
    leaving.abort()
  })
})

describe("metrics", () => {
  it("are there for this machine and for tokens, in Prometheus's format", async () => {
    const { browser, call } = await serveSetUp()
    await call()
    const { headers, text } = await browser.get("/metrics")
    expect(headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8")
    expect(text).toContain("# TYPE understudy_calls counter")
    const through = { "x-forwarded-for": "203.0.113.7" }
    expect((await browser.get("/metrics", through)).status).toBe(401)
    expect((await browser.get("/metrics", { authorization: "Bearer usk_wrong" })).status).toBe(401)
    const { value } = (await browser.post("/api/v1/tokens", { name: "prom", scopes: ["read"], expiresAt: null })).body
    expect((await browser.get("/metrics", { ...through, authorization: `Bearer ${value}` })).status).toBe(200)
  })
})

describe("what leaves the server", () => {
  it("holds no key, whatever is asked", async () => {
    const { browser, call } = await serveSetUp()
    refused.add("sk-demo-first-1")
    await call()
    const paths = [
      "providers",
      "routes",
      "consumers",
      "explain?model=m",
      "stats",
      "happenings",
      "config",
      "config/revisions/1",
      "audit"
    ]
    for (const path of paths) {
      const { status, text } = await browser.get(`/api/v1/${path}`)
      expect([path, status]).toEqual([path, 200])
      expect(text).not.toMatch(/sk-demo|us-demo/)
    }
    expect((await browser.get("/metrics")).text).not.toMatch(/sk-demo|us-demo/)
  })
})

describe("requests", () => {
  it("are found by filters, one by its id, and refused filters are told", async () => {
    const { admin, browser, record } = await serveSetUp({ requests: true })
    await record(
      { requestId: "req_1", consumer: "web" },
      { requestId: "req_2", status: 502, error: "server_error", attempts: 3 }
    )
    const page = async (query: string) => (await browser.get(`/api/v1/requests?${query}`)).body
    expect((await page("")).requests.map(({ requestId }: any) => requestId)).toEqual(["req_2", "req_1"])
    const { requests } = await page("failed=true&moved=true&limit=1")
    expect(requests.map(({ requestId }: any) => requestId)).toEqual(["req_2"])
    expect((await browser.get(`/api/v1/requests/${requests[0].id}`)).body.error).toBe("server_error")
    expect((await browser.get("/api/v1/requests/99999999")).status).toBe(404)
    expect((await browser.get("/api/v1/requests/names")).body.consumer).toEqual(["web"])
    for (const query of ["limit=0", "limit=1000", "failed=maybe", "before=x"]) {
      expect([query, (await browser.get(`/api/v1/requests?${query}`)).status]).toEqual([query, 400])
    }
    expect(admin.port).toBeGreaterThan(0)
  })

  it("are not there where none are kept", async () => {
    const { browser } = await serveSetUp()
    expect((await browser.get("/api/v1/requests")).body.message).toBe("This gateway keeps no log of requests.")
  })
})
