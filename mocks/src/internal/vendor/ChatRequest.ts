/**
 * A chat request as the vendors read it: the fields that change an answer, with their defaults.
 *
 * Reading is lenient about what the vendors are lenient about. What they refuse in their own words (unknown model,
 * `max_tokens` out of range) is checked by the personalities; here only "is this JSON with messages" is decided.
 */
import * as Token from "../plan/Token.ts"

/** A call in an assistant's message. */
export interface Call {
  readonly id: string
  /** Undefined where it is no text. */
  readonly arguments: string | undefined
}

/** One message, content flattened to text. */
export interface Message {
  readonly role: string
  readonly text: string
  /** The last assistant message is to be continued: DeepSeek's `prefix`, Qwen's `partial`. */
  readonly continues: boolean
  /** Types of its parts that are not text. */
  readonly media: ReadonlyArray<string>
  readonly calls: ReadonlyArray<Call>
  /** Of a tool's message: the call whose result it is. */
  readonly answers: string | undefined
  readonly reasoning: string | undefined
}

/** A function the model may call. */
export interface Tool {
  readonly name: string
  readonly description: string
  readonly parameters: unknown
}

/** The request, read. */
export interface ChatRequest {
  readonly model: string
  readonly messages: ReadonlyArray<Message>
  readonly stream: boolean
  readonly includeUsage: boolean
  readonly maxTokens: number | undefined
  readonly tools: ReadonlyArray<Tool>
  /** `none`, `auto`, `required` or the name of one function. */
  readonly toolChoice: string
  readonly format: string
  readonly schema: unknown
  readonly stop: ReadonlyArray<string>
  readonly raw: Record<string, unknown>
}

/** What became of a body. `field` is what a vendor would complain about. */
export type Reading =
  | { readonly _tag: "Request"; readonly request: ChatRequest }
  | { readonly _tag: "NotJson" }
  | { readonly _tag: "Wrong"; readonly field: string; readonly model: string }

type Fields = Record<string, unknown>

/** Narrows to a plain object. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const nothing: ReadonlyArray<never> = []

const flatten = (content: unknown): string => {
  if (typeof content === "string") return content
  if (!Array.isArray(content)) return ""
  return content.map((part) => (isFields(part) && typeof part["text"] === "string" ? part["text"] : "")).join("")
}

const toMedia = (content: unknown): ReadonlyArray<string> =>
  Array.isArray(content)
    ? content.flatMap(
        (part: unknown): ReadonlyArray<string> =>
          isFields(part) && part["type"] !== "text" ? [String(part["type"])] : nothing
      )
    : nothing

const toCalls = (value: unknown): ReadonlyArray<Call> => {
  if (!Array.isArray(value)) return nothing
  return value.map((call: unknown) => {
    const called = isFields(call) ? call["function"] : undefined
    const given = isFields(called) ? called["arguments"] : undefined
    return { id: isFields(call) ? String(call["id"]) : "", arguments: typeof given === "string" ? given : undefined }
  })
}

const toMessage = (value: Fields): Message => ({
  role: String(value["role"]),
  text: flatten(value["content"]),
  continues: value["prefix"] === true || value["partial"] === true,
  media: toMedia(value["content"]),
  calls: toCalls(value["tool_calls"]),
  answers: typeof value["tool_call_id"] === "string" ? value["tool_call_id"] : undefined,
  reasoning: typeof value["reasoning_content"] === "string" ? value["reasoning_content"] : undefined
})

const toTools = (value: unknown): ReadonlyArray<Tool> => {
  if (!Array.isArray(value)) return nothing
  return value.flatMap((tool) => {
    const called = isFields(tool) ? tool["function"] : undefined
    if (!isFields(called) || typeof called["name"] !== "string") return []
    return [
      { name: called["name"], description: String(called["description"] ?? ""), parameters: called["parameters"] }
    ]
  })
}

const toChoice = (value: unknown): string => {
  if (typeof value === "string") return value
  const named = isFields(value) ? value["function"] : undefined
  return isFields(named) ? String(named["name"]) : "auto"
}

const toStop = (value: unknown): ReadonlyArray<string> =>
  value === undefined
    ? nothing
    : (Array.isArray(value) ? value : [value]).filter((stop): stop is string => typeof stop === "string" && stop !== "")

const toRequest = (raw: Fields, messages: ReadonlyArray<Message>): ChatRequest => {
  const options = isFields(raw["stream_options"]) ? raw["stream_options"] : {}
  const format = isFields(raw["response_format"]) ? raw["response_format"] : {}
  const limit = raw["max_tokens"] ?? raw["max_completion_tokens"]
  return {
    model: String(raw["model"]),
    messages,
    stream: raw["stream"] === true,
    includeUsage: options["include_usage"] === true,
    maxTokens: typeof limit === "number" ? limit : undefined,
    tools: toTools(raw["tools"]),
    toolChoice: toChoice(raw["tool_choice"]),
    format: String(format["type"] ?? "text"),
    schema: isFields(format["json_schema"]) ? format["json_schema"]["schema"] : undefined,
    stop: toStop(raw["stop"]),
    raw
  }
}

/** What a text says as JSON; nothing where it is none. */
export const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Reads a request body. */
export const read = (body: string): Reading => {
  const raw = parse(body)
  if (!isFields(raw)) return { _tag: "NotJson" }
  const model = typeof raw["model"] === "string" ? raw["model"] : ""
  if (model === "") return { _tag: "Wrong", field: "model", model }
  const messages = raw["messages"]
  if (!Array.isArray(messages) || messages.length === 0) return { _tag: "Wrong", field: "messages", model }
  if (!messages.every((message) => isFields(message) && typeof message["role"] === "string")) {
    return { _tag: "Wrong", field: "role", model }
  }
  return { _tag: "Request", request: toRequest(raw, messages.map(toMessage)) }
}

/** Whether the model must call a function: any, or a certain one. */
export const isForced = ({ toolChoice }: ChatRequest): boolean => toolChoice !== "auto" && toolChoice !== "none"

/** Whether a text is a JSON object, as the arguments of a call have to be. */
export const isObject = (text: string): boolean => isFields(parse(text))

/**
 * Tokens of the messages and of `more`, where they are more than so many. No text has more tokens than units, so that short ones
 * are not counted.
 */
export const tokensBeyond = ({ messages }: ChatRequest, most: number, more = 0): number | undefined => {
  if (messages.reduce((sum, { text }) => sum + text.length, more) <= most) return undefined
  const tokens = messages.reduce((sum, { text }) => sum + Token.count(text), more)
  return tokens > most ? tokens : undefined
}

/** The last message. */
export const last = (request: ChatRequest): Message | undefined => request.messages.at(-1)

/** The text of the last user message. */
export const prompt = (request: ChatRequest): string =>
  request.messages.findLast((message) => message.role === "user")?.text ?? ""
