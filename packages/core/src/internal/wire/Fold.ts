/**
 * Folds the chunks of a streamed answer into the completion that the vendor would have sent without `stream`.
 *
 * Used for stream-only models (`qwq-32b`) and for routes that stream upstream on a JSON caller's behalf. Nothing that a chunk
 * says is lost, whatever its fields are called: `Join` says how pieces become one value. What is known by name:
 *
 * | of       | field                         | becomes                                                             |
 * | -------- | ----------------------------- | ------------------------------------------------------------------- |
 * | chunk    | `id`, `created`, `model`      | the first that says something: Azure begins with empty ones          |
 * |          | `usage`                       | the last one, wherever it stands (`Inspect.usageOf`)                 |
 * |          | `obfuscation`                 | nothing: it pads frames                                              |
 * | choice   | `logprobs`                    | all lists joined, `null` where there are none                        |
 * |          | `message`                     | takes the place of what the deltas said: some end with the whole     |
 * | delta    | `content`                     | one text, or the list of parts (`Parts`)                             |
 * |          | `tool_calls`                  | merged as `ToolCalls` tells fragments apart                          |
 * |          | `reasoning_details`           | merged like parts of content                                         |
 *
 * Total: no shape of a chunk throws, and what is no chunk says nothing.
 */

import type { ChatChoice, ChatCompletion, ChatCompletionChunk, CompletionUsage } from "../../wire/ChatCompletion.ts"
import * as Inspect from "./Inspect.ts"
import * as Join from "./Join.ts"
import * as Json from "./Json.ts"
import * as Parts from "./Parts.ts"
import * as SseDecoder from "./SseDecoder.ts"
import * as ToolCalls from "./ToolCalls.ts"

const ofDelta: Join.Rule = { texts: "join", lists: "append" }
const ofChoice: Join.Rule = { texts: "last", lists: "append" }
// What is said of the whole answer (sources, safety) is said again with every chunk by some.
const ofAnswer: Join.Rule = { texts: "last", lists: "repeats" }

interface ToolCall extends ToolCalls.Open {
  readonly position: number
  readonly fields: Join.Fields
}

interface Choice {
  role: string
  content: Parts.Content
  readonly message: Join.Fields
  readonly details: Array<unknown>
  readonly calls: Array<ToolCall>
  readonly rest: Join.Fields
  finish: string | null
}

const filled = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined)

const listOf = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : value == null ? [] : [value])

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "object" && value !== null ? JSON.stringify(value) : ""

const addToolCall = (calls: Array<ToolCall>, fragment: unknown): void => {
  if (!Join.isFields(fragment)) return
  const { function: called, id: _, index: __, ...rest } = fragment
  const { arguments: input, name: ___, ...more } = Join.isFields(called) ? called : {}
  const begun = {
    index: ToolCalls.indexOf(fragment["index"]),
    id: filled(fragment["id"]),
    name: filled(Join.isFields(called) ? called["name"] : undefined),
    arguments: textOf(input)
  }
  const known = ToolCalls.find(calls, begun)
  const call = known ?? { ...begun, position: calls.length, fields: {} }
  if (known === undefined) calls.push(call)
  else ToolCalls.add(known, begun)
  Join.fields(call.fields, rest, ofDelta)
  if (Join.isFields(called)) Join.field(call.fields, "function", { ...more, arguments: begun.arguments }, ofDelta)
}

const addDelta = (choice: Choice, delta: unknown): void => {
  if (!Join.isFields(delta)) return
  for (const [name, value] of Object.entries(delta)) {
    if (name === "role") choice.role = filled(value) ?? choice.role
    else if (name === "content") choice.content = Parts.join(choice.content, value)
    else if (name === "tool_calls") for (const fragment of listOf(value)) addToolCall(choice.calls, fragment)
    else if (name === "reasoning_details") for (const detail of listOf(value)) Parts.add(choice.details, detail)
    else Join.field(choice.message, name, value, ofDelta)
  }
}

/** A whole message, as some servers end a stream: what it says replaces what the deltas said. */
const addMessage = (choice: Choice, message: Join.Fields): void => {
  for (const name of Object.keys(message)) delete choice.message[name]
  if (message["content"] != null) choice.content = undefined
  if (Array.isArray(message["tool_calls"]) && message["tool_calls"].length > 0) choice.calls.length = 0
  if (message["reasoning_details"] != null) choice.details.length = 0
  addDelta(choice, message)
}

const addChoice = (choice: Choice, part: Join.Fields): void => {
  const { delta, finish_reason, index: _, message, usage: __, ...rest } = part
  addDelta(choice, delta)
  if (Join.isFields(message)) addMessage(choice, message)
  if (Inspect.isFinish(finish_reason)) choice.finish = finish_reason
  Join.fields(choice.rest, rest, ofChoice)
}

const toToolCall = ({ fields, id, index, name }: ToolCall): Join.Fields => {
  const { function: called, type, ...rest } = fields
  const isFunction = called !== undefined || type === undefined || type === "function"
  return {
    ...(index === undefined ? {} : { index }),
    id: id ?? "",
    type: type ?? "function",
    ...(isFunction ? { function: { name: name ?? "", arguments: "", ...(Join.isFields(called) ? called : {}) } } : {}),
    ...rest
  }
}

/** In the vendor's order of positions; calls without one stay where they began. Positions that are shared are none. */
const inOrder = (calls: ReadonlyArray<ToolCall>): ReadonlyArray<ToolCall> => {
  const numbers = calls.flatMap(({ index }) => (index === undefined ? [] : [index]))
  if (new Set(numbers).size < numbers.length)
    return calls.map((call) => (call.index === undefined ? call : { ...call, index: call.position }))
  return [...calls].sort((a, b) => (a.index ?? a.position) - (b.index ?? b.position) || a.position - b.position)
}

const isSaid = (value: unknown): boolean => value !== undefined && value !== null && value !== ""

const toChoice = (index: number, { calls, content, details, finish, message, rest, role }: Choice): ChatChoice => ({
  index,
  message: {
    role,
    content: (content ?? (calls.length > 0 ? "" : null)) as string | null,
    ...Object.fromEntries(Object.entries(message).filter(([, value]) => isSaid(value))),
    ...(details.length > 0 ? { reasoning_details: details } : {}),
    ...(calls.length > 0 ? { tool_calls: inOrder(calls).map(toToolCall) } : {})
  },
  logprobs: null,
  ...rest,
  finish_reason: finish
})

const open = (): Choice => ({
  role: "assistant",
  content: undefined,
  message: {},
  details: [],
  calls: [],
  rest: {},
  finish: null
})

const addChoices = (choices: Map<number, Choice>, parts: unknown): void => {
  if (!Array.isArray(parts)) return
  parts.forEach((part: unknown, position) => {
    if (!Join.isFields(part)) return
    const index = ToolCalls.indexOf(part["index"]) ?? position
    let choice = choices.get(index)
    if (choice === undefined) {
      choice = open()
      choices.set(index, choice)
    }
    addChoice(choice, part)
  })
}

/** A vendor's extension (`x_…`) without the usage that was lifted out of it. */
const withoutUsage = (name: string, value: unknown): unknown => {
  if (!Inspect.isExtension(name) || !Join.isFields(value)) return value
  const { usage: _, ...rest } = value
  return rest
}

/** Folds chunks, in order of arrival, into one completion. */
export const fold = (chunks: Iterable<ChatCompletionChunk>): ChatCompletion => {
  const choices = new Map<number, Choice>()
  const head: { id?: string; created?: number; model?: string } = {}
  const said: Join.Fields = {}
  let usage: CompletionUsage | undefined
  for (const chunk of chunks) {
    if (!Join.isFields(chunk)) continue
    usage = Inspect.usageOf(chunk) ?? usage
    const { choices: parts, created, id, model, object: _, obfuscation: __, usage: ___, ...rest } = chunk as Join.Fields
    if (head.id === undefined && filled(id) !== undefined) head.id = id as string
    if (head.created === undefined && created != null && created !== 0) head.created = created as number
    if (head.model === undefined && filled(model) !== undefined) head.model = model as string
    for (const name of Object.keys(rest)) Join.field(said, name, withoutUsage(name, rest[name]), ofAnswer)
    addChoices(choices, parts)
  }
  const { created, id, model } = head
  return {
    ...(id === undefined ? {} : { id }),
    object: "chat.completion",
    ...(created === undefined ? {} : { created }),
    ...(model === undefined ? {} : { model }),
    choices: [...choices].sort(([a], [b]) => a - b).map(([index, choice]) => toChoice(index, choice)),
    ...(usage === undefined ? {} : { usage }),
    ...said
  }
}

/**
 * The same from the bytes of whole frames, with numbers that a JavaScript number would change as the vendor wrote them:
 * to be written out, not to be read. Undefined when there are none such, and `fold` says the same.
 */
export const foldExactly = (pieces: ReadonlyArray<Buffer>): ChatCompletion | undefined => {
  if (!pieces.some((bytes) => Json.isLossy(bytes.toString("utf8")))) return undefined
  const { frames } = SseDecoder.make().push(Buffer.concat(pieces))
  return fold(
    frames.flatMap(({ data }) => (data === undefined ? [] : [Json.parseExactly(data) as ChatCompletionChunk]))
  )
}
