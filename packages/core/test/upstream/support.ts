/** Servers on loopback, and what an `Upstream` makes of them. */
import * as Http from "node:http"
import type * as Net from "node:net"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { type TransportError, Upstream, type UpstreamRequest } from "../../src/upstream/Upstream.ts"

/** How a request ended. */
export interface Ended {
  readonly status: number
  readonly body: string
  readonly error: TransportError | undefined
}

/** Some turns of the loop: a pool takes a connection back a little after its answer. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** Sends one request, waits for its end, and until its connection may be used again. */
export const send = (upstream: Upstream["Service"], request: Partial<UpstreamRequest>): Promise<Ended> =>
  new Promise((end) => {
    const resolve = (ended: Ended): void => void turns().then(() => end(ended))
    let status = 0
    let body = ""
    upstream.send(
      {
        method: "POST",
        origin: "",
        path: "/",
        headers: { "content-type": "application/json" },
        body: "{}",
        ...request
      },
      {
        onConnected: () => {},
        onHeaders: (value) => {
          status = value
        },
        onData: (chunk) => {
          body += chunk.toString()
        },
        onEnd: () => resolve({ status, body, error: undefined }),
        onError: (error) => resolve({ status, body, error })
      }
    )
  })

/** Runs against a transport, which is closed afterwards. */
export const using = <A>(
  transport: Layer.Layer<Upstream>,
  run: (upstream: Upstream["Service"]) => Promise<A>
): Promise<A> =>
  Effect.runPromise(
    Effect.provide(
      Upstream.use((upstream) => Effect.promise(() => run(upstream))),
      transport
    )
  )

/** A server that listens, and its sockets. */
export interface Listening {
  readonly origin: string
  readonly port: number
  readonly sockets: Set<Net.Socket>
  readonly close: () => Promise<void>
}

/** Starts a server on a free port of loopback. */
export const listen = (server: Net.Server, scheme = "http"): Promise<Listening> =>
  new Promise((resolve) => {
    const sockets = new Set<Net.Socket>()
    server.on("connection", (socket: Net.Socket) => {
      sockets.add(socket)
      socket.on("error", () => {})
      socket.on("close", () => sockets.delete(socket))
    })
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as Net.AddressInfo
      const close = (): Promise<void> =>
        new Promise((closed) => {
          server.close(() => closed())
          for (const socket of sockets) socket.destroy()
        })
      resolve({ origin: `${scheme}://127.0.0.1:${port}`, port, sockets, close })
    })
  })

/** An HTTP server that answers when the body has come. */
export const http = (answer: (request: Http.IncomingMessage, response: Http.ServerResponse) => void): Http.Server =>
  Http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume()
    request.on("end", () => answer(request, response))
  })
