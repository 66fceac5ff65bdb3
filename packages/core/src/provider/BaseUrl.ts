/**
 * One rule for base URLs, so that nobody has to know where a client puts its `/v1`.
 *
 * | given                                              | meaning                                        |
 * | -------------------------------------------------- | ---------------------------------------------- |
 * | `api.deepseek.com`, `https://api.deepseek.com`     | host: the dialect's path is added              |
 * | `http://127.0.0.1:8080/v1`                         | a path: kept as it is                          |
 * | `http://127.0.0.1:8080/v1/chat/completions`        | the full path: the endpoint's name is taken off |
 */
import * as Result from "effect/Result"

/** A base URL in the two parts that a request needs. */
export interface BaseUrl {
  /** Scheme, host and port. */
  readonly origin: string
  /** Path without a slash at the end; may be empty. */
  readonly path: string
}

const endpoint = "/chat/completions"
const loopback = /^(localhost|127\.|\[::1\]|0\.0\.0\.0)/

const withScheme = (value: string): string =>
  value.includes("://") ? value : `${loopback.test(value) ? "http" : "https"}://${value}`

/** Reads a base URL; the failure says what is wrong with the value. */
export const parse = (value: string, defaultPath: string): Result.Result<BaseUrl, string> => {
  const url = URL.canParse(withScheme(value.trim())) ? new URL(withScheme(value.trim())) : undefined
  if (url === undefined || url.hostname === "") return Result.fail(`is not a URL: "${value}"`)
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return Result.fail(`must start with http:// or https://, got "${url.protocol}//"`)
  }
  if (url.username !== "" || url.password !== "")
    return Result.fail("must not hold credentials: put the key under `keys`")
  let path = url.pathname.replace(/\/+$/, "")
  const full = path.endsWith(endpoint)
  if (full) path = path.slice(0, -endpoint.length)
  return Result.succeed({ origin: url.origin, path: path === "" && !full ? defaultPath : path })
}
