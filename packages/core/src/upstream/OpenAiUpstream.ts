/**
 * A transport over a caller's own `openai` client: its proxy, its fetch, its headers and its middleware stay in force,
 * while keys, retries and deadlines are the engine's.
 *
 * **Gotchas**
 *
 * Costs about eight times an undici pool's CPU a call; use it where the client's own set-up matters. The client's
 * `maxRetries` is overridden with 0 (one owner of retries), redirects are not followed, and its `timeout` is lifted out of
 * the way. Its `fetch` does not tell which connection carries a request: one that dies on an old socket is told as a
 * failure. A provider's `proxy` and `ca` are the client's own to set, too.
 *
 * **Example** (An existing client below the engine)
 *
 * ```ts
 * import OpenAI from "openai"
 * import * as OpenAiUpstream from "@understudy/core/upstream/OpenAiUpstream"
 *
 * const upstream = OpenAiUpstream.layer(new OpenAI({ apiKey: "unused", baseURL: "http://127.0.0.1:9090/v1" }))
 * ```
 */
import * as Layer from "effect/Layer"
import type OpenAI from "openai"
import { type Headers, Upstream, type UpstreamHandler, type UpstreamRequest } from "./Upstream.ts"

/** Longest wait of the client's own, in milliseconds: one day, so that the engine's deadlines always come first. */
const outOfTheWay = 86_400_000

/** `fetch` has undone the body's encoding by then, and leaves the header that named it. */
const toHeaders = (headers: globalThis.Headers): Headers =>
  Object.fromEntries([...headers].filter(([name]) => name !== "content-encoding"))

const codeOf = (error: unknown): string => {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string") return at.code
  }
  return error instanceof Error ? error.name : "UNKNOWN"
}

interface Flow {
  paused: Promise<void> | undefined
  release: () => void
}

const pump = async (body: ReadableStream<Uint8Array>, flow: Flow, handler: UpstreamHandler): Promise<void> => {
  for await (const chunk of body) {
    handler.onData(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    if (flow.paused !== undefined) await flow.paused
  }
  handler.onEnd()
}

const exchange = async (
  client: OpenAI,
  request: UpstreamRequest,
  flow: Flow,
  signal: AbortSignal,
  handler: UpstreamHandler
): Promise<void> => {
  const url = request.origin + request.path
  const options = {
    headers: { ...request.headers },
    maxRetries: 0,
    timeout: outOfTheWay,
    signal,
    fetchOptions: { redirect: "manual" as const }
  }
  const pending =
    request.method === "GET"
      ? client.get(url, options)
      : client.post(url, { ...options, body: request.body ?? "{}", stream: true })
  // fetch does not tell when a connection stands: the connect deadline ends where the request is handed over.
  handler.onConnected()
  const response = await pending.asResponse()
  handler.onHeaders(response.status, toHeaders(response.headers))
  if (response.body === null) handler.onEnd()
  else await pump(response.body as ReadableStream<Uint8Array>, flow, handler)
}

/** The client turns a status >= 400 into an exception that holds the parsed body: hand both on as they were. */
const fromApiError = (
  error: { status: number; headers: globalThis.Headers | undefined; error: unknown; message: string },
  handler: UpstreamHandler
): void => {
  handler.onHeaders(error.status, error.headers === undefined ? {} : toHeaders(error.headers))
  handler.onData(Buffer.from(error.error === undefined ? error.message : JSON.stringify({ error: error.error })))
  handler.onEnd()
}

const isApiError = (error: unknown): error is Parameters<typeof fromApiError>[0] =>
  error instanceof Error && "status" in error && typeof error.status === "number"

/** An `Upstream` over the given client. */
export const layer = (client: OpenAI): Layer.Layer<Upstream> =>
  Layer.succeed(
    Upstream,
    Upstream.of({
      send: (request, handler) => {
        const controller = new AbortController()
        const flow: Flow = { paused: undefined, release: () => {} }
        const unlessAborted =
          <Told extends ReadonlyArray<unknown>>(tell: (...told: Told) => void) =>
          (...told: Told): void => {
            if (!controller.signal.aborted) tell(...told)
          }
        const guarded: UpstreamHandler = {
          onConnected: unlessAborted(() => handler.onConnected()),
          onHeaders: unlessAborted((status, headers) => handler.onHeaders(status, headers)),
          onData: unlessAborted((chunk) => handler.onData(chunk)),
          onEnd: unlessAborted(() => handler.onEnd()),
          onError: unlessAborted((error) => handler.onError(error))
        }
        exchange(client, request, flow, controller.signal, guarded).catch((error: unknown) => {
          if (isApiError(error)) fromApiError(error, guarded)
          else guarded.onError({ code: codeOf(error), message: error instanceof Error ? error.message : String(error) })
        })
        return {
          abort: () => {
            controller.abort()
            flow.release()
          },
          pause: () => {
            flow.paused ??= new Promise((resolve) => {
              flow.release = resolve
            })
          },
          resume: () => {
            flow.paused = undefined
            flow.release()
          }
        }
      }
    })
  )
