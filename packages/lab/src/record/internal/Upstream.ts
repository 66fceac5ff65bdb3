/**
 * Hands a request on to a vendor and its answer back, byte for byte and as it comes, and tells a listener about it.
 *
 * **Gotchas**
 *
 * - The vendor is asked not to compress, so that what is recorded is text.
 * - Every request has a connection of its own: a reset is then the vendor's answer and no idle connection's end.
 * - A FIN or an RST waits for the last write, as bytes that were written are lost otherwise.
 */
import * as http from "node:http"
import * as https from "node:https"

/** How an answer ended. */
export type End = "complete" | "cut" | "reset" | "left"

/** What happens to a request: `onHead onData* onEnd`, or `onFailure` where no answer came. */
export interface Listener {
  onHead(status: number, headers: ReadonlyArray<readonly [string, string]>): void
  onData(chunk: Uint8Array): void
  onEnd(end: End): void
  /** No answer came; the code says why. */
  onFailure(code: string): void
}

/** A request whose body was read. */
export interface Forward {
  readonly url: URL
  readonly body: Buffer
  readonly request: http.IncomingMessage
  readonly response: http.ServerResponse
}

const hopByHop = /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|host|content-length)$/

const pairs = (raw: ReadonlyArray<string>): ReadonlyArray<readonly [string, string]> =>
  raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as const] : []))

const requestHeaders = ({ body, request, url }: Forward): Array<string> => [
  ...pairs(request.rawHeaders)
    .filter(([name]) => !hopByHop.test(name.toLowerCase()) && name.toLowerCase() !== "accept-encoding")
    .flat(),
  ...["host", url.host, "accept-encoding", "identity"],
  ...(body.length > 0 ? ["content-length", String(body.length)] : [])
]

/** The answer's headers but those of the connection it came on; its length stays. */
const answerHeaders = (answer: http.IncomingMessage): ReadonlyArray<readonly [string, string]> =>
  pairs(answer.rawHeaders).filter(([name]) => /^content-length$/i.test(name) || !hopByHop.test(name.toLowerCase()))

const breakOff = (response: http.ServerResponse, end: End): void => {
  if (end === "reset") response.socket?.resetAndDestroy()
  else response.socket?.destroySoon()
}

const carry = (answer: http.IncomingMessage, response: http.ServerResponse, listener: Listener): void => {
  const headers = answerHeaders(answer)
  listener.onHead(
    answer.statusCode ?? 502,
    headers.map(([name, value]) => [name.toLowerCase(), value])
  )
  response.sendDate = false
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? "", headers.flat())
  response.flushHeaders()
  let written: Promise<void> = Promise.resolve()
  answer.on("data", (chunk: Buffer) => {
    listener.onData(chunk)
    written = new Promise((resolve) => {
      if (!response.write(chunk, () => resolve())) answer.pause()
    })
  })
  response.on("drain", () => answer.resume())
  answer.on("error", () => undefined)
  answer.on("close", () => {
    // A FIN too early and an RST both raise ECONNRESET; only the socket's own error tells which it was.
    const end = answer.complete ? "complete" : answer.socket.errored === null ? "cut" : "reset"
    listener.onEnd(end)
    if (end === "complete") response.end()
    else void written.then(() => breakOff(response, end))
  })
}

const explain = (response: http.ServerResponse, { url }: Forward, code: string): void => {
  const message = `${url.host} could not be reached (${code}): check the recorder's base URL and the network`
  response.writeHead(502, { "content-type": "application/json" })
  response.end(`${JSON.stringify({ error: { message, type: "recorder_error", param: null, code } })}\n`)
}

/** Sends a request. The result gives it up. */
export const send = (forward: Forward, listener: Listener): (() => void) => {
  const { body, request, response, url } = forward
  const scheme = url.protocol === "https:" ? https : http
  let answered = false
  const outgoing = scheme.request(url, {
    method: request.method ?? "GET",
    headers: requestHeaders(forward),
    agent: false
  })
  outgoing.on("response", (answer) => {
    answered = true
    carry(answer, response, listener)
  })
  outgoing.on("error", (error: NodeJS.ErrnoException) => {
    if (answered || response.destroyed) return
    listener.onFailure(error.code ?? error.message)
    if (error.code === "ECONNRESET") breakOff(response, error.syscall === "read" ? "reset" : "cut")
    else explain(response, forward, error.code ?? "")
  })
  outgoing.end(body)
  const giveUp = (): void => {
    listener.onEnd("left")
    outgoing.destroy()
  }
  response.on("close", () => {
    if (!response.writableFinished) giveUp()
  })
  return () => {
    giveUp()
    response.destroy()
  }
}
