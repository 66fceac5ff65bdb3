/**
 * The port through which the core speaks HTTP, in the push style of undici's dispatch handlers: it costs no promise and
 * no stream object a request, and an abort is possible in every phase.
 *
 * **Details**
 *
 * - A handler is called in the order `onConnected? onHeaders? onData* (onEnd | onError)`, and never after `abort`.
 * - An implementation does not retry, does not follow redirects and has no time limits of its own: retries and deadlines
 *   have one owner, the engine. A failure of a fresh connection is told, and an answer, whichever it is, is never asked for
 *   again.
 * - The one exception is no retry to whoever is above: a request that dies on a connection that had answered others before,
 *   and of which no byte of an answer has come, goes out once more, on a fresh connection. The other side had closed the old
 *   one while nobody used it; a socket is not a vendor, so nothing of it is counted.
 *
 * @see UndiciUpstream for the default, OpenAiUpstream for a caller's own `openai` client
 */
import * as Context from "effect/Context"

/** Response or request headers; names in lower case. */
export type Headers = Readonly<Record<string, string>>

/** How a provider is reached, where that is its own. */
export interface Connection {
  /** Equal for connections that may share sockets. */
  readonly id: string
  /** The proxy's URL, with its credentials; `none` goes direct; undefined leaves it to the environment. */
  readonly proxy: string | undefined
  /** Certificates in PEM that are trusted beside those of the system. */
  readonly ca: string | undefined
  /** Undefined: as the transport has it. */
  readonly pool?: Pool | undefined
}

/** Connections of a provider. */
export interface Pool {
  /** Most of them; undefined for no limit. */
  readonly connections: number | undefined
  /** Milliseconds that an unused one is kept; 0 keeps none. */
  readonly keepAlive: number
}

/** One HTTP request. */
export interface UpstreamRequest {
  readonly method: "GET" | "POST"
  /** Scheme, host and port: `https://api.deepseek.com`. */
  readonly origin: string
  /** Path and query. */
  readonly path: string
  readonly headers: Headers
  readonly body: string | undefined
  /** Undefined: as the environment says. */
  readonly connection?: Connection | undefined
}

/** Why the transport failed: a code as node spells it (`ECONNREFUSED`, `UND_ERR_SOCKET`), and one line. */
export interface TransportError {
  readonly code: string
  readonly message: string
}

/** What happens to a request. */
export interface UpstreamHandler {
  /** The request waits for one of a limited number of connections, until it is connected: that is nobody's silence. */
  readonly onQueued?: () => void
  /** The connection (TCP, TLS) stands and the request is on its way. */
  readonly onConnected: () => void
  readonly onHeaders: (status: number, headers: Headers) => void
  readonly onData: (chunk: Buffer) => void
  readonly onEnd: () => void
  readonly onError: (error: TransportError) => void
}

/** A request under way. */
export interface UpstreamCall {
  /** Gives the request up: the socket is closed and the handler hears nothing more. */
  readonly abort: () => void
  /** Stops reading, so that a slow reader slows the vendor down. */
  readonly pause: () => void
  readonly resume: () => void
}

/** Sends HTTP requests. */
export class Upstream extends Context.Service<
  Upstream,
  { readonly send: (request: UpstreamRequest, handler: UpstreamHandler) => UpstreamCall }
>()("understudy/core/Upstream") {}
