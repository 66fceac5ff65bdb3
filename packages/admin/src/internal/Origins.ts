/**
 * Which requests are looked at at all: those under a name that is this server's own, and from no other site's page.
 *
 * A browser can be brought to send requests here by a page of another site, or under another site's name that resolves to this
 * machine (DNS rebinding). An address in figures cannot be taken over so, and is always a name of our own.
 */
import type { IncomingMessage } from "node:http"
import { isIP } from "node:net"

const nameOf = (host: string): string =>
  host
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase()

/** True for a name under which this server is asked on purpose. */
const isOwn = (host: string, hosts: ReadonlyArray<string>): boolean => {
  const name = nameOf(host)
  return isIP(name) !== 0 || name === "localhost" || hosts.includes(name)
}

/** Why a request is refused, in words; undefined for one that is not. `hosts` are further names, in lower case. */
export const refusal = (
  { headers, headersDistinct, method = "GET" }: IncomingMessage,
  hosts: ReadonlyArray<string>
): string | undefined => {
  const { host, origin } = headers
  // Of two names the one that is looked at may not be the one that a proxy before this looked at.
  if (host === undefined || headersDistinct["host"]?.length !== 1 || !isOwn(host, hosts)) {
    return `The admin API does not answer under the name "${nameOf(host ?? "").slice(0, 200)}". If it is yours, state it in the configuration: \`server.hosts\`.`
  }
  if (method === "GET" || method === "HEAD") return undefined
  const site = headers["sec-fetch-site"]
  const sameOrigin = origin === undefined || URL.parse(origin)?.host.toLowerCase() === host.toLowerCase()
  const sameSite = site === undefined || site === "same-origin" || site === "none"
  return sameOrigin && sameSite ? undefined : "The admin API does not take changes from pages of another site or port."
}
