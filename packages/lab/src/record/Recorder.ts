/**
 * A proxy between a client and the real vendors that records what they answer.
 *
 * Each vendor is behind its path, as with the mocks: DeepSeek behind `/deepseek`. Answers pass through unchanged
 * and as they come. Chat answers are recorded, whatever their status; everything else only passes.
 *
 * **Details**
 *
 * - The key is the client's own: it is handed on and never kept. What is recorded went through `Redaction`.
 * - A client that leaves aborts the vendor's answer; what had come by then is recorded and marked `brokenOff`.
 * - Of connections that fail before a status line there is nothing to record: the client sees them fail too.
 *
 * **Example** (record into a cassette)
 *
 * ```ts
 * import { Cassette, Recorder } from "@understudy/lab"
 *
 * const cassette = Cassette.create("cassette.json")
 * const recorder = await Recorder.listen({ onRecorded: cassette.add })
 * console.log(`Now let a client talk to ${recorder.urls.deepseek} with its own key.`)
 * await recorder.close()
 * cassette.close() // nothing was asked, so no file is left
 * ```
 */

import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as Clock from "@understudy/mocks/Clock"
import type { Recording } from "@understudy/mocks/Recording"
import { each, names, places, urlsAt, type VendorName } from "@understudy/mocks/VendorList"
import type { Exchange } from "./Cassette.ts"
import * as FrameLog from "./internal/FrameLog.ts"
import * as Request from "./internal/Request.ts"
import * as Upstream from "./internal/Upstream.ts"
import * as Redaction from "./Redaction.ts"

/** What is recorded, and from where. */
export interface Options {
  /** 0, a free one, unless told otherwise. It listens on the loopback. */
  readonly port?: number
  /** Base URLs; the real vendors unless told otherwise. */
  readonly upstreams?: Partial<Record<VendorName, string>>
  /** Is told every exchange when it has ended. */
  readonly onRecorded: (exchange: Exchange) => void
  /** Is told why something that passed was not recorded. */
  readonly onSkipped?: (why: string) => void
  /** Keeps what the vendors say instead of placeholders of the same length; false. */
  readonly keepText?: boolean
  /** Keeps the bodies of requests; false. */
  readonly keepPrompts?: boolean
  /** The machine's clock unless told otherwise. */
  readonly clock?: Clock.Clock
}

/** A recorder that listens. */
export interface Recorder {
  readonly url: string
  readonly port: number
  /** The base URL for clients of each vendor. */
  readonly urls: Readonly<Record<VendorName, string>>
  /** Breaks off what is under way, records it, and stops. */
  close(): Promise<void>
}

/** Requests beyond this are refused, and answers beyond it pass unrecorded. In bytes. */
const mostBody = 10 * 1024 * 1024

/** A session records no more than this. */
const mostExchanges = 1000
const mostBytes = 100 * 1024 * 1024

interface Session {
  readonly options: Options
  readonly bases: Readonly<Record<VendorName, string>>
  readonly clock: Clock.Clock
  readonly open: Set<() => void>
  exchanges: number
  bytes: number
}

/** Thrown for a base URL that is none. Says nothing of it: it may hold a password. */
const checkBase = (vendor: VendorName, url: string): string => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.username !== "" || parsed.search !== "")
    throw new Error(`the base URL of ${vendor} must be http:// or https://, without a user or a query`)
  return url.replace(/\/+$/, "")
}

const vendorOf = (path: string): VendorName | undefined => names.find((vendor) => path.startsWith(`${places[vendor]}/`))

const sendJson = (response: http.ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { "content-type": "application/json" })
  response.end(`${JSON.stringify(body)}\n`)
}

type Answer = Pick<Recording, "vendor" | "model" | "stream">

/** Follows one answer, and hands it on when it has ended. */
const follow = (
  session: Session,
  asked: Exchange["asked"],
  answer: Answer,
  secrets: ReadonlyArray<string>
): Upstream.Listener => {
  const { clock, options } = session
  const skip = (why: string): void => options.onSkipped?.(`${answer.vendor} ${answer.model}: ${why}`)
  const began = clock.now()
  let size = 0
  let head: { readonly status: number; readonly headers: Recording["headers"]; readonly waited: number } | undefined
  let log: FrameLog.FrameLog | undefined
  let ended = false
  const record = (end: Upstream.End): void => {
    if (head === undefined || log === undefined) return skip("it ended before it was answered")
    if (head.headers.some(([name, value]) => name === "content-encoding" && value !== "identity"))
      return skip("the answer was compressed although that was declined")
    if (size > mostBody) return skip("the answer was too long to record")
    if (session.exchanges >= mostExchanges || session.bytes + size > mostBytes)
      return skip("the recorder is full: begin another cassette")
    session.exchanges++
    session.bytes += size
    const { headers, status, waited } = head
    const raw: Recording = {
      ...answer,
      ...{ status, headers, frames: log.frames(), end: end === "left" ? "stall" : end }
    }
    const recording = Redaction.recording(raw, { secrets, keepText: options.keepText ?? false })
    options.onRecorded({ asked, waited, ...(end === "left" ? { brokenOff: true } : {}), recording })
  }
  return {
    onHead: (status, headers) => {
      head = { status, headers, waited: Math.max(0, Math.round(clock.now() - began)) }
      log = FrameLog.make(clock, Redaction.isEventStream(headers))
    },
    onData: (chunk) => {
      size += chunk.length
      if (size <= mostBody) log?.push(chunk)
    },
    onEnd: (end) => {
      if (!ended) record(end)
      ended = true
    },
    onFailure: (code) => {
      ended = true
      skip(`no answer, ${code}`)
    }
  }
}

const unrecorded: Upstream.Listener = {
  onHead: () => undefined,
  onData: () => undefined,
  onEnd: () => undefined,
  onFailure: () => undefined
}

const listenerFor = (session: Session, vendor: VendorName, path: string, forward: Upstream.Forward) => {
  const { keepPrompts = false } = session.options
  const { method, headers } = forward.request
  if (method !== "POST" || !path.endsWith("/chat/completions")) return unrecorded
  const secrets = Request.secretsOf(headers)
  const chat = Request.read(path, forward.body.toString(), { keepPrompts, secrets })
  if (chat !== undefined) {
    const { asked, model, stream } = chat
    return follow(session, asked, { vendor, model, stream }, secrets)
  }
  session.options.onSkipped?.(`${vendor}: the request names no model`)
  return unrecorded
}

const readBody = (request: http.IncomingMessage, then: (body: Buffer | undefined) => void): void => {
  const parts: Array<Buffer> = []
  let size = 0
  request.on("data", (part: Buffer) => {
    size += part.length
    if (size <= mostBody) parts.push(part)
    else parts.length = 0
  })
  request.on("end", () => then(size > mostBody ? undefined : Buffer.concat(parts)))
}

const handler =
  (session: Session) =>
  (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const [path = "/", query] = (request.url ?? "/").split(/(?=\?)/)
    const vendor = vendorOf(path)
    if (vendor === undefined)
      return sendJson(response, path === "/" ? 200 : 404, { error: `nothing is recorded at ${path}`, places })
    const below = path.slice(places[vendor].length)
    readBody(request, (body) => {
      if (body === undefined) return sendJson(response, 413, { error: `the recorder takes ${mostBody} bytes at most` })
      const url = new URL(`${session.bases[vendor]}${below}${query ?? ""}`)
      const forward = { url, body, request, response }
      const abort = Upstream.send(forward, listenerFor(session, vendor, below, forward))
      session.open.add(abort)
      response.on("close", () => session.open.delete(abort))
    })
  }

/** Starts a recorder. Rejects when it cannot listen or a base URL is wrong. */
export const listen = async (options: Options): Promise<Recorder> => {
  const { clock = Clock.real(), port = 0 } = options
  const bases = each(({ baseUrl }, name) => checkBase(name, options.upstreams?.[name] ?? baseUrl))
  const session: Session = { options, bases, clock, open: new Set(), exchanges: 0, bytes: 0 }
  const server = http.createServer({ requestTimeout: 0, noDelay: true }, handler(session))
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  const address = server.address() as AddressInfo
  const url = `http://127.0.0.1:${address.port}`
  return {
    url,
    port: address.port,
    urls: urlsAt(url),
    close: () =>
      new Promise((resolve) => {
        for (const abort of session.open) abort()
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}
