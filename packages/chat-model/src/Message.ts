/**
 * What a conversation is made of: a union on `role`.
 *
 * | role        | holds                                                                    |
 * | ----------- | ------------------------------------------------------------------------ |
 * | `system`    | `content`: how the model is to behave                                    |
 * | `user`      | `content`: text, or a list of text and image parts                       |
 * | `assistant` | `text`, `reasoning`, `refusal`, `toolCalls`: what the model answered     |
 * | `tool`      | `toolCallId` and `content`: what a tool that the model asked for returned |
 *
 * Messages are plain data, so a literal is as good as a constructor. An answer's `result.output` is an assistant message
 * and goes into the next prompt as it is.
 *
 * **Gotchas**
 *
 * Reasoning is sent back (as `reasoning_content`) only with an assistant message that calls tools: vendors demand it
 * there, and some refuse it elsewhere.
 *
 * **Example** (A conversation)
 *
 * ```ts
 * import { Message, Prompt } from "@understudy/chat-model/promise"
 *
 * const prompt = Prompt.make([
 *   Message.system("Answer in one sentence."),
 *   Message.user([{ type: "text", text: "What is this?" }, Message.image("https://example.com/cat.png")]),
 *   Message.assistant({ toolCalls: [{ id: "call_1", name: "weather", arguments: "{}" }] }),
 *   Message.tool("call_1", { celsius: 21 })
 * ])
 * prompt.messages.map(Message.textOf) // => ["Answer in one sentence.", "What is this?", undefined, '{"celsius":21}']
 * ```
 */
import * as Base64 from "effect/encoding/Base64"
import { toText } from "./internal/tools/ToolText.ts"
import type { ToolCall } from "./ToolCall.ts"

/** How the model is to behave. */
export interface SystemMessage {
  readonly role: "system"
  readonly content: string
}

/** A piece of text of a user's message. */
export interface TextPart {
  readonly type: "text"
  readonly text: string
}

/** An image of a user's message, for models that can see. */
export interface ImagePart {
  readonly type: "image"
  /** `https:` or `data:` URL. */
  readonly url: string
  /** How closely the model is to look; left out leaves it to the vendor. */
  readonly detail?: "auto" | "low" | "high" | undefined
}

/** What a person says. */
export interface UserMessage {
  readonly role: "user"
  readonly content: string | ReadonlyArray<TextPart | ImagePart>
}

/** What the model answered. A field that the answer did not have is absent. */
export interface AssistantMessage {
  readonly role: "assistant"
  readonly text?: string | undefined
  /** The model's thinking, where it shows any. */
  readonly reasoning?: string | undefined
  /** Why the model declined, where the vendor tells it apart from text. */
  readonly refusal?: string | undefined
  readonly toolCalls?: ReadonlyArray<ToolCall> | undefined
}

/** What a tool returned. */
export interface ToolMessage {
  readonly role: "tool"
  /** The `id` of the tool call that this answers. */
  readonly toolCallId: string
  readonly content: string
}

/** One message of a conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage

/** A system message. */
export const system = (content: string): SystemMessage => ({ role: "system", content })

/** A user's message. */
export const user = (content: UserMessage["content"]): UserMessage => ({ role: "user", content })

/** An assistant's message, from a text or from its fields. */
export const assistant = (answer: string | Omit<AssistantMessage, "role">): AssistantMessage =>
  typeof answer === "string" ? { role: "assistant", text: answer } : { role: "assistant", ...answer }

/** The answer to a tool call, as text or as a value: as JSON where that holds it, else in words (an Error, bytes, a Map). */
export const tool = (toolCallId: string, result: unknown): ToolMessage => ({
  role: "tool",
  toolCallId,
  content: toText(result)
})

/** An image at a URL, or from bytes with their media type (`image/png`). */
export const image = (source: string | URL | Uint8Array, mediaType = "image/png"): ImagePart => ({
  type: "image",
  url: source instanceof Uint8Array ? `data:${mediaType};base64,${Base64.encode(source)}` : String(source)
})

/** The text of any message; undefined when it has none. */
export const textOf = (message: Message): string | undefined => {
  if (message.role === "assistant") return message.text
  if (typeof message.content === "string") return message.content
  const texts = message.content.filter((part) => part.type === "text").map((part) => part.text)
  return texts.length === 0 ? undefined : texts.join("\n")
}
