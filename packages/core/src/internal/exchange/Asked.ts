/**
 * What a caller asks for, as far as the reading of a stream depends on it.
 */
import type { ChatCompletionRequest } from "../../wire/ChatCompletion.ts"
import * as TextCompletion from "../wire/TextCompletion.ts"

/** What a request asks for. */
export interface Asked {
  /** Choices: the request's `n`. */
  readonly choices: number
  /** Whether usage was asked for. */
  readonly usage: boolean
  /** Whether it is a text completion: its chunks are read as a chat's. */
  readonly isText: boolean
}

/** What a request for a chat completion asks for. */
export const byChat = ({
  n,
  stream_options
}: Pick<ChatCompletionRequest, "stream_options"> & { n?: unknown }): Asked => ({
  choices: typeof n === "number" && Number.isSafeInteger(n) && n > 0 ? n : 1,
  usage: stream_options?.include_usage === true,
  isText: false
})

/** What a request for a text asks for. */
export const byText = (request: TextCompletion.TextCompletionRequest): Asked => ({
  choices: TextCompletion.choicesOf(request),
  usage: request.stream_options?.include_usage === true,
  isText: true
})
