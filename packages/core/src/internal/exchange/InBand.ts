/**
 * Errors that come with HTTP 200: as a body, as a frame of a stream, as an event of that name.
 */
import * as ErrorBody from "../provider/ErrorBody.ts"
import type { SseFrame } from "../wire/SseDecoder.ts"

/** The error that a parsed body or frame is; undefined when it is none. */
export const ofJson = ErrorBody.within

/** The error that a body is which should have been an answer and is none. */
export const instead = ErrorBody.instead

/** The error that a frame is; an event that is named so is one in whatever words. */
export const ofFrame = ({ data, event }: SseFrame, json: unknown): ErrorBody.ErrorBody | undefined =>
  event === "error" ? ErrorBody.parse(data ?? "") : ofJson(json)
