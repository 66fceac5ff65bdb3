/** Requests that nobody means well with: refused in words or cut off, and everybody else is served on. */
import { connect } from "node:net"
import { describe, expect, it } from "vitest"
import { serveSetUp } from "./support.ts"

/** What the server answers to raw bytes, until it closes. */
const raw = (port: number, bytes: string | Buffer): Promise<string> =>
  new Promise((resolve) => {
    let answer = ""
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes))
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1")
    })
    socket.on("error", () => resolve(answer))
    socket.on("close", () => resolve(answer))
  })

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)

const lines = (...all: ReadonlyArray<string>): string => `${all.join("\r\n")}\r\n\r\n`

const hostile: ReadonlyArray<readonly [name: string, bytes: string | Buffer, status: number]> = [
  [
    "two lengths",
    `${lines("POST /api/v1/session HTTP/1.1", "host: localhost", "content-length: 4", "content-length: 5")}abcde`,
    400
  ],
  [
    "a length and chunks",
    lines("POST /api/v1/session HTTP/1.1", "host: localhost", "content-length: 4", "transfer-encoding: chunked") +
      "0\r\n\r\n",
    400
  ],
  ["no host", lines("GET /healthz HTTP/1.1"), 400],
  ["two hosts", lines("GET /healthz HTTP/1.1", "host: localhost", "host: evil.test", "connection: close"), 403],
  [
    "an absolute URL of another host",
    lines("GET http://evil.test/healthz HTTP/1.1", "host: localhost", "connection: close"),
    404
  ],
  ["a path that climbs", lines("GET /api/v1/../../etc/passwd HTTP/1.1", "host: localhost", "connection: close"), 404],
  [
    "an encoded path that climbs",
    lines("GET /api/v1/%2e%2e%2f%2e%2e%2fetc/passwd HTTP/1.1", "host: localhost", "connection: close"),
    404
  ],
  ["a broken escape", lines("GET /api/v1/providers/%ff%zz HTTP/1.1", "host: localhost", "connection: close"), 404],
  [
    "a broken escape where a name stands",
    lines("DELETE /api/v1/tokens/%ff%zz HTTP/1.1", "host: localhost", "connection: close"),
    404
  ],
  ["a port that no host has", lines("GET /healthz HTTP/1.1", "host: localhost:99999999", "connection: close"), 200],
  ["TRACE", lines("TRACE /healthz HTTP/1.1", "host: localhost", "connection: close"), 405],
  ["CONNECT", lines("CONNECT vendor.test:443 HTTP/1.1", "host: localhost"), 0],
  ["a folded header", lines("GET /healthz HTTP/1.1", "host: localhost", "x-folded: a", " b"), 400],
  ["bare line feeds", "GET /healthz HTTP/1.1\nhost: localhost\n\n", 400],
  ["a method of nobody's", lines("BREW /api/v1/session HTTP/1.1", "host: localhost"), 400],
  ["headers of 20 kB", lines("GET /healthz HTTP/1.1", "host: localhost", `x-long: ${"a".repeat(20_000)}`), 431],
  [
    "a body of a gigabyte, as stated",
    lines(
      "POST /api/v1/session HTTP/1.1",
      "host: localhost",
      "content-type: application/json",
      "content-length: 1073741824"
    ),
    413
  ],
  [
    "a body that is no UTF-8",
    Buffer.concat([
      Buffer.from(
        lines(
          "POST /api/v1/session HTTP/1.1",
          "host: localhost",
          "content-type: application/json",
          "content-length: 4",
          "connection: close"
        )
      ),
      Buffer.from([0x22, 0xff, 0xfe, 0x22])
    ]),
    400
  ],
  [
    "JSON of a hundred thousand levels",
    lines(
      "POST /api/v1/session HTTP/1.1",
      "host: localhost",
      "content-type: application/json",
      "content-length: 100000",
      "connection: close"
    ) + "[".repeat(100_000),
    400
  ],
  [
    "a compressed body",
    `${lines(
      "POST /api/v1/session HTTP/1.1",
      "host: localhost",
      "content-type: application/json",
      "content-encoding: gzip",
      "content-length: 4",
      "connection: close"
    )}abcd`,
    400
  ],
  [
    "a name with line breaks",
    lines(
      "POST /api/v1/session HTTP/1.1",
      "host: localhost",
      "content-type: application/json",
      `content-length: ${Buffer.byteLength(JSON.stringify({ name: "a\r\nb\u001b[2J", password: "x" }))}`,
      "connection: close"
    ) + JSON.stringify({ name: "a\r\nb\u001b[2J", password: "x" }),
    401
  ],
  [
    "__proto__ for a field",
    `${lines(
      "POST /api/v1/session HTTP/1.1",
      "host: localhost",
      "content-type: application/json",
      "content-length: 43",
      "connection: close"
    )}{"__proto__":{"name":"admin","password":1}}`,
    400
  ],
  [
    "a connection upgrade",
    lines("GET /api/v1/events HTTP/1.1", "host: localhost", "connection: close, upgrade", "upgrade: websocket"),
    401
  ]
]

describe("the operator's side", () => {
  for (const [name, bytes, status] of hostile) {
    it(`answers ${status} to ${name}, and goes on`, async () => {
      const { admin, browser } = await serveSetUp()
      expect([name, statusOf(await raw(admin.port, bytes))]).toEqual([name, status])
      expect((await browser.get("/api/v1/session")).status).toBe(200)
    })
  }

  it("answers thousands of random requests without an error of its own", { timeout: 60_000 }, async () => {
    const { browser, lines: log } = await serveSetUp()
    let state = 12345
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state % below
    }
    const pick = <A>(all: ReadonlyArray<A>): A => all[random(all.length)] as A
    const paths = [
      "setup",
      "session",
      "session/password",
      "sessions",
      "sessions/x",
      "accounts",
      "accounts/x",
      "tokens",
      "tokens/x",
      "audit",
      "providers",
      "providers/first/keys/x/test",
      "providers/first/keys/x/disable",
      "routes",
      "explain",
      "consumers",
      "stats",
      "happenings",
      "requests",
      "requests/1",
      "requests/names",
      "config",
      "config/validate",
      "config/apply",
      "config/revisions",
      "config/revisions/1",
      "config/revisions/1/rollback",
      "version",
      "nothing"
    ]
    const values: ReadonlyArray<unknown> = [
      null,
      true,
      -1,
      1e308,
      "",
      "x",
      "\ud800",
      "\u0000",
      [],
      {},
      [[]],
      "a".repeat(5_000),
      "masked:0123456789",
      { a: 1 }
    ]
    const fields = [
      "name",
      "password",
      "token",
      "role",
      "scopes",
      "expiresAt",
      "text",
      "revision",
      "current",
      "next",
      "extra"
    ]
    const queries = [
      "",
      "?window=5m",
      "?window=",
      "?model=x&model=y",
      "?before=9e99",
      "?limit=1&after=-1",
      "?model=%ff",
      "?failed=true&failed=false",
      "?__proto__=1"
    ]
    const seen = new Map<number, number>()
    for (let n = 0; n < 1_500; n++) {
      const method = pick(["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS"])
      const hasBody = method === "POST" || method === "PUT" || method === "PATCH"
      const sent = hasBody
        ? Object.fromEntries(Array.from({ length: random(4) }, () => [pick(fields), pick(values)]))
        : undefined
      const path = `/api/v1/${pick(paths)}${pick(queries)}`
      if (method === "DELETE" && path.includes("/session") && !path.includes("sessions")) continue
      const { status } = await browser.ask(method, path, hasBody && random(5) === 0 ? pick(values) : sent)
      expect([method, path, JSON.stringify(sent)?.slice(0, 300), status]).not.toContain(500)
      seen.set(status, (seen.get(status) ?? 0) + 1)
    }
    expect([...seen.keys()].every((status) => status < 500)).toBe(true)
    expect(seen.get(200)).toBeGreaterThan(50)
    expect(log.filter((line) => line.includes("failed"))).toEqual([])
    expect((await browser.get("/api/v1/session")).status).toBe(200)
  })

  it("lets nobody hold a place by sending slowly, and serves the others meanwhile", async () => {
    const { admin, browser } = await serveSetUp()
    const slow = Array.from({ length: 200 }, () =>
      connect(admin.port, "127.0.0.1", function (this: any) {
        this.write("GET /healthz HTTP/1.1\r\nhost: loc")
      })
    )
    expect((await browser.get("/api/v1/providers")).status).toBe(200)
    for (const socket of slow) socket.destroy()
  })
})
