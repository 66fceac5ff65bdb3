/**
 * One configured set of accounts at a vendor: a dialect, an address, a key pool, deadlines. It knows how to phrase a
 * request for its vendor and how to prove one of its keys.
 */

import * as Redacted from "effect/Redacted"
import type { Circuits } from "../internal/health/Circuits.ts"
import type { Latency } from "../internal/health/Latency.ts"
import * as BaseUrl from "../internal/provider/BaseUrl.ts"
import type { Limits } from "../internal/provider/Deadlines.ts"
import * as Lowering from "../internal/provider/Lowering.ts"
import * as Json from "../internal/wire/Json.ts"
import type { TextCompletionRequest } from "../internal/wire/TextCompletion.ts"
import type { ThinkTags } from "../internal/wire/ThinkTags.ts"
import type { ApiKey } from "../key/ApiKey.ts"
import type { KeyPool } from "../key/KeyPool.ts"
import type { Connection, Headers, UpstreamRequest } from "../upstream/Upstream.ts"
import type { ChatCompletionRequest, ModelRequest } from "../wire/ChatCompletion.ts"
import type { PriceTable } from "../wire/PriceTable.ts"
import type { Aliases, Dialect, Prefill, StructuredOutput } from "./Dialect.ts"

/** A provider, ready for use. */
export interface Provider {
  readonly name: string
  readonly dialect: Dialect
  readonly base: BaseUrl.BaseUrl
  /** How it is reached; undefined leaves that to the environment. */
  readonly connection?: Connection | undefined
  readonly pool: KeyPool
  /** One circuit a model. */
  readonly circuits: Circuits
  /** Times to first content, one average a model. */
  readonly latency: Latency
  readonly aliases: Aliases
  /** What its models cost; undefined where none of them has a price. */
  readonly prices: PriceTable | undefined
  /** Tokens that the contexts of its models hold, as far as that is known. */
  readonly contextLengths: Readonly<Record<string, number>>
  /** The limits of an attempt: with nowhere else to go, and while another target could answer. */
  readonly limits: { readonly alone: Limits; readonly withNext: Limits }
  /** How this provider is asked to go on with a text; the dialect's way, or one that its operator declared. */
  readonly prefill: Prefill | undefined
  /** What its operator says that it takes for `response_format`; undefined leaves that to the dialect. */
  readonly structuredOutput: StructuredOutput | undefined
  /** How its models mark their reasoning in the text; undefined where they do not, or the text is to stay as it is. */
  readonly thinkTags?: ThinkTags | undefined
}

const userAgent = "understudy/0.1"

/** Headers of a request with this key. */
const headersOf = (key: ApiKey, accept: string): Headers => ({
  accept,
  "accept-encoding": "identity",
  "user-agent": userAgent,
  ...(key.value === undefined ? {} : { authorization: `Bearer ${Redacted.value(key.value)}` })
})

const jsonHeaders = new WeakMap<ApiKey, Headers>()
const streamHeaders = new WeakMap<ApiKey, Headers>()

/** A caller's request, and its text where that is at hand. */
export interface Body<R extends ModelRequest = ChatCompletionRequest> {
  readonly request: R
  /** The request as the caller sent it: forwarded as it is when nothing has to change. */
  readonly text?: string | undefined
}

/** Requests read exactly: a call reads its text once, however many targets it is sent to. */
const read = new WeakMap<ModelRequest, ModelRequest>()

/**
 * The request to be written out: its numbers stay as they were written, for seeds, ids and bounds of schemas are often larger than
 * a JavaScript number. The same where none would change.
 */
const exactly = <R extends ModelRequest>({ request, text }: Body<R>): R => {
  if (text === undefined) return request
  let exact = read.get(request)
  if (exact === undefined) {
    exact = Json.isLossy(text) ? ((Json.parseExactly(text) as R | undefined) ?? request) : request
    read.set(request, exact)
  }
  return exact as R
}

/** The text of a request after `change`, which gives the same request back where it has nothing to do: then it goes as it came. */
const toText = <R extends ModelRequest>(body: Body<R>, changed: R, change: (request: R) => R): string => {
  if (body.text === undefined) return Json.stringify(changed)
  if (changed === body.request) return body.text
  const exact = exactly(body)
  return Json.stringify(exact === body.request ? changed : change(exact))
}

/** Fields that every vendor takes as they are, but for what a dialect minds. */
export const everybodys: ReadonlySet<string> = new Set([
  ...[
    "model",
    "messages",
    "stream",
    "stream_options",
    "n",
    "user",
    "seed",
    "stop",
    "temperature",
    "top_p",
    "max_tokens"
  ],
  ...["presence_penalty", "frequency_penalty"]
])

const everybodysRoles: ReadonlySet<unknown> = new Set(["system", "user", "assistant"])

/** True for texts under fields that every vendor takes: such a request needs no change, and no model is known not to take it. */
const isPlain = ({ dialect }: Provider, request: ModelRequest): boolean => {
  for (const name in request) if (!everybodys.has(name) || dialect.minds?.includes(name) === true) return false
  if (!Array.isArray(request["messages"])) return false
  for (const message of request["messages"]) {
    for (const name in message) if (name !== "role" && name !== "content") return false
    if (typeof message?.content !== "string" || !everybodysRoles.has(message.role)) return false
  }
  return true
}

/** The model that is really asked for when `model` is requested. */
export const modelFor = (provider: Pick<Provider, "aliases">, model: string): string =>
  provider.aliases[model]?.model ?? model

/** The request with the name that is really asked for, and what its alias adds; the same where it is that already. */
const named = <R extends ModelRequest>(provider: Provider, request: R, model: string): R => {
  const alias = provider.aliases[model]
  if (alias === undefined && request.model === model) return request
  return { ...alias?.extraBody, ...request, model: alias?.model ?? model }
}

const streaming = <R extends ChatCompletionRequest | TextCompletionRequest>(request: R, stream: boolean): R => {
  const { stream_options: _, ...rest } = request
  // A folded stream must carry its usage, as the JSON answer would have.
  return { ...rest, stream, ...(stream ? { stream_options: { include_usage: true } } : {}) } as R
}

/** How a schema in the request is put to this provider; undefined when there is none. */
export const structuredWay = (
  provider: Provider,
  request: ModelRequest,
  model: string
): "native" | "instructed" | undefined => Lowering.structured(provider, named(provider, request, model))

/** True when this provider answers such a request only as a stream. */
export const isStreamOnly = (provider: Provider, request: ModelRequest, model: string): boolean => {
  const { isStreamOnly, settle } = provider.dialect
  if (isStreamOnly === undefined) return false
  const own = named(provider, request, model)
  return isStreamOnly(settle?.(own) ?? own)
}

/** What the request holds that this provider's model is known not to take; undefined where it may. */
export const unsuited = (provider: Provider, request: ModelRequest, model: string): string | undefined =>
  isPlain(provider, request) ? undefined : provider.dialect.unsuited?.(named(provider, request, model))

const post = (
  { base: { origin }, connection }: Provider,
  path: string,
  key: ApiKey,
  stream: boolean,
  body: string
): UpstreamRequest => {
  const known = stream ? streamHeaders : jsonHeaders
  let headers = known.get(key)
  if (headers === undefined) {
    const accept = stream ? "text/event-stream" : "application/json"
    headers = { ...headersOf(key, accept), "content-type": "application/json" }
    known.set(key, headers)
  }
  return { method: "POST", origin, path, connection, headers, body }
}

/** One text an address: whoever looks a path up need not read it again. */
const chatPaths = new WeakMap<BaseUrl.BaseUrl, string>()

const pathOf = ({ base, prefill }: Provider, { messages }: ChatCompletionRequest): string => {
  const isMarked = prefill?.field !== undefined && messages.at(-1)?.[prefill.field] === true
  const known = isMarked ? undefined : chatPaths.get(base)
  if (known !== undefined) return known
  const path = BaseUrl.toPath(base, "/chat/completions", isMarked ? prefill.toPath(base.path) : base.path)
  if (!isMarked) chatPaths.set(base, path)
  return path
}

/** The vendor's `POST …/chat/completions` for a caller's request. */
export const toChatRequest = (
  provider: Provider,
  key: ApiKey,
  body: Body,
  model: string,
  stream: boolean
): UpstreamRequest => {
  const lower = (request: ChatCompletionRequest): ChatCompletionRequest => {
    const asked = named(provider, request, model)
    const own = stream === (asked.stream === true) ? asked : streaming(asked, stream)
    return isPlain(provider, own) ? own : Lowering.lower(provider, own)
  }
  const lowered = lower(body.request)
  return post(provider, pathOf(provider, lowered), key, stream, toText(body, lowered, lower))
}

const textPath = ({ aliases, base, dialect }: Provider, model: string): string | undefined =>
  dialect.completionsPath(aliases[model]?.model ?? model, base.path)

/** True when the provider's model is not known to have no text completions. */
export const completesText = (provider: Provider, model: string): boolean => textPath(provider, model) !== undefined

/** The vendor's `POST …/completions` for a caller's request. */
export const toTextRequest = (
  provider: Provider,
  key: ApiKey,
  body: Body<TextCompletionRequest>,
  model: string,
  stream: boolean
): UpstreamRequest => {
  const change = (request: TextCompletionRequest): TextCompletionRequest => {
    const asked = named(provider, request, model)
    return stream === (asked.stream === true) ? asked : streaming(asked, stream)
  }
  const path = BaseUrl.toPath(provider.base, "/completions", textPath(provider, model))
  return post(provider, path, key, stream, toText(body, change(body.request), change))
}

/** The vendor's `POST` for a caller's request that takes JSON and gives JSON; `path` is below the base URL. */
export const toJsonRequest = <R extends ModelRequest>(
  provider: Provider,
  path: string,
  key: ApiKey,
  body: Body<R>,
  model: string
): UpstreamRequest => {
  const name = (request: R): R => named(provider, request, model)
  return post(provider, BaseUrl.toPath(provider.base, path), key, false, toText(body, name(body.request), name))
}

/** The request that asks the vendor to go on with a text: the caller's, with the text as the assistant's last message. */
export const toPrefillRequest = (
  provider: Provider,
  prefill: Prefill,
  key: ApiKey,
  body: Body,
  model: string,
  text: string
): UpstreamRequest => {
  const request = exactly(body)
  const mark = prefill.field === undefined ? {} : { [prefill.field]: true }
  const messages = [...request.messages, { role: "assistant", content: text, ...mark }]
  return toChatRequest(provider, key, { request: { ...request, messages } }, model, true)
}

/** A request for what a vendor tells of itself; free. */
export const toGetRequest = ({ base, connection }: Provider, key: ApiKey, path: string): UpstreamRequest => ({
  method: "GET",
  origin: base.origin,
  path: BaseUrl.toPath(base, path),
  connection,
  headers: headersOf(key, "application/json"),
  body: undefined
})

/** The request that proves a key: one token of `healthCheckModel` where that is configured, else the free endpoint. */
export const toProbeRequest = (provider: Provider, key: ApiKey): UpstreamRequest => {
  const { dialect, pool } = provider
  const { healthCheckModel } = pool.options.policy
  if (healthCheckModel === undefined) return toGetRequest(provider, key, dialect.probe.path)
  const request = { model: healthCheckModel, messages: [{ role: "user", content: "hi" }], max_tokens: 1 }
  return toChatRequest(provider, key, { request }, healthCheckModel, isStreamOnly(provider, request, healthCheckModel))
}
