/** A provider's own `pool`: how many connections there are, how long they are kept, and who waits for one. */
import type * as Http from "node:http"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { expect, it } from "vitest"
import * as UnderstudyConfig from "../../src/config/UnderstudyConfig.ts"
import { Failover } from "../../src/failover/Failover.ts"
import * as Understudy from "../../src/Understudy.ts"
import * as UndiciUpstream from "../../src/upstream/UndiciUpstream.ts"
import { type Connection, Upstream, type UpstreamHandler } from "../../src/upstream/Upstream.ts"
import { completion } from "../support.ts"
import { http, listen, send, using } from "./support.ts"

const connectionOf = (pool: Connection["pool"]): Connection => ({ id: "own", proxy: "none", ca: undefined, pool })

it("has a request wait where every connection is in use, and says so", async () => {
  const answers: Array<Http.ServerResponse> = []
  let arrived = (): void => {}
  const first = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const server = await listen(
    http((_, response) => {
      answers.push(response)
      arrived()
    })
  )
  const connection = connectionOf({ connections: 1, keepAlive: 30_000 })
  await using(UndiciUpstream.layer(), async (upstream) => {
    const one = send(upstream, { origin: server.origin, connection })
    await first
    const seen: Array<string> = []
    const other = new Promise<void>((resolve) => {
      upstream.send(
        { method: "POST", origin: server.origin, path: "/", headers: {}, body: "{}", connection },
        {
          onQueued: () => seen.push("queued"),
          onConnected: () => {
            seen.push("connected")
            resolve()
          },
          onHeaders: () => {},
          onData: () => {},
          onEnd: () => {},
          onError: () => {}
        }
      )
    })
    expect(seen).toEqual(["queued"])
    answers[0]?.end("ok")
    await Promise.all([one, other])
    expect(seen).toEqual(["queued", "connected"])
    expect(server.sockets.size).toBe(1)
  })
  await server.close()
})

it.each([
  ["uses a connection again", 30_000, 1],
  ["opens one for each request where none is kept", 0, 3]
])("%s", async (_, keepAlive, expected) => {
  const sockets = new Set<unknown>()
  const server = await listen(
    http((request, response) => {
      sockets.add(request.socket)
      response.end("ok")
    })
  )
  const connection = connectionOf({ connections: undefined, keepAlive })
  await using(UndiciUpstream.layer(), async (upstream) => {
    for (let count = 0; count < 3; count++) await send(upstream, { origin: server.origin, connection })
  })
  await server.close()
  expect(sockets.size).toBe(expected)
})

it("reads a provider's pool, and goes by the transport's where it has none", async () => {
  const configOf = (pool: { readonly connections?: number; readonly keepAlive?: string } | undefined) =>
    Effect.runPromise(
      UnderstudyConfig.fromOptions({
        version: 1,
        providers: {
          local: {
            type: "openai-compatible",
            baseUrl: "http://127.0.0.1:1/v1",
            ...(pool === undefined ? {} : { pool })
          }
        },
        routes: [{ name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "local" }] }]
      })
    ).then(({ providers }) => providers[0]?.connection)
  expect(await configOf(undefined)).toBeUndefined()
  expect((await configOf({}))?.pool).toEqual({ connections: undefined, keepAlive: 30_000 })
  expect((await configOf({ connections: 5, keepAlive: "0s" }))?.pool).toEqual({ connections: 5, keepAlive: 0 })
  await expect(configOf({ connections: 0 })).rejects.toThrow("a whole number >= 1")
})

it("does not hold the wait for a connection against the vendor", async () => {
  const handlers: Array<UpstreamHandler> = []
  const upstream = Layer.succeed(Upstream, {
    send: (_, handler) => {
      handlers.push(handler)
      handler.onQueued?.()
      return { abort: () => {}, pause: () => {}, resume: () => {} }
    }
  })
  const config = UnderstudyConfig.fromOptions({
    version: 1,
    providers: {
      local: {
        type: "openai-compatible",
        baseUrl: "http://127.0.0.1:1/v1",
        deadlines: { connect: "1s", answer: "2s" }
      }
    },
    routes: [{ name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "local" }] }]
  })
  const program = Effect.gen(function* () {
    const failover = yield* Failover
    const call = yield* Effect.forkChild(
      failover.call({ request: { model: "m", messages: [{ role: "user", content: "Hi" }] } })
    )
    yield* TestClock.adjust(Duration.seconds(30))
    const [handler] = handlers
    handler?.onConnected()
    yield* TestClock.adjust(Duration.millis(1_900))
    handler?.onHeaders(200, { "content-type": "application/json" })
    handler?.onData(Buffer.from(JSON.stringify(completion("m"))))
    handler?.onEnd()
    const { trail } = yield* Fiber.join(call)
    return { trail, at: yield* Clock.currentTimeMillis }
  })
  const core = Layer.unwrap(Effect.map(config, Understudy.layer)).pipe(Layer.provide(upstream))
  const { at, trail } = await Effect.runPromise(Effect.provide(program, Layer.provideMerge(core, TestClock.layer())))
  expect({ at, attempts: trail.length }).toEqual({ at: 31_900, attempts: 1 })
})
