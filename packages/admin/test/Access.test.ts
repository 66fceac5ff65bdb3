import { request } from "node:http"
import { AdminApi } from "@understudy/admin/AdminApi"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { HttpApi } from "effect/http-api"
import { describe, expect, it } from "vitest"
import { Wants } from "../src/api/Authorization.ts"
import { Accounts } from "../src/internal/Accounts.ts"
import { Store } from "../src/internal/Store.ts"
import { password, serve, serveSetUp } from "./support.ts"

interface Endpoint {
  readonly group: string
  readonly method: string
  readonly path: string
  readonly wants: string
}

const endpoints: Array<Endpoint> = []
HttpApi.reflect(AdminApi, {
  onGroup: () => {},
  onEndpoint: ({ endpoint, group }) =>
    void endpoints.push({
      group: group.identifier,
      method: endpoint.method,
      path: endpoint.path.replace(":number", "1").replace(/:\w+/g, "x"),
      wants: Context.get(endpoint.annotations, Wants)
    })
})

const guarded = endpoints.filter(({ group }) => group !== "visitor")

/** A body that every endpoint which takes one refuses, if it looks at it at all. */
const bodyFor = (method: string) => (method === "GET" || method === "DELETE" ? undefined : {})

describe("the first visit", () => {
  it("tells that a password is missing, and lets the set-up token set it once", async () => {
    const { admin, browser } = await serve()
    expect((await browser.get("/api/v1/setup")).body.required).toBe(true)
    const wrong = await browser.post("/api/v1/setup", { token: "x", password })
    expect([wrong.status, wrong.body.message]).toEqual([403, expect.stringContaining("not the set-up token")])
    const soon = await browser.post("/api/v1/setup", { token: admin.setupToken, password })
    expect([soon.status, soon.body.retryAfter]).toEqual([429, 1000])
  })

  it("logs in with the right token, and refuses it from then on", async () => {
    const { admin, browser, tick } = await serve()
    const short = await browser.post("/api/v1/setup", { token: admin.setupToken, password: "short" })
    expect([short.status, short.body.errors[0].path]).toEqual([400, ["payload", "password"]])
    const right = await browser.post("/api/v1/setup", { token: admin.setupToken, password })
    expect([right.status, right.body.name]).toEqual([200, "admin"])
    expect(right.headers.get("set-cookie")).toMatch(/; HttpOnly/)
    expect(right.headers.get("set-cookie")).toMatch(/; SameSite=Strict/)
    expect((await browser.get("/api/v1/session")).body.scopes).toContain("admin")
    await tick("1 hour")
    expect((await browser.post("/api/v1/setup", { token: admin.setupToken, password })).status).toBe(403)
  })

  it("may be tried again by who left, or failed, before the password was kept", async () => {
    const store = new Store(":memory:")
    let tries = 0
    const hash = (): Effect.Effect<string> =>
      Effect.suspend(() => (tries++ === 0 ? Effect.interrupt : Effect.succeed("scrypt")))
    const accounts = new Accounts(store, { hash, matches: () => Effect.succeed(true) })
    const token = accounts.beginSetup(Date.now())
    const setUp = () => Effect.runPromiseExit(accounts.setUp(token, password, { address: "127.0.0.1", agent: "" }))
    expect([(await setUp())._tag, accounts.isSetupRequired]).toEqual(["Failure", true])
    expect([(await setUp())._tag, accounts.isSetupRequired]).toEqual(["Success", false])
    expect((await setUp())._tag).toBe("Failure")
    store.close()
  })

  it("is over after an hour", async () => {
    const { admin, browser, tick } = await serve()
    await tick("61 minutes")
    expect((await browser.post("/api/v1/setup", { token: admin.setupToken, password })).status).toBe(403)
  })

  it("comes before everything else", async () => {
    const { browser } = await serve()
    for (const { method, path } of guarded) {
      const answer = await browser.ask(method, path, bodyFor(method))
      expect([method, path, answer.status, answer.body._tag]).toEqual([method, path, 403, "SetupRequired"])
    }
  })

  it("is not asked for again after a restart with the same data", async () => {
    const first = await serveSetUp({ data: true })
    expect(first.admin.setupToken).toBeDefined()
    const again = await first.restart()
    expect(again.admin.setupToken).toBeUndefined()
    expect((await again.browser.post("/api/v1/session", { name: "admin", password })).status).toBe(200)
  })
})

describe("everything that is behind the door", () => {
  it("refuses who has no session", async () => {
    const { browser } = await serveSetUp()
    browser.forget()
    for (const { method, path } of guarded) {
      const answer = await browser.ask(method, path, bodyFor(method))
      expect([method, path, answer.status, answer.body._tag]).toEqual([method, path, 401, "Unauthorized"])
    }
  })

  it("refuses a cookie and a token that nobody was given", async () => {
    const { browser } = await serveSetUp()
    browser.forget()
    for (const headers of [
      { cookie: "understudy_session=abc" },
      { authorization: "Bearer usk_abc" },
      { authorization: "Bearer " }
    ]) {
      expect((await browser.get("/api/v1/providers", headers)).status).toBe(401)
    }
  })

  it("lets a viewer see, and do nothing", async () => {
    const { browser } = await serveSetUp()
    await browser.post("/api/v1/accounts", { name: "eve", role: "viewer", password })
    await browser.post("/api/v1/session", { name: "eve", password })
    for (const { method, path, wants } of guarded.filter(({ wants }) => wants !== "read")) {
      const answer = await browser.ask(method, path, bodyFor(method))
      expect([method, path, answer.status, answer.body.message]).toEqual([
        method,
        path,
        403,
        `This wants the scope "${wants}"; "eve" has read.`
      ])
    }
    expect((await browser.get("/api/v1/providers")).status).toBe(200)
  })

  it("wants our header with a cookie, and no other site's page", async () => {
    const { admin, browser } = await serveSetUp()
    const path = "/api/v1/tokens"
    const body = { name: "ci", scopes: ["read"], expiresAt: null }
    const cookie = browser.cookie ?? ""
    const bare = await fetch(`${admin.url}${path}`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify(body)
    })
    expect(bare.status).toBe(403)
    for (const headers of [
      { origin: "http://evil.test" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "null" }
    ]) {
      expect((await browser.post(path, body, headers)).status).toBe(403)
    }
    expect((await browser.post(path, body, { origin: admin.url, "sec-fetch-site": "same-origin" })).status).toBe(200)
    expect((await browser.get("/api/v1/audit")).body).toHaveLength(2)
  })

  it("does not answer under a name that is not its own", async () => {
    const { admin } = await serveSetUp()
    const under = (host: string) =>
      new Promise<number | undefined>((resolve) => {
        request({ host: admin.host, port: admin.port, path: "/healthz", headers: { host } }, (response) => {
          response.resume()
          resolve(response.statusCode)
        }).end()
      })
    expect(await under("evil.test")).toBe(403)
    expect(await under("evil.test:8001")).toBe(403)
    expect(await under("localhost:8001")).toBe(200)
    expect(await under("[::1]:8001")).toBe(200)
  })
})

describe("sessions", () => {
  it("end after twelve hours without use, and after seven days at most", async () => {
    const { browser, tick } = await serveSetUp()
    for (let hours = 0; hours < 7 * 24; hours += 11) {
      expect((await browser.get("/api/v1/session")).status).toBe(200)
      await tick("11 hours")
    }
    expect((await browser.get("/api/v1/session")).status).toBe(401)
    await browser.post("/api/v1/session", { name: "admin", password })
    await tick("13 hours")
    expect((await browser.get("/api/v1/session")).status).toBe(401)
  })

  it("end when their owner leaves, or ends them elsewhere", async () => {
    const { browser } = await serveSetUp()
    const first = browser.cookie ?? ""
    await browser.post("/api/v1/session", { name: "admin", password })
    const all = (await browser.get("/api/v1/sessions")).body as ReadonlyArray<{
      readonly id: string
      readonly current: boolean
    }>
    expect(all.map(({ current }) => current).toSorted()).toEqual([false, true])
    const other = all.find(({ current }) => !current)?.id ?? ""
    expect((await browser.delete(`/api/v1/sessions/${other}`)).status).toBe(204)
    expect((await browser.get("/api/v1/session", { cookie: first })).status).toBe(401)
    const cookie = browser.cookie ?? ""
    expect((await browser.delete("/api/v1/session")).status).toBe(204)
    expect((await browser.get("/api/v1/session", { cookie })).status).toBe(401)
  })

  it("of an account end with another password, but for the one that set it", async () => {
    const { browser, tick } = await serveSetUp()
    const first = browser.cookie ?? ""
    await browser.post("/api/v1/session", { name: "admin", password })
    const next = "another long password"
    const change = async (current: string) => (await browser.post("/api/v1/session/password", { current, next })).status
    expect([await change("wrong one"), await change(password)]).toEqual([403, 429])
    await tick("1 second")
    expect(await change(password)).toBe(204)
    expect((await browser.get("/api/v1/session")).status).toBe(200)
    expect((await browser.get("/api/v1/session", { cookie: first })).status).toBe(401)
    expect((await browser.post("/api/v1/session", { name: "admin", password: next })).status).toBe(200)
  })
})

describe("log-in", () => {
  it("says the same of a wrong name and a wrong password, and slows guessing down", async () => {
    const { browser, tick } = await serveSetUp()
    browser.forget()
    const nobody = await browser.post("/api/v1/session", { name: "nobody", password })
    await tick("1 second")
    const wrong = await browser.post("/api/v1/session", { name: "admin", password: "wrong" })
    expect([nobody.status, wrong.status, wrong.body]).toEqual([401, 401, nobody.body])
    const soon = await browser.post("/api/v1/session", { name: "admin", password })
    expect([soon.status, soon.body.message]).toEqual([429, "Too many wrong tries. Try again in 2 s."])
    await tick("2 seconds")
    expect((await browser.post("/api/v1/session", { name: "admin", password })).status).toBe(200)
  })
})

describe("many at once", () => {
  it("who guess a password are looked at one by one, and leave one entry in the audit log", async () => {
    const { browser } = await serveSetUp()
    const guess = (n: number) => browser.post("/api/v1/session", { name: "admin", password: `guess ${n}` })
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => guess(n)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(49)
    const audit = (await browser.get("/api/v1/audit")).body as ReadonlyArray<any>
    expect(audit.filter(({ result }) => result === "refused")).toHaveLength(1)
  })

  it("who set the first password set it once", async () => {
    const { admin, browser } = await serve()
    const setUp = (n: number) =>
      browser.post("/api/v1/setup", { token: admin.setupToken, password: `${password} ${n}` })
    const answers = await Promise.all([setUp(1), setUp(2)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
  })
})

describe("API tokens", () => {
  it("are shown once, work as far as their scopes go, and end", async () => {
    const { browser, tick } = await serveSetUp()
    const made = await browser.post("/api/v1/tokens", { name: "ci", scopes: ["read"], expiresAt: 3_600_000 })
    const { token, value } = made.body
    expect(value).toMatch(/^usk_/)
    expect((await browser.get("/api/v1/tokens")).text).not.toContain(value)
    browser.forget()
    const headers = { authorization: `Bearer ${value}` }
    expect((await browser.get("/api/v1/providers", headers)).status).toBe(200)
    expect((await browser.post("/api/v1/providers/first/keys/x/disable", undefined, headers)).status).toBe(403)
    await tick("1 hour")
    expect((await browser.get("/api/v1/providers", headers)).status).toBe(401)
    await browser.post("/api/v1/session", { name: "admin", password })
    expect((await browser.delete(`/api/v1/tokens/${token.id}`)).status).toBe(204)
    expect((await browser.delete(`/api/v1/tokens/${token.id}`)).status).toBe(404)
  })

  it("are refused with an end that is over, without a scope, and with an unknown one", async () => {
    const { browser } = await serveSetUp()
    const add = async (scopes: ReadonlyArray<string>, expiresAt: unknown) =>
      (await browser.post("/api/v1/tokens", { name: "ci", scopes, expiresAt })).status
    expect([
      await add(["read"], -1),
      await add([], null),
      await add(["root"], null),
      await add(["read"], "never")
    ]).toEqual([422, 400, 400, 400])
  })
})

describe("accounts", () => {
  it("have one name each, and an admin is always left", async () => {
    const { browser } = await serveSetUp()
    const twice = await browser.post("/api/v1/accounts", { name: "admin", role: "viewer", password })
    expect([twice.status, twice.body.message]).toEqual([422, 'There is an account "admin" already.'])
    const last = await browser.delete("/api/v1/accounts/admin")
    expect([last.status, last.body.message]).toEqual([422, '"admin" is the last admin. Make another one first.'])
    expect((await browser.delete("/api/v1/accounts/nobody")).status).toBe(404)
  })

  it("end their sessions when they are removed", async () => {
    const { browser } = await serveSetUp()
    const admin = browser.cookie ?? ""
    await browser.post("/api/v1/accounts", { name: "eve", role: "admin", password })
    await browser.post("/api/v1/session", { name: "eve", password })
    expect((await browser.delete("/api/v1/accounts/eve", { cookie: admin })).status).toBe(204)
    expect((await browser.get("/api/v1/session")).status).toBe(401)
  })
})

describe("the audit log", () => {
  it("holds changes and refused tries, with who and where from, and no secret", async () => {
    const { browser, tick } = await serveSetUp()
    await browser.post("/api/v1/session", { name: "admin", password: "wrong" })
    await tick("1 second")
    await browser.post("/api/v1/tokens", { name: "ci", scopes: ["read"], expiresAt: null })
    const { body, text } = await browser.get("/api/v1/audit")
    expect(body.map((entry: any) => [entry.actor, entry.action, entry.object, entry.result, entry.address])).toEqual([
      ["admin", "add token for read", "token ci", "ok", "127.0.0.1"],
      ["admin", "log in", "account admin", "refused", "127.0.0.1"],
      ["admin", "set up", "account admin", "ok", "127.0.0.1"]
    ])
    expect(text).not.toContain(password)
    expect((await browser.get(`/api/v1/audit?before=${body[1].id}`)).body).toHaveLength(1)
  })
})

describe("a request", () => {
  it("with a field that is not known, a body that is no JSON or too large, is refused in words", async () => {
    const { admin, browser } = await serveSetUp()
    const unknown = await browser.post("/api/v1/tokens", { name: "ci", scopes: ["read"], expiresAt: null, extra: 1 })
    expect([unknown.status, unknown.body.errors[0].path]).toEqual([400, ["payload", "extra"]])
    const post = (body: string, type: string) =>
      fetch(`${admin.url}/api/v1/session`, { method: "POST", headers: { "content-type": type }, body })
    expect((await post("{", "application/json")).status).toBe(400)
    expect((await post("name=admin", "application/x-www-form-urlencoded")).status).toBe(415)
    const large = await post(JSON.stringify({ name: "x".repeat(3_000_000), password }), "application/json")
    expect([large.status, ((await large.json()) as any).message]).toEqual([
      413,
      "A request body here is at most 2097152 bytes."
    ])
  })

  it("for nothing that is there is told where to look", async () => {
    const { browser } = await serveSetUp()
    const { body, status } = await browser.get("/api/v1/nothing")
    expect([status, body._tag]).toEqual([404, "NotFound"])
  })

  it("is told nothing that a page elsewhere could show or keep", async () => {
    const { browser } = await serveSetUp()
    const { headers } = await browser.get("/api/v1/providers")
    expect(headers.get("cache-control")).toBe("no-store")
    expect(headers.get("x-frame-options")).toBe("DENY")
    expect(headers.get("access-control-allow-origin")).toBeNull()
  })
})
