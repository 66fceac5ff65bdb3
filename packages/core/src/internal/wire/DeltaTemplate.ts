/**
 * Reads the frames of a stream that differ in nothing but the text of one delta, as nearly all frames of an answer do: what
 * stands before and behind that text is compared, and the rest of the chunk is known. It takes a third of the time of
 * `JSON.parse`, and what would be asked of such a chunk has been answered for the first of them.
 *
 * **Details**
 *
 * The chunk is the one that `JSON.parse` would make. A JSON text is read from left to right: where one whole string stands in
 * another's place, everything else is read as it was. That the place is the delta's text is proven once, with a frame whose text
 * is known.
 *
 * **Gotchas**
 *
 * A long slice of a text keeps that text: a caller who keeps one word would keep all that came with it. So such a piece is read
 * as JSON, which copies it, as are those with escapes.
 */
import type { ChatCompletionChunk, ChatDelta, ChunkChoice } from "../../wire/ChatCompletion.ts"
import * as Inspect from "./Inspect.ts"
import * as Json from "./Json.ts"

type TextField = "content" | "reasoning_content"

interface Template {
  readonly before: string
  readonly behind: string
  readonly chunk: ChatCompletionChunk
  readonly choice: ChunkChoice
  readonly delta: ChatDelta
  readonly field: TextField
}

/** A chunk, and what differs from the others. */
export interface TextChunk {
  readonly chunk: ChatCompletionChunk
  readonly choice: ChunkChoice
  readonly text: string
}

/** Slices of at least this length refer to what they were cut from. */
const sliced = 13

/** The quote that ends a text. */
const closing = /(?<!\\)(?:\\\\)*"/

const places = { content: /"content"\s*:\s*"/, reasoning_content: /"reasoning_content"\s*:\s*"/ }

const isPlain = (text: string): boolean => {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 32 || code === 34 || code === 92) return false
  }
  return true
}

const textOf = (raw: string): string | undefined => {
  if (raw.length < sliced && isPlain(raw)) return raw
  const text = Json.parse(`"${raw}"`)
  return typeof text === "string" ? text : undefined
}

const isOne = (value: unknown): boolean =>
  typeof value !== "object" || value === null || (Array.isArray(value) && value.length === 0)

/** True when nothing but the named field holds others: chunks must not share what could be changed. */
const isFlat = (value: object, but?: string): boolean =>
  Object.entries(value).every(([name, each]) => name === but || isOne(each))

const filled = (value: unknown): boolean => typeof value === "string" && value !== ""

/** What stands before the text of a field and behind it, where it stands first. */
const around = (data: string, field: TextField): readonly [before: string, behind: string] | undefined => {
  const place = places[field].exec(data)
  if (place === null) return undefined
  const start = place.index + place[0].length
  const end = closing.exec(data.slice(start))
  return end === null ? undefined : [data.slice(0, start), data.slice(start + end.index + end[0].length - 1)]
}

const toTemplate = (data: string, sample: ChatCompletionChunk): Template | undefined => {
  const field = filled(sample.choices?.[0]?.delta?.content) ? "content" : "reasoning_content"
  const [before, behind] = around(data, field) ?? []
  if (before === undefined || behind === undefined) return undefined
  const chunk = Json.parse(`${before}?${behind}`) as ChatCompletionChunk | undefined
  const choice = chunk?.choices?.[0]
  const delta = choice?.delta
  if (chunk?.choices?.length !== 1 || choice === undefined || delta?.[field] !== "?") return undefined
  // A role is said once: the frame that has it is like no other.
  const isAlone = !filled(delta.role) && !Inspect.hasContent({ ...delta, [field]: "" })
  const isWhole = isAlone && isFlat(chunk, "choices") && isFlat(choice, "delta") && isFlat(delta)
  return isWhole ? { before, behind, chunk, choice, delta, field } : undefined
}

/** The template of one stream. */
export class DeltaTemplate {
  #template: Template | undefined
  #hits = 0
  #misses = 0

  /** The chunk of a frame that is like the one that was learnt from; undefined for any other. */
  read(data: string): TextChunk | undefined {
    const template = this.#template
    if (template === undefined) return undefined
    const { before, behind, field } = template
    const end = data.length - behind.length
    if (end < before.length || data.slice(0, before.length) !== before || data.slice(end) !== behind) return undefined
    const text = textOf(data.slice(before.length, end))
    if (text === undefined) return undefined
    this.#hits++
    const delta =
      field === "content" ? { ...template.delta, content: text } : { ...template.delta, reasoning_content: text }
    const choice = { ...template.choice, delta }
    return { chunk: { ...template.chunk, choices: [choice] }, choice, text }
  }

  /** Learns from a frame with one choice, whose only content is text. Frames that all differ are not learnt from for ever. */
  learn(data: string, chunk: ChatCompletionChunk): void {
    if (this.#misses++ <= this.#hits + 4) this.#template = toTemplate(data, chunk)
  }
}
