/**
 * Small changes of a request's messages that several dialects need. Each gives back what it was given, the same object, when
 * there is nothing to change: that is how a caller sees that a request may go out as it came.
 */
import type { ChatMessage } from "../../wire/ChatCompletion.ts"

/** The messages of a conversation. */
export type Messages = ReadonlyArray<ChatMessage>

/** Changes each message. */
export const map = (messages: Messages, change: (message: ChatMessage, index: number) => ChatMessage): Messages => {
  let changed: Array<ChatMessage> | undefined
  for (const [index, message] of messages.entries()) {
    const next = change(message, index)
    if (next === message) continue
    changed ??= [...messages]
    changed[index] = next
  }
  return changed ?? messages
}

/** The message without a field. */
export const omit = (message: ChatMessage, field: string): ChatMessage => {
  if (message[field] === undefined) return message
  const { [field]: _, ...rest } = message
  return rest as ChatMessage
}

/** The message with a field under another name. */
export const rename = (message: ChatMessage, from: string, to: string): ChatMessage =>
  message[from] === undefined ? message : { ...omit(message, from), [to]: message[from] }

/** The message with the role that every vendor knows for instructions: `developer` is one vendor's later name for it. */
export const asSystem = (message: ChatMessage): ChatMessage =>
  message?.role === "developer" ? { ...message, role: "system" } : message

/** True for an assistant's message that calls tools. */
export const callsTools = ({ tool_calls }: ChatMessage): boolean => Array.isArray(tool_calls) && tool_calls.length > 0

const systemRoles: ReadonlySet<string> = new Set(["system", "developer"])

const appended = (content: unknown, text: string): unknown =>
  Array.isArray(content) ? [...content, { type: "text", text }] : `${content ?? ""}\n\n${text}`

/** Adds an instruction to the system message, or as a new one where there is none. */
export const withInstruction = (messages: Messages, text: string): Messages => {
  const at = messages.findIndex(({ role }) => systemRoles.has(role))
  if (at === -1) return [{ role: "system", content: text }, ...messages]
  return map(messages, (message, index) =>
    index === at ? { ...message, content: appended(message.content, text) } : message
  )
}
