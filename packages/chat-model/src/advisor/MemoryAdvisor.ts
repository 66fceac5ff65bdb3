/**
 * Remembers conversations: what was said before goes out with each question, and the turn is kept once it is answered.
 *
 * **Details**
 *
 * - The conversation is the one that `conversation(id)` names (`options.conversationId`). A question without one is
 *   neither reminded nor remembered.
 * - What was said goes between the system's messages at the beginning and the others. Those others are the turn's beginning:
 *   give only what is new.
 * - A turn is the question's messages, every tool call with its result, and the answer. It is kept as a whole, before the
 *   reader's stream ends.
 * - A turn that failed, was interrupted, or whose reader left before the end leaves no trace: ask again.
 * - What is kept can be sent again: a call that the model did not come to the end of is left out of the answer, and one whose
 *   result is not what the next turn begins with is forgotten.
 * - Turns of one conversation wait for each other, in the order in which they are run; other conversations do not wait. Nobody
 *   waits for a turn whose reader has taken nothing for `idle`: should they read on, their turn is kept when it ends.
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
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Advisor from "../Advisor.ts"
import type { ChatMemory, ChatMemoryError } from "../ChatMemory.ts"
import type { ChatPart } from "../ChatPart.ts"
import * as ChatResponse from "../ChatResponse.ts"
import { onComplete } from "../internal/stream/PartWatch.ts"
import * as WholeCalls from "../internal/tools/WholeCalls.ts"
import { TurnQueue } from "../internal/turn/TurnQueue.ts"
import type { Message } from "../Message.ts"
import * as Prompt from "../Prompt.ts"

/** How turns wait for each other. */
export interface Options {
  /**
   * How long a turn's reader may take nothing while other turns of its conversation wait, on the injected clock. A reader who
   * waits for the model or for a tool is not meant. Default: 3 seconds.
   */
  readonly idle?: Duration.Input | undefined
}

/** What an answer adds to a conversation. */
const toMessages = (parts: ReadonlyArray<ChatPart>): ReadonlyArray<Message> => {
  const { metadata, result } = ChatResponse.fromParts(parts)
  const said = WholeCalls.said(result.output, metadata.finishReason?.unified === "tool-calls")
  return [
    ...parts.flatMap((part) => (part.type === "turn-end" ? part.messages : [])),
    // An answer without anything would be no message.
    said.toolCalls === undefined ? { text: "", ...said } : said
  ]
}

/** Makes an advisor over a memory. */
export const make = (
  memory: ChatMemory["Service"],
  { idle = "3 seconds" }: Options = {}
): Advisor.Advisor<ChatMemoryError> => {
  const queue = new TurnQueue(Duration.toMillis(idle))
  return Advisor.make("memory", (request, next) => {
    const { messages, options } = request.prompt
    const id = options.conversationId
    if (typeof id !== "string") return next(request)
    const firstSaid = messages.findIndex(({ role }) => role !== "system")
    const begins = firstSaid === -1 ? messages.length : firstSaid
    const system = messages.slice(0, begins)
    const asked = messages.slice(begins)
    const said = asked.filter(({ role }) => role !== "system")
    const answered = Effect.map(memory.get(id), (before) => {
      const prompt = Prompt.make([...system, ...WholeCalls.keep(before, said), ...asked], options)
      return onComplete(next({ ...request, prompt }), (parts) => memory.append(id, [...said, ...toMessages(parts)]))
    })
    return queue.run(id, answered)
  })
}
