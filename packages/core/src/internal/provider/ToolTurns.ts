/**
 * Tool calls and their results as every vendor takes them: a caller's conversation may have been begun by another vendor, cut
 * in the middle of a call, or stored by hand, and vendors refuse the whole of it for one call that is amiss.
 *
 * | the conversation has                        | it goes out with                                               |
 * | ------------------------------------------- | -------------------------------------------------------------- |
 * | a call without an id                        | an id; results without one answer such calls in their order    |
 * | an id that an earlier call has, too         | another id for the later call and its result                   |
 * | arguments that are no JSON object           | `{}`, and the text that was there in the call's result         |
 * | a result that does not stand behind its call | the result behind its call                                     |
 * | a call without a result, although it goes on | a result that says so                                          |
 *
 * Left as they are, for the vendor to tell: results of calls that nobody made, and calls at the end that none is a result of.
 *
 * @see ToolArguments for what arguments are
 */
import * as Predicate from "effect/Predicate"
import type { ChatMessage } from "../../wire/ChatCompletion.ts"
import * as ToolArguments from "../wire/ToolArguments.ts"
import { callsTools, type Messages } from "./Conversation.ts"

type Fields = Readonly<Record<string, unknown>>

/** A call that waits for its result. */
interface Waiting {
  /** As the conversation has it. */
  readonly given: unknown
  readonly id: string
  /** The arguments, where they could not go out. */
  readonly raw: string | undefined
}

const noResult = "There is no result of this call: it was not run, or its result was lost."

const isFilled = (id: unknown): id is string => typeof id === "string" && id !== ""

const isToolMessage = (message: ChatMessage | undefined): boolean =>
  Predicate.isObject(message) && message.role === "tool"

const isCalling = (message: ChatMessage | undefined): message is ChatMessage =>
  Predicate.isObject(message) && callsTools(message)

const unused = (ids: Set<string>, wish: string): string => {
  let id = wish
  for (let n = 2; ids.has(id); n++) id = `${wish}_${n}`
  ids.add(id)
  return id
}

/** The text that goes out, and the one that could not. */
const fitted = (given: unknown): readonly [sent: string, raw: string | undefined] => {
  if (typeof given === "string") {
    return [ToolArguments.toWire(given), ToolArguments.read(given) === undefined ? given : undefined]
  }
  return [Predicate.isObject(given) && !Array.isArray(given) ? JSON.stringify(given) : "{}", undefined]
}

const withRaw = (content: unknown, raw: string): unknown => {
  if (typeof content === "string") return ToolArguments.withRaw(raw, content)
  const text = ToolArguments.withRaw(raw, "").trimEnd()
  return Array.isArray(content) ? [{ type: "text", text }, ...content] : text
}

class Mending {
  readonly #messages: Messages
  readonly #ids = new Set<string>()
  readonly #out: Array<ChatMessage> = []
  #changed = false

  constructor(messages: Messages) {
    this.#messages = messages
  }

  run(): Messages {
    const messages = this.#messages
    let at = 0
    while (at < messages.length) {
      const message = messages[at] as ChatMessage
      if (isCalling(message)) at = this.#turn(message, at)
      else {
        this.#out.push(message)
        at++
      }
    }
    return this.#changed ? this.#out : messages
  }

  /** Takes a message that calls tools with all up to the next one; gives the place of that. */
  #turn(message: ChatMessage, at: number): number {
    const waiting = this.#calls(message, at)
    let end = at + 1
    while (end < this.#messages.length && !isCalling(this.#messages[end])) end++
    const rest = this.#messages.slice(at + 1, end)
    const results: Array<ChatMessage> = []
    const others: Array<ChatMessage> = []
    for (const [index, other] of rest.entries()) {
      const result = isToolMessage(other) ? this.#result(other, waiting) : undefined
      if (result === undefined) others.push(other)
      else {
        // Something stood between the call and this result.
        if (results.length < index) this.#changed = true
        results.push(result)
      }
    }
    const goesOn = rest.length > 0 || end < this.#messages.length
    for (const { id, raw } of goesOn ? waiting : []) {
      this.#changed = true
      const content = raw === undefined ? noResult : ToolArguments.withRaw(raw, noResult)
      results.push({ role: "tool", tool_call_id: id, content })
    }
    this.#out.push(...results, ...others)
    return end
  }

  /** Puts the message out, and tells what waits for a result. */
  #calls(message: ChatMessage, at: number): Array<Waiting> {
    const waiting: Array<Waiting> = []
    let changed = false
    const calls = (message["tool_calls"] as ReadonlyArray<unknown>).map((call, position) => {
      if (!Predicate.isObject(call)) return call
      const { function: called, id: given } = call as Fields
      const id = unused(this.#ids, isFilled(given) ? given : `call_${at}_${position}`)
      if (!Predicate.isObject(called)) {
        waiting.push({ given, id, raw: undefined })
        if (id === given) return call
        changed = true
        return { ...call, id }
      }
      const text = (called as Fields)["arguments"]
      const [sent, raw] = fitted(text)
      waiting.push({ given, id, raw })
      if (id === given && sent === text) return call
      changed = true
      return { ...call, id, function: { ...called, arguments: sent } }
    })
    if (changed) this.#changed = true
    this.#out.push(changed ? { ...message, tool_calls: calls } : message)
    return waiting
  }

  /** The result under the id of its call; undefined for one that answers none that waits. */
  #result(message: ChatMessage, waiting: Array<Waiting>): ChatMessage | undefined {
    const given = message["tool_call_id"]
    const at = waiting.findIndex((call) => (isFilled(given) ? call.given === given : !isFilled(call.given)))
    const [call] = at === -1 ? [] : waiting.splice(at, 1)
    if (call === undefined) return undefined
    const content = call.raw === undefined ? message.content : withRaw(message.content, call.raw)
    if (call.id === given && content === message.content) return message
    this.#changed = true
    return { ...message, tool_call_id: call.id, content }
  }
}

/** Makes the tool calls of a conversation whole; the same messages come back when they are. */
export const mend = (messages: Messages): Messages =>
  messages.some(isCalling) ? new Mending(messages).run() : messages
