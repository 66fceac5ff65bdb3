/**
 * What a frame of a stream says, in the shapes that everybody behind the reader may rely on.
 *
 * Vendors' servers send more than the protocol knows: null for a choice, numbers for texts, objects for arguments, a whole
 * message for a delta. A frame is one of three: plain, and handed on as it is; odd, and mended so that nothing that it says is
 * lost; or unreadable, which is an error and never a frame that says nothing.
 */
import * as Predicate from "effect/Predicate"
import type { ChatCompletionChunk, ChatDelta, ChunkChoice, ToolCallDelta } from "../../wire/ChatCompletion.ts"

type Fields = Readonly<Record<string, unknown>>

const isEmpty = (value: object): boolean => Object.keys(value).length === 0

/** True for a JSON object. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isText = (value: unknown): boolean => value === undefined || value === null || typeof value === "string"

/** True for a call, or a fragment of one, as the protocol writes it. */
export const isCall = (value: unknown): value is ToolCallDelta => {
  if (!isFields(value)) return false
  const { function: called, id, index } = value
  if (!isText(id) || !(index === undefined || isIndex(index))) return false
  return called === undefined || (isFields(called) && isText(called["name"]) && isText(called["arguments"]))
}

const isIndex = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

const isWritten = (value: unknown): boolean => isText(value) || Array.isArray(value)

/** True for a delta, or a message, as the protocol writes it. */
export const isDelta = (value: unknown): value is ChatDelta => {
  if (!isFields(value)) return false
  const calls = value["tool_calls"]
  return (
    isText(value["role"]) &&
    isWritten(value["content"]) &&
    isWritten(value["reasoning_content"]) &&
    isWritten(value["reasoning"]) &&
    isWritten(value["refusal"]) &&
    (calls === undefined || calls === null || (Array.isArray(calls) && calls.every(isCall)))
  )
}

const isChoice = (value: unknown): boolean =>
  isFields(value) &&
  (value["index"] === undefined || isIndex(value["index"])) &&
  isText(value["finish_reason"]) &&
  value["finish_reason"] !== "null" &&
  isDelta(value["delta"])

/** Usage that counts something. */
const isCount = (usage: unknown): usage is Fields => isFields(usage) && !isEmpty(usage)

/** True when a frame has the shape that the protocol gives it, as far as it is read. */
export const isPlain = (json: unknown): json is ChatCompletionChunk => {
  if (!isFields(json)) return false
  const { choices, error, id, model, usage } = json
  return (
    !error &&
    Array.isArray(choices) &&
    choices.every(isChoice) &&
    (usage === undefined || usage === null || isCount(usage)) &&
    isText(id) &&
    isText(model)
  )
}

/** Says nothing, whatever it should have been. */
const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === false || value === "" || (isBag(value) && isEmpty(value))

const isBag = (value: unknown): value is object => typeof value === "object" && value !== null

const indexOf = (value: unknown): number | undefined => {
  const index = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return isIndex(index) ? (index as number) : undefined
}

/** Mends one frame; `lost` becomes true where something that it says cannot be read. */
class Mender {
  lost = false
  /** A message in a delta's place says once more what the deltas said: it is kept beside an empty one. */
  readonly #repeats: boolean

  constructor(repeats: boolean) {
    this.#repeats = repeats
  }

  chunk(json: Fields): ChatCompletionChunk {
    // Whoever reads this knows that it is no error; clients take any object there for one.
    const { choices, error: _, id, model, usage, ...rest } = json
    return {
      ...rest,
      ...(Predicate.isString(id) || typeof id === "number" ? { id: String(id) } : {}),
      ...(Predicate.isString(model) ? { model } : {}),
      choices: this.#list(choices, (choice, position) => this.#choice(choice, position)),
      ...(isCount(usage) ? { usage } : {})
    }
  }

  #list<A>(value: unknown, mend: (fields: Fields, position: number) => A): Array<A> {
    if (isNothing(value)) return []
    if (!Array.isArray(value)) {
      this.lost = true
      return []
    }
    return value.flatMap((each: unknown, position) => {
      if (isFields(each)) return [mend(each, position)]
      if (!isNothing(each)) this.lost = true
      return []
    })
  }

  #choice(choice: Fields, position: number): ChunkChoice {
    const { delta, finish_reason, index, message, ...rest } = choice
    const said = delta ?? (this.#repeats ? undefined : message)
    if (!isNothing(said) && !isFields(said)) this.lost = true
    return {
      ...rest,
      ...(message === undefined || said === message ? {} : { message }),
      index: indexOf(index) ?? position,
      delta: isFields(said) ? this.#delta(said, delta == null) : {},
      // What is no text is no reason to take the answer for finished.
      finish_reason: Predicate.isString(finish_reason) && finish_reason !== "null" ? finish_reason : null
    }
  }

  #delta(delta: Fields, isWhole: boolean): ChatDelta {
    const { content, reasoning, reasoning_content, refusal, role, tool_calls, ...rest } = delta
    const written = { content, reasoning, reasoning_content, refusal }
    const mended: Record<string, unknown> = { ...rest, ...(Predicate.isString(role) ? { role } : {}) }
    for (const [name, value] of Object.entries(written)) {
      if (value !== undefined) mended[name] = this.#written(value)
    }
    if (tool_calls === undefined) return mended
    // A single call stands for a list of one.
    const calls = isFields(tool_calls) && !isEmpty(tool_calls) ? [tool_calls] : tool_calls
    mended["tool_calls"] = this.#list(calls, (call, position) => this.#call(call, isWhole ? position : undefined))
    return mended
  }

  #written(value: unknown): unknown {
    if (typeof value === "number") return String(value)
    if (isWritten(value)) return value
    if (!isNothing(value)) this.lost = true
    return null
  }

  #call(call: Fields, position: number | undefined): ToolCallDelta {
    const { function: called, id, index, ...rest } = call
    if (!isNothing(called) && !isFields(called)) this.lost = true
    const at = indexOf(index) ?? position
    const mended: Record<string, unknown> = { ...rest }
    if (at !== undefined) mended["index"] = at
    if (!isNothing(id)) mended["id"] = String(id)
    if (isFields(called)) mended["function"] = this.#called(called)
    return mended
  }

  #called(called: Fields): Fields {
    const { arguments: given, name, ...rest } = called
    const mended: Record<string, unknown> = { ...rest }
    if (!isNothing(name)) mended["name"] = String(name)
    // Some servers parse the arguments for their clients.
    if (given !== undefined) mended["arguments"] = isText(given) ? (given ?? "") : JSON.stringify(given)
    return mended
  }
}

/**
 * An odd frame in the shape of a plain one; undefined when something that it says cannot be read. `repeats`: a whole message
 * comes behind the deltas that it was put together from.
 */
export const mend = (json: unknown, repeats = false): ChatCompletionChunk | undefined => {
  if (!isFields(json)) return undefined
  const mender = new Mender(repeats)
  const chunk = mender.chunk(json)
  return mender.lost ? undefined : chunk
}

/** A chunk as the bytes of an event. */
export const toBytes = (chunk: ChatCompletionChunk): Buffer => Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`)

/** The place of a choice in the answer. */
export const indexIn = (choice: ChunkChoice, position: number): number => choice.index ?? position
