/**
 * Takes out of a recording what must not be told, before it is handed on.
 *
 * **Details**
 *
 * - Keys and their tails, tokens, cookies, ids of requests, accounts and organisations and addresses are masked always.
 * - Headers that are not known to be harmless keep their name and the shape of their value.
 * - The text of answers is replaced, letter by letter and digit by digit, by a placeholder of the same length, unless it is
 *   to be kept; so is every field that is not known to be the vendor's own vocabulary. Spaces and punctuation stay, so that
 *   JSON inside of an answer can still be read.
 *
 * **Gotchas**
 *
 * - A kept text that holds a key, even in pieces over several frames, is replaced after all.
 */
import type { Frame, Recording } from "@understudy/mocks/Recording"
import * as JsonStrings from "./internal/JsonStrings.ts"
import * as Marks from "./internal/Marks.ts"

/** What is secret, and how much may stay. */
export interface Options {
  /** Values that were sent along with the request. */
  readonly secrets: ReadonlyArray<string>
  readonly keepText: boolean
}

const harmless =
  /^(?:content-(?:type|length|encoding|language)|server|vary|date|connection|keep-alive|transfer-encoding|cache-control|pragma|expires|retry-after|x-ratelimit-.*|ratelimit-.*|strict-transport-security|x-content-type-options|x-frame-options|access-control-.*|alt-svc|req-cost-time|req-arrive-time|resp-start-time|x-envoy-upstream-service-time|x-dashscope-(?:call-gateway|timeout|finished|partialresponse)|x-accel-buffering)$/

/** Fields whose values are the vendor's own words. */
const vocabulary = /^(?:object|model|role|type|finish_reason|code|param|system_fingerprint|status)$/
const word = /^[\w.:/-]{0,64}$/
const identity = /(?:^|[_-])id$|^(?:request|trace|account|organi[sz]ation|org|user|uid|owner|workspace|tenant|session)/i
const secret = /key$|secret|password|authorization|cookie/i

const placeholders = { narrow: "placeholder", wide: "占位文字" } as const

/** A text of the same length that says nothing. */
const placeholder = (text: string): string =>
  text.replace(/\\u[\da-f]{4}|\\.|\b(?:true|false|null)\b|\p{L}|\p{N}/giu, (found, at: number) => {
    if (found.startsWith("\\u")) return "\\u5360"
    if (found.startsWith("\\") || found.length > 2) return found
    if (/\p{N}/u.test(found)) return "1".repeat(found.length)
    const source = found >= "\u2e80" ? placeholders.wide : placeholders.narrow
    return (source[at % source.length] ?? "x").repeat(found.length)
  })

/** Quotes of more than a name may be quotes of the prompt. */
const unquoted = (message: string): string =>
  message.replace(/(["'`])([^"'`]+)\1/g, (whole, mark: string, quoted: string) =>
    /^[\w.[\]:/-]{1,64}$/.test(quoted) ? whole : `${mark}${placeholder(quoted)}${mark}`
  )

const changeFor =
  ({ keepText, secrets }: Options): JsonStrings.Change =>
  (value, key) => {
    if (typeof value === "number") return key !== undefined && identity.test(key) ? 0 : value
    const clean = Marks.mask(value, secrets)
    if (key === undefined) return keepText ? clean : placeholder(clean)
    if (key === "" || (vocabulary.test(key) && word.test(value))) return clean
    if (secret.test(key)) return "****"
    if (identity.test(key)) return Marks.shape(value)
    if (keepText) return clean
    return key === "message" ? unquoted(clean) : placeholder(clean)
  }

/** The numbers of a token's bytes are its text. */
const tokenBytes = /("bytes"\s*:\s*)\[[\d\s,]*\]?/g

const json = (text: string, options: Options): string =>
  JsonStrings.map(options.keepText ? text : text.replace(tokenBytes, "$1[]"), changeFor(options))

const isJson = (text: string): boolean => /^\s*[{[]/.test(text)

const line = (text: string, options: Options): string => {
  const [, head, data] = /^(data: ?)(.*)$/s.exec(text) ?? []
  if (head === undefined || data === undefined || data === "[DONE]") return Marks.mask(text, options.secrets)
  return `${head}${content(data, options)}`
}

const content = (text: string, options: Options): string => {
  if (isJson(text)) return json(text, options)
  const clean = Marks.mask(text, options.secrets)
  return options.keepText ? clean : placeholder(clean)
}

/** A part of a body: events, JSON, or what a server in front said. */
export const body = (text: string, isStream: boolean, status: number, options: Options): string => {
  if (isStream) return text.replace(/[^\r\n]+/g, (each) => line(each, options))
  // Pages and lines of text are errors of servers in front: what drift looks at.
  return status >= 400 && !isJson(text) ? Marks.mask(text, options.secrets) : content(text, options)
}

/** A header's value, if need be only its shape. */
const headerValue = (name: string, value: string, secrets: ReadonlyArray<string>): string => {
  if (name === "set-cookie") return `${Marks.mask(value.split("=")[0] ?? "", secrets)}=****`
  return harmless.test(name) ? Marks.mask(value, secrets) : Marks.shape(value)
}

const saidIn = ({ data }: Frame): string => {
  let said = ""
  JsonStrings.map(data, (value, key) => {
    if (key === "content" || key === "reasoning_content" || key === "arguments") said += value
    return value
  })
  return said
}

/** Whether a stream of events came back, as its content-type says. */
export const isEventStream = (headers: Recording["headers"]): boolean =>
  headers.some(([name, value]) => name === "content-type" && /^text\/event-stream/i.test(value))

/** A recording that may be told. Names of headers are in lower case. */
export const recording = (raw: Recording, options: Options): Recording => {
  const { secrets } = options
  const isStream = isEventStream(raw.headers)
  const keepText = options.keepText && !Marks.holdsKey(raw.frames.map(saidIn).join(""), secrets)
  return {
    vendor: raw.vendor,
    model: Marks.mask(raw.model, secrets),
    stream: raw.stream,
    status: raw.status,
    headers: raw.headers.map(([name, value]) => [name, headerValue(name, value, secrets)]),
    frames: raw.frames.map(({ after, data }) => ({
      after,
      data: body(data, isStream, raw.status, { secrets, keepText })
    })),
    end: raw.end
  }
}
