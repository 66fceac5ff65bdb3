/**
 * Finds what makes no sense in a prompt before anything is sent: which field, what is there, what may be there.
 *
 * Ranges that differ between vendors are left to them; what no vendor takes, and what JSON would silently bend (`NaN`
 * becomes null), is refused here.
 */
import * as Predicate from "effect/Predicate"
import { type ChatModelError, invalidPrompt } from "../../ChatModelError.ts"
import type { Resolved } from "../../ChatOptions.ts"
import type { Message } from "../../Message.ts"
import * as JsonData from "./JsonData.ts"
import * as VendorFields from "./VendorFields.ts"

type Flaw = ChatModelError | undefined

interface Rule {
  readonly allowed: string
  readonly accepts: (value: unknown) => boolean
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== ""
const isListOf = (accepts: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(accepts)
const isFinite = (value: unknown): value is number => Number.isFinite(value)

const finite: Rule = { allowed: "a finite number", accepts: isFinite }
const text: Rule = { allowed: "a text that is not empty", accepts: isText }
const oneOf =
  (...words: ReadonlyArray<string>): Rule["accepts"] =>
  (value) =>
    words.includes(value as string)

const toolName = /^[A-Za-z0-9_-]{1,64}$/

const reserved = ["model", "messages", "stream", "stream_options", "n"]

const rules: { readonly [Name in keyof Required<Resolved>]: Rule } = {
  model: text,
  temperature: { allowed: "a finite number >= 0", accepts: (value) => isFinite(value) && value >= 0 },
  topP: { allowed: "a number from 0 to 1", accepts: (value) => isFinite(value) && value >= 0 && value <= 1 },
  topK: { allowed: "an integer", accepts: Number.isInteger },
  maxTokens: { allowed: "an integer >= 1", accepts: (value) => Number.isInteger(value) && (value as number) >= 1 },
  stopSequences: { allowed: "a list of texts that are not empty", accepts: isListOf(isText) },
  presencePenalty: finite,
  frequencyPenalty: finite,
  seed: { allowed: "an integer", accepts: Number.isInteger },
  tools: { allowed: "a list of tools", accepts: isListOf(Predicate.isReadonlyObject) },
  toolChoice: {
    allowed: '"auto", "none", "required" or { tool: name }',
    accepts: (value) =>
      oneOf("auto", "none", "required")(value) || (Predicate.isReadonlyObject(value) && isText(value["tool"]))
  },
  responseFormat: {
    allowed: '"text", "json" or { schema }',
    accepts: (value) =>
      oneOf("text", "json")(value) || (Predicate.isReadonlyObject(value) && Predicate.isReadonlyObject(value["schema"]))
  },
  outputSchema: {
    allowed: "{ name, schema } with a name of 1 to 64 letters, digits, _ or -",
    accepts: (value) =>
      Predicate.isReadonlyObject(value) &&
      toolName.test(String(value["name"])) &&
      Predicate.isReadonlyObject(value["schema"])
  },
  reasoningEffort: text,
  conversationId: text,
  vendor: { allowed: "an object", accepts: Predicate.isReadonlyObject },
  extraBody: { allowed: "an object", accepts: Predicate.isReadonlyObject }
}

/** A value as an error shows it: short, and never a text that could be a message's. */
const show = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (Array.isArray(value)) return `a list of ${value.length}`
  return Predicate.isObject(value) ? `an object with ${Object.keys(value).join(", ") || "no fields"}` : String(value)
}

const kindOf = (value: unknown): string => {
  if (typeof value === "string") return value === "" ? "an empty text" : "a text"
  return show(value)
}

/** What JSON cannot hold would be left out, or throw where it is written. */
const jsonFlaw = (at: string, value: unknown, where = ""): Flaw => {
  const flaw = JsonData.flawOf(value, JsonData.schemaNames)
  if (flaw === undefined) return undefined
  return invalidPrompt(`${at}.${flaw.at}`.replace(/\.$/, "").replace(".[", "["), `${flaw.got} ${where}`.trim(), "JSON")
}

const toolsFlaw = ({ toolChoice, tools }: Resolved): Flaw => {
  const names = new Set<string>()
  for (const [index, { name, parameters }] of (tools ?? []).entries()) {
    const at = `options.tools[${index}]`
    if (typeof name !== "string" || !toolName.test(name)) {
      return invalidPrompt(`${at}.name`, show(name), "1 to 64 letters, digits, _ or -")
    }
    if (names.has(name)) return invalidPrompt(`${at}.name`, show(name), "a name that no other tool has")
    names.add(name)
    if (parameters === undefined) continue
    if (!Predicate.isReadonlyObject(parameters))
      return invalidPrompt(`${at}.parameters`, show(parameters), "a JSON Schema object")
    const { type = "object" } = parameters
    if (![type].flat().includes("object")) {
      return invalidPrompt(`${at}.parameters.type`, `${show(type)} in tool "${name}"`, '"object"')
    }
    const flaw = jsonFlaw(`${at}.parameters`, parameters, `in tool "${name}"`)
    if (flaw !== undefined) return flaw
  }
  if (typeof toolChoice !== "object" || names.has(toolChoice.tool)) return undefined
  return invalidPrompt(
    "options.toolChoice.tool",
    show(toolChoice.tool),
    `one of options.tools (${[...names].join(", ")})`
  )
}

/** What is wrong with options, or undefined. */
const optionsFlaw = (options: Resolved): Flaw => {
  for (const name of Object.keys(options)) {
    const value = options[name as keyof Resolved]
    const rule = rules[name as keyof Resolved]
    if (rule === undefined)
      return invalidPrompt(`options.${name}`, show(value), `one of ${Object.keys(rules).join(", ")}`)
    if (!rule.accepts(value)) return invalidPrompt(`options.${name}`, show(value), rule.allowed)
  }
  for (const name of options.extraBody === undefined ? [] : reserved) {
    if (options.extraBody?.[name] === undefined) continue
    const allowed = "left out: the ChatModel sets it, from the messages, the options and whether it streams"
    return invalidPrompt(`options.extraBody.${name}`, show(options.extraBody[name]), allowed)
  }
  for (const name of ["extraBody", "vendor", "responseFormat", "outputSchema"] as const) {
    const flaw = options[name] === undefined ? undefined : jsonFlaw(`options.${name}`, options[name])
    if (flaw !== undefined) return flaw
  }
  const flaw = options.vendor === undefined ? undefined : VendorFields.flawOf({ ...options.vendor })
  if (flaw !== undefined) return invalidPrompt(`options.vendor.${flaw.at}`, show(flaw.got), flaw.allowed)
  if (options.model === undefined) {
    return invalidPrompt("options.model", "nothing", "set, in the prompt or in the ChatModel's defaults")
  }
  return options.tools === undefined && options.toolChoice === undefined ? undefined : toolsFlaw(options)
}

const partFlaw = (at: string, part: unknown): Flaw => {
  const type = Predicate.hasProperty(part, "type") ? part.type : undefined
  if (type === "text") {
    const value = Predicate.hasProperty(part, "text") ? part.text : undefined
    return isText(value) ? undefined : invalidPrompt(`${at}.text`, kindOf(value), text.allowed)
  }
  if (type !== "image") return invalidPrompt(`${at}.type`, show(type), '"text" or "image"')
  const url = Predicate.hasProperty(part, "url") ? part.url : undefined
  return isText(url) ? undefined : invalidPrompt(`${at}.url`, kindOf(url), "an https: or data: URL")
}

const contentFlaw = (at: string, content: unknown): Flaw => {
  if (!Array.isArray(content) || content.length === 0) {
    return invalidPrompt(at, kindOf(content), "a text that is not empty, or a list of text and image parts")
  }
  return content.map((part, index) => partFlaw(`${at}[${index}]`, part)).find(Predicate.isNotUndefined)
}

const toolCallsFlaw = (at: string, toolCalls: unknown): Flaw => {
  if (!Array.isArray(toolCalls)) return invalidPrompt(at, kindOf(toolCalls), "a list of tool calls")
  for (const [index, call] of toolCalls.entries()) {
    if (!Predicate.isReadonlyObject(call))
      return invalidPrompt(`${at}[${index}]`, kindOf(call), "a tool call: { id, name, arguments }")
    for (const name of ["id", "name"]) {
      if (!isText(call[name])) return invalidPrompt(`${at}[${index}].${name}`, kindOf(call[name]), text.allowed)
    }
    if (typeof call["arguments"] !== "string") {
      return invalidPrompt(`${at}[${index}].arguments`, kindOf(call["arguments"]), "the JSON text that the model wrote")
    }
  }
  return undefined
}

const assistantFlaw = (at: string, message: Readonly<Record<string, unknown>>): Flaw => {
  const { reasoning, refusal, text: answer, toolCalls } = message
  for (const [name, value] of Object.entries({ text: answer, reasoning, refusal })) {
    if (value !== undefined && typeof value !== "string") return invalidPrompt(`${at}.${name}`, kindOf(value), "a text")
  }
  const flaw = toolCalls === undefined ? undefined : toolCallsFlaw(`${at}.toolCalls`, toolCalls)
  if (flaw !== undefined) return flaw
  if ([answer, reasoning, refusal, toolCalls].some((value) => value !== undefined)) return undefined
  const got = "content" in message ? "content" : "none of them"
  return invalidPrompt(at, got, "given text, reasoning, refusal or toolCalls")
}

const messageFlaw = (at: string, message: unknown): Flaw => {
  if (!Predicate.isReadonlyObject(message)) return invalidPrompt(at, kindOf(message), "a message: { role, content }")
  const { content, role, toolCallId } = message
  switch (role) {
    case "system":
      return isText(content) ? undefined : invalidPrompt(`${at}.content`, kindOf(content), text.allowed)
    case "user":
      return isText(content) ? undefined : contentFlaw(`${at}.content`, content)
    case "assistant":
      return assistantFlaw(at, message)
    case "tool":
      if (!isText(toolCallId)) return invalidPrompt(`${at}.toolCallId`, kindOf(toolCallId), "the id of a tool call")
      return typeof content === "string" ? undefined : invalidPrompt(`${at}.content`, kindOf(content), "a text")
    default:
      return invalidPrompt(`${at}.role`, show(role), '"system", "user", "assistant" or "tool"')
  }
}

/** What is wrong with messages, or undefined. */
export const messagesFlaw = (messages: ReadonlyArray<unknown>): Flaw => {
  if (!Array.isArray(messages)) return invalidPrompt("messages", kindOf(messages), "a list of messages")
  if (messages.length === 0) return invalidPrompt("messages", "an empty list", "at least one message")
  for (const [index, message] of messages.entries()) {
    const flaw = messageFlaw(`messages[${index}]`, message)
    if (flaw !== undefined) return flaw
  }
  return undefined
}

/** What is wrong with how messages follow each other, or undefined: nobody could send what is refused here. */
const orderFlaw = (messages: ReadonlyArray<Message>): Flaw => {
  const called = new Set<string>()
  for (const [index, message] of messages.entries()) {
    if (message.role === "assistant") for (const { id } of message.toolCalls ?? []) called.add(id)
    if (message.role === "tool" && !called.has(message.toolCallId)) {
      const allowed = "the id of a tool call of an assistant's message before it"
      return invalidPrompt(`messages[${index}].toolCallId`, show(message.toolCallId), allowed)
    }
  }
  const last = messages.at(-1)
  if (last?.role !== "assistant" || last.toolCalls === undefined || last.toolCalls.length === 0) return undefined
  return invalidPrompt(
    `messages[${messages.length - 1}].toolCalls`,
    "nothing behind them",
    "followed by a tool message for each of them"
  )
}

/** What is wrong with the fields of a prompt, or undefined. `options` are those that are in force. */
export const fieldsFlaw = (messages: ReadonlyArray<Message>, options: Resolved): Flaw =>
  messagesFlaw(messages) ?? optionsFlaw(options)

/** What is wrong with a prompt that is to be sent, or undefined: its fields, or how its messages follow each other. */
export const promptFlaw = (messages: ReadonlyArray<Message>, options: Resolved): Flaw =>
  messagesFlaw(messages) ?? optionsFlaw(options) ?? orderFlaw(messages)
