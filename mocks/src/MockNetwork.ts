/**
 * The vendors inside this process, through MSW: requests to their real hosts never leave, and a fake clock drives them.
 *
 * It intercepts at the socket, so global fetch, `node:http`, the openai client and npm's undici are all caught. A request to
 * any other host fails, loudly and without its body or query in the message; the loopback passes through.
 *
 * **Gotchas**
 *
 * - Enable it before clients open connections; a pooled connection that is already open is not intercepted.
 * - A cut and a reset look the same to the client here (`UND_ERR_SOCKET`); for exact codes use `MockServer`.
 * - Interception costs about a millisecond a request. Measure with `MockServer`.
 *
 * **Example** (a test file)
 *
 * ```ts
 * const vendors = Vendors.make({ keys: { "sk-demo-qwen-1": { vendor: "qwen" } } })
 * const network = MockNetwork.make(vendors)
 * beforeAll(() => network.enable())
 * afterEach(() => vendors.reset())
 * afterAll(() => network.disable())
 * ```
 */
import { setMaxListeners } from "node:events"
import { HttpRequestInterceptor } from "@mswjs/interceptors/http"
import { SocketInterceptor } from "@mswjs/interceptors/net"
import { http } from "msw"
import { defineNetwork, HttpNetworkFrame, InterceptorSource } from "msw/experimental"
import { besideOf } from "./internal/transport/Beside.ts"
import { respond } from "./internal/transport/NetworkSink.ts"
import * as Base from "./internal/vendor/Base.ts"
import type { Vendors } from "./Vendors.ts"

/** What is intercepted. */
export interface Options extends Base.Options {
  /** Further host names that may really be called. */
  readonly passthrough?: ReadonlyArray<string>
}

/** The interception. */
export interface MockNetwork {
  enable(): void
  disable(): void
  /** `METHOD https://host/path` of every request that was refused because nothing mocks it. */
  readonly unhandled: ReadonlyArray<string>
}

const loopback = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/

const bearings = (url: URL): string => `${url.origin}${url.pathname}`

const find = (bases: ReadonlyArray<Base.Base>, request: Request): Base.Place | undefined =>
  Base.find(bases, bearings(new URL(request.url)))

const refuse = (place: string): never => {
  const message = `${place} is not mocked and must not be called; name its host in MockNetwork's passthrough to allow it`
  // With `errno` MSW hands the error to the client; without it the client would see a 500.
  throw Object.assign(new Error(message), { code: "ERR_NOT_MOCKED", errno: -1, syscall: "connect" })
}

/** MSW prints a thrown socket error twice unless the frame itself has a listener for it. */
class QuietSource extends InterceptorSource {
  override queue(frame: Parameters<InterceptorSource["queue"]>[0]): Promise<void> {
    if (frame instanceof HttpNetworkFrame) frame.events.on("unhandledException", () => undefined)
    return super.queue(frame)
  }
}

/**
 * Keeps connections to the mocked hosts in this process until their first request. A client may connect before it has something
 * to ask (undici does after a request was broken off), and such a connection MSW would hand on to the real host.
 */
const holdIdle = (bases: ReadonlyArray<Base.Base>, signal: AbortSignal): void => {
  const sockets = SocketInterceptor.singleton(SocketInterceptor)
  sockets.on(
    "connection",
    ({ connectionOptions, controller, socket }) => {
      const held: { passthrough: () => unknown } = controller
      if (Base.hasHost(bases, connectionOptions.host ?? "")) held.passthrough = () => socket
    },
    { signal }
  )
}

const handlerOf = (vendors: Vendors, bases: ReadonlyArray<Base.Base>, closing: () => AbortSignal) =>
  http.all(
    ({ request }) => find(bases, request) !== undefined,
    async ({ request }) => {
      const found = find(bases, request)
      if (found === undefined) return undefined
      const delivery = vendors.receive({
        adapter: "network",
        vendor: found.vendor,
        site: found.site,
        method: request.method,
        path: found.path,
        authorization: request.headers.get("authorization") ?? undefined,
        beside: () => besideOf(new URL(request.url).search, Object.fromEntries(request.headers)),
        body: await request.text()
      })
      return respond(delivery, new URL(request.url), { leave: request.signal, closing: closing() })
    }
  )

/** Makes an interception of the vendors' hosts; it does nothing until enabled. */
export const make = (vendors: Vendors, options: Options = {}): MockNetwork => {
  const bases = Base.from(options)
  const allowed = options.passthrough ?? []
  const unhandled: Array<string> = []
  let session = new AbortController()
  const network = defineNetwork({
    sources: [new QuietSource({ interceptors: [new HttpRequestInterceptor()] })],
    handlers: [handlerOf(vendors, bases, () => session.signal)],
    // Quiet, since logging would clone every stream and lose its cancellation.
    context: { quiet: true },
    onUnhandledFrame: ({ frame }) => {
      if (!(frame instanceof HttpNetworkFrame)) return
      const url = new URL(frame.data.request.url)
      if (loopback.test(url.hostname) || allowed.includes(url.hostname)) return
      const place = `${frame.data.request.method} ${bearings(url)}`
      unhandled.push(place)
      refuse(place)
    }
  })
  let detach = (): void => undefined
  return {
    unhandled,
    enable: () => {
      detach = vendors.attach("network")
      session = new AbortController()
      setMaxListeners(0, session.signal)
      network.enable()
      holdIdle(bases, session.signal)
    },
    disable: () => {
      detach()
      session.abort()
      network.disable()
    }
  }
}
