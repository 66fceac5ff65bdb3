/**
 * Tool calls and their results in a conversation that is kept: vendors refuse one that has a call without its result, or a
 * result without its call, and a conversation that was stored so would be refused for ever.
 */
import type { AssistantMessage, Message, ToolMessage } from "../../Message.ts"

const withoutCalls = ({ toolCalls: _, ...message }: AssistantMessage): AssistantMessage => ({
  ...message,
  text: message.text ?? ""
})

/** The message with those of its calls that have a result. */
const answered = (message: AssistantMessage, results: ReadonlyArray<ToolMessage>): AssistantMessage => {
  const toolCalls = message.toolCalls?.filter(({ id }) => results.some(({ toolCallId }) => toolCallId === id)) ?? []
  if (toolCalls.length === message.toolCalls?.length) return message
  return toolCalls.length === 0 ? withoutCalls(message) : { ...message, toolCalls }
}

const isResult = (message: Message | undefined): message is ToolMessage => message?.role === "tool"

/** The results behind a place. */
const resultsAt = (messages: ReadonlyArray<Message>, at: number): ReadonlyArray<ToolMessage> => {
  const results: Array<ToolMessage> = []
  for (let message = messages[at]; isResult(message); message = messages[at + results.length]) results.push(message)
  return results
}

/**
 * A conversation without calls that have no result, and results that have no call. Calls at its end may wait for results
 * that `next` begins with; with no `next`, for whatever will be said.
 */
export const keep = (messages: ReadonlyArray<Message>, next: ReadonlyArray<Message> = []): ReadonlyArray<Message> => {
  if (!messages.some((message) => message.role === "tool" || message.role === "assistant")) return messages
  const kept: Array<Message> = []
  for (let at = 0; at < messages.length; at++) {
    const message = messages[at] as Message
    if (isResult(message)) continue
    if (message.role !== "assistant" || message.toolCalls === undefined || message.toolCalls.length === 0) {
      kept.push(message)
      continue
    }
    const { toolCalls } = message
    const results = resultsAt(messages, at + 1).filter((result) => toolCalls.some(({ id }) => id === result.toolCallId))
    const isLast = resultsAt(messages, at + 1).length === messages.length - at - 1
    const mayWait = isLast && (next.length === 0 || isResult(next[0]))
    kept.push(mayWait ? message : answered(message, results), ...results)
  }
  return kept
}

/** What a model said, without calls that it did not come to the end of. */
export const said = (message: AssistantMessage, waitsForTools: boolean): AssistantMessage =>
  waitsForTools || message.toolCalls === undefined ? message : withoutCalls(message)
