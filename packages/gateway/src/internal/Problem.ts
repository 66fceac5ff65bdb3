/**
 * What the gateway says when it cannot answer: the problems of a call, which every face shares, and its own refusals.
 * `Exchange` writes them.
 */
import { type Allowance, Endpoint, Problem as Shared } from "@understudy/core/face/Face"
import type { Limit } from "../Limits.ts"
import * as Elsewhere from "./Elsewhere.ts"
import type { Refusal } from "./Pages.ts"

/** One error answer. */
export type Problem = Shared.Problem

export const { badRequest, fromFailover, isTriedOut, noSuchModel, toBody } = Shared

const { make } = Shared

/** The body is larger than the gateway takes; `size` is a lower bound where the caller did not state it. */
export const tooLarge = (limit: number, size: number, stated: boolean): Problem =>
  make({
    status: 413,
    type: "invalid_request_error",
    code: "request_too_large",
    message: `The request body has ${stated ? "" : "at least "}${size} bytes, and this gateway takes at most ${limit}. Send less, or raise \`server.maxBody\`.`
  })

/** A body in an encoding that the gateway does not decode. */
export const unknownEncoding = (encoding: string): Problem =>
  make({
    status: 415,
    type: "invalid_request_error",
    code: "unsupported_content_encoding",
    message: `The request body has content-encoding "${encoding}". Send it as plain JSON, without an encoding.`
  })

const whereKeysGo = "Send one as `Authorization: Bearer KEY`, `x-api-key: KEY` or `api-key: KEY`."

/** No consumer's key, or a wrong one. The key itself is never told. */
export const unauthorized = (sent: boolean): Problem =>
  make({
    status: 401,
    type: "invalid_request_error",
    code: "invalid_api_key",
    message: `${sent ? "The API key of this request is not one of this gateway's consumers'." : "This gateway wants an API key."} ${whereKeysGo}`
  })

/** A key that was good until `at`, in milliseconds since 1970. */
export const expired = (consumer: string, at: number): Problem =>
  make({
    status: 401,
    type: "invalid_request_error",
    code: "invalid_api_key",
    message: `This API key of consumer "${consumer}" expired at ${new Date(at).toISOString()}. Ask the gateway's operator for another one.`
  })

/** Too many wrong keys came from the address. Whether this one is right is not told. */
export const tooManyWrongKeys = (retryAfter: number): Problem =>
  make({
    status: 429,
    type: "rate_limit_error",
    code: "rate_limit_exceeded",
    message: `Too many wrong API keys came from this address. Try again in ${Math.ceil(retryAfter / 1_000)} s.`,
    retryAfter
  })

/** The consumer may not take the route that its request would. */
export const forbiddenRoute = (consumer: string, model: string, route: string): Problem =>
  make({
    status: 403,
    type: "invalid_request_error",
    code: "route_not_allowed",
    param: "model",
    message: `Consumer "${consumer}" may not use model "${model}": its route "${route}" is not one of the consumer's.`
  })

/** The consumer has a limit in money, and nobody knows what this would cost. */
export const unpriced = (consumer: string, target: string, currency: string): Problem =>
  make({
    status: 403,
    type: "invalid_request_error",
    code: "price_unknown",
    param: "model",
    message: `Consumer "${consumer}" has a limit in ${currency}, and the price of ${target} in ${currency} is not known. State it in the gateway's configuration, under \`prices\`.`
  })

const units: Readonly<Record<Limit["unit"], (limit: number) => string>> = {
  requests: (limit) => `${limit} requests`,
  tokens: (limit) => `${limit} tokens`,
  cost: (limit) => `a budget of ${limit / 1e6}`,
  running: (limit) => `${limit} requests under way`
}

/** How long a caller waits where nobody knows when another request ends, in milliseconds. */
const soon = 1_000

/** One of a consumer's limits does not let a request pass that wants so much of it. */
export const limited = (
  consumer: string,
  { amount, limit, setting, span, unit }: Limit & { readonly amount: number },
  { remaining, resetIn }: Allowance.Standing
): Problem => {
  const isQuota = span === "day" || span === "month"
  const isTooMuch = amount > limit
  const within = span === "running" ? "" : ` a ${span}`
  const shown = (value: number): number => (unit === "cost" ? value / 1e6 : value)
  const wants =
    unit === "tokens" || unit === "cost"
      ? ` ${shown(remaining)} are left; this request may come to ${shown(amount)}.`
      : ""
  return make({
    status: 429,
    type: isQuota ? "insufficient_quota" : "rate_limit_error",
    code: isQuota ? "insufficient_quota" : "rate_limit_exceeded",
    message: `Consumer "${consumer}" may use ${units[unit](limit)}${within} (\`${setting}\`).${wants}${isTooMuch ? " Ask for less, such as a lower `max_tokens`." : ""}`,
    retryAfter: isTooMuch ? undefined : span === "running" ? soon : resetIn
  })
}

/** Longest name of a page or host that is repeated, in characters. */
const maxName = 200

const fromPage = (origin: string | undefined): string => {
  const page = origin?.slice(0, maxName)
  const pages = page === undefined ? "of another site or port" : `of ${page}`
  return `This gateway does not answer web pages ${pages}. If the page is yours, state its origin in the gateway's configuration: \`server.cors: ["${page ?? "http://localhost:3000"}"]\`.`
}

const forHost = (host: string): string => {
  const name = host.slice(0, maxName).replace(/:\d+$/, "")
  return `This gateway is open (no consumers are configured), and does not answer under the name "${name}", which may be a web page's way in. If the name is yours, state it in the gateway's configuration: \`server.hosts: ["${name}"]\`; or configure \`consumers\` and send a key.`
}

/** A web page, or a name that may be a page's, at a gateway that does not answer it. */
export const refused = (refusal: Refusal): Problem =>
  make({
    status: 403,
    type: "invalid_request_error",
    code: refusal._tag === "Host" ? "host_refused" : "cross_site_refused",
    message: refusal._tag === "Host" ? forHost(refusal.host) : fromPage(refusal.origin)
  })

/** The consumer may not use the model. */
export const forbiddenModel = (consumer: string, model: string, allowed: ReadonlyArray<string>): Problem =>
  make({
    status: 403,
    type: "invalid_request_error",
    code: "model_not_allowed",
    param: "model",
    message: `Consumer "${consumer}" may not use model "${model}". Allowed: ${allowed.join(", ") || "none"}.`
  })

/** Nothing is served at the path; `served` is what is. */
export const notFound = (method: string, path: string, served: string): Problem => {
  const half = Endpoint.find(path, "")
  const isHalf = half !== undefined && half.endpoint !== "model"
  const hint = Elsewhere.insteadOf(path) ?? (isHalf ? "Does the base URL end in /v1?" : undefined)
  const message = `${method} ${path} does not exist here.${hint === undefined ? "" : ` ${hint}`} There is: ${served}.`
  return make({ status: 404, type: "invalid_request_error", code: "unknown_url", message })
}

/** The path exists, but not for this method. */
export const wrongMethod = (method: string, path: string, allow: string): Problem =>
  make({
    status: 405,
    type: "invalid_request_error",
    code: "method_not_allowed",
    message: `${path} does not take ${method}. It takes: ${allow}.`,
    allow
  })

/** A fault of the gateway's own. What it is stands in the log, under the request's id. */
export const internal = (id: string): Problem =>
  make({
    status: 500,
    type: "server_error",
    code: "internal_error",
    message: `The gateway failed. Its log says why, under request id ${id}.`
  })

/** The gateway stops before the answer is there. */
export const shuttingDown: Problem = make({
  status: 503,
  type: "server_error",
  code: "shutting_down",
  message: "The gateway was stopped before this request was answered. Ask again."
})
