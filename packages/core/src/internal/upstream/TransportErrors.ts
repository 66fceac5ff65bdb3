/**
 * What a failed connection is told as: node's code, and one line that says who refused and what to do. A proxy is named
 * without its credentials.
 */

import type { TransportError } from "../../upstream/Upstream.ts"
import type { Proxy } from "./Dispatchers.ts"

export type { TransportError } from "../../upstream/Upstream.ts"

/** A certificate that nobody here vouches for: a company's own, or that of a proxy that looks into TLS. */
const untrusted = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"
])

/** The other side does not speak TLS there: what OpenSSL says of it is for nobody. */
const plain = new Set(["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG", "EPROTO"])

/** How a socket dies that the other side has closed or forgotten; over HTTP/2, undici tells it as `UND_ERR_SOCKET`, too. */
const dead = new Set(["ECONNRESET", "ECONNABORTED", "EPIPE", "ENOTCONN", "ETIMEDOUT", "UND_ERR_SOCKET"])

const refusal = /Proxy response \((\d+)\)|Proxy Authentication Required \((407)\)/

const statusOf = (error: Error): string | undefined => {
  const [, tunnel, forward] = refusal.exec(error.message) ?? []
  return tunnel ?? forward
}

/** The proxy, when the error is its own refusal of a request that had gone out. */
export const refusingProxy = (error: Error, proxy: Proxy | undefined): Proxy | undefined =>
  statusOf(error) === undefined ? undefined : proxy

const codeOf = (error: Error): string => {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string" && !at.code.startsWith("UND_ERR_PRX")) return at.code
  }
  return error.name
}

/** True when the connection is what has failed. */
export const isDeadSocket = (error: Error): boolean => dead.has(codeOf(error))

const advice = (status: string | undefined, { label, setting }: Proxy): string => {
  if (status === "407")
    return `it wants a user and a password: put them into ${setting} (http://user:password@host:port)`
  if (status !== undefined)
    return `it answered ${status} to the request for a connection: does it let this host through?`
  return `is ${label} running? ${setting} names it; NO_PROXY or \`proxy: none\` goes past it`
}

const ofProxy = (error: Error, proxy: Proxy): TransportError => {
  const status = statusOf(error)
  const code = status === undefined ? codeOf(error) : `PROXY_${status}`
  const said = status === undefined ? ` (${error.message || code})` : ""
  return { code, message: `the proxy ${proxy.label} could not be used${said}: ${advice(status, proxy)}` }
}

/** The error as the port tells it; `proxy` is the one that the request did not get through, if there is one. */
export const from = (error: Error, proxy: Proxy | undefined): TransportError => {
  const code = codeOf(error)
  if (untrusted.has(code)) {
    return { code, message: `${error.message}: name the certificate of who signed it as the provider's \`ca\`` }
  }
  if (proxy !== undefined) return ofProxy(error, proxy)
  if (plain.has(code)) return { code, message: "no TLS is spoken there: should its `baseUrl` begin with http://?" }
  return { code, message: error.message || error.name }
}
