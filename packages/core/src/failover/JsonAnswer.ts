/**
 * Judges a JSON body that should be a whole answer. HTTP 200 is not success: the body must be JSON, hold no error, hold
 * content, and be finished. What that means for completions and for vectors, `Inspect` says.
 */
import * as AttemptFailure from "../failure/AttemptFailure.ts"
import type { Headers } from "../upstream/Upstream.ts"
import * as Body from "../wire/Body.ts"
import type { ChatCompletion } from "../wire/ChatCompletion.ts"
import type { EmbeddingResponse } from "../wire/Embedding.ts"
import * as Inspect from "../wire/Inspect.ts"
import * as Json from "../wire/Json.ts"
import { type AttemptContext, type Control, type Reader, toFailure } from "./Attempt.ts"
import * as InBand from "./InBand.ts"
import { maxAnswer, WholeReader } from "./WholeReader.ts"

/** A whole answer: parsed, and as the bytes that came. */
export interface JsonAnswer<A> {
  readonly body: A
  readonly bytes: Buffer
  readonly headers: Headers
}

/** A kind of answer: its name in errors, and what is wrong with a parsed body that should be one. */
export interface Kind<A> {
  readonly name: string
  readonly flawOf: (body: unknown) => "malformed" | "empty" | "gaveUp" | undefined
  readonly as: (body: object) => A
}

/** Chat completions. */
export const chat: Kind<ChatCompletion> = {
  name: "chat completion",
  flawOf: Inspect.flawOf,
  as: (body) => body as ChatCompletion
}

/** Vectors. */
export const embedding: Kind<EmbeddingResponse> = {
  name: "list of embeddings",
  flawOf: Inspect.embeddingFlawOf,
  as: (body) => body as EmbeddingResponse
}

const flaws = {
  malformed: { _tag: "MalformedResponse", says: (name: string) => `a body that is no ${name}` },
  empty: { _tag: "EmptyResponse", says: () => "an answer without content" },
  gaveUp: { _tag: "Interrupted", says: () => "an answer that it gave up on" }
} as const

/** Why a body is no answer; undefined when it is one. */
const failureOf = (
  context: AttemptContext,
  kind: Kind<unknown>,
  headers: Headers,
  text: string,
  body: unknown
): AttemptFailure.AttemptFailure | undefined => {
  const { name } = context.provider
  if (body === undefined) {
    return text.trim() === ""
      ? AttemptFailure.make({ _tag: "EmptyResponse" }, `${name} answered 200 with an empty body`)
      : AttemptFailure.make({ _tag: "MalformedResponse" }, `${name} answered 200 with a body that is not JSON`)
  }
  const error = InBand.ofJson(body)
  if (error !== undefined) return toFailure(context, 200, headers, error)
  const flaw = kind.flawOf(body)
  if (flaw !== undefined) {
    const { _tag, says } = flaws[flaw]
    return AttemptFailure.make({ _tag }, `${name} sent ${says(kind.name)}`)
  }
  if (context.provider.dialect.isPartial(headers)) {
    return AttemptFailure.make({ _tag: "Interrupted" }, `${name} cut the answer short at its own time limit`)
  }
  return undefined
}

const otherCharset = /charset\s*=\s*"?(?!utf-?8)/i

/** The body's bytes as every reader of JSON takes them. */
const inUtf8 = (bytes: Buffer, text: string, headers: Headers): Buffer =>
  otherCharset.test(headers["content-type"] ?? "") ? Buffer.from(text) : bytes

/** Reads a body and hands the answer over that it is. */
export const make = <A>(
  context: AttemptContext,
  control: Pick<Control<never>, "fail">,
  headers: Headers,
  kind: Kind<A>,
  onAnswer: (answer: JsonAnswer<A>) => void
): Reader =>
  new WholeReader(context, control, maxAnswer, (bytes) => {
    const text = Body.toText(bytes, headers["content-type"])
    const body = Json.parse(text)
    const failure = failureOf(context, kind, headers, text, body)
    if (failure === undefined) onAnswer({ body: kind.as(body as object), bytes: inUtf8(bytes, text, headers), headers })
    else control.fail(failure)
  })
