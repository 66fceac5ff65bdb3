/** Says of every frame of an answer what it is, so that two answers can be compared part by part. */
import type { Recording } from "@understudy/mocks/Recording"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Redaction from "../Redaction.ts"

/** A part of an answer. */
export interface Part {
  /** `role`, `reasoning`, `content`, `tool call`, `finish`, `finish + usage`, `usage`, `[DONE]`, `keep-alive`, `error`, … */
  readonly label: string
  readonly data: string
  /** Undefined for what is not JSON. */
  readonly json: unknown
}

const parse = (text: string): unknown => Result.getOrUndefined(Result.try((): unknown => JSON.parse(text)))

const isSaid = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== ""

const labelOf = (json: unknown): string => {
  if (!Predicate.isObject(json)) return "unreadable"
  if ("error" in json) return "error"
  const choice: unknown = Array.isArray(json["choices"]) ? json["choices"][0] : undefined
  const delta = Predicate.hasProperty(choice, "delta") && Predicate.isObject(choice.delta) ? choice.delta : {}
  const usage = isSaid(json["usage"])
  if (Predicate.hasProperty(choice, "finish_reason") && isSaid(choice.finish_reason))
    return usage ? "finish + usage" : "finish"
  if (isSaid(delta["reasoning_content"])) return "reasoning"
  if (isSaid(delta["content"])) return "content"
  if (isSaid(delta["tool_calls"])) return "tool call"
  return usage ? "usage" : "role"
}

const eventOf = (data: string): Part => {
  const said = /^data: ?(.*)$/m.exec(data)?.[1]
  if (said === undefined) return { label: "keep-alive", data, json: undefined }
  if (said === "[DONE]") return { label: said, data, json: undefined }
  const json = parse(said)
  return { label: labelOf(json), data, json }
}

const wholeEvents = (text: string): ReadonlyArray<string> => text.match(/[\s\S]+?(?:\r?\n\r?\n|$)/g) ?? []

/** The parts of an answer; an event that broke off is none. */
export const of = ({ end, frames, headers }: Recording): ReadonlyArray<Part> => {
  const text = frames.map(({ data }) => data).join("")
  if (Redaction.isEventStream(headers)) {
    const events = wholeEvents(text)
    return (end === "complete" ? events : events.filter((event) => /\n\r?\n$/.test(event))).map(eventOf)
  }
  const blank = /^\s+/.exec(text)?.[0]
  const body = text.slice(blank?.length ?? 0)
  return [
    ...(blank === undefined ? [] : [{ label: "keep-alive", data: "\n", json: undefined }]),
    ...(body === "" ? [] : [{ label: "body", data: body, json: parse(body) }])
  ]
}

/** Where every run of equal labels begins. */
export const runs = (parts: ReadonlyArray<Part>): ReadonlyArray<number> =>
  parts.flatMap(({ label }, index) => (label === parts[index - 1]?.label ? [] : [index]))
