/**
 * Answers what is no HTTP, or comes too slowly, or has headers that are too large: such a connection never becomes a
 * request, so the answer is written onto the socket itself, and the socket is closed.
 */
import { STATUS_CODES } from "node:http"
import type { Duplex } from "node:stream"

interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: "headers_too_large",
    message: "The headers of this request are larger than 16 KB."
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    code: "request_too_large",
    message: "The chunk extensions of this request are larger than 16 KB."
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: "request_timeout",
    message: "This request did not arrive in time. Send it again, without pauses."
  }
}

const malformed: Refusal = {
  status: 400,
  code: "malformed_http",
  message: "This is not HTTP/1.1 that can be read. Is the client speaking TLS to a plain HTTP port?"
}

const toResponse = ({ code, message, status }: Refusal): string => {
  const body = JSON.stringify({
    error: { message, type: "invalid_request_error", param: null, code },
    understudy: { trail: [] }
  })
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
    "",
    body
  ].join("\r\n")
}

/** Answers and closes. `answering` tells that a response is already under way on the socket. */
export const handle = (error: NodeJS.ErrnoException, socket: Duplex, answering: boolean): void => {
  if (error.code === "ECONNRESET" || !socket.writable || answering) return void socket.destroy()
  socket.end(toResponse(refusals[error.code ?? ""] ?? malformed), () => socket.destroy())
}
