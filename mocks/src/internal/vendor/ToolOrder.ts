/**
 * The order that vendors demand of tool messages: each follows the assistant's message with its call, at once, and every call
 * has its result before anything else is said.
 */
import type { Message } from "./ChatRequest.ts"

/** The first message that breaks the order. */
export interface Disorder {
  /** A result without its call before it, or a call without its result. */
  readonly what: "orphan" | "unanswered"
  /** The place of the message that should not be there; for calls at the end, the place behind the last message. */
  readonly at: number
}

/** What breaks the order, if anything does. */
export const disorder = (messages: ReadonlyArray<Message>): Disorder | undefined => {
  let calls: ReadonlySet<string> = new Set()
  const waiting = new Set<string>()
  for (const [at, message] of messages.entries()) {
    if (message.role === "tool") {
      if (message.answers === undefined || !calls.has(message.answers)) return { what: "orphan", at }
      waiting.delete(message.answers)
      continue
    }
    if (waiting.size > 0) return { what: "unanswered", at }
    calls = new Set(message.calls.map(({ id }) => id))
    for (const id of calls) waiting.add(id)
  }
  return waiting.size > 0 ? { what: "unanswered", at: messages.length } : undefined
}
