import * as Http from "node:http"
import * as Https from "node:https"
import * as Net from "node:net"
import { afterEach, describe, expect, it } from "vitest"
import { proxyFor } from "../../src/internal/upstream/ProxyEnvironment.ts"
import * as UndiciUpstream from "../../src/upstream/UndiciUpstream.ts"
import type { Connection } from "../../src/upstream/Upstream.ts"
import { certificate, key } from "./certificate.ts"
import { http, type Listening, listen, send, using } from "./support.ts"

describe("the environment's proxy", () => {
  const env = { HTTPS_PROXY: "http://s:1", HTTP_PROXY: "http://p:1" }
  it.each([
    ["https://vendor.test", env, "http://s:1"],
    ["http://vendor.test", env, "http://p:1"],
    ["https://vendor.test", { HTTP_PROXY: "http://p:1" }, "http://p:1"],
    ["http://vendor.test", { HTTPS_PROXY: "http://s:1" }, undefined],
    ["https://vendor.test", { https_proxy: "http://low:1", HTTPS_PROXY: "http://up:1" }, "http://low:1"],
    ["https://vendor.test", { https_proxy: "", HTTPS_PROXY: " http://up:1 " }, "http://up:1"],
    ["https://vendor.test", { ALL_PROXY: "socks5://a:1" }, "socks5://a:1"],
    ["https://vendor.test", { all_proxy: "socks5://a:1", HTTPS_PROXY: "http://s:1" }, "http://s:1"],
    ["https://vendor.test", { HTTPS_PROXY: "" }, undefined],
    ["https://vendor.test", {}, undefined]
  ])("of %s with %j is %s", (origin, variables, expected) => {
    expect(proxyFor(origin, variables)?.value).toBe(expected)
  })

  it.each([
    ["vendor.test", "https://vendor.test", true],
    ["vendor.test", "https://api.vendor.test", true],
    [".vendor.test", "https://vendor.test", true],
    ["*.vendor.test", "https://api.vendor.test", true],
    ["*.vendor.test", "https://vendor.test", false],
    ["vendor.test", "https://othervendor.test", false],
    ["VENDOR.test", "https://vendor.TEST", true],
    ["vendor.test.", "https://vendor.test", true],
    ["a.test, vendor.test", "https://vendor.test", true],
    ["a.test vendor.test", "https://vendor.test", true],
    ["vendor.test:443", "https://vendor.test", true],
    ["vendor.test:8443", "https://vendor.test", false],
    ["vendor.test:8443", "https://vendor.test:8443", true],
    ["*", "https://vendor.test", true],
    ["*:80", "https://vendor.test", false],
    ["127.0.0.1", "http://127.0.0.1:8080", true],
    ["localhost", "http://localhost:8080", true],
    ["10.0.0.0/8", "http://10.1.2.3", true],
    ["10.0.0.0/8", "http://11.1.2.3", false],
    ["10.0.0.0/99", "http://10.1.2.3", false],
    ["10.0.0.0/8", "http://vendor.test", false],
    ["::1", "http://[::1]:8080", true],
    ["[::1]:8080", "http://[::1]:8080", true],
    ["[::1]:9090", "http://[::1]:8080", false],
    ["fd00::/8", "http://[fd12::1]", true],
    ["", "http://127.0.0.1", false]
  ])("under NO_PROXY=%s leaves %s out: %s", (noProxy, origin, isOut) => {
    expect(proxyFor(origin, { ...env, NO_PROXY: noProxy }) === undefined).toBe(isOut)
    expect(proxyFor(origin, { ...env, no_proxy: noProxy, NO_PROXY: "x" }) === undefined).toBe(isOut)
  })
})

/** A proxy that notes what it is asked for; everything leads to the port. */
const proxyTo = async (port: () => number, refuse?: string) => {
  const asked: Array<string> = []
  const credentials: Array<string | undefined> = []
  const server = Http.createServer((request, response) => {
    asked.push(String(request.url))
    credentials.push(request.headers["proxy-authorization"])
    if (refuse !== undefined) return void response.writeHead(Number(refuse)).end()
    request.resume()
    request.on("end", () => response.end("from the proxy"))
  })
  server.on("connect", (request, socket: Net.Socket, head: Buffer) => {
    asked.push(`CONNECT ${request.url}`)
    credentials.push(request.headers["proxy-authorization"])
    if (refuse !== undefined) return void socket.end(`HTTP/1.1 ${refuse} No\r\n\r\n`)
    const onward = Net.connect(port(), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n")
      onward.write(head)
      socket.pipe(onward).pipe(socket)
    })
    onward.on("error", () => socket.destroy())
  })
  return { ...(await listen(server)), asked, credentials }
}

/** A SOCKS5 proxy (RFC 1928, 1929) that notes what it is asked for; everything leads to the port. */
const socksTo = async (port: number) => {
  const asked: Array<string> = []
  const told: Array<string> = []
  const tunnel = (socket: Net.Socket) => (request: Buffer) => {
    const length = request[4] ?? 0
    asked.push(`${request.subarray(5, 5 + length).toString()}:${request.readUInt16BE(5 + length)}`)
    const onward = Net.connect(port, "127.0.0.1", () => {
      socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]))
      socket.pipe(onward).pipe(socket)
    })
    onward.on("error", () => socket.destroy())
  }
  const server = Net.createServer((socket) => {
    socket.once("data", (greeting: Buffer) => {
      const wantsToTell = greeting.subarray(2).includes(2)
      socket.write(Buffer.from([5, wantsToTell ? 2 : 0]))
      if (!wantsToTell) return void socket.once("data", tunnel(socket))
      socket.once("data", (credentials: Buffer) => {
        told.push(credentials.toString("latin1"))
        socket.write(Buffer.from([1, 0]))
        socket.once("data", tunnel(socket))
      })
    })
  })
  return { ...(await listen(server)), asked, told }
}

const connection = (fields: Partial<Connection>): Connection => ({
  id: JSON.stringify(fields),
  proxy: undefined,
  ca: undefined,
  ...fields
})

const secure = (): Https.Server =>
  Https.createServer({ cert: certificate, key }, (request, response) => {
    request.resume()
    request.on("end", () => response.end("from the vendor"))
  })

describe("UndiciUpstream", () => {
  const open: Array<Listening> = []
  const opened = <L extends Listening>(listening: L): L => {
    open.push(listening)
    return listening
  }
  afterEach(() => Promise.all(open.splice(0).map((each) => each.close())))
  const nowhere = () => 1

  it("asks a plain vendor through HTTP_PROXY, and another that NO_PROXY names directly", async () => {
    const proxy = opened(await proxyTo(nowhere))
    const vendor = opened(await listen(http((_, response) => response.end("from the vendor"))))
    const environment = { HTTP_PROXY: proxy.origin, NO_PROXY: "127.0.0.1" }
    await using(UndiciUpstream.layer({ environment }), async (upstream) => {
      const origin = "http://vendor.invalid"
      expect((await send(upstream, { origin, path: "/v1?x=1" })).body).toBe("from the proxy")
      expect((await send(upstream, vendor)).body).toBe("from the vendor")
      expect(proxy.asked).toEqual(["http://vendor.invalid/v1?x=1"])
    })
  })

  it("asks a vendor over TLS through a tunnel, with the proxy's credentials for the proxy alone", async () => {
    const vendor = opened(await listen(secure(), "https"))
    const proxy = opened(await proxyTo(() => vendor.port))
    const environment = { https_proxy: proxy.origin.replace("//", "//demo:s3cret@") }
    await using(UndiciUpstream.layer({ environment }), async (upstream) => {
      const origin = "https://vendor.test"
      const ended = await send(upstream, { origin, connection: connection({ ca: certificate }) })
      expect(ended).toMatchObject({ status: 200, body: "from the vendor" })
      expect(proxy.asked).toEqual(["CONNECT vendor.test:443"])
      expect(proxy.credentials).toEqual([`Basic ${Buffer.from("demo:s3cret").toString("base64")}`])
    })
  })

  it("goes past the environment's proxy, or through its own, as a provider says", async () => {
    const [first, second] = [opened(await proxyTo(nowhere)), opened(await proxyTo(nowhere))]
    const vendor = opened(await listen(http((_, response) => response.end("from the vendor"))))
    await using(UndiciUpstream.layer({ environment: { HTTP_PROXY: first.origin } }), async (upstream) => {
      const direct = connection({ proxy: "none" })
      expect((await send(upstream, { origin: vendor.origin, connection: direct })).body).toBe("from the vendor")
      const own = connection({ proxy: second.origin })
      expect((await send(upstream, { origin: vendor.origin, connection: own })).body).toBe("from the proxy")
      expect(first.asked).toEqual([])
      expect(second.asked).toEqual([`${vendor.origin}/`])
    })
  })

  it("sends a request that dies on an old socket of the proxy again", async () => {
    let asked = 0
    const proxy = opened(
      await listen(
        http((request, response) => {
          asked += 1
          if (asked === 2) request.socket.resetAndDestroy()
          else response.end("from the proxy")
        })
      )
    )
    await using(UndiciUpstream.layer({ environment: { HTTP_PROXY: proxy.origin } }), async (upstream) => {
      const origin = "http://vendor.invalid"
      expect((await send(upstream, { origin })).status).toBe(200)
      expect((await send(upstream, { origin })).status).toBe(200)
      expect(asked).toBe(3)
    })
  })

  it.each([
    [
      "https://vendor.invalid",
      "407",
      /the proxy http:\/\/127\.0\.0\.1:\d+ could not be used: it wants a user and a password: put them into HTTPS_PROXY/
    ],
    [
      "http://vendor.invalid",
      "407",
      /the proxy http:\/\/127\.0\.0\.1:\d+ could not be used: it wants a user and a password/
    ],
    ["https://vendor.invalid", "502", /the proxy http:\/\/127\.0\.0\.1:\d+ could not be used: it answered 502/],
    ["https://vendor.invalid", "403", /it answered 403/]
  ])("names the proxy that refuses %s with %s, not its credentials", async (origin, status, says) => {
    const proxy = opened(await proxyTo(nowhere, status))
    const environment = {
      HTTPS_PROXY: proxy.origin.replace("//", "//demo:s3cret@"),
      HTTP_PROXY: proxy.origin.replace("//", "//demo:s3cret@")
    }
    await using(UndiciUpstream.layer({ environment }), async (upstream) => {
      const { error } = await send(upstream, { origin })
      expect(error?.code).toBe(`PROXY_${status}`)
      expect(error?.message).toMatch(says)
      expect(JSON.stringify(error)).not.toContain("s3cret")
    })
  })

  it.each([
    "https://vendor.invalid",
    "http://vendor.invalid"
  ])("names a proxy for %s that nobody listens at", async (origin) => {
    const gone = await listen(http(() => {}))
    await gone.close()
    await using(UndiciUpstream.layer({ environment: { HTTP_PROXY: gone.origin } }), async (upstream) => {
      const { error } = await send(upstream, { origin })
      expect(error?.code).toBe("ECONNREFUSED")
      expect(error?.message).toContain(`the proxy ${gone.origin} could not be used`)
    })
  })

  it.each(["ftp://p:1", "http://"])("says that %s is no proxy", async (value) => {
    await using(UndiciUpstream.layer({ environment: { HTTP_PROXY: value } }), async (upstream) => {
      const { error } = await send(upstream, { origin: "http://vendor.invalid" })
      expect(error).toMatchObject({ code: "ERR_INVALID_PROXY", message: expect.stringMatching(/^HTTP_PROXY /) })
    })
  })

  it.each([
    ["http", "demo:s3cret@"],
    ["https", ""]
  ] as const)("asks a vendor over %s through a SOCKS5 proxy", async (scheme, credentials) => {
    const server = scheme === "https" ? secure() : http((_, response) => response.end("from the vendor"))
    const vendor = opened(await listen(server, scheme))
    const proxy = opened(await socksTo(vendor.port))
    const environment = { ALL_PROXY: `socks5://${credentials}127.0.0.1:${proxy.port}` }
    await using(UndiciUpstream.layer({ environment }), async (upstream) => {
      const ended = await send(upstream, {
        origin: `${scheme}://vendor.test`,
        connection: connection({ ca: certificate })
      })
      expect(ended).toMatchObject({ body: "from the vendor" })
      expect(proxy.asked).toEqual([`vendor.test:${scheme === "https" ? 443 : 80}`])
      expect(proxy.told).toEqual(credentials === "" ? [] : ["\u0001\u0004demo\u0006s3cret"])
    })
  })

  it("takes a value without a scheme for an HTTP proxy", async () => {
    const proxy = opened(await proxyTo(nowhere))
    await using(UndiciUpstream.layer({ environment: { http_proxy: `127.0.0.1:${proxy.port}` } }), async (upstream) => {
      expect((await send(upstream, { origin: "http://vendor.invalid" })).body).toBe("from the proxy")
    })
  })

  it("trusts a provider's own certificate for that provider alone, and says so to others", async () => {
    const vendor = opened(await listen(secure(), "https"))
    await using(UndiciUpstream.layer({ environment: {} }), async (upstream) => {
      const trusting = { origin: vendor.origin, connection: connection({ ca: certificate }) }
      expect((await send(upstream, trusting)).body).toBe("from the vendor")
      const { error } = await send(upstream, vendor)
      expect(error?.code).toBe("DEPTH_ZERO_SELF_SIGNED_CERT")
      expect(error?.message).toContain("`ca`")
    })
  })

  it("says that no TLS is spoken where a server answers without", async () => {
    const vendor = opened(await listen(http((_, response) => response.end("from the vendor"))))
    await using(UndiciUpstream.layer({ environment: {} }), async (upstream) => {
      const { error } = await send(upstream, { origin: vendor.origin.replace("http:", "https:") })
      expect(error?.message).toBe("no TLS is spoken there: should its `baseUrl` begin with http://?")
    })
  })

  it("gives up a request whose way is still being prepared", async () => {
    const proxy = opened(await proxyTo(nowhere))
    await using(UndiciUpstream.layer({ environment: { HTTP_PROXY: proxy.origin } }), async (upstream) => {
      const told: Array<string> = []
      const note = (name: string) => () => void told.push(name)
      const handler = {
        onConnected: note("connected"),
        onHeaders: note("headers"),
        onData: note("data"),
        onEnd: note("end"),
        onError: note("error")
      }
      const origin = "http://vendor.invalid"
      upstream.send({ method: "GET", origin, path: "/", headers: {}, body: undefined }, handler).abort()
      expect((await send(upstream, { origin })).status).toBe(200)
      expect(told).toEqual([])
      expect(proxy.asked).toHaveLength(1)
    })
  })
})
