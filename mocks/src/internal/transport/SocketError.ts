/**
 * What a client is told when a connection breaks, in the words and codes of a real loopback.
 */

/** How a connection breaks in a way that its client can tell. */
export type Break = "refuse" | "dns" | "reset" | "close"

/** The fields of node's error. */
export interface SocketError {
  readonly message: string
  readonly code: string
  readonly errno: number
  readonly syscall: string
}

const connect = (hostname: string): SocketError => ({
  message: `connect ECONNREFUSED ${hostname}:443`,
  code: "ECONNREFUSED",
  errno: -111,
  syscall: "connect"
})

const lookup = (hostname: string): SocketError => ({
  message: `getaddrinfo ENOTFOUND ${hostname}`,
  code: "ENOTFOUND",
  errno: -3008,
  syscall: "getaddrinfo"
})

const reset: SocketError = { message: "read ECONNRESET", code: "ECONNRESET", errno: -104, syscall: "read" }
const close: SocketError = { message: "other side closed", code: "UND_ERR_SOCKET", errno: -1, syscall: "read" }

/** What the client of that host is told. */
export const of = (how: Break, hostname: string): SocketError => {
  if (how === "refuse") return connect(hostname)
  if (how === "dns") return lookup(hostname)
  return how === "reset" ? reset : close
}
