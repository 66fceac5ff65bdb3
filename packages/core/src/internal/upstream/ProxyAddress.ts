/**
 * A proxy's address: read, and shown without its credentials.
 */
import * as Result from "effect/Result"

const schemes = new Set(["http:", "https:", "socks5:", "socks:"])

/** What is wrong with a value that should be a proxy's address. It shows no credentials. */
export type Flaw = { readonly _tag: "NotProxy" } | { readonly _tag: "Scheme"; readonly scheme: string }

/** A flaw in English. */
export const toText = (flaw: Flaw): string =>
  flaw._tag === "NotProxy"
    ? "is not the URL of a proxy, such as http://127.0.0.1:3128"
    : `must start with http://, https:// or socks5://, got "${flaw.scheme}"`

/** Reads an address; without a scheme it is an HTTP proxy's. */
export const parse = (text: string): Result.Result<URL, Flaw> => {
  const value = text.trim()
  const full = value.includes("://") ? value.replace(/^socks5?h:/i, "socks5:") : `http://${value}`
  const url = URL.canParse(full) ? new URL(full) : undefined
  if (url === undefined || url.hostname === "") return Result.fail({ _tag: "NotProxy" })
  if (!schemes.has(url.protocol)) return Result.fail({ _tag: "Scheme", scheme: `${url.protocol}//` })
  return Result.succeed(url)
}

/** The address as it may be shown. */
export const toLabel = ({ host, protocol }: URL): string => `${protocol}//${host}`
