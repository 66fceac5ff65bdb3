/**
 * How much of a conversation is kept.
 *
 * **Details**
 *
 * - Whole turns are let go, the oldest first. A turn begins where a user speaks after anybody else did; tool calls and
 *   their results are inside of it, so they stay or go together.
 * - System messages are always kept, where they are, and count.
 * - The last turn is always kept, even where it alone is more than the window: the vendor says so then, instead of a
 *   model that answers half a question.
 *
 * **Example** (Half of a small model's context)
 *
 * ```ts
 * import { ChatMemory } from "@understudy/chat-model/promise"
 * import * as Window from "@understudy/chat-model/memory/Window"
 *
 * const layer = ChatMemory.layer({ window: Window.tokens(4000) })
 * ```
 *
 * **Example** (What is let go)
 *
 * ```ts
 * import { Message } from "@understudy/chat-model/promise"
 * import * as Window from "@understudy/chat-model/memory/Window"
 *
 * const said = [Message.user("1"), Message.assistant("one"), Message.user("2"), Message.assistant("two")]
 * Window.messages(3)(said).map(Message.textOf) // => ["2", "two"]
 * Window.standard(said).length // => 4
 * ```
 */
import type { Message } from "../Message.ts"
import * as TokenEstimate from "./TokenEstimate.ts"

/** What is kept of messages. */
export type Window = (messages: ReadonlyArray<Message>) => ReadonlyArray<Message>

const toTurns = (messages: ReadonlyArray<Message>): ReadonlyArray<ReadonlyArray<Message>> => {
  const turns: Array<Array<Message>> = []
  for (const [index, message] of messages.entries()) {
    const begins = message.role === "user" && messages[index - 1]?.role !== "user"
    if (begins || turns.length === 0) turns.push([])
    turns.at(-1)?.push(message)
  }
  return turns
}

const within =
  (limit: number, sizeOf: (message: Message) => number): Window =>
  (messages) => {
    const total = (some: ReadonlyArray<Message>) => some.reduce((sum, message) => sum + sizeOf(message), 0)
    let size = total(messages.filter(({ role }) => role === "system"))
    const turns = toTurns(messages.filter(({ role }) => role !== "system"))
    let kept = 0
    for (const turn of turns.toReversed()) {
      size += total(turn)
      if (size > limit && kept > 0) break
      kept++
    }
    let gone = turns.slice(0, turns.length - kept).flat().length
    return messages.filter(({ role }) => role === "system" || gone-- <= 0)
  }

const checked = (name: string, limit: number): number => {
  if (Number.isInteger(limit) && limit >= 1) return limit
  throw new RangeError(`${name} must be an integer >= 1, got ${limit}`)
}

/** Keeps at most so many messages. */
export const messages = (limit: number): Window => within(checked("messages", limit), () => 1)

/** Keeps at most so many tokens, as `estimate` counts them. */
export const tokens = (limit: number, estimate: TokenEstimate.Estimate = TokenEstimate.ofMessage): Window =>
  within(checked("tokens", limit), estimate)

/** What is kept unless told otherwise: the last 40 messages. */
export const standard: Window = messages(40)
