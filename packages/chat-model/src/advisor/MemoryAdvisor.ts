/**
 * Remembers conversations: what was said before goes out with each question, and the turn is kept once it is answered.
 *
 * **Details**
 *
 * - The conversation is the one that `conversation(id)` names (`options.conversationId`). A question without one is
 *   neither reminded nor remembered.
 * - What was said goes between the system's messages and the others. Those others are the turn's beginning: give only what
 *   is new.
 * - A turn is the question's messages, every tool call with its result, and the answer. It is kept as a whole, before the
 *   reader's stream ends.
 * - A turn that failed, was interrupted, or whose reader left before the end leaves no trace: ask again.
 * - Turns of one conversation wait for each other, in the order in which they are run; other conversations do not wait.
 *
 * **Gotchas**
 *
 * - A tool that asks in the conversation that it is called in waits for itself, for ever.
 * - They wait for each other in this process, and for this advisor: make one for a memory, and share it.
 *
 * **Example** (A client that remembers)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { ChatClient, ChatMemory, ChatModel, MemoryAdvisor } from "@understudy/chat-model"
 *
 * const program = Effect.gen(function* () {
 *   const memory = MemoryAdvisor.make(ChatMemory.make())
 *   const client = ChatClient.make(yield* ChatModel.ChatModel, { advisors: [memory] })
 *   yield* client.prompt("My name is Ann.").conversation("c1").call().content()
 *   return yield* client.prompt("What is my name?").conversation("c1").call().content()
 * })
 * ```
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Advisor from "../Advisor.ts"
import type { ChatMemory, ChatMemoryError } from "../ChatMemory.ts"
import type { ChatPart } from "../ChatPart.ts"
import * as ChatResponse from "../ChatResponse.ts"
import * as KeyedLock from "../internal/KeyedLock.ts"
import { onComplete } from "../internal/PartWatch.ts"
import type { Message } from "../Message.ts"
import * as Prompt from "../Prompt.ts"

/** What an answer adds to a conversation. */
const toMessages = (parts: ReadonlyArray<ChatPart>): ReadonlyArray<Message> => [
  ...parts.flatMap((part) => (part.type === "turn-end" ? part.messages : [])),
  // An answer without anything would be no message.
  { text: "", ...ChatResponse.fromParts(parts).result.output }
]

/** Makes an advisor over a memory. */
export const make = (memory: ChatMemory["Service"]): Advisor.Advisor<ChatMemoryError> => {
  const lock = KeyedLock.make()
  return Advisor.make("memory", (request, next) => {
    const { messages, options } = request.prompt
    const id = options.conversationId
    if (typeof id !== "string") return next(request)
    const said = messages.filter(({ role }) => role !== "system")
    const answered = Effect.map(Effect.andThen(lock.acquire(id), memory.get(id)), (before) => {
      const system = messages.filter(({ role }) => role === "system")
      const prompt = Prompt.make([...system, ...before, ...said], options)
      return onComplete(next({ ...request, prompt }), (parts) => memory.append(id, [...said, ...toMessages(parts)]))
    })
    return Stream.unwrap(answered)
  })
}
