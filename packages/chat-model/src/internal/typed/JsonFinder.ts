/**
 * Finds the JSON in a model's answer: behind a byte order mark, thinking, a code fence or prose, with commas too many, or
 * written as a text that holds JSON. What a text could mean is listed; which of it is meant, the schema decides.
 */
import * as Predicate from "effect/Predicate"
import * as PartialJson from "./PartialJson.ts"

const thinking = /<(think|thinking|reasoning)>[\s\S]*?<\/\1>/gi

/** A template may have opened the tag already, so that the answer only closes it. */
const closing = /^[\s\S]*?<\/(?:think|thinking|reasoning)>/i

const opening = /^\s*<(?:think|thinking|reasoning)>[\s\S]*/i

/** The answer without the thinking that some models write into it; nothing of it while the thinking goes on. */
export const withoutThinking = (text: string): string =>
  text
    .replace(thinking, "")
    .replace(closing, "")
    .replace(opening, "")
    .replace(/^\uFEFF/, "")

const tags = ["<think>", "<thinking>", "<reasoning>"]

/** True while a text is, or may turn out to be, thinking. */
const mayThink = (text: string): boolean => {
  const start = text.trimStart().toLowerCase()
  return tags.some((tag) => start.startsWith(tag) || tag.startsWith(start))
}

/** A text that is still being written, without the thinking at its beginning; undefined until it is known what that is. */
export const afterThinking = (text: string): string | undefined => {
  if (!mayThink(text)) return text
  const answer = withoutThinking(text)
  return answer.trim() === "" || (answer === text && mayThink(answer)) ? undefined : answer
}

const fenced = /^```[\w-]*\s*\n?([\s\S]*?)\n?```$/

const parse = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** What was found. */
export interface Found {
  /** Every value that the answer may mean, the likeliest first. */
  readonly values: ReadonlyArray<unknown>
  /** True when there is nothing beside the value. */
  readonly isExact: boolean
  /** True when a value begins and does not end. */
  readonly isOpen: boolean
}

/** A value, and what it holds when it is a text that holds JSON. */
const withInner = (value: unknown): ReadonlyArray<unknown> => {
  const inner = typeof value === "string" ? parse(value) : undefined
  return inner === undefined ? [value] : [value, inner.value]
}

/** A text that is JSON and nothing else, in a fence at most. */
const exactly = (text: string): { readonly value: unknown } | undefined => parse(fenced.exec(text)?.[1] ?? text)

/** Lists the values in an answer. */
export const find = (text: string): Found => {
  const given = text.replace(/^\uFEFF/, "").trim()
  const answer = withoutThinking(given).trim()
  // As it is, first: a tag may be a part of the value.
  const exact = exactly(given) ?? exactly(answer)
  if (exact !== undefined) return { values: withInner(exact.value), isExact: true, isOpen: false }
  const reader = new PartialJson.PartialJson()
  reader.push(answer)
  return { values: reader.complete, isExact: false, isOpen: reader.isOpen }
}

/** The JSON in an answer as a text, for whoever reads it by a schema of their own; without any, the answer as it is. */
export const toText = (text: string): string => {
  const whole = parse(text)
  if (whole !== undefined && typeof whole.value !== "string") return text
  const values = find(text).values.filter(Predicate.isObjectOrArray)
  // Prose has lists in it, too: the longest is what it is about.
  const [longest = text] = values.map((value) => JSON.stringify(value)).sort((a, b) => b.length - a.length)
  return longest
}
