/**
 * Wrong keys by address: who sends many is refused for the rest of a minute before its keys are looked up, so that guessing is slow
 * and costs little. A consumer that came in from the same address meanwhile goes on: many may share it.
 */

import type { IncomingMessage } from "node:http"
import { BlockList, isIP } from "node:net"

/** Wrong keys within a minute from one address after which it is refused. */
export const most = 20

const minute = 60_000

/** Addresses that are remembered at once; the oldest is forgotten first. */
const mostAddresses = 10_000

interface Address {
  wrong: number
  readonly until: number
  /** Keys that were right since the first wrong one, as hashes. */
  readonly right: Set<string>
}

/** Keys of one address that are remembered as right. */
const mostRight = 100

/** Counts wrong keys. Times are milliseconds of one clock that is never set back. */
export class Guesses {
  readonly #addresses = new Map<string, Address>()

  /** Milliseconds for which an address is refused that sends this key; 0 when it is not. */
  waitFor(address: string, hash: string, now: number): number {
    const known = this.#at(address, now)
    return known === undefined || known.wrong < most || known.right.has(hash) ? 0 : known.until - now
  }

  /** A key was wrong. */
  wrong(address: string, now: number): void {
    const known = this.#at(address, now)
    if (known !== undefined) {
      known.wrong++
      return
    }
    for (const oldest of this.#addresses.keys()) {
      if (this.#addresses.size < mostAddresses) break
      this.#addresses.delete(oldest)
    }
    this.#addresses.set(address, { wrong: 1, until: now + minute, right: new Set() })
  }

  /** A key was right. */
  right(address: string, hash: string, now: number): void {
    const known = this.#at(address, now)
    if (known !== undefined && known.right.size < mostRight) known.right.add(hash)
  }

  #at(address: string, now: number): Address | undefined {
    const known = this.#addresses.get(address)
    if (known === undefined || now < known.until) return known
    this.#addresses.delete(address)
    return undefined
  }
}

/** Where a request comes from, behind proxies that are trusted. */
export type AddressOf = (request: IncomingMessage) => string

const familyOf = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4")

const plain = (address: string): string => address.trim().replace(/^::ffff:(?=\d+\.)/i, "")

/** What one host can choose of an IPv6 address says nothing of it. */
const network = (address: string): string => {
  if (isIP(address) !== 6) return address
  const [head = "", tail] = address.toLowerCase().split("::")
  const left = head === "" ? [] : head.split(":")
  const right = tail === undefined || tail === "" ? [] : tail.split(":")
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0")
  return `${[...left, ...zeros, ...right].slice(0, 4).join(":")}::/64`
}

/** Reads addresses; `proxies` are addresses and networks whose `X-Forwarded-For` is believed. */
export const addresses = (proxies: ReadonlyArray<string>): AddressOf => {
  const trusted = new BlockList()
  for (const proxy of proxies) {
    const [address = "", prefix] = proxy.split("/")
    if (prefix === undefined) trusted.addAddress(address, familyOf(address))
    else trusted.addSubnet(address, Number(prefix), familyOf(address))
  }
  const isTrusted = (address: string): boolean =>
    proxies.length > 0 && isIP(address) !== 0 && trusted.check(address, familyOf(address))
  return ({ headers, socket }) => {
    let address = plain(socket.remoteAddress ?? "")
    if (!isTrusted(address)) return network(address)
    // Whoever is before the last trusted proxy can write what it likes to the left of it.
    const hops = String(headers["x-forwarded-for"] ?? "").split(",")
    while (isTrusted(address) && hops.length > 0) {
      const next = plain(hops.pop() ?? "")
      if (isIP(next) === 0) break
      address = next
    }
    return network(address)
  }
}
