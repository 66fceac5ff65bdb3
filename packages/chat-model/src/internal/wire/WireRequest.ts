/**
 * From a prompt that is known to make sense to the wire: the body of `POST /chat/completions`.
 */
import type { ChatCompletionRequest, ChatMessage } from "@understudy/core/wire/ChatCompletion"
import type { Resolved, ResponseFormat } from "../../ChatOptions.ts"
import type { AssistantMessage, ImagePart, Message, TextPart } from "../../Message.ts"
import type { Tool, ToolChoice } from "../../Tool.ts"
import type { ToolCall } from "../../ToolCall.ts"
import * as VendorFields from "./VendorFields.ts"

const toContentPart = (part: TextPart | ImagePart): unknown =>
  part.type === "text"
    ? { type: "text", text: part.text }
    : { type: "image_url", image_url: { url: part.url, ...(part.detail === undefined ? {} : { detail: part.detail }) } }

const toToolCall = (call: ToolCall): unknown => ({
  id: call.id,
  type: "function",
  function: { name: call.name, arguments: call.arguments }
})

const toAssistantMessage = ({ reasoning, refusal, text, toolCalls }: AssistantMessage): ChatMessage => {
  const callsTools = toolCalls !== undefined && toolCalls.length > 0
  return {
    role: "assistant",
    content: text ?? "",
    ...(refusal === undefined ? {} : { refusal }),
    // DeepSeek demands it on tool turns (400 without) and has refused it elsewhere.
    ...(reasoning === undefined || !callsTools ? {} : { reasoning_content: reasoning }),
    ...(callsTools ? { tool_calls: toolCalls.map(toToolCall) } : {})
  }
}

const toMessage = (message: Message): ChatMessage => {
  switch (message.role) {
    case "system":
      return { role: "system", content: message.content }
    case "user":
      return {
        role: "user",
        content: typeof message.content === "string" ? message.content : message.content.map(toContentPart)
      }
    case "assistant":
      return toAssistantMessage(message)
    case "tool":
      return { role: "tool", tool_call_id: message.toolCallId, content: message.content }
  }
}

const toTool = ({ description, name, parameters, strict }: Tool): unknown => ({
  type: "function",
  function: {
    name,
    ...(description === undefined ? {} : { description }),
    parameters: parameters ?? { type: "object", properties: {} },
    ...(strict === undefined ? {} : { strict })
  }
})

const toToolChoice = (choice: ToolChoice): unknown =>
  typeof choice === "string" ? choice : { type: "function", function: { name: choice.tool } }

const toResponseFormat = (format: ResponseFormat): unknown => {
  if (format === "text") return { type: "text" }
  if (format === "json") return { type: "json_object" }
  const { description, name = "response", schema, strict = true } = format
  return {
    type: "json_schema",
    json_schema: { name, ...(description === undefined ? {} : { description }), schema, strict }
  }
}

/** How each option is spelled on the wire; `model` and what never goes there are not in the table. */
const spelling: ReadonlyArray<readonly [keyof Resolved, string, ((value: never) => unknown)?]> = [
  ["temperature", "temperature"],
  ["topP", "top_p"],
  ["topK", "top_k"],
  ["maxTokens", "max_tokens"],
  ["stopSequences", "stop"],
  ["presencePenalty", "presence_penalty"],
  ["frequencyPenalty", "frequency_penalty"],
  ["seed", "seed"],
  ["tools", "tools", (tools: ReadonlyArray<Tool>) => tools.map(toTool)],
  ["toolChoice", "tool_choice", toToolChoice],
  ["responseFormat", "response_format", toResponseFormat],
  // Behind `responseFormat`, over which it wins.
  ["outputSchema", "response_format", toResponseFormat],
  ["reasoningEffort", "reasoning_effort"]
]

/**
 * JSON whose texts are UTF-8: half a character, of a text that was cut inside of an emoji, becomes U+FFFD, for servers refuse
 * the whole request for it. What needs no change is handed back as it is.
 */
export const whole = <A>(value: A): A => {
  if (typeof value === "string") return (value.isWellFormed() ? value : value.toWellFormed()) as A
  if (typeof value !== "object" || value === null) return value
  const fields = value as Readonly<Record<string, unknown>>
  let changed: Record<string, unknown> | undefined
  for (const name of Object.keys(fields)) {
    const told = whole(fields[name])
    if (told === fields[name]) continue
    changed ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>
    changed[name] = told
  }
  return (changed ?? value) as A
}

/** The request for messages and options; `model` must be among the options. */
export const make = (messages: ReadonlyArray<Message>, options: Resolved, stream: boolean): ChatCompletionRequest => {
  const request: Record<string, unknown> = {}
  for (const [option, name, spell] of spelling) {
    const value = options[option]
    if (value === undefined) continue
    request[name] = spell === undefined ? value : spell(value as never)
  }
  // An empty list of tools is refused by vendors, and means what none means.
  if (options.tools?.length === 0) delete request["tools"]
  return whole({
    model: options.model ?? "",
    messages: messages.map(toMessage),
    ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
    ...request,
    ...(options.vendor === undefined ? {} : VendorFields.toWire(options.vendor)),
    ...options.extraBody
  })
}
