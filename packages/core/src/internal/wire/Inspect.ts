/**
 * What a completion or a chunk says about the state of an answer: does it hold content, is it finished, is it an error?
 *
 * These questions decide when a stream commits and whether an answer is whole; they are asked here and nowhere else.
 * Reasoning counts as content; a role alone, an empty string and a comment do not.
 */
import * as Predicate from "effect/Predicate"
import type { ChatCompletion, ChatCompletionChunk, ChatDelta, CompletionUsage } from "../../wire/ChatCompletion.ts"

const filled = (value: unknown): boolean => typeof value === "string" && value.length > 0

type Fields = Readonly<Record<string, unknown>>

const notEmpty = (value: unknown): boolean => Array.isArray(value) && value.length > 0

/** A part of a content says something unless it is an empty text. */
const isPart = (part: unknown): boolean => {
  if (!Predicate.isObject(part)) return filled(part)
  const { text, type } = part as Record<string, unknown>
  return type === "text" || (type === undefined && text !== undefined) ? filled(text) : true
}

const hasParts = (content: unknown): boolean =>
  Array.isArray(content) ? content.some(isPart) : Predicate.isObject(content) && isPart(content)

/** A sound, a picture, a film: its data, where it is, or what is said in it. An id alone, as a sound begins with, is none. */
const hasMedium = (medium: unknown): boolean => {
  if (Array.isArray(medium)) return medium.length > 0
  if (!Predicate.isObject(medium)) return filled(medium)
  const { b64_json, data, image_url, transcript, url, video_url } = medium as Record<string, unknown>
  return [b64_json, data, transcript, url, image_url, video_url].some(
    (each) => filled(each) || Predicate.isObject(each)
  )
}

const media = ["images", "audio", "image", "video", "videos"]

/** True when a delta or a message holds something that a caller would see. */
export const hasContent = (delta: ChatDelta | null | undefined): boolean =>
  delta != null &&
  (filled(delta.content) ||
    filled(delta.reasoning_content) ||
    filled(delta.reasoning) ||
    filled(delta.refusal) ||
    notEmpty(delta.tool_calls) ||
    hasParts(delta.content) ||
    notEmpty(delta["reasoning_details"]) ||
    notEmpty(delta["annotations"]) ||
    delta["function_call"] != null ||
    media.some((name) => hasMedium(delta[name])))

/** Finish reasons of an answer that is simply over: without any content it is none. */
const over = /^(stop|eos(_token)?|end(_turn)?|stop_sequence|complete(d)?|finish(ed)?|done)$/i

/** How a finish reason is to be read: there is none yet, the answer is complete, or the vendor gave it up. */
export type Finish = "none" | "complete" | "gaveUp"

/** True for what is a finish reason; what is no text (`false`, a number) says nothing, and `"null"` means "still running". */
export const isFinish = (raw: unknown): raw is string => typeof raw === "string" && raw !== "" && raw !== "null"

/** True for a finish that stands for an answer without text: `length`, `content_filter` and `tool_calls` rightly may. */
export const mayBeEmpty = (finish: string): boolean => finish !== "stop" && !over.test(finish)

/** True for the name of a vendor's own extension at the top of a body. */
export const isExtension = (name: string): boolean => name.startsWith("x_")

const usageIn = (holder: unknown): CompletionUsage | undefined =>
  Predicate.hasProperty(holder, "usage") && Predicate.isObject(holder.usage) && Object.keys(holder.usage).length > 0
    ? (holder.usage as CompletionUsage)
    : undefined

/** What a completion or a chunk is billed as, wherever it stands: at the top, in a choice, or in an extension (`x_…`). */
export const usageOf = (body: ChatCompletionChunk | ChatCompletion): CompletionUsage | undefined => {
  let usage = usageIn(body)
  if (usage !== undefined) return usage
  const choices: unknown = body.choices
  if (Array.isArray(choices)) for (const choice of choices) usage = usageIn(choice) ?? usage
  if (usage !== undefined) return usage
  for (const name in body) if (isExtension(name)) usage = usageIn(body[name]) ?? usage
  return usage
}

/** Nobody nests an error deeper; a hostile body might. */
const maxDepth = 8

/** An error is there when anything in it says something: `""`, `null`, `false`, `{}` and `{"code":0}` stand beside good answers. */
const says = (error: unknown, depth = 0): boolean => {
  if (typeof error === "string") return error.trim() !== ""
  if (typeof error !== "object" || error === null) return error === true || (typeof error === "number" && error !== 0)
  return depth === maxDepth || Object.values(error).some((value) => says(value, depth + 1))
}

const isFailed = (choice: unknown): boolean => Predicate.isObject(choice) && says(choice["error"])

/** Names under which errors have their words. */
export const wordNames = [
  "message",
  "Message",
  "msg",
  "error_msg",
  "error_message",
  "errorMessage",
  "status_msg",
  "errmsg"
] as const

/** Names under which errors have their code. */
export const codeNames = ["code", "error_code", "errorCode", "status_code", "errcode"] as const

/** Names under which errors repeat their HTTP status. */
export const statusNames = ["code", "status", "status_code", "statusCode", "http_code"] as const

const successes = /^(0+|2\d\d|ok|success)$/i

const isCode = (code: unknown): boolean => says(code) && !successes.test(String(code))

/** The HTTP status that a value is, 400 to 599. */
export const statusOf = (value: unknown): number | undefined => {
  const status = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value
  return typeof status === "number" && Number.isInteger(status) && status >= 400 && status <= 599 ? status : undefined
}

/** A body that is an error as a whole, in a vendor's native shape; what holds a part of an answer is none. */
const isNative = (body: Fields): boolean => {
  const { data, detail, errors, object, output, type, usage } = body
  if (object === "error" || type === "error") return true
  if (says(data) || says(output) || says(usage)) return false
  const isCoded =
    codeNames.some((name) => isCode(body[name])) || statusNames.some((name) => statusOf(body[name]) !== undefined)
  return (isCoded && wordNames.some((name) => filled(body[name]))) || says(detail) || says(errors)
}

const errorIn = (body: Fields): unknown => {
  if (says(body["error"])) return body
  const { base_resp, choices } = body
  if (Predicate.isObject(base_resp) && says(base_resp["status_code"])) return body
  if (Array.isArray(choices)) return choices.find(isFailed)
  return choices == null && isNative(body) ? body : undefined
}

/**
 * What holds the error of a body or frame, if there is one: vendors send errors inside HTTP 200 too, as an `error` member, in
 * one of the choices, or as the whole. `ErrorBody.within` reads what it says.
 */
export const errorOf = (body: unknown): unknown => {
  if (typeof body !== "object" || body === null) return undefined
  if (!Array.isArray(body)) return errorIn(body as Fields)
  return body.find((each) => typeof each === "object" && each !== null && errorIn(each) !== undefined)
}

/** A vector's number, or one of several vectors; what was no number at the vendor is `null` in JSON. */
const isNumeric = (value: unknown): boolean => typeof value === "number" || Array.isArray(value)

/** Numbers, base64, or several of either by name; nothing of them is no vector. */
const isVector = (embedding: unknown): boolean =>
  Array.isArray(embedding)
    ? embedding.length > 0 && embedding.every(isNumeric)
    : filled(embedding) || Predicate.isObject(embedding)

const isInput = (value: unknown): boolean => typeof value === "string" || Array.isArray(value)

/** How many vectors an `input` asks for: one of each text; other lists are the vendor's to read. */
const vectorsOf = (input: unknown): number => (Array.isArray(input) && input.every(isInput) ? input.length : 1)

/** What is wrong with a parsed answer that should hold the vectors of an input, or undefined when it is whole. */
export const embeddingFlawOf = (body: unknown, input: unknown): "malformed" | "empty" | undefined => {
  const data: unknown = Predicate.hasProperty(body, "data") ? body.data : undefined
  if (!Array.isArray(data)) return "malformed"
  if (data.length === 0) return "empty"
  if (data.length < vectorsOf(input)) return "malformed"
  return data.every((each: unknown) => Predicate.hasProperty(each, "embedding") && isVector(each.embedding))
    ? undefined
    : "malformed"
}

/** What is wrong with a parsed answer, or undefined when it is whole; `finishOf` reads its finish reasons. */
export const flawOf = (
  body: unknown,
  finishOf: (raw: unknown) => Finish
): "malformed" | "empty" | "gaveUp" | undefined => {
  if (!Predicate.isObject(body)) return "malformed"
  const choices = (body as Record<string, unknown>)["choices"]
  if (choices === undefined || choices === null) return "malformed"
  if (!Array.isArray(choices)) return "malformed"
  if (choices.length === 0) return "empty"
  let anyContent = false
  for (const choice of choices as ChatCompletion["choices"]) {
    if (!Predicate.isObject(choice) || !Predicate.isObject(choice.message)) return "malformed"
    if (finishOf(choice.finish_reason) === "gaveUp") return "gaveUp"
    const finish = choice.finish_reason
    anyContent ||= hasContent(choice.message) || (finishOf(finish) === "complete" && mayBeEmpty(finish as string))
  }
  return anyContent ? undefined : "empty"
}
