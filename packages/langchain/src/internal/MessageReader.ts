/**
 * From LangChain's messages to those of a ChatModel.
 */
import { AIMessage, type BaseMessage, ChatMessage, ToolMessage } from "@langchain/core/messages"
import { Message } from "@understudy/chat-model/promise"
import type { ToolCall } from "@understudy/chat-model/ToolCall"

type Block = Readonly<Record<string, unknown>>

const blocksOf = ({ content }: BaseMessage): ReadonlyArray<Block> =>
  typeof content === "string" ? (content === "" ? [] : [{ type: "text", text: content }]) : content

const textsOf = (message: BaseMessage, type: string, field: string): string =>
  blocksOf(message)
    .map((block) => (block["type"] === type && typeof block[field] === "string" ? block[field] : ""))
    .join("")

const text = (message: BaseMessage): string => textsOf(message, "text", "text")

const misfit = (block: Block): TypeError =>
  new TypeError(
    `A user's message may hold text and images at a URL or in base64, got a block of type ${JSON.stringify(block["type"])}`
  )

/** LangChain has had three shapes of an image: OpenAI's, its own, and its own of before 1.0. */
const toImage = (block: Block): Message.ImagePart => {
  const { data, image_url: given, mime_type, mimeType = mime_type ?? "image/jpeg", url } = block
  if (typeof given === "string") return Message.image(given)
  if (typeof given === "object" && given !== null && "url" in given) {
    const image = Message.image(String(given.url))
    return "detail" in given ? { ...image, detail: given.detail as Message.ImagePart["detail"] } : image
  }
  if (typeof url === "string") return Message.image(url)
  if (data instanceof Uint8Array) return Message.image(data, String(mimeType))
  if (typeof data === "string") return Message.image(`data:${mimeType};base64,${data}`)
  throw misfit(block)
}

const toPart = (block: Block): Message.TextPart | Message.ImagePart => {
  if (block["type"] === "text") return { type: "text", text: String(block["text"]) }
  if (block["type"] === "image" || block["type"] === "image_url") return toImage(block)
  throw misfit(block)
}

const toUserMessage = (message: BaseMessage): Message.Message =>
  Message.user(typeof message.content === "string" ? message.content : blocksOf(message).map(toPart))

const filled = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined)

const toAssistantMessage = (message: BaseMessage): Message.Message => {
  const { additional_kwargs: extra } = message
  const toolCalls: ReadonlyArray<ToolCall> = AIMessage.isInstance(message)
    ? (message.tool_calls ?? []).map(({ args, id, name }, index) => ({
        id: id ?? `call_${index}`,
        name,
        arguments: JSON.stringify(args)
      }))
    : []
  const fields = {
    text: filled(text(message)),
    reasoning: filled(extra["reasoning_content"]) ?? filled(textsOf(message, "reasoning", "reasoning")),
    refusal: filled(extra["refusal"]),
    toolCalls: toolCalls.length === 0 ? undefined : toolCalls
  }
  return Message.assistant(fields)
}

const toToolMessage = (message: BaseMessage): Message.Message => {
  const id = ToolMessage.isInstance(message) ? message.tool_call_id : ""
  const isText = typeof message.content === "string" || blocksOf(message).every(({ type }) => type === "text")
  return Message.tool(id, isText ? text(message) : message.content)
}

const roles: Readonly<Record<string, string>> = { user: "human", assistant: "ai", developer: "system" }

const toMessage = (message: BaseMessage): Message.Message => {
  const role = ChatMessage.isInstance(message) ? message.role : message.type
  switch (roles[role] ?? role) {
    case "system":
      return Message.system(text(message))
    case "human":
      return toUserMessage(message)
    case "ai":
      return toAssistantMessage(message)
    case "tool":
      return toToolMessage(message)
    default:
      throw new TypeError(`A message must be of a system, a human, an ai or a tool, got one of type "${role}"`)
  }
}

/** The messages of a conversation. Throws a `TypeError` for what no vendor is told. */
export const read = (messages: ReadonlyArray<BaseMessage>): ReadonlyArray<Message.Message> => messages.map(toMessage)
