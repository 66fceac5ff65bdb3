/**
 * Reads the whole answer to a request without `stream`. HTTP 200 is not success: the body must be JSON, hold no error,
 * hold content, and be finished.
 */
import * as AttemptFailure from "../failure/AttemptFailure.ts"
import * as ErrorBody from "../provider/ErrorBody.ts"
import type { Headers } from "../upstream/Upstream.ts"
import type { ChatCompletion } from "../wire/ChatCompletion.ts"
import * as Inspect from "../wire/Inspect.ts"
import * as Json from "../wire/Json.ts"
import { type AttemptContext, type MakeReader, toFailure } from "./Attempt.ts"

/** A whole answer: parsed, and as the bytes that came. */
export interface JsonAnswer {
  readonly completion: ChatCompletion
  readonly bytes: Buffer
  readonly headers: Headers
}

/** Largest answer that is taken, in bytes. */
export const maxBytes = 64 * 1024 * 1024

const flaws = {
  malformed: { _tag: "MalformedResponse", says: "a body that is no chat completion" },
  empty: { _tag: "EmptyResponse", says: "an answer without content" },
  gaveUp: { _tag: "Interrupted", says: "an answer that it gave up on" }
} as const

const judge = (
  context: AttemptContext,
  headers: Headers,
  bytes: Buffer
): ChatCompletion | AttemptFailure.AttemptFailure => {
  const { name } = context.provider
  const text = bytes.toString("utf8")
  const body = Json.parse(text)
  if (body === undefined) {
    return text.trim() === ""
      ? AttemptFailure.make({ _tag: "EmptyResponse" }, `${name} answered 200 with an empty body`)
      : AttemptFailure.make({ _tag: "MalformedResponse" }, `${name} answered 200 with a body that is not JSON`)
  }
  const error = Inspect.errorOf(body) === undefined ? undefined : ErrorBody.fromJson(body)
  if (error !== undefined) return toFailure(context, 200, headers, error)
  const flaw = Inspect.flawOf(body)
  if (flaw !== undefined) return AttemptFailure.make({ _tag: flaws[flaw]._tag }, `${name} sent ${flaws[flaw].says}`)
  if (context.provider.dialect.isPartial(headers)) {
    return AttemptFailure.make({ _tag: "Interrupted" }, `${name} cut the answer short at its own time limit`)
  }
  return body as ChatCompletion
}

/** A reader of JSON answers. */
export const make =
  (context: AttemptContext): MakeReader<JsonAnswer> =>
  (control, headers) => {
    const pieces: Array<Buffer> = []
    let size = 0
    return {
      onData: (chunk) => {
        size += chunk.length
        pieces.push(chunk)
        if (size <= maxBytes) return
        const message = `${context.provider.name} sent more than ${maxBytes} bytes`
        control.fail(AttemptFailure.make({ _tag: "MalformedResponse" }, message))
      },
      onEnd: () => {
        const bytes = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
        const judged = judge(context, headers, bytes)
        if ("reason" in judged) control.fail(judged as AttemptFailure.AttemptFailure)
        else control.answer({ completion: judged as ChatCompletion, bytes, headers })
      },
      onCut: () => false
    }
  }
