/**
 * The default transport: one undici pool an origin, spoken to through `dispatch`, directly or through the proxy that the
 * environment or the provider names.
 *
 * **Details**
 *
 * - A request that dies on a connection which had answered others, before a byte of its own answer, goes out once more on a
 *   connection of its own: a load balancer closes sockets that idle, and many at once. A request that dies on a fresh
 *   connection is told as it is.
 *
 * **Gotchas**
 *
 * undici's own time limits are off (the engine's deadlines run on the injected clock); only its connect limit stays, as a
 * net under sockets that nobody waits for any more. Answers are asked for uncompressed: a compressed event stream is
 * held back by the compressor.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Dispatcher } from "undici"
import * as Dispatchers from "../internal/upstream/Dispatchers.ts"
import type { Environment } from "../internal/upstream/ProxyEnvironment.ts"
import * as TransportErrors from "../internal/upstream/TransportErrors.ts"
import { Upstream, type UpstreamCall, type UpstreamHandler, type UpstreamRequest } from "./Upstream.ts"

/** Options of the pools. */
export interface Options {
  /** Sockets an origin may have at most. Default: no limit. */
  readonly connections?: number
  /** Milliseconds that an unused socket is kept. Default 30,000. */
  readonly keepAliveTimeout?: number
  /** Where `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are read. Default: the process's environment. */
  readonly environment?: Environment
}

const abandoned = new Error("The attempt was given up")

class Exchange implements Dispatchers.Carried, UpstreamCall {
  readonly #request: UpstreamRequest
  readonly #handler: UpstreamHandler
  #way: Dispatchers.Way | undefined
  #controller: Dispatcher.DispatchController | undefined
  carrier: Dispatchers.ConnectionOfUndici | undefined
  /** Bytes that the connection had read when it was given the request; undefined when it is a fresh one. */
  #reusedAt: number | undefined
  #sent = false
  #connected = false
  #answered = false
  #aborted = false
  #ended = false
  #paused = false
  #pieces: Array<Buffer> = []

  /** What undici does for its own callbacks: a handler that throws ends its request, not the process. */
  readonly #flushGuarded = (): void => {
    try {
      this.#flush()
    } catch (error) {
      this.#controller?.abort(error instanceof Error ? error : new Error(String(error)))
    }
  }

  constructor(request: UpstreamRequest, handler: UpstreamHandler) {
    this.#request = request
    this.#handler = handler
  }

  start(found: Dispatchers.Found): void {
    if (found instanceof Dispatchers.Way) this.#dispatch(found, found.kept)
    else if (typeof found === "string") queueMicrotask(() => this.#fail({ code: "ERR_INVALID_PROXY", message: found }))
    else
      found.then(
        (way) => {
          if (!this.#aborted) this.#dispatch(way, way.kept)
        },
        (error: Error) => this.#fail({ code: "ERR_PROXY_AGENT", message: error.message })
      )
  }

  #dispatch(way: Dispatchers.Way, dispatcher: Dispatcher): void {
    this.#way = way
    const { body, headers, method, origin, path } = this.#request
    dispatcher.dispatch({ method, origin, path, headers, body: body ?? null }, this)
    // Who finds a connection is given it at once, even one that is still to be opened.
    if (way.isLimited && this.carrier === undefined) this.#handler.onQueued?.()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#sent = true
    this.#reusedAt = this.carrier?.isReused === true ? (this.carrier.bytesRead ?? 0) : undefined
    if (this.#aborted) return controller.abort(abandoned)
    if (!this.#connected) this.#handler.onConnected()
    this.#connected = true
    if (this.#paused) controller.pause()
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>
  ): void {
    this.#answered = true
    // From here on the connection is one that has answered.
    if (this.carrier !== undefined) this.carrier.isReused = true
    if (this.#aborted || this.#ended || status < 200) return
    const given: Record<string, string> = {}
    for (const name in headers) {
      const value = headers[name]
      if (value !== undefined) given[name] = Array.isArray(value) ? value.join(", ") : value
    }
    this.#handler.onHeaders(status, given)
  }

  /** One read of the socket comes as many HTTP chunks, for a stream as one a frame: they are handed on together. */
  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#pieces.push(chunk) === 1) queueMicrotask(this.#flushGuarded)
  }

  onResponseEnd(): void {
    this.#flush()
    if (this.#aborted || this.#ended) return
    this.#ended = true
    this.#handler.onEnd()
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const proxy: Dispatchers.Proxy | undefined = this.#way?.proxy
    if (TransportErrors.isDeadSocket(error) && this.#isStale()) return this.#again()
    this.#flush()
    this.#fail(TransportErrors.from(error, this.#sent ? TransportErrors.refusingProxy(error, proxy) : proxy))
  }

  #fail(error: TransportErrors.TransportError): void {
    if (this.#aborted || this.#ended) return
    this.#ended = true
    this.#handler.onError(error)
  }

  /** True when nothing but an old socket has failed: it was kept for too long, and nothing has been answered on it. */
  #isStale(): boolean {
    if (this.#reusedAt === undefined || this.#answered || this.#aborted || this.#ended) return false
    const read = this.carrier?.bytesRead
    return read === undefined || read === this.#reusedAt
  }

  /** The same request on a connection of its own; it is the first there, so this happens once. */
  #again(): void {
    const way = this.#way
    if (way === undefined) return
    this.#controller = undefined
    this.#sent = false
    this.#reusedAt = undefined
    this.#dispatch(way, way.fresh)
  }

  #flush(): void {
    const pieces = this.#pieces
    const [first] = pieces
    if (first === undefined) return
    this.#pieces = []
    if (!this.#aborted && !this.#ended) this.#handler.onData(pieces.length === 1 ? first : Buffer.concat(pieces))
  }

  abort(): void {
    if (this.#aborted) return
    this.#aborted = true
    this.#controller?.abort(abandoned)
  }

  pause(): void {
    this.#paused = true
    this.#controller?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#controller?.resume()
  }
}

/** An `Upstream` over undici pools, which are closed with the layer's scope. */
export const layer = (options: Options = {}): Layer.Layer<Upstream> =>
  Layer.effect(
    Upstream,
    Effect.gen(function* () {
      const dispatchers = new Dispatchers.Dispatchers({
        connections: options.connections,
        keepAliveTimeout: options.keepAliveTimeout ?? 30_000,
        environment: options.environment ?? process.env
      })
      yield* Effect.addFinalizer(() => Effect.promise(() => dispatchers.destroy()))
      return Upstream.of({
        send: (request, handler) => {
          const exchange = new Exchange(request, handler)
          exchange.start(dispatchers.of(request))
          return exchange
        }
      })
    })
  )
