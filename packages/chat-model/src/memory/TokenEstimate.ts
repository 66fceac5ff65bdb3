/**
 * How many tokens a message takes, guessed without a tokenizer: a quarter for each character, one for each Chinese,
 * Japanese or Korean one, 4 for each message, and 800 for an image. Vendors count otherwise: leave room.
 *
 * **Example** (A guess)
 *
 * ```ts
 * import { Message } from "@understudy/chat-model/promise"
 * import * as TokenEstimate from "@understudy/chat-model/memory/TokenEstimate"
 *
 * TokenEstimate.ofText("Hello, 世界") // => 4
 * TokenEstimate.ofMessage(Message.user("Hello, 世界")) // => 8
 * ```
 */
import { type Message, textOf } from "../Message.ts"

/** Guesses a message's tokens. */
export type Estimate = (message: Message) => number

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu
const perMessage = 4
const perImage = 800

/** The tokens of a text. */
export const ofText = (text: string): number => {
  const narrow = text.replace(wide, "")
  return text.length - narrow.length + Math.ceil(narrow.length / 4)
}

/** The tokens of a message, with its tool calls and images; reasoning goes back only with tool calls. */
export const ofMessage: Estimate = (message) => {
  const size = perMessage + ofText(textOf(message) ?? "")
  if (message.role === "assistant") {
    const { reasoning = "", toolCalls = [] } = message
    if (toolCalls.length === 0) return size
    return size + ofText(reasoning + toolCalls.map((call) => call.name + call.arguments).join(""))
  }
  if (message.role !== "user" || typeof message.content === "string") return size
  return size + perImage * message.content.filter(({ type }) => type === "image").length
}
