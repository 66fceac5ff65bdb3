/**
 * Reads the body of `POST …/completions`: a model and a prompt. What else of it a vendor takes is the vendor's to say.
 */
import type { TextCompletionRequest } from "../wire/TextCompletion.ts"
import { flawOfStream } from "./ChatRequest.ts"
import type * as Problem from "./Problem.ts"
import { type Fields, missing, type Parsed, parse as parseBody, wrongType } from "./RequestBody.ts"

const flawOf = (body: Fields): Problem.Problem | undefined => {
  const { messages, prompt } = body
  if (prompt === undefined) {
    const how = messages === undefined ? "send the text to go on with" : "`messages` go to POST /v1/chat/completions"
    return missing("prompt", `${how}.`)
  }
  return typeof prompt === "string" || Array.isArray(prompt)
    ? flawOfStream(body)
    : wrongType("prompt", "a string or an array", prompt)
}

/** Parses and checks a body. */
export const parse = (text: string): Parsed<TextCompletionRequest> => parseBody(text, "prompt", flawOf)
