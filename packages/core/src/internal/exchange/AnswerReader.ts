/**
 * Reads an answer: tells by its first bytes whether it is JSON or an event stream, for servers answer with a stream where JSON
 * was asked for and the other way round, and label the one as the other, as text, or not at all; and reads JSON as a whole and
 * judges it. HTTP 200 is not success: the body must be JSON, hold no error, hold content, and be finished. What that means for
 * completions and for vectors, `Inspect` says; what comes as a stream is for `StreamReader`.
 *
 * Most answers are plain: one look at such a one tells that there is nothing to judge and nothing to mend. Blank lines before an
 * answer belong to neither (a vendor keeps a connection alive with them) and are left out. The label decides only where the
 * bytes do not.
 */
import * as Predicate from "effect/Predicate"
import * as AttemptFailure from "../../failure/AttemptFailure.ts"
import type { Provider } from "../../provider/Provider.ts"
import type { Headers } from "../../upstream/Upstream.ts"
import type { ChatChoice, ChatCompletion } from "../../wire/ChatCompletion.ts"
import * as ErrorBody from "../provider/ErrorBody.ts"
import * as Finish from "../provider/Finish.ts"
import * as Body from "../wire/Body.ts"
import * as Completion from "../wire/Completion.ts"
import * as Inspect from "../wire/Inspect.ts"
import * as Json from "../wire/Json.ts"
import * as TextCompletion from "../wire/TextCompletion.ts"
import * as ThinkTags from "../wire/ThinkTags.ts"
import { type AttemptContext, type Control, type MakeReader, type Reader, toFailure } from "./Reader.ts"

/** Largest answer that is taken, in bytes. */
export const maxAnswer = 64 * 1024 * 1024

/** Largest body that is taken where only a few words are wanted, in bytes: a list of models, a balance. */
const maxWords = 4 * 1024 * 1024

/** Takes a body of at most `max` bytes and hands it over when it has ended; a larger one is malformed. */
const whole = (
  context: AttemptContext,
  control: Pick<Control<never>, "fail">,
  max: number,
  onWhole: (bytes: Buffer) => void
): Reader => {
  const body = Body.make(max)
  return {
    isBegun: () => false,
    onData: (chunk) => {
      if (body.push(chunk)) return
      const message = `${context.provider.name} sent more than ${max} bytes`
      control.fail(AttemptFailure.make({ _tag: "MalformedResponse" }, message))
    },
    onEnd: () => onWhole(body.bytes()),
    onCut: () => false
  }
}

/** Reads a body of a few words, as text: a list of models, what a probe is told. */
export const words = (
  context: AttemptContext,
  control: Pick<Control<never>, "fail">,
  type: string | undefined,
  onWhole: (text: string) => void
): Reader => whole(context, control, maxWords, (bytes) => onWhole(Body.toText(bytes, type)))

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
  /** True for a body that nothing is to be asked about: no error, no flaw, nothing to mend. Undefined where each is asked. */
  readonly isPlain?: (body: unknown) => body is A & object
  /** A body that is no error in the shape that it should have: the same where it has it, undefined where nobody can tell. */
  readonly mend: (body: unknown) => object | undefined
  /** The answer that a whole body is, as its provider's settings want it; the same body where nothing has to change. */
  readonly read: (body: object, provider: Provider) => A & object
}

/** A body that only has to be an object. */
export const asItIs = (body: unknown): object | undefined => (Predicate.isObject(body) ? body : undefined)

const texts = ["role", "reasoning_content", "reasoning", "refusal"]

const isPlainChat = (body: unknown): body is ChatCompletion => {
  if (!Predicate.isObject(body)) return false
  const { base_resp, choices, error, usage } = body as Readonly<Record<string, unknown>>
  if (error || base_resp !== undefined || Array.isArray(usage) || !(usage == null || Predicate.isObject(usage)))
    return false
  if (!Array.isArray(choices)) return false
  for (const choice of choices as ReadonlyArray<ChatChoice>) {
    if (!Predicate.isObject(choice) || choice["error"] !== undefined || !Predicate.isObject(choice.message))
      return false
    const { finish_reason, message } = choice
    if (finish_reason !== "stop" && finish_reason !== "length") return false
    if (typeof message.content !== "string" || message.content === "" || message.tool_calls != null) return false
    for (const name of texts) if (message[name] != null && typeof message[name] !== "string") return false
  }
  return choices.length > 0
}

/** Chat completions. */
export const chat: Kind<ChatCompletion> = {
  name: "chat completion",
  flawOf: (body) => Inspect.flawOf(body, Finish.of),
  isPlain: isPlainChat,
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
export const textAsChat: Kind<ChatCompletion> = {
  name: text.name,
  flawOf: text.flawOf,
  mend: asItIs,
  read: TextCompletion.toCompletion
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
  body: unknown,
  mended: object | undefined
): AttemptFailure.AttemptFailure | undefined => {
  const { name } = context.provider
  if (body === undefined) {
    return text.trim() === ""
      ? AttemptFailure.make({ _tag: "EmptyResponse" }, `${name} answered 200 with an empty body`)
      : AttemptFailure.make({ _tag: "MalformedResponse" }, `${name} answered 200 with a body that is not JSON`)
  }
  const flaw = kind.flawOf(mended ?? body)
  const error = ErrorBody.within(body) ?? (flaw === "malformed" ? ErrorBody.instead(body) : undefined)
  if (error !== undefined) return toFailure(context, 200, headers, error)
  if (flaw === undefined) return undefined
  const { _tag, says } = flaws[flaw]
  return AttemptFailure.make({ _tag }, `${name} sent ${says(kind.name)}`)
}

const otherCharset = /charset\s*=\s*"?(?!utf-?8)/i

/** The bytes of an answer that is not what came; numbers stay as the vendor wrote them. */
const rewritten = <A>(kind: Kind<A>, provider: Provider, text: string, answer: A): Buffer => {
  const exact = Json.isLossy(text) ? Json.parseExactly(text) : undefined
  const mended = exact === undefined ? undefined : kind.mend(exact)
  return Buffer.from(JSON.stringify(mended === undefined ? answer : kind.read(mended, provider)))
}

/** Reads a body in JSON and hands the answer over that it is. */
export const json = <A>(
  context: AttemptContext,
  control: Pick<Control<JsonAnswer<A>>, "answer" | "fail">,
  headers: Headers,
  kind: Kind<A>
): Reader =>
  whole(context, control, maxAnswer, (bytes) => {
    const { provider } = context
    const type = headers["content-type"] ?? ""
    const text = Body.toText(bytes, type)
    const body = Json.parse(text)
    const isPlain = kind.isPlain?.(body) === true
    const mended = isPlain ? body : kind.mend(body)
    const failure = isPlain ? undefined : failureOf(context, kind, headers, text, body, mended)
    if (failure !== undefined) return control.fail(failure)
    if (provider.dialect.isPartial?.(headers) === true) {
      const says = `${provider.name} cut the answer short at its own time limit`
      return control.fail(AttemptFailure.make({ _tag: "Interrupted" }, says))
    }
    const answer = isPlain && provider.thinkTags === undefined ? body : kind.read(mended ?? (body as object), provider)
    // As every reader of JSON takes them.
    const utf8 =
      answer !== body ? rewritten(kind, provider, text, answer) : otherCharset.test(type) ? Buffer.from(text) : bytes
    control.answer({ body: answer, bytes: utf8, headers })
  })

type Form = "json" | "events"

const openingBrace = 0x7b

const fields = ["data", "event", "id", "retry", "error"]

const blanks: ReadonlySet<unknown> = new Set([32, 9, 10, 13])

/** Where the bytes begin to say something; a byte order mark says nothing. */
const startOf = (bytes: Buffer): number => {
  let at = 0
  while (at < bytes.length) {
    if (blanks.has(bytes[at])) at++
    else if (bytes[at] === 0xef && bytes.subarray(at, at + 3).equals(bom.subarray(0, bytes.length - at))) at += 3
    else break
  }
  return Math.min(at, bytes.length)
}

const nothing = Buffer.alloc(0)
const bom = Buffer.from([0xef, 0xbb, 0xbf])

/** The beginning of a byte order mark at the end of some bytes. */
const halfBom = (bytes: Buffer): Buffer => {
  const at = bytes.lastIndexOf(0xef)
  return bytes.subarray(at === -1 || at < bytes.length - 2 ? bytes.length : at)
}

const isLabelled = (headers: Headers): boolean =>
  (headers["content-type"] ?? "").toLowerCase().startsWith("text/event-stream")

/** What the first bytes begin; undefined while they may still be the name of a field. */
const formOf = (head: Buffer, isLabelled: boolean): Form | undefined => {
  const [first] = head
  if (first === openingBrace || first === 0x5b) return "json"
  if (isLabelled || first === 0x3a) return "events"
  const text = head.toString("latin1", 0, 6)
  if (fields.some((field) => text.startsWith(`${field}:`))) return "events"
  return fields.some((field) => field.startsWith(text)) ? undefined : "json"
}

/** Reads an answer of either form; `events` makes the reader of one that comes as a stream. */
export const make = <A>(
  context: AttemptContext,
  control: Pick<Control<JsonAnswer<A>>, "answer" | "fail" | "awaitWhole">,
  headers: Headers,
  kind: Kind<A>,
  events: () => Reader
): Reader => {
  let reader: Reader | undefined
  /** What may be the beginning of a field or of a byte order mark. */
  let held: Buffer = nothing
  const begin = (form: Form): Reader => {
    if (form === "json") control.awaitWhole()
    reader = form === "json" ? json(context, control, headers, kind) : events()
    return reader
  }
  return {
    // No getter: one in a literal makes a class of its own, which outlives the answer.
    isBegun: () => reader?.isBegun() === true,
    onData: (chunk) => {
      if (reader !== undefined) return reader.onData(chunk)
      if (chunk[0] === openingBrace && held.length === 0) return begin("json").onData(chunk)
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const head = bytes.subarray(startOf(bytes))
      const form = head.length === 0 ? undefined : formOf(head, isLabelled(headers))
      if (form === undefined) {
        held = head.length > 0 ? head : halfBom(bytes)
        return
      }
      held = nothing
      begin(form).onData(head)
    },
    onEnd: () => {
      const last = reader ?? begin(isLabelled(headers) ? "events" : "json")
      if (held.length > 0) last.onData(held)
      last.onEnd()
    },
    onCut: (how) => reader?.onCut(how) === true
  }
}

/** Reads an answer for a caller who wants it whole; `events` makes the reader of one that comes as a stream. */
export const either =
  <A>(
    context: AttemptContext,
    kind: Kind<A>,
    events: (control: Control<JsonAnswer<A>>, headers: Headers) => Reader
  ): MakeReader<JsonAnswer<A>> =>
  (control, headers) =>
    make(context, control, headers, kind, () => events(control, headers))
