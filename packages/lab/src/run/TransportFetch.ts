/**
 * `fetch` over the mocks' in-process transport: for clients that take a `fetch`, on a virtual clock.
 *
 * **Gotchas**
 *
 * It does what clients of chat models need (POST and GET with text bodies, abort, streamed answers), nothing more.
 */
import type { MockTransport } from "@understudy/mocks/MockTransport"

type Fetch = typeof globalThis.fetch

const toError = ({ code, message }: { readonly code: string; readonly message: string }): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) })

/** A fetch whose requests go to the transport. */
export const make =
  (transport: MockTransport): Fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const body = request.method === "GET" ? undefined : await request.text()
    const { signal } = request
    signal.throwIfAborted()
    return new Promise<Response>((resolve, reject) => {
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined
      let over = false
      const fail = (error: unknown): void => {
        if (over) return
        over = true
        if (controller === undefined) reject(error)
        else controller.error(error)
      }
      const call = transport.send(
        {
          method: request.method === "GET" ? "GET" : "POST",
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          headers: Object.fromEntries(request.headers),
          body
        },
        {
          onConnected: () => undefined,
          onHeaders: (status, headers) => {
            const stream = new ReadableStream<Uint8Array>({
              start: (each) => {
                controller = each
              },
              cancel: () => {
                over = true
                call.abort()
              }
            })
            resolve(new Response(status === 204 ? null : stream, { status, headers }))
          },
          onData: (chunk) => {
            if (!over) controller?.enqueue(new Uint8Array(chunk))
          },
          onEnd: () => {
            if (over) return
            over = true
            controller?.close()
          },
          onError: (error) => fail(toError(error))
        }
      )
      signal.addEventListener(
        "abort",
        () => {
          call.abort()
          fail(signal.reason)
        },
        { once: true }
      )
    })
  }
