/**
 * From `node:http` to a web handler and back, with limits: one body is at most 2 MB, headers have 10 seconds and a whole
 * request 30, and a stream is read only as fast as its reader takes it.
 *
 * The caller's address goes along as a header of ours; one of that name that came in is dropped.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { pipeline } from "node:stream/promises"
import * as Origins from "./Origins.ts"
import type { Page } from "./Pages.ts"

/** The header that carries the caller's address to the handlers. */
export const addressHeader = "x-understudy-address"

const maxBody = 2 * 1024 * 1024

const nothingHere = "There is nothing here. /docs and /openapi.json say what there is."

/** What answers where the handler has nothing; undefined for nothing either. */
export type Pages = (request: IncomingMessage) => Promise<Page | undefined>

/** A handler of the web platform's kind. */
export type WebHandler = (request: Request) => Promise<Response>

const security = {
  // The documentation page brings its scripts with it; nothing of it may come from elsewhere.
  "content-security-policy":
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin"
}

const tell = (response: ServerResponse, status: number, tag: string, message: string): void => {
  response.writeHead(status, { ...security, "content-type": "application/json", connection: "close" })
  response.end(JSON.stringify({ _tag: tag, message }))
}

/** The whole body; undefined for one that is too large. */
const read = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  if (Number(request.headers["content-length"]) > maxBody) return undefined
  const chunks: Array<Buffer> = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > maxBody) return undefined
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

const toRequest = (request: IncomingMessage, body: Buffer | undefined, signal: AbortSignal): Request => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headersDistinct)) {
    for (const each of name === addressHeader ? [] : (value ?? [])) headers.append(name, each)
  }
  headers.set(addressHeader, request.socket.remoteAddress ?? "")
  const { method = "GET", url = "/" } = request
  // Nothing behind this asks for the name, and a name with a port of its own making is no URL.
  const target = new URL(`http://localhost${url.startsWith("/") ? url : "/"}`)
  const withBody = body === undefined || method === "GET" || method === "HEAD" ? {} : { body: new Uint8Array(body) }
  return new Request(target, { method, headers, signal, ...withBody })
}

const answer = async (from: Response, response: ServerResponse): Promise<void> => {
  const cookies = from.headers.getSetCookie()
  const headers = Object.fromEntries([...from.headers].filter(([name]) => name !== "set-cookie"))
  response.writeHead(from.status, { ...security, ...headers, ...(cookies.length > 0 ? { "set-cookie": cookies } : {}) })
  if (from.body === null) return void response.end()
  // What a watcher of events waits for first is that they can come at all.
  response.flushHeaders()
  await pipeline(from.body, response)
}

const show = ({ body, headers, status }: Page, request: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(status, { ...security, ...headers, "content-length": Buffer.byteLength(body) })
  response.end(request.method === "HEAD" ? undefined : body)
}

/** A server over a handler; it does not listen yet. `onDefect` hears of what a handler threw. */
export const make = (
  handler: WebHandler,
  pages: Pages,
  hosts: () => ReadonlyArray<string>,
  onDefect: (error: unknown) => void
): Server => {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refusal = Origins.refusal(request, hosts())
    if (refusal !== undefined) return tell(response, 403, "Forbidden", refusal)
    if (request.method === "TRACE") return tell(response, 405, "NotAllowed", "TRACE is answered to nobody.")
    const body = await read(request)
    if (body === undefined) return tell(response, 413, "TooLarge", `A request body here is at most ${maxBody} bytes.`)
    const left = new AbortController()
    response.on("close", () => left.abort())
    const answered = await handler(toRequest(request, body, left.signal))
    if (answered.status === 404 && answered.body === null) {
      const page = await pages(request)
      return page === undefined ? tell(response, 404, "NotFound", nothingHere) : show(page, request, response)
    }
    await answer(answered, response)
  }
  return createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 },
    (request, response) => {
      response.on("error", () => {})
      serve(request, response).catch((error: unknown) => {
        // Whoever has left needs no answer. A request that has been read whole is destroyed, too, and its sender waits.
        if (response.destroyed) return
        onDefect(error)
        if (response.headersSent) response.destroy()
        else tell(response, 500, "Defect", "The admin API failed. Its log says how.")
      })
    }
  )
}
