/**
 * The arguments of a tool call: on the wire the JSON text of an object, as a model wrote it. Models get it wrong, and vendors
 * refuse a whole conversation for one text in it that is no such JSON.
 *
 * | the text                                      | is                                    |
 * | --------------------------------------------- | ------------------------------------- |
 * | the JSON of an object                         | that object                           |
 * | empty, blank or `null`                        | `{}`: a call without arguments        |
 * | a JSON text that holds the JSON of an object  | that object: it was encoded twice     |
 * | anything else (a list, half of an object, …)  | no arguments; it goes out as `{}`     |
 *
 * Nothing is guessed beyond that: what a call does may be a payment.
 *
 * **Example** (What is read, and what goes out)
 *
 * ```ts
 * import { ToolArguments } from "@understudy/core/wire/Wire"
 *
 * ToolArguments.read('{"city":"Hangzhou"}') // => { city: "Hangzhou" }
 * ToolArguments.read('{"city": "Hang') // => undefined
 * ToolArguments.toWire('{"city": "Hang') // => "{}"
 * ToolArguments.toWire('"{\\"city\\":\\"Hangzhou\\"}"') // => '{"city":"Hangzhou"}'
 * ```
 */
import * as Json from "./Json.ts"
import * as Text from "./Text.ts"

/** Longest text of a model's that is told back to it, in characters. */
const longest = 2_000

interface Read {
  readonly value: Readonly<Record<string, unknown>>
  readonly text: string
}

const none: Read = { value: {}, text: "{}" }

const find = (text: string, decode: boolean): Read | undefined => {
  const trimmed = text.trim()
  if (trimmed === "" || trimmed === "null") return none
  const own = Json.parse(text)
  const value = own ?? Json.parse(trimmed)
  if (typeof value === "string") return decode ? find(value, false) : undefined
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined
  // JSON knows fewer blanks than JavaScript, and no byte order mark.
  return { value: value as Read["value"], text: own === undefined ? trimmed : text }
}

/** The arguments; undefined where the text is none. */
export const read = (text: string): Readonly<Record<string, unknown>> | undefined => find(text, true)?.value

/** The text that vendors take: the same where it is the JSON of an object. */
export const toWire = (text: string): string => find(text, true)?.text ?? none.text

/** A text that is no arguments, as it is shown to the model that wrote it. */
export const shown = (text: string): string => Text.cut(text, longest)

/** What a call's answer says when the call's text went out as `{}`: that text first, unless the answer has it already. */
export const withRaw = (text: string, answer: string): string =>
  answer.includes(shown(text)) ? answer : `The arguments of this call were no JSON object: ${shown(text)}\n\n${answer}`
