/**
 * Folds the chunks of a streamed answer into the completion that the vendor would have sent without `stream`.
 *
 * Used for stream-only models (`qwq-32b`) and for routes that stream upstream on a JSON caller's behalf. Text, reasoning
 * and refusals are joined per choice; tool call fragments are merged by index; usage is the last one seen.
 */
import type { ChatChoice, ChatCompletion, ChatCompletionChunk, ChatDelta, ToolCallDelta } from "./ChatCompletion.ts"

interface ToolCall {
  index: number
  id: string
  type: string
  function: { name: string; arguments: string }
}

interface Choice {
  role: string
  texts: Record<string, string>
  toolCalls: Map<number, ToolCall>
  finish: string | null
}

const textFields = ["content", "reasoning_content", "reasoning", "refusal"] as const

const addToolCall = (choice: Choice, fragment: ToolCallDelta, position: number): void => {
  const index = fragment.index ?? position
  let call = choice.toolCalls.get(index)
  if (call === undefined) {
    call = { index, id: "", type: "function", function: { name: "", arguments: "" } }
    choice.toolCalls.set(index, call)
  }
  // Qwen repeats `"id":""` in later fragments: an empty string adds nothing.
  if (fragment.id) call.id = fragment.id
  if (fragment.function?.name) call.function.name = fragment.function.name
  if (fragment.function?.arguments) call.function.arguments += fragment.function.arguments
}

const addDelta = (choice: Choice, delta: ChatDelta): void => {
  if (delta.role) choice.role = delta.role
  for (const field of textFields) {
    const text = delta[field]
    if (typeof text === "string") choice.texts[field] = (choice.texts[field] ?? "") + text
  }
  delta.tool_calls?.forEach((fragment, position) => {
    addToolCall(choice, fragment, position)
  })
}

const toChoice = (index: number, choice: Choice): ChatChoice => ({
  index,
  message: {
    role: choice.role,
    content: choice.texts["content"] ?? (choice.toolCalls.size > 0 ? "" : null),
    ...(choice.texts["reasoning_content"] ? { reasoning_content: choice.texts["reasoning_content"] } : {}),
    ...(choice.texts["reasoning"] ? { reasoning: choice.texts["reasoning"] } : {}),
    ...(choice.texts["refusal"] ? { refusal: choice.texts["refusal"] } : {}),
    ...(choice.toolCalls.size > 0
      ? { tool_calls: [...choice.toolCalls.values()].sort((a, b) => a.index - b.index) }
      : {})
  },
  logprobs: null,
  finish_reason: choice.finish
})

/** Folds chunks, in order of arrival, into one completion. */
export const fold = (chunks: Iterable<ChatCompletionChunk>): ChatCompletion => {
  const choices = new Map<number, Choice>()
  let head: ChatCompletionChunk = {}
  let usage: ChatCompletion["usage"]
  for (const chunk of chunks) {
    if (head.id === undefined) head = chunk
    if (chunk.usage != null) usage = chunk.usage
    chunk.choices?.forEach((part, position) => {
      const index = part.index ?? position
      let choice = choices.get(index)
      if (choice === undefined) {
        choice = { role: "assistant", texts: {}, toolCalls: new Map(), finish: null }
        choices.set(index, choice)
      }
      if (part.delta != null) addDelta(choice, part.delta)
      if (part.finish_reason != null) choice.finish = part.finish_reason
    })
  }
  return {
    ...(head.id === undefined ? {} : { id: head.id }),
    object: "chat.completion",
    ...(head.created === undefined ? {} : { created: head.created }),
    ...(head.model === undefined ? {} : { model: head.model }),
    choices: [...choices].sort(([a], [b]) => a - b).map(([index, choice]) => toChoice(index, choice)),
    ...(usage === undefined ? {} : { usage }),
    ...(head["system_fingerprint"] === undefined ? {} : { system_fingerprint: head["system_fingerprint"] })
  }
}
