/**
 * A proxy's address: read, and shown without its credentials.
 */
import * as Result from "effect/Result"

const schemes = new Set(["http:", "https:", "socks5:", "socks:"])

/** Reads an address; without a scheme it is an HTTP proxy's. The failure says what is wrong, and shows no credentials. */
export const parse = (text: string): Result.Result<URL, string> => {
  const value = text.trim()
  const full = value.includes("://") ? value.replace(/^socks5?h:/i, "socks5:") : `http://${value}`
  const url = URL.canParse(full) ? new URL(full) : undefined
  if (url === undefined || url.hostname === "")
    return Result.fail("is not the URL of a proxy, such as http://127.0.0.1:3128")
  if (!schemes.has(url.protocol))
    return Result.fail(`must start with http://, https:// or socks5://, got "${url.protocol}//"`)
  return Result.succeed(url)
}

/** The address as it may be shown. */
export const toLabel = ({ host, protocol }: URL): string => `${protocol}//${host}`
