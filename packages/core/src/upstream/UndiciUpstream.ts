/**
 * The default transport: one undici pool an origin, spoken to through `dispatch`.
 *
 * **Gotchas**
 *
 * undici's own time limits are off (the engine's deadlines run on the injected clock); only its connect limit stays, as a
 * net under sockets that nobody waits for any more. Answers are asked for uncompressed: a compressed event stream is
 * held back by the compressor.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Dispatcher, Pool } from "undici"
// @ts-expect-error undici's index loads all that undici has, three times as much as the pool; its parts have no types.
import undiciPool from "undici/lib/dispatcher/pool.js"
import { type Headers, type TransportError, Upstream, type UpstreamCall, type UpstreamHandler } from "./Upstream.ts"

/** Options of the pools. */
export interface Options {
  /** Sockets an origin may have at most. Default: no limit. */
  readonly connections?: number
  /** Milliseconds that an unused socket is kept. Default 30,000. */
  readonly keepAliveTimeout?: number
}

const PoolOfUndici: typeof Pool = undiciPool

const abandoned = new Error("The attempt was given up")

const toHeaders = (
  raw: Dispatcher.DispatchController["rawHeaders"] | Record<string, string | string[] | undefined>
) => {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(raw ?? {})) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : String(value)
  }
  return headers as Headers
}

const toTransportError = (error: Error): TransportError => {
  const cause = error.cause
  const code = "code" in error ? error.code : cause instanceof Error && "code" in cause ? cause.code : undefined
  return { code: typeof code === "string" ? code : error.name, message: error.message || error.name }
}

class Exchange implements Dispatcher.DispatchHandler, UpstreamCall {
  #controller: Dispatcher.DispatchController | undefined
  #aborted = false
  #pieces: Array<Buffer> = []
  readonly #handler: UpstreamHandler

  constructor(handler: UpstreamHandler) {
    this.#handler = handler
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#aborted) controller.abort(abandoned)
    else this.#handler.onConnected()
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>
  ): void {
    if (!this.#aborted && status >= 200) this.#handler.onHeaders(status, toHeaders(headers))
  }

  /** One read of the socket comes as many HTTP chunks, for a stream as one a frame: they are handed on together. */
  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#pieces.push(chunk) === 1) queueMicrotask(() => this.#flushGuarded())
  }

  onResponseEnd(): void {
    this.#flush()
    if (!this.#aborted) this.#handler.onEnd()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#flush()
    if (!this.#aborted) this.#handler.onError(toTransportError(error))
  }

  #flush(): void {
    const pieces = this.#pieces
    const [first] = pieces
    if (first === undefined) return
    this.#pieces = []
    if (!this.#aborted) this.#handler.onData(pieces.length === 1 ? first : Buffer.concat(pieces))
  }

  /** What undici does for its own callbacks: a handler that throws ends its request, not the process. */
  #flushGuarded(): void {
    try {
      this.#flush()
    } catch (error) {
      this.#controller?.abort(error instanceof Error ? error : new Error(String(error)))
    }
  }

  abort(): void {
    if (this.#aborted) return
    this.#aborted = true
    this.#controller?.abort(abandoned)
  }

  pause(): void {
    this.#controller?.pause()
  }

  resume(): void {
    this.#controller?.resume()
  }
}

/** An `Upstream` over undici pools, which are closed with the layer's scope. */
export const layer = (options: Options = {}): Layer.Layer<Upstream> =>
  Layer.effect(
    Upstream,
    Effect.gen(function* () {
      const pools = new Map<string, Pool>()
      yield* Effect.addFinalizer(() =>
        Effect.promise(() => Promise.all([...pools.values()].map((pool) => pool.destroy())))
      )
      const poolOf = (origin: string): Pool => {
        let pool = pools.get(origin)
        if (pool === undefined) {
          pool = new PoolOfUndici(origin, {
            connections: options.connections ?? null,
            keepAliveTimeout: options.keepAliveTimeout ?? 30_000,
            headersTimeout: 0,
            bodyTimeout: 0
          })
          pools.set(origin, pool)
        }
        return pool
      }
      return Upstream.of({
        send: (request, handler) => {
          const exchange = new Exchange(handler)
          poolOf(request.origin).dispatch(
            { method: request.method, path: request.path, headers: request.headers, body: request.body ?? null },
            exchange
          )
          return exchange
        }
      })
    })
  )
