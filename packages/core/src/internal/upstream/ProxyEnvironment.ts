/**
 * Which proxy the environment names for an origin: `HTTPS_PROXY` or `HTTP_PROXY` by the origin's scheme, else `ALL_PROXY`,
 * unless `NO_PROXY` takes the host out. Lower-case names come first.
 *
 * | `NO_PROXY` holds            | takes out                                     |
 * | --------------------------- | --------------------------------------------- |
 * | `example.com`, `.example.com` | the host and everything below it            |
 * | `*.example.com`             | everything below it                           |
 * | `10.0.0.0/8`, `fd00::/8`    | addresses of the network                      |
 * | `host:8443`, `[::1]:443`    | that port only                                |
 * | `*`                         | everything                                    |
 *
 * **Gotchas**
 *
 * - As undici does, `HTTP_PROXY` stands in for a missing `HTTPS_PROXY`, and loopback is not taken out by itself.
 * - A value without a scheme is an HTTP proxy: `proxy.example:3128`.
 */
import { BlockList, isIP } from "node:net"

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A proxy, and the variable that names it. */
export interface Named {
  readonly variable: string
  readonly value: string
}

const find = (env: Environment, name: string): Named | undefined => {
  for (const variable of [name.toLowerCase(), name]) {
    const value = env[variable]?.trim()
    if (value !== undefined && value !== "") return { variable, value }
  }
  return undefined
}

interface Entry {
  readonly host: string
  readonly port: string | undefined
}

const toEntry = (text: string): Entry => {
  const [, bracketed, port] = /^\[(.+)\](?::(\d+))?$/.exec(text) ?? []
  if (bracketed !== undefined) return { host: bracketed, port }
  const [, host, ofHost] = /^([^:]+):(\d+)$/.exec(text) ?? []
  return host === undefined ? { host: text, port: undefined } : { host, port: ofHost }
}

const family = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4")

const isWithin = (network: string, host: string): boolean => {
  const [base = "", bits = ""] = network.split("/")
  const length = Number(bits)
  const most = isIP(base) === 6 ? 128 : 32
  if (isIP(base) === 0 || isIP(host) === 0 || !/^\d+$/.test(bits) || length > most) return false
  const list = new BlockList()
  list.addSubnet(base, length, family(base))
  return list.check(host, family(host))
}

const isTakenOut = (host: string, port: string, text: string): boolean => {
  const entry = toEntry(text.toLowerCase())
  if (entry.port !== undefined && entry.port !== port) return false
  if (entry.host === "*") return true
  if (entry.host.includes("/")) return isWithin(entry.host, host)
  const name = entry.host.replace(/^\*?\./, "").replace(/\.$/, "")
  return (!entry.host.startsWith("*") && host === name) || host.endsWith(`.${name}`)
}

/** True when the environment names a proxy for some origin. */
export const namesProxy = (env: Environment): boolean =>
  ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"].some((name) => find(env, name) !== undefined)

/** The proxy for an origin; undefined where it is reached directly. */
export const proxyFor = (origin: string, env: Environment): Named | undefined => {
  const url = new URL(origin)
  const https = url.protocol === "https:"
  const named = (https ? find(env, "HTTPS_PROXY") : undefined) ?? find(env, "HTTP_PROXY") ?? find(env, "ALL_PROXY")
  if (named === undefined) return undefined
  const host = url.hostname.replace(/^\[(.+)\]$/, "$1").replace(/\.$/, "")
  const port = url.port === "" ? (https ? "443" : "80") : url.port
  const out = (find(env, "NO_PROXY")?.value ?? "").split(/[,\s]+/).filter((entry) => entry !== "")
  return out.some((entry) => isTakenOut(host, port, entry)) ? undefined : named
}
