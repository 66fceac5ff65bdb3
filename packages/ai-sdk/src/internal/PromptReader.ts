/**
 * From the AI SDK's prompt to messages. Images are all that a user's message may hold beside text; what a provider executed
 * by itself is left out of a history, for no vendor takes it from another.
 */
import * as Sdk from "@ai-sdk/provider"
import { Message } from "@understudy/chat-model/promise"
import type { ToolCall } from "@understudy/chat-model/ToolCall"

type Of<Role> = Extract<Sdk.LanguageModelV4Message, { readonly role: Role }>

const toFilePart = ({ data, mediaType }: Sdk.LanguageModelV4FilePart): Message.TextPart | Message.ImagePart => {
  if (data.type === "text") return { type: "text", text: data.text }
  const [kind, subtype = "*"] = mediaType.split("/")
  if (kind === "image" && data.type === "url") return Message.image(data.url)
  if (kind === "image" && data.type === "data") {
    // Vendors look at the bytes; the type only has to be one of an image.
    const type = subtype === "*" ? "image/jpeg" : mediaType
    return Message.image(typeof data.data === "string" ? `data:${type};base64,${data.data}` : data.data, type)
  }
  throw new Sdk.UnsupportedFunctionalityError({ functionality: `a file of ${mediaType} given as ${data.type}` })
}

const toUserPart = (
  part: Sdk.LanguageModelV4TextPart | Sdk.LanguageModelV4FilePart
): Message.TextPart | Message.ImagePart => (part.type === "text" ? { type: "text", text: part.text } : toFilePart(part))

const toUserMessage = ({ content }: Of<"user">): Message.Message => {
  const [first] = content
  return Message.user(content.length === 1 && first?.type === "text" ? first.text : content.map(toUserPart))
}

/** Arguments that could not be parsed are kept as the text that the model wrote. */
const toArguments = (input: unknown): string => (typeof input === "string" ? input : (JSON.stringify(input) ?? "{}"))

const toAssistantMessages = ({ content }: Of<"assistant">): ReadonlyArray<Message.Message> => {
  const said = { text: "", reasoning: "", refusal: "" }
  const toolCalls: Array<ToolCall> = []
  for (const part of content) {
    if (part.type === "text") said[part.providerOptions?.["understudy"]?.["refusal"] ? "refusal" : "text"] += part.text
    else if (part.type === "reasoning") said.reasoning += part.text
    else if (part.type === "tool-call" && part.providerExecuted !== true) {
      toolCalls.push({ id: part.toolCallId, name: part.toolName, arguments: toArguments(part.input) })
    } else if (part.type === "file")
      throw new Sdk.UnsupportedFunctionalityError({ functionality: "a file in an assistant's message" })
  }
  const fields = Object.fromEntries(Object.entries(said).filter(([, text]) => text !== ""))
  const message = Message.assistant({ ...fields, ...(toolCalls.length === 0 ? {} : { toolCalls }) })
  return Object.keys(message).length === 1 ? [] : [message]
}

const toResult = ({ output }: Sdk.LanguageModelV4ToolResultPart): unknown => {
  if (output.type === "execution-denied") return output.reason ?? "The tool was not allowed to run."
  if (output.type !== "content") return output.value
  const texts = output.value.flatMap((part) => (part.type === "text" ? [part.text] : []))
  return texts.length === output.value.length ? texts.join("") : output.value
}

const toMessages = (message: Sdk.LanguageModelV4Message): ReadonlyArray<Message.Message> => {
  switch (message.role) {
    case "system":
      return [Message.system(message.content)]
    case "user":
      return [toUserMessage(message)]
    case "assistant":
      return toAssistantMessages(message)
    case "tool":
      return message.content.flatMap((part) =>
        part.type === "tool-result" ? [Message.tool(part.toolCallId, toResult(part))] : []
      )
  }
}

/** The messages of a prompt. Throws `UnsupportedFunctionalityError`. */
export const read = (prompt: Sdk.LanguageModelV4Prompt): ReadonlyArray<Message.Message> => prompt.flatMap(toMessages)
