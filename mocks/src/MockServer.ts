/**
 * The vendors as an HTTP server, with real sockets: faults are exact, and clients in any language can use it.
 *
 * DeepSeek answers under `/deepseek` (also `/deepseek/v1`, `/deepseek/beta`), Qwen under `/qwen/compatible-mode/v1`, and as the host of
 * a workspace does under `/qwen-workspace/compatible-mode/v1`.
 * `/_mock/...` steers it: keys, faults, journal, clock, reset, and whatever `control` adds.
 *
 * **Gotchas**
 *
 * - There is no password on the control endpoints: bind to the loopback, as it does unless told otherwise. Web pages are
 *   refused there, and names that a page may have made stand for this machine.
 * - A refused connection cannot be done per request; `refuse` and `dns` belong to `MockNetwork`.
 *
 * **Example** (a stream that is reset after two chunks)
 *
 * ```ts
 * const vendors = Vendors.make({ acceptAnyKey: true })
 * const server = await MockServer.listen(vendors)
 * vendors.addFault({ vendor: "deepseek", kind: "reset.midstream", afterChunks: 2 })
 * const client = new OpenAI({ baseURL: server.urls.deepseek, apiKey: "sk-anything" })
 * ```
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { besideOf } from "./internal/transport/Beside.ts"
import * as Control from "./internal/transport/Control.ts"
import type { Delivery } from "./internal/transport/Delivery.ts"
import { carry } from "./internal/transport/HttpSink.ts"
import * as Pages from "./internal/transport/Pages.ts"
import type { Site } from "./internal/vendor/Personality.ts"
import { names, personalities, places, urlsAt, type VendorName } from "./VendorList.ts"
import type { Vendors } from "./Vendors.ts"

export type { ControlReply, ControlRequest } from "./internal/transport/Control.ts"

/** Where to listen, and what else to answer under `/_mock`. */
export interface Options extends Control.Extension {
  /** 0, a free one, unless told otherwise. */
  readonly port?: number
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string
}

/** A server that listens. */
export interface MockServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly port: number
  /** The base URL for clients of each vendor. */
  readonly urls: Readonly<Record<VendorName, string>>
  /** Ends open responses and connections, then stops. */
  close(): Promise<void>
}

/** Says on every answer how many times faster than real time the vendors live; missing where they live in real time. */
export const speedHeader = "x-mock-speed"

/** Bodies beyond this are not kept; the vendors answer 413. */
const maxBody = 10 * 1024 * 1024

type Place = readonly [base: string, vendor: VendorName, site: Site]

const bases = names.flatMap((name): ReadonlyArray<Place> => {
  const { addresses = [], place } = personalities[name]
  const further = addresses.flatMap(
    ({ place, site }): ReadonlyArray<Place> => (place === undefined ? [] : [[place, name, site]])
  )
  return [[place, name, "public"], ...further]
})

const readBody = (request: IncomingMessage, then: (body: string, oversized: boolean) => void): void => {
  const parts: Array<Buffer> = []
  let size = 0
  request.on("data", (part: Buffer) => {
    size += part.length
    if (size <= maxBody) parts.push(part)
    else parts.length = 0
  })
  request.on("end", () => {
    const [only] = parts
    const oversized = size > maxBody
    then(parts.length === 1 && only !== undefined ? only.toString() : Buffer.concat(parts).toString(), oversized)
  })
}

const sendReply = (response: ServerResponse, { status, body, type }: Control.ControlReply): void => {
  response.writeHead(status, { "content-type": type ?? "application/json" })
  response.end(type === undefined ? `${JSON.stringify(body)}\n` : String(body))
}

const vendorOf = (path: string): Place | undefined =>
  bases.find(([base]) => path.startsWith(base) && (path.length === base.length || path[base.length] === "/"))

const nowhere = (path: string): Control.ControlReply => {
  const known = { ...places, control: "/_mock" }
  return path === "/"
    ? { status: 200, body: known }
    : { status: 404, body: { error: `nothing is mocked at ${path}`, places: known } }
}

interface Call {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: string
  readonly oversized: boolean
}

const serveVendor = (
  vendors: Vendors,
  open: Set<Delivery>,
  place: Place,
  call: Call,
  response: ServerResponse
): void => {
  const delivery = vendors.receive({
    adapter: "server",
    vendor: place[1],
    site: place[2],
    method: call.method,
    path: call.path.slice(place[0].length),
    authorization: response.req.headers.authorization,
    beside: () => besideOf(call.query, response.req.headers),
    body: call.body,
    oversized: call.oversized
  })
  open.add(delivery)
  response.on("close", () => open.delete(delivery))
  carry(delivery, response)
}

const serveRest = (vendors: Vendors, options: Options, { method, path, query, body }: Call): Control.ControlReply =>
  path.startsWith("/_mock/")
    ? Control.answer(vendors, { method, path: path.slice(6), query: new URLSearchParams(query), body }, options)
    : nowhere(path)

const handler =
  (vendors: Vendors, options: Options, open: Set<Delivery>) => (request: IncomingMessage, response: ServerResponse) => {
    const { speed = 1 } = vendors.clock.callers ?? {}
    if (speed !== 1) response.setHeader(speedHeader, speed)
    const url = request.url ?? "/"
    const mark = url.indexOf("?")
    const [path, query] = mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark)]
    const place = vendorOf(path)
    readBody(request, (body, oversized) => {
      const call = { method: request.method ?? "GET", path, query, body, oversized }
      try {
        const refused = path.startsWith("/_mock/") ? Pages.refusal(request.headers) : undefined
        if (refused !== undefined) sendReply(response, { status: 403, body: { error: refused } })
        else if (place === undefined) sendReply(response, serveRest(vendors, options, call))
        else serveVendor(vendors, open, place, call, response)
      } catch (error) {
        // A test's own `replies` may throw: that must be seen by its client, not end the server.
        sendReply(response, { status: 500, body: { error: `the mock itself failed: ${String(error)}` } })
      }
    })
  }

const listening = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, () => {
      server.off("error", reject)
      resolve()
    })
  })

/** Starts a server for the vendors. */
export const listen = async (vendors: Vendors, options: Options = {}): Promise<MockServer> => {
  const host = options.host ?? "127.0.0.1"
  const open = new Set<Delivery>()
  // Answers may take as long as a plan says, and idle connections may be reused late: no limits of our own.
  const server = createServer(
    { keepAliveTimeout: 120_000, requestTimeout: 0, noDelay: true },
    handler(vendors, options, open)
  )
  const detach = vendors.attach("server")
  try {
    await listening(server, options.port ?? 0, host)
  } catch (error) {
    detach()
    throw error
  }
  const { port } = server.address() as AddressInfo
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`
  return {
    url,
    port,
    urls: urlsAt(url),
    close: () =>
      new Promise((resolve) => {
        detach()
        for (const delivery of open) delivery.ended("server-closed")
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}
