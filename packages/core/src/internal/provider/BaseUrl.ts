/**
 * One rule for base URLs, so that nobody has to know where a client puts its `/v1`.
 *
 * | given                                              | meaning                                        |
 * | -------------------------------------------------- | ---------------------------------------------- |
 * | `api.deepseek.com`, `https://api.deepseek.com`     | host: the dialect's path is added              |
 * | `127.0.0.1:8080`, `ollama:11434`, `192.168.1.5:8000` | nobody certifies these hosts: `http://`      |
 * | `http://127.0.0.1:8080/v1`                         | a path: kept as it is                          |
 * | `http://127.0.0.1:8080/v1/chat/completions`        | the full path: the endpoint's name is taken off |
 * | `https://host/v1?api-version=2024-06-01`           | a query: sent with every request               |
 */
import * as Result from "effect/Result"

/** A base URL in the parts that a request needs. */
export interface BaseUrl {
  /** Scheme, host and port. */
  readonly origin: string
  /** Path without a slash at the end; may be empty. */
  readonly path: string
  /** Empty, or with its question mark: sent with every request to this provider. */
  readonly query: string
}

/** Path and query of an endpoint; `path` takes the place of the base's own. */
export const toPath = ({ path: own, query }: BaseUrl, endpoint: string, path: string = own): string =>
  path + endpoint + query

/** Names of endpoints that people copy along with the base: none of them is a base. */
const endpoints = /(\/(chat\/completions|completions|embeddings|responses))+$/i

/** Hosts that nobody certifies: loopback, private networks, names without a dot, as containers have them. */
const local =
  /^(localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[|[\w-]+([:/]|$)|[\w.-]+\.(local|internal|lan)([:/]|$))/i

const withScheme = (value: string): string => {
  if (value.includes("://") || /^https?:\//i.test(value)) return value
  return `${local.test(value) ? "http" : "https"}://${value.replace(/^\/\//, "")}`
}

/** A scheme that is written twice, or without its colon, is read as a host. */
const isScheme = (host: string): boolean => host === "http" || host === "https"

/** What may be shown of a value that is no URL: neither credentials nor a query, which may be one. */
const shown = (value: string): string => value.replace(/\?.*$/s, "?…").replace(/[^/]*@/, "…@")

// They are copied along without being seen, and the host or the path would be another.
const invisible = /[\p{Cc}\p{Cf}\p{Z}]/u

/** What is wrong with a value that should be a base URL; `shown` is the value without credentials and query. */
export type Flaw =
  | { readonly _tag: "NotUrl"; readonly shown: string }
  | { readonly _tag: "Invisible"; readonly code: string; readonly shown: string }
  | { readonly _tag: "Scheme"; readonly scheme: string }
  | { readonly _tag: "Credentials" }
  | { readonly _tag: "Fragment" }

/** Reads a base URL. */
export const parse = (text: string, defaultPath: string): Result.Result<BaseUrl, Flaw> => {
  const value = text.trim()
  const [character] = invisible.exec(value) ?? []
  if (character !== undefined && character !== " ") {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")
    return Result.fail({ _tag: "Invisible", code: `U+${code}`, shown: shown(value.replace(invisible, "")) })
  }
  const url = character === undefined && URL.canParse(withScheme(value)) ? new URL(withScheme(value)) : undefined
  if (url === undefined || (url.hostname === "" && url.protocol !== "file:") || isScheme(url.hostname))
    return Result.fail({ _tag: "NotUrl", shown: shown(value) })
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return Result.fail({ _tag: "Scheme", scheme: `${url.protocol}//` })
  }
  if (url.username !== "" || url.password !== "") return Result.fail({ _tag: "Credentials" })
  if (value.includes("#")) return Result.fail({ _tag: "Fragment" })
  const given = url.pathname.replace(/\/{2,}/g, "/").replace(/\/$/, "")
  const path = given.replace(endpoints, "")
  const full = path !== given
  return Result.succeed({
    origin: url.origin,
    path: path === "" && !full ? defaultPath : path,
    query: url.search
  })
}
