/**
 * Keeps web pages off the control endpoints: a browser on this machine sends requests for any page that it shows, also for
 * one that has made its own name stand for this machine (DNS rebinding).
 */
import type { IncomingHttpHeaders } from "node:http"
import { isIP } from "node:net"

/** Ends of names that no site of the internet can have. */
const privateEnds = [".localhost", ".local", ".internal"]

const isPrivate = (authority: string): boolean => {
  const host = authority.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "")
  return (
    isIP(host.replace(/^\[|\]$/g, "")) !== 0 || !host.includes(".") || privateEnds.some((end) => host.endsWith(end))
  )
}

const isOther = (origin: string, host: string | undefined): boolean =>
  host === undefined || origin.slice(origin.indexOf("://") + 3).toLowerCase() !== host.toLowerCase()

/** Why a request is refused as a web page's; undefined for a program's, and for a page of this server's own. */
export const refusal = ({ host, origin, ...headers }: IncomingHttpHeaders): string | undefined => {
  const site = headers["sec-fetch-site"]
  const isPage = origin === undefined ? site === "cross-site" || site === "same-site" : isOther(origin, host)
  if (isPage)
    return `the control endpoints do not answer web pages${origin === undefined ? "" : ` of ${origin.slice(0, 200)}`}`
  if (host === undefined || isPrivate(host)) return undefined
  return `the control endpoints do not answer under the name "${host.slice(0, 200)}": use an address, or localhost`
}
