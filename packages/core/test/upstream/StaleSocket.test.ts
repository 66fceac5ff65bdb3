import type * as Net from "node:net"
import { afterEach, describe, expect, it } from "vitest"
import * as UndiciUpstream from "../../src/upstream/UndiciUpstream.ts"
import { http, type Listening, listen, send, using } from "./support.ts"

type Kill = (socket: Net.Socket) => void

const reset: Kill = (socket) => socket.resetAndDestroy()
const close: Kill = (socket) => socket.destroy()

/** A server whose first `width` requests are answered together, so that each has a socket of its own. */
const world = async (width: number) => {
  let killing: Kill | undefined
  let killed = 0
  let requests = 0
  const old = new WeakSet<Net.Socket>()
  const waiting: Array<() => void> = []
  const server = http((_, response) => {
    requests += 1
    waiting.push(() => response.end("ok"))
    if (requests > width) waiting.pop()?.()
    else if (requests === width) for (const answer of waiting.splice(0)) answer()
  })
  server.on("connection", (socket: Net.Socket) => {
    socket.prependListener("data", () => {
      if (killing === undefined || !old.has(socket)) return
      killed += 1
      killing(socket)
    })
  })
  const listening = await listen(server)
  return {
    ...listening,
    get killed() {
      return killed
    },
    get requests() {
      return requests
    },
    /** Every socket that is open dies with its next request. */
    kill: (how: Kill) => {
      for (const socket of listening.sockets) old.add(socket)
      killing = how
    }
  }
}

const statuses = (ended: ReadonlyArray<{ readonly status: number }>) => ended.map(({ status }) => status)

describe("a pool whose sockets have died while nobody used them", () => {
  let open: Listening | undefined
  afterEach(() => open?.close())

  it.each([
    ["reset", reset],
    ["closed", close]
  ] as const)("answers 40 callers at once when 12 sockets were %s", async (_, how) => {
    const server = await world(12)
    open = server
    await using(UndiciUpstream.layer(), async (upstream) => {
      const many = (count: number) => Promise.all(Array.from({ length: count }, () => send(upstream, server)))
      expect(statuses(await many(12))).toEqual(Array(12).fill(200))
      server.kill(how)
      expect(statuses(await many(40))).toEqual(Array(40).fill(200))
      expect(server.killed).toBe(12)
      // The dying read theirs as well; what was answered was asked once.
      expect(server.requests - server.killed).toBe(52)
    })
  })

  it("tells the end of a fresh connection as it is, and asks once", async () => {
    let asked = 0
    const server = await listen(
      http((request) => {
        asked += 1
        request.socket.resetAndDestroy()
      })
    )
    open = server
    await using(UndiciUpstream.layer(), async (upstream) => {
      expect((await send(upstream, server)).error?.code).toMatch(/^(ECONNRESET|UND_ERR_SOCKET)$/)
      expect(asked).toBe(1)
    })
  })

  it("tells it when the fresh connection dies, too, and asks no third time", async () => {
    let asked = 0
    const server = await listen(
      http((request, response) => {
        asked += 1
        if (asked === 1) response.end("ok")
        else request.socket.resetAndDestroy()
      })
    )
    open = server
    await using(UndiciUpstream.layer(), async (upstream) => {
      expect((await send(upstream, server)).status).toBe(200)
      expect((await send(upstream, server)).error?.code).toMatch(/^(ECONNRESET|UND_ERR_SOCKET)$/)
      expect(asked).toBe(3)
    })
  })

  it.each([
    ["half of a status line", "HTTP/1.1 20"],
    ["a status line", "HTTP/1.1 200 OK\r\ncontent-le"],
    ["the head", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"],
    ["half of the body", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab"]
  ])("asks once when %s has come over a reused connection", async (_, said) => {
    let asked = 0
    const server = await listen(
      http((request, response) => {
        asked += 1
        if (asked === 1) response.end("ok")
        else request.socket.end(said)
      })
    )
    open = server
    await using(UndiciUpstream.layer(), async (upstream) => {
      expect((await send(upstream, server)).status).toBe(200)
      expect((await send(upstream, server)).error).toBeDefined()
      expect(asked).toBe(2)
    })
  })

  it.each([500, 503, 429, 408])("hands on a %d that comes over a reused connection", async (status) => {
    let asked = 0
    const server = await listen(
      http((_, response) => {
        asked += 1
        response.writeHead(asked === 1 ? 200 : status).end("{}")
      })
    )
    open = server
    await using(UndiciUpstream.layer(), async (upstream) => {
      await send(upstream, server)
      expect((await send(upstream, server)).status).toBe(status)
      expect(asked).toBe(2)
    })
  })

  it("says nothing more to a caller who has left", async () => {
    const server = await world(1)
    open = server
    await using(UndiciUpstream.layer(), async (upstream) => {
      await send(upstream, server)
      const told: Array<string> = []
      await new Promise<void>((resolve) => {
        server.kill((socket) => {
          call.abort()
          socket.resetAndDestroy()
          setImmediate(resolve)
        })
        const note = (name: string) => () => void told.push(name)
        const call = upstream.send(
          { method: "POST", origin: server.origin, path: "/", headers: {}, body: "{}" },
          {
            onConnected: () => {},
            onHeaders: note("headers"),
            onData: note("data"),
            onEnd: note("end"),
            onError: note("error")
          }
        )
      })
      expect(told).toEqual([])
      expect(server.requests - server.killed).toBe(1)
    })
  })
})
