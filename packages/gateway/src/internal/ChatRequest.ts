/**
 * Reads the body of `POST …/chat/completions`: only as far as the gateway itself depends on it. What a vendor wants of the
 * other fields is the vendor's to say.
 */
import type { ChatCompletionRequest } from "@understudy/core/wire/ChatCompletion"
import * as JsonPosition from "./JsonPosition.ts"
import * as Problem from "./Problem.ts"

/** Longest model name that is taken, in characters: it goes into headers, logs and errors. */
export const maxModel = 256

const nameOf = (value: unknown): string => {
  if (value === null) return "null"
  if (Array.isArray(value)) return "an array"
  return typeof value === "object" ? "an object" : `a ${typeof value}`
}

const wrongType = (param: string, wanted: string, value: unknown): Problem.Problem =>
  Problem.badRequest(`\`${param}\` must be ${wanted}, not ${nameOf(value)}.`, param, "invalid_type")

const missing = (param: string, how: string): Problem.Problem =>
  Problem.badRequest(`\`${param}\` is missing: ${how}`, param, "missing_required_parameter")

const flawOfModel = (model: unknown): Problem.Problem | undefined => {
  if (model === undefined) return missing("model", "name the model to ask, as `GET /v1/models` lists them.")
  if (typeof model !== "string") return wrongType("model", "a string", model)
  if (model === "") return Problem.badRequest("`model` is empty: name the model to ask.", "model", "invalid_value")
  if (model.length <= maxModel) return undefined
  const says = `\`model\` has ${model.length} characters; a model's name has at most ${maxModel}.`
  return Problem.badRequest(says, "model", "invalid_value")
}

const flawOfMessages = (messages: unknown): Problem.Problem | undefined => {
  if (messages === undefined) return missing("messages", 'send at least one, such as {"role":"user","content":"Hi"}.')
  if (!Array.isArray(messages)) return wrongType("messages", "an array", messages)
  if (messages.length === 0)
    return Problem.badRequest("`messages` is empty: send at least one message.", "messages", "empty_array")
  for (let i = 0; i < messages.length; i++) {
    const message: unknown = messages[i]
    if (typeof message !== "object" || message === null || Array.isArray(message))
      return wrongType(`messages[${i}]`, "an object", message)
    const role: unknown = (message as { readonly role?: unknown }).role
    if (role === undefined) return missing(`messages[${i}].role`, "it is system, user, assistant or tool.")
    if (typeof role !== "string") return wrongType(`messages[${i}].role`, "a string", role)
  }
  return undefined
}

const flawOf = (body: Readonly<Record<string, unknown>>): Problem.Problem | undefined => {
  const flaw = flawOfModel(body["model"]) ?? flawOfMessages(body["messages"])
  if (flaw !== undefined) return flaw
  const stream = body["stream"]
  if (stream != null && typeof stream !== "boolean") return wrongType("stream", "true or false", stream)
  const options = body["stream_options"]
  if (options != null && (typeof options !== "object" || Array.isArray(options)))
    return wrongType("stream_options", "an object", options)
  return undefined
}

/** A body that can be used, or what is wrong with it. */
export type Parsed =
  | { readonly request: ChatCompletionRequest; readonly problem?: undefined }
  | { readonly request?: undefined; readonly problem: Problem.Problem }

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Parses and checks a body. */
export const parse = (text: string): Parsed => {
  const body = parseJson(text)
  if (body === undefined) {
    const message =
      text.trim() === ""
        ? "The request body is empty: send a JSON object with `model` and `messages`."
        : `The request body is not valid JSON: ${JsonPosition.describe(text)}.`
    return { problem: Problem.badRequest(message, null, "invalid_json") }
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    const message = `The request body must be a JSON object with \`model\` and \`messages\`, not ${nameOf(body)}.`
    return { problem: Problem.badRequest(message, null, "invalid_type") }
  }
  const problem = flawOf(body as Record<string, unknown>)
  return problem === undefined ? { request: body as ChatCompletionRequest } : { problem }
}
