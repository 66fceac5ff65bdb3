/**
 * From LangChain's messages to those of a ChatModel. What LangChain keeps and no vendor takes is mended: an answer that says
 * nothing is left out, calls that could not be parsed go back as calls, each with a result.
 */
import { AIMessage, type BaseMessage, ChatMessage, ToolMessage } from "@langchain/core/messages"
import { Message } from "@understudy/chat-model/promise"
import type { ToolCall } from "@understudy/chat-model/ToolCall"
import * as Arguments from "./Arguments.ts"

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

/** A text block that is empty is one that a vendor refuses, and says nothing. */
const isEmptyText = ({ text, type }: Block): boolean => type === "text" && text === ""

const toUserMessage = (message: BaseMessage): Message.Message => {
  if (typeof message.content === "string") return Message.user(message.content)
  const blocks = blocksOf(message)
  const said = blocks.filter((block) => !isEmptyText(block))
  return Message.user((said.length === 0 ? blocks : said).map(toPart))
}

const filled = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined)

/** A call whose arguments are no JSON object, and what is wrong with it. */
interface Broken {
  readonly id: string
  readonly error: string
}

interface Calls {
  readonly calls: ReadonlyArray<ToolCall>
  readonly broken: ReadonlyArray<Broken>
}

/** The calls of a message, each with an id: those without one get one that no other message has. */
const toCalls = (message: BaseMessage, at: number): Calls => {
  if (!AIMessage.isInstance(message)) return { calls: [], broken: [] }
  const { invalid_tool_calls: invalid = [], tool_calls: valid = [] } = message
  const idOf = (id: string | undefined, index: number): string => filled(id) ?? `call_${at}_${index}`
  const calls = valid.map(
    ({ args, id, name }, index): ToolCall => ({ id: idOf(id, index), name, arguments: JSON.stringify(args) ?? "{}" })
  )
  const broken: Array<Broken> = []
  for (const { args = "", error, id, name = "" } of invalid) {
    // Without a name it is a call of no tool, which no vendor takes.
    if (name === "") continue
    const call = { id: idOf(id, calls.length), name, arguments: Arguments.fromLangChain(args) }
    calls.push(call)
    broken.push({ id: call.id, error: filled(error) ?? Arguments.error })
  }
  return { calls, broken }
}

/** What an assistant said; undefined when it is nothing, which no vendor takes back. */
const toAssistantMessage = (message: BaseMessage, toolCalls: ReadonlyArray<ToolCall>): Message.Message | undefined => {
  const { additional_kwargs: extra } = message
  const fields = {
    text: filled(text(message)),
    reasoning: filled(extra["reasoning_content"]) ?? filled(textsOf(message, "reasoning", "reasoning")),
    refusal: filled(extra["refusal"]),
    toolCalls: toolCalls.length === 0 ? undefined : toolCalls
  }
  return Object.values(fields).every((field) => field === undefined) ? undefined : Message.assistant(fields)
}

const toToolMessage = (message: BaseMessage, id: string): Message.Message => {
  const isText = typeof message.content === "string" || blocksOf(message).every(({ type }) => type === "text")
  return Message.tool(id, isText ? text(message) : message.content)
}

const roles: Readonly<Record<string, string>> = { user: "human", assistant: "ai", developer: "system" }

const roleOf = (message: BaseMessage): string => {
  const role = ChatMessage.isInstance(message) ? message.role : message.type
  return roles[role] ?? role
}

/** Reads a conversation from its beginning. */
class Reader {
  readonly messages: Array<Message.Message> = []
  /** Calls of the last answer that have no result yet. */
  #open: ReadonlyArray<string> = []
  #broken: ReadonlyArray<Broken> = []

  take(message: BaseMessage, at: number): void {
    const role = roleOf(message)
    if (role === "tool") return this.#takeResult(message)
    this.end()
    switch (role) {
      case "system": {
        const content = text(message)
        if (content !== "") this.messages.push(Message.system(content))
        return
      }
      case "human":
        this.messages.push(toUserMessage(message))
        return
      case "ai":
        return this.#takeAnswer(message, at)
      default:
        throw new TypeError(`A message must be of a system, a human, an ai or a tool, got one of type "${role}"`)
    }
  }

  /** Calls that nobody could run have their error for a result. */
  end(): void {
    for (const { error, id } of this.#broken) {
      if (this.#open.includes(id)) this.messages.push(Message.tool(id, error))
    }
    this.#open = []
    this.#broken = []
  }

  #takeAnswer(message: BaseMessage, at: number): void {
    const { broken, calls } = toCalls(message, at)
    const answer = toAssistantMessage(message, calls)
    if (answer !== undefined) this.messages.push(answer)
    this.#open = calls.map(({ id }) => id)
    this.#broken = broken
  }

  #takeResult(message: BaseMessage): void {
    const given = ToolMessage.isInstance(message) ? filled(message.tool_call_id) : undefined
    // A result that does not say of which call it is, is of the first that has none.
    const id = given ?? this.#open[0] ?? ""
    this.#open = this.#open.filter((open) => open !== id)
    this.messages.push(toToolMessage(message, id))
  }
}

/** The messages of a conversation. Throws a `TypeError` for what no vendor is told. */
export const read = (messages: ReadonlyArray<BaseMessage>): ReadonlyArray<Message.Message> => {
  const reader = new Reader()
  for (const [at, message] of messages.entries()) reader.take(message, at)
  reader.end()
  return reader.messages
}
