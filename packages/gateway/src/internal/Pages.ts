/**
 * What web pages may do here.
 *
 * A browser sends requests for any page that it shows. Which page that is, it says in `Origin` and `Sec-Fetch-Site`; a page
 * that has made its own name stand for this machine (DNS rebinding) looks like one of ours, and is betrayed by `Host` alone.
 * A gateway with consumers is protected by their keys, which such pages do not have; an open one looks at all three.
 *
 * Pages whose origins are stated under `server.cors` may call, and may read what is answered (CORS).
 */
import type { IncomingHttpHeaders } from "node:http"
import { isIP } from "node:net"
import type { ServerConfig } from "@understudy/core/config/UnderstudyConfig"
import { Headers } from "@understudy/core/face/Face"
import * as Glob from "./Glob.ts"

/** Which pages may call, from one configuration. */
export interface Pages {
  /** True when pages of the origin may call: it is stated. */
  readonly mayCall: (origin: string) => boolean
  /** True for a name or address that this gateway goes by. */
  readonly isOwnHost: (host: string) => boolean
  /** What every answer tells browsers; undefined when nothing is stated. */
  readonly headersFor: (origin: string | undefined) => Headers.HeaderList | undefined
}

/** Ends of names that no site of the internet can have. */
const privateEnds = [".localhost", ".local", ".internal"]

const hostOf = (authority: string): string => authority.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "")

/** True for what no site of the internet can be called: an address, or a name of this machine's or its network's. */
const isPrivate = (host: string): boolean =>
  isIP(host.replace(/^\[|\]$/g, "")) !== 0 || !host.includes(".") || privateEnds.some((end) => host.endsWith(end))

/** Compiles what is stated; `address` is what the gateway listens on. */
export const make = ({ cors, hosts }: Pick<ServerConfig, "cors" | "hosts">, address: string): Pages => {
  const origins = cors.map(Glob.compile)
  const names = [...hosts.map(Glob.compile), Glob.compile(address.toLowerCase())]
  /** The name that most requests of a moment come under. */
  let lastOwn: string | undefined
  const mayCall = (origin: string): boolean => origins.some((fits) => fits(origin.toLowerCase()))
  return {
    mayCall,
    isOwnHost: (authority) => {
      if (authority === lastOwn) return true
      const host = hostOf(authority)
      const isOwn = isPrivate(host) || names.some((fits) => fits(host))
      if (isOwn) lastOwn = authority
      return isOwn
    },
    headersFor: (origin) => {
      if (origins.length === 0) return undefined
      // A cache must not hand the answer for one origin to another.
      if (origin === undefined || !mayCall(origin)) return ["vary", "Origin"]
      return ["vary", "Origin", "access-control-allow-origin", origin, "access-control-expose-headers", Headers.exposed]
    }
  }
}

/** Why a request is not to be answered by an open gateway. */
export type Refusal =
  | { readonly _tag: "Host"; readonly host: string }
  | { readonly _tag: "Page"; readonly origin: string | undefined }

const isOf = (origin: string, host: string | undefined): boolean =>
  host !== undefined && origin.slice(origin.indexOf("://") + 3).toLowerCase() === host.toLowerCase()

const authorityOf = (target: string): string | undefined => /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(target)?.[1]

/** Whether an open gateway is to refuse a request, for its `Host` or for the page that it comes from. */
export const refusal = (pages: Pages, target: string, headers: IncomingHttpHeaders): Refusal | undefined => {
  const { host, origin } = headers
  for (const name of [host, authorityOf(target)]) {
    if (name !== undefined && !pages.isOwnHost(name)) return { _tag: "Host", host: name }
  }
  if (origin !== undefined) return isOf(origin, host) || pages.mayCall(origin) ? undefined : { _tag: "Page", origin }
  const site = headers["sec-fetch-site"]
  return site === "cross-site" || site === "same-site" ? { _tag: "Page", origin: undefined } : undefined
}

/** How long a browser may keep what a preflight was told, in seconds: the longest that Chrome takes. */
const maxAge = "7200"

/** What a preflight is told: that the method is taken, and the headers that it asks for. */
export const preflight = (headers: IncomingHttpHeaders, allow: string): Headers.HeaderList => {
  const told = ["access-control-allow-methods", allow, "access-control-max-age", maxAge]
  const asked = headers["access-control-request-headers"]
  if (asked !== undefined) told.push("access-control-allow-headers", Headers.toSafe(asked))
  if (headers["access-control-request-private-network"] === "true")
    told.push("access-control-allow-private-network", "true")
  return told
}
