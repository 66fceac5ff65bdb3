/**
 * Errors that come with HTTP 200: as a body, as a frame of a stream, as an event of that name.
 */
import * as Predicate from "effect/Predicate"
import * as ErrorBody from "../provider/ErrorBody.ts"
import * as Inspect from "../wire/Inspect.ts"
import type { SseFrame } from "../wire/SseDecoder.ts"

/** An error without an envelope: it says so, or has a code and a message where an answer has choices. */
const isFlat = (json: unknown): boolean => {
  if (!Predicate.isObject(json)) return false
  const { choices, code, message, object } = json as Record<string, unknown>
  if (choices !== undefined && choices !== null) return false
  return object === "error" || (code != null && code !== "" && typeof message === "string")
}

/** The error that a parsed body or frame is; undefined when it is none. */
export const ofJson = (json: unknown): ErrorBody.ErrorBody | undefined =>
  Inspect.errorOf(json) !== undefined || isFlat(json) ? ErrorBody.fromJson(json) : undefined

/** The error that a frame is; an event that is named so is one in whatever words. */
export const ofFrame = ({ data, event }: SseFrame, json: unknown): ErrorBody.ErrorBody | undefined =>
  event === "error" ? ErrorBody.parse(data ?? "") : ofJson(json)
