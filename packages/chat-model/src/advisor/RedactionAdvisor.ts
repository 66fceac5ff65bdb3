/**
 * Keeps personal data from the vendor: what is found in a prompt goes out as a placeholder (`[PHONE_1]`), and a placeholder
 * that comes back in the answer is what it stands for again.
 *
 * | rule    | finds                                                                             |
 * | ------- | --------------------------------------------------------------------------------- |
 * | `EMAIL` | e-mail addresses                                                                  |
 * | `ID`    | resident identity numbers of China, 18 digits of which the last checks the others |
 * | `CARD`  | bank cards: 13 to 19 digits that pass Luhn's check                                |
 * | `PHONE` | mobile numbers of mainland China, with or without +86                             |
 * | `IP`    | IPv4 addresses                                                                    |
 *
 * **Details**
 *
 * - All text of a prompt is looked through: messages of every role, tools' arguments and results. Images are not.
 * - The same value has the same placeholder throughout a request, so the model can tell two people apart.
 * - A placeholder is restored in text, reasoning, refusals and tool calls, even where a stream delivers it in pieces:
 *   what may be the beginning of one is held back until it is known.
 * - It stands around each request to the model, so tools get real values, and so does a memory.
 *
 * **Gotchas**
 *
 * A model may spell a placeholder in a way of its own; then the reader sees that.
 *
 * **Example** (With a rule for order numbers)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { ChatClient, ChatModel, RedactionAdvisor } from "@understudy/chat-model"
 *
 * const redaction = RedactionAdvisor.make([...RedactionAdvisor.rules, { name: "ORDER", pattern: /\bSO-\d{8}\b/ }])
 * const program = Effect.gen(function* () {
 *   const client = ChatClient.make(yield* ChatModel.ChatModel, { advisors: [redaction] })
 *   return yield* client.prompt("Write a text to 13800138000 about order SO-20260101.").call().content()
 * })
 * ```
 */
import * as Stream from "effect/Stream"
import * as Advisor from "../Advisor.ts"
import * as Luhn from "../internal/redaction/Luhn.ts"
import { PlaceholderRestorer } from "../internal/redaction/PlaceholderRestorer.ts"
import { Placeholders, type Rule } from "../internal/redaction/Placeholders.ts"
import type { Message } from "../Message.ts"
import * as Prompt from "../Prompt.ts"

export type { Rule } from "../internal/redaction/Placeholders.ts"

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** The check digit of GB 11643. */
const isResidentId = (text: string): boolean => {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(text[index]), 0)
  return "10X98765432"[sum % 11] === text[17]?.toUpperCase()
}

/** The rules that come with it; the first that finds something has it. */
export const rules: ReadonlyArray<Rule> = [
  { name: "EMAIL", pattern: /[\w.%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/ },
  { name: "ID", pattern: /(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])/, accepts: isResidentId },
  { name: "CARD", pattern: /(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.]?\d)/, accepts: Luhn.accepts },
  { name: "PHONE", pattern: /(?<![\d.])(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/ },
  {
    name: "IP",
    pattern: /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)/
  }
]

const hideIn = (message: Message, placeholders: Placeholders): Message => {
  switch (message.role) {
    case "assistant":
      return {
        ...message,
        text: placeholders.hide(message.text),
        reasoning: placeholders.hide(message.reasoning),
        refusal: placeholders.hide(message.refusal),
        toolCalls: message.toolCalls?.map((call) => ({ ...call, arguments: placeholders.hideInJson(call.arguments) }))
      }
    case "user":
      if (typeof message.content === "string") return { ...message, content: placeholders.hide(message.content) }
      return {
        ...message,
        content: message.content.map((part) =>
          part.type === "text" ? { ...part, text: placeholders.hide(part.text) } : part
        )
      }
    default:
      return { ...message, content: placeholders.hide(message.content) }
  }
}

/** Makes an advisor that redacts by these rules. Throws a `RangeError` for a rule whose name cannot be a placeholder's. */
export const make = (by: ReadonlyArray<Rule> = rules): Advisor.Advisor => {
  for (const { name } of by) {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name)) {
      throw new RangeError(`A rule's name must be capital letters, digits and _, got ${JSON.stringify(name)}`)
    }
  }
  return Advisor.make(
    "redaction",
    (request, next) =>
      Stream.suspend(() => {
        const { messages, options } = request.prompt
        const placeholders = new Placeholders(by, JSON.stringify(messages))
        const hidden = messages.map((message) => hideIn(message, placeholders))
        const answer = next({ ...request, prompt: Prompt.make(hidden, options) })
        if (placeholders.isEmpty) return answer
        return Stream.mapAccumArray(
          answer,
          () => new PlaceholderRestorer(placeholders),
          (restorer, parts) => [restorer, restorer.take(parts)]
        )
      }),
    "request"
  )
}
