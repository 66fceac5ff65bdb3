/**
 * What a completion or a chunk says about the state of an answer: does it hold content, is it finished, is it an error?
 *
 * These questions decide when a stream commits and whether an answer is whole; they are asked here and nowhere else.
 * Reasoning counts as content; a role alone, an empty string and a comment do not.
 */
import * as Predicate from "effect/Predicate"
import type { ChatCompletion, ChatDelta } from "./ChatCompletion.ts"

const filled = (value: unknown): boolean => typeof value === "string" && value.length > 0

const notEmpty = (value: unknown): boolean => Array.isArray(value) && value.length > 0

/** True when a delta or a message holds something that a caller would see. */
export const hasContent = (delta: ChatDelta | null | undefined): boolean =>
  delta != null &&
  (filled(delta.content) ||
    filled(delta.reasoning_content) ||
    filled(delta.reasoning) ||
    filled(delta.refusal) ||
    notEmpty(delta.tool_calls) ||
    notEmpty(delta.content) ||
    delta["function_call"] != null ||
    delta["audio"] != null)

/**
 * Finish reasons that say that the vendor gave up, not that the answer is complete.
 * `insufficient_system_resource` is DeepSeek's (api-docs.deepseek.com, create-chat-completion); `"null"` is how
 * DashScope's native protocol spells "still running".
 */
const unfinished = new Set(["insufficient_system_resource", "aborted", "abort", "error", "null"])

/** How a finish reason is to be read. */
export type Finish = "none" | "complete" | "gaveUp"

/** Reads a raw `finish_reason`. */
export const finishOf = (raw: string | null | undefined): Finish =>
  raw == null || raw === "" || raw === "null" ? "none" : unfinished.has(raw) ? "gaveUp" : "complete"

/** The `error` member of a body or frame, if there is one: vendors send errors inside HTTP 200 too. */
export const errorOf = (body: unknown): Record<string, unknown> | undefined => {
  if (!Predicate.isObject(body)) return undefined
  const error = (body as Record<string, unknown>)["error"]
  if (Predicate.isObject(error)) return error as Record<string, unknown>
  return typeof error === "string" ? { message: error } : undefined
}

/** What is wrong with a parsed answer that should hold vectors, or undefined when it is whole. */
export const embeddingFlawOf = (body: unknown): "malformed" | "empty" | undefined => {
  const data: unknown = Predicate.hasProperty(body, "data") ? body.data : undefined
  if (!Array.isArray(data)) return "malformed"
  if (data.length === 0) return "empty"
  return data.every((each: unknown) => Predicate.hasProperty(each, "embedding")) ? undefined : "malformed"
}

/** What is wrong with a parsed answer, or undefined when it is whole. */
export const flawOf = (body: unknown): "malformed" | "empty" | "gaveUp" | undefined => {
  if (!Predicate.isObject(body)) return "malformed"
  const choices = (body as Record<string, unknown>)["choices"]
  if (choices === undefined || choices === null) return "malformed"
  if (!Array.isArray(choices)) return "malformed"
  if (choices.length === 0) return "empty"
  let anyContent = false
  for (const choice of choices as ChatCompletion["choices"]) {
    if (!Predicate.isObject(choice) || !Predicate.isObject(choice.message)) return "malformed"
    if (finishOf(choice.finish_reason) === "gaveUp") return "gaveUp"
    // `length`, `content_filter` and `tool_calls` may rightly come with an empty text.
    anyContent ||= hasContent(choice.message) || (choice.finish_reason != null && choice.finish_reason !== "stop")
  }
  return anyContent ? undefined : "empty"
}
