/**
 * Unfolds a whole answer into the chunks that the vendor would have streamed: for a caller who asked for a stream and a vendor
 * that answered with JSON all the same. The role comes first, then all that the message holds, the finish, and the usage.
 */
import type * as Chat from "../../wire/ChatCompletion.ts"
import * as Completion from "./Completion.ts"

const roleOf = ({ message }: Chat.ChatChoice): Chat.ChatDelta => ({ role: message.role ?? "assistant", content: "" })

const restOf = ({ message }: Pick<Chat.ChatChoice, "message">): Chat.ChatDelta => {
  const { role: _, tool_calls, ...rest } = message
  if (tool_calls == null) return rest
  return { ...rest, tool_calls: tool_calls.map((call, index) => ({ ...call, index })) }
}

/** The chunks of an answer. `usage`: whether the caller asked for it. */
export const unfold = (completion: Chat.ChatCompletion, usage: boolean): ReadonlyArray<Chat.ChatCompletionChunk> => {
  const { choices, object: _, usage: counted, ...rest } = completion
  const head = { ...rest, object: "chat.completion.chunk" }
  const toChunk = (toChoice: (choice: Chat.ChatChoice) => Chat.ChunkChoice): Chat.ChatCompletionChunk => ({
    ...head,
    choices: choices.map((choice, position) => ({ index: choice.index ?? position, ...toChoice(choice) }))
  })
  return [
    toChunk((choice) => ({ delta: roleOf(choice), finish_reason: null })),
    toChunk(({ finish_reason: _, index: __, message, ...more }) => ({
      ...more,
      delta: restOf({ message }),
      finish_reason: null
    })),
    toChunk((choice) => ({ delta: {}, finish_reason: Completion.finishOf(choice) })),
    ...(usage && counted != null ? [{ ...head, choices: [], usage: counted }] : [])
  ]
}
