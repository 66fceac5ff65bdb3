/**
 * The arguments of calls: those that are a JSON object, and those that LangChain has among its `invalid_tool_calls`.
 *
 * **Gotchas**
 *
 * LangChain completes what a stream has brought of a call, and would take arguments that were cut off for whole ones. Those
 * are ended with a mark that no JSON has, which is taken off again when they come back.
 */
import { collapseToolCallChunks } from "@langchain/core/messages"
import { ToolCall } from "@understudy/chat-model/promise"

/** Ends a text, an escape or a value that is open, and is wrong behind each of them. */
const mark = '"\\ (cut off)'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** What is told of arguments that are no JSON object. */
export const error = "The arguments are not a JSON object."

/** The arguments of a whole call; undefined when they are no JSON object. */
export const toObject = (call: ToolCall.ToolCall): Record<string, unknown> | undefined => {
  const value = ToolCall.json(call)
  return isObject(value) ? value : undefined
}

/** True for `null`, as some models write that a call has no arguments. */
export const isNone = (text: string): boolean => text.trim() === "null"

/** What a streamed call has to be ended with, so that LangChain takes it for what it is; empty for one that is well. */
export const toEnd = (call: ToolCall.ToolCall): string => {
  if (toObject(call) !== undefined) return ""
  const { arguments: args, id, name } = call
  return collapseToolCallChunks([{ id, name, args, type: "tool_call_chunk" }]).tool_calls.length === 0 ? "" : mark
}

/** The arguments as the model wrote them. */
export const fromLangChain = (text: string): string => (text.endsWith(mark) ? text.slice(0, -mark.length) : text)
