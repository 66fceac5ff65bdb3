/**
 * Reads the body of `POST …/chat/completions`: only as far as a face itself depends on it. What a vendor wants of the
 * other fields is the vendor's to say.
 */
import type { ChatCompletionRequest } from "../../wire/ChatCompletion.ts"
import * as Problem from "./Problem.ts"
import { type Fields, missing, type Parsed, parse as parseBody, wrongType } from "./RequestBody.ts"

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

const flawOf = (body: Fields): Problem.Problem | undefined => {
  return flawOfMessages(body["messages"]) ?? flawOfStream(body)
}

/** What is wrong with how an answer is to be streamed. */
export const flawOfStream = (body: Fields): Problem.Problem | undefined => {
  const stream = body["stream"]
  if (stream != null && typeof stream !== "boolean") return wrongType("stream", "true or false", stream)
  const options = body["stream_options"]
  if (options != null && (typeof options !== "object" || Array.isArray(options)))
    return wrongType("stream_options", "an object", options)
  return undefined
}

/** Parses and checks a body. */
export const parse = (text: string): Parsed<ChatCompletionRequest> => parseBody(text, "messages", flawOf)
