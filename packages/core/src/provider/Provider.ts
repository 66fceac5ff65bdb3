/**
 * One configured set of accounts at a vendor: a dialect, an address, a key pool, deadlines. It knows how to phrase a
 * request for its vendor and how to prove one of its keys.
 */

import * as Redacted from "effect/Redacted"
import type { Circuits } from "../health/Circuits.ts"
import type { Latency } from "../health/Latency.ts"
import type { ApiKey } from "../key/ApiKey.ts"
import type { KeyPool } from "../key/KeyPool.ts"
import type { Headers, UpstreamRequest } from "../upstream/Upstream.ts"
import type { ChatCompletionRequest } from "../wire/ChatCompletion.ts"
import type { BaseUrl } from "./BaseUrl.ts"
import type { Aliases, Dialect, Prefill } from "./Dialect.ts"

/** Time limits of one attempt, in milliseconds; undefined takes the default of `failover/Deadlines`. */
export interface AttemptDeadlines {
  readonly connect?: number | undefined
  readonly firstContent?: number | undefined
  readonly idle?: number | undefined
  readonly answer?: number | undefined
}

/** A provider, ready for use. */
export interface Provider {
  readonly name: string
  readonly dialect: Dialect
  readonly base: BaseUrl
  readonly pool: KeyPool
  /** One circuit a model. */
  readonly circuits: Circuits
  /** Times to first content, one average a model. */
  readonly latency: Latency
  readonly aliases: Aliases
  readonly deadlines: AttemptDeadlines
  /** How this provider is asked to go on with a text; the dialect's way, or one that its operator declared. */
  readonly prefill: Prefill | undefined
  /** Model for paid probes (one token); undefined uses the dialect's free probe. */
  readonly healthCheckModel: string | undefined
}

const userAgent = "understudy/0.1"

/** Headers of a request with this key. */
export const headersOf = (key: ApiKey, accept: string): Headers => ({
  accept,
  "accept-encoding": "identity",
  "user-agent": userAgent,
  ...(key.value === undefined ? {} : { authorization: `Bearer ${Redacted.value(key.value)}` })
})

const jsonHeaders = new WeakMap<ApiKey, Headers>()
const streamHeaders = new WeakMap<ApiKey, Headers>()

const chatHeaders = (key: ApiKey, stream: boolean): Headers => {
  const cache = stream ? streamHeaders : jsonHeaders
  let headers = cache.get(key)
  if (headers === undefined) {
    const accept = stream ? "text/event-stream" : "application/json"
    headers = { ...headersOf(key, accept), "content-type": "application/json" }
    cache.set(key, headers)
  }
  return headers
}

/** A caller's request, and its text where that is at hand. */
export interface Body {
  readonly request: ChatCompletionRequest
  /** The request as the caller sent it: forwarded as it is when nothing has to change. */
  readonly text?: string | undefined
}

/** The model that is really asked for when `model` is requested. */
export const modelFor = (provider: Provider, model: string): string => provider.aliases[model]?.model ?? model

const toText = (provider: Provider, body: Body, model: string, stream: boolean): string => {
  const { request, text } = body
  const alias = provider.aliases[model]
  if (text !== undefined && alias === undefined && request.model === model && (request.stream === true) === stream) {
    return text
  }
  const changed: Record<string, unknown> = { ...alias?.extraBody, ...request, model: alias?.model ?? model }
  if (stream !== (request.stream === true)) {
    changed["stream"] = stream
    // A folded stream must carry its usage, as the JSON answer would have.
    if (stream) changed["stream_options"] = { include_usage: true }
    else delete changed["stream_options"]
  }
  return JSON.stringify(changed)
}

/** The vendor's `POST …/chat/completions` for a caller's request. */
export const toChatRequest = (
  provider: Provider,
  key: ApiKey,
  body: Body,
  model: string,
  stream: boolean
): UpstreamRequest => ({
  method: "POST",
  origin: provider.base.origin,
  path: `${provider.base.path}/chat/completions`,
  headers: chatHeaders(key, stream),
  body: toText(provider, body, model, stream)
})

/** The request that asks the vendor to go on with a text: the caller's, with the text as the assistant's last message. */
export const toPrefillRequest = (
  provider: Provider,
  prefill: Prefill,
  key: ApiKey,
  request: ChatCompletionRequest,
  model: string,
  text: string
): UpstreamRequest => {
  const mark = prefill.field === undefined ? {} : { [prefill.field]: true }
  const messages = [...request.messages, { role: "assistant", content: text, ...mark }]
  const chat = toChatRequest(provider, key, { request: { ...request, messages } }, model, true)
  return { ...chat, path: `${prefill.toPath(provider.base.path)}/chat/completions` }
}

/** The request that proves a key: one token of `healthCheckModel` where that is configured, else the free endpoint. */
export const toProbeRequest = (provider: Provider, key: ApiKey): UpstreamRequest => {
  const { base, dialect, healthCheckModel } = provider
  if (healthCheckModel === undefined) {
    const headers = headersOf(key, "application/json")
    return { method: "GET", origin: base.origin, path: base.path + dialect.probe.path, headers, body: undefined }
  }
  const request = { model: healthCheckModel, messages: [{ role: "user", content: "hi" }], max_tokens: 1 }
  const stream = dialect.isStreamOnly(modelFor(provider, healthCheckModel))
  return toChatRequest(provider, key, { request }, healthCheckModel, stream)
}
