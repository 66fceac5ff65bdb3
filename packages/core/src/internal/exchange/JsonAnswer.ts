/**
 * Judges a JSON body that should be a whole answer. HTTP 200 is not success: the body must be JSON, hold no error, hold
 * content, and be finished. What that means for completions and for vectors, `Inspect` says.
 */
import * as Predicate from "effect/Predicate"
import * as AttemptFailure from "../../failure/AttemptFailure.ts"
import type { Provider } from "../../provider/Provider.ts"
import type { Headers } from "../../upstream/Upstream.ts"
import type { ChatCompletion } from "../../wire/ChatCompletion.ts"
import * as Finish from "../provider/Finish.ts"
import * as Body from "../wire/Body.ts"
import * as Completion from "../wire/Completion.ts"
import * as ExactJson from "../wire/ExactJson.ts"
import * as Inspect from "../wire/Inspect.ts"
import * as Json from "../wire/Json.ts"
import * as TextCompletion from "../wire/TextCompletion.ts"
import * as ThinkTags from "../wire/ThinkTags.ts"
import * as InBand from "./InBand.ts"
import { type AttemptContext, type Control, type Reader, toFailure } from "./Reader.ts"
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
  /** A body that is no error in the shape that it should have: the same where it has it, undefined where nobody can tell. */
  readonly mend: (body: unknown) => object | undefined
  /** The answer that a whole body is, as its provider's settings want it; the same body where nothing has to change. */
  readonly read: (body: object, provider: Provider) => A & object
}

/** A body that only has to be an object. */
export const asItIs = (body: unknown): object | undefined => (Predicate.isObject(body) ? body : undefined)

/** Chat completions. */
export const chat: Kind<ChatCompletion> = {
  name: "chat completion",
  flawOf: (body) => Inspect.flawOf(body, Finish.of),
  mend: (body) => (Completion.isPlain(body) ? body : Completion.mend(body)),
  read: (body, { thinkTags }) =>
    thinkTags === undefined ? (body as ChatCompletion) : ThinkTags.split(body as ChatCompletion, thinkTags)
}

/** Text completions. */
export const text: Kind<TextCompletion.TextCompletion> = {
  name: "text completion",
  flawOf: (body) => TextCompletion.flawOf(body, Finish.of),
  mend: asItIs,
  read: (body) => TextCompletion.read(body as TextCompletion.TextCompletion)
}

/** Text completions, as the chat completions that they would be. */
export const textAsChat: Kind<ChatCompletion> = { ...text, read: TextCompletion.toCompletion }

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
  body: unknown,
  whole: object | undefined
): AttemptFailure.AttemptFailure | undefined => {
  const { name } = context.provider
  if (body === undefined) {
    return text.trim() === ""
      ? AttemptFailure.make({ _tag: "EmptyResponse" }, `${name} answered 200 with an empty body`)
      : AttemptFailure.make({ _tag: "MalformedResponse" }, `${name} answered 200 with a body that is not JSON`)
  }
  const flaw = kind.flawOf(whole ?? body)
  const error = InBand.ofJson(body) ?? (flaw === "malformed" ? InBand.instead(body) : undefined)
  if (error !== undefined) return toFailure(context, 200, headers, error)
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

/** The bytes of an answer that is not what came; numbers stay as the vendor wrote them. */
const rewritten = <A>(kind: Kind<A>, provider: Provider, text: string, answer: A): Buffer => {
  const exact = ExactJson.isLossy(text) ? ExactJson.parse(text) : undefined
  const whole = exact === undefined ? undefined : kind.mend(exact)
  return Buffer.from(JSON.stringify(whole === undefined ? answer : kind.read(whole, provider)))
}

/** Reads a body and hands the answer over that it is. */
export const make = <A>(
  context: AttemptContext,
  control: Pick<Control<JsonAnswer<A>>, "answer" | "fail">,
  headers: Headers,
  kind: Kind<A>
): Reader =>
  new WholeReader(context, control, maxAnswer, (bytes) => {
    const text = Body.toText(bytes, headers["content-type"])
    const body = Json.parse(text)
    const whole = kind.mend(body)
    const failure = failureOf(context, kind, headers, text, body, whole)
    if (failure !== undefined) return control.fail(failure)
    const { provider } = context
    const answer = kind.read(whole ?? (body as object), provider)
    const isSame = answer === body
    const own = isSame ? inUtf8(bytes, text, headers) : rewritten(kind, provider, text, answer)
    control.answer({ body: answer, bytes: own, headers })
  })
