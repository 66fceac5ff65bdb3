/**
 * Reads the whole answer to a request without `stream`. HTTP 200 is not success: the body must be JSON, hold no error,
 * hold content, and be finished. What that means for completions and for vectors, `Inspect` says.
 */
import * as AttemptFailure from "../failure/AttemptFailure.ts"
import * as ErrorBody from "../provider/ErrorBody.ts"
import type { Headers } from "../upstream/Upstream.ts"
import type { ChatCompletion } from "../wire/ChatCompletion.ts"
import type { EmbeddingResponse } from "../wire/Embedding.ts"
import * as Inspect from "../wire/Inspect.ts"
import * as Json from "../wire/Json.ts"
import { type AttemptContext, type MakeReader, toFailure } from "./Attempt.ts"

/** A whole answer: parsed, and as the bytes that came. */
export interface JsonAnswer<A> {
  readonly body: A
  readonly bytes: Buffer
  readonly headers: Headers
}

/** Largest answer that is taken, in bytes. */
export const maxBytes = 64 * 1024 * 1024

/** A kind of answer: its name in errors, and what is wrong with a parsed body that should be one. */
interface Kind {
  readonly name: string
  readonly flawOf: (body: unknown) => "malformed" | "empty" | "gaveUp" | undefined
}

const flaws = {
  malformed: { _tag: "MalformedResponse", says: (name: string) => `a body that is no ${name}` },
  empty: { _tag: "EmptyResponse", says: () => "an answer without content" },
  gaveUp: { _tag: "Interrupted", says: () => "an answer that it gave up on" }
} as const

const judge = <A extends object>(
  context: AttemptContext,
  kind: Kind,
  headers: Headers,
  bytes: Buffer
): A | AttemptFailure.AttemptFailure => {
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
  const flaw = kind.flawOf(body)
  if (flaw !== undefined) {
    const { _tag, says } = flaws[flaw]
    return AttemptFailure.make({ _tag }, `${name} sent ${says(kind.name)}`)
  }
  if (context.provider.dialect.isPartial(headers)) {
    return AttemptFailure.make({ _tag: "Interrupted" }, `${name} cut the answer short at its own time limit`)
  }
  return body as A
}

const make =
  <A extends object>(context: AttemptContext, kind: Kind): MakeReader<JsonAnswer<A>> =>
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
        const judged = judge<A>(context, kind, headers, bytes)
        if ("reason" in judged) control.fail(judged as AttemptFailure.AttemptFailure)
        else control.answer({ body: judged as A, bytes, headers })
      },
      onCut: () => false
    }
  }

const chatKind: Kind = { name: "chat completion", flawOf: Inspect.flawOf }
const embeddingKind: Kind = { name: "list of embeddings", flawOf: Inspect.embeddingFlawOf }

/** Reads a chat completion. */
export const chat = (context: AttemptContext): MakeReader<JsonAnswer<ChatCompletion>> => make(context, chatKind)

/** Reads embeddings. */
export const embedding = (context: AttemptContext): MakeReader<JsonAnswer<EmbeddingResponse>> =>
  make(context, embeddingKind)
