/**
 * Unfolds a whole answer into the chunks that the vendor would have streamed: for a caller who asked for a stream and a vendor
 * that answered with JSON all the same. The role comes first, then all that the message holds, the finish, and the usage.
 */
import type {
  ChatChoice,
  ChatCompletion,
  ChatCompletionChunk,
  ChatDelta,
  ChunkChoice
} from "../../wire/ChatCompletion.ts"
import * as Completion from "./Completion.ts"

const roleOf = ({ message }: ChatChoice): ChatDelta => ({ role: message.role ?? "assistant", content: "" })

const restOf = ({ message }: Pick<ChatChoice, "message">): ChatDelta => {
  const { role: _, tool_calls, ...rest } = message
  if (tool_calls == null) return rest
  return { ...rest, tool_calls: tool_calls.map((call, index) => ({ ...call, index })) }
}

/** The chunks of an answer. `usage`: whether the caller asked for it. */
export const unfold = (completion: ChatCompletion, usage: boolean): ReadonlyArray<ChatCompletionChunk> => {
  const { choices, object: _, usage: counted, ...rest } = completion
  const head = { ...rest, object: "chat.completion.chunk" }
  const toChunk = (toChoice: (choice: ChatChoice) => ChunkChoice): ChatCompletionChunk => ({
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
