/**
 * Why an attempt failed: one member of a closed union, and everything that follows from it.
 *
 * A dialect maps what a vendor sent (status, body, headers, transport error, stream state) to a reason. What a reason means is
 * a row of `reasons`, the one table: what it says of key, account, target and caller, what the call may do next, and how people
 * and programs are told of it. The unions, the decision table and the words are made from the rows; whoever wants to know
 * something of a reason asks for a column, never for its name.
 *
 * **Gotchas**
 *
 * A new reason is a row here, its Chinese words in the command line tool's messages and a kind in `effect-ai`: the compiler asks
 * for all three. One that holds a value of its own (a wait, a phase) has it in `Values` as well.
 */
import * as RetryAfter from "../internal/wire/RetryAfter.ts"

/** The deadline that fired; see `internal/provider/Deadlines`. */
export type DeadlinePhase = "connect" | "firstContent" | "idle" | "answer" | "total"

/** What a failure does to the key that was used. */
export type KeyEffect = "none" | "count" | "removeAccount" | "coolModel" | "coolAccountModel"

/** How a caller who speaks OpenAI's HTTP is told. */
export interface OpenAiError {
  /** HTTP status of a call that ends with it, where the vendor's own status is no refusal. */
  readonly status: number
  /** `type` of the error, where the vendor gives none. */
  readonly type: "invalid_request_error" | "upstream_error"
  /**
   * OpenAI's `code`, where it has one. What is wrong with our credentials has none: `invalid_api_key` is said of the caller's
   * own key alone.
   */
  readonly code: string | undefined
  /** The code is said, too, of a call that failed elsewhere for other reasons. */
  readonly always: boolean
}

/** The columns of the table. */
export interface Traits {
  /**
   * What it speaks of: the key itself, its account's money, what the key may use, a limit, the target, the request, the call's
   * own time, or the caller who left.
   */
  readonly about: "key" | "money" | "permission" | "limit" | "target" | "request" | "time" | "caller"
  /** What happens to the key that was used. */
  readonly key: KeyEffect
  /** May another key of the same target be tried at once? */
  readonly anotherKey: "no" | "any" | "otherAccount"
  /** May the same target, with the same key, be asked again? */
  readonly again: "no" | "once" | "afterWait"
  /** Is a busy target given a moment before it is asked again? A broken connection is not. */
  readonly pause: boolean
  /** May the next target be tried? */
  readonly fallback: boolean
  /** Nothing may follow, whatever a route says. */
  readonly final: boolean
  /** Does it count against the target's circuit? */
  readonly circuit: boolean
  /** Silence that costs every caller a deadline: opens the circuit at once. */
  readonly silent: boolean
  /** It has cost the caller time, however soon it came. */
  readonly costly: boolean
  /** Waiting does not mend it: somebody has to see to the keys. */
  readonly lasting: boolean
  /** No word came from the vendor. */
  readonly unreached: boolean
  /** Believed only with the vendor's words: overload and arrears come as 400 too. */
  readonly vague: boolean
  /** The same may be taken when it is asked for in another form. */
  readonly rephrasable: boolean
  /** After content it is an `Interrupted`: what it held is lost, so the answer is not whole. */
  readonly breaks: boolean
  readonly openai: OpenAiError
  /** In English, without the vendor's name. */
  readonly words: string
}

const upstream = (code?: string): OpenAiError => ({ status: 502, type: "upstream_error", code, always: true })
const refusal = (code?: string): OpenAiError => ({ status: 400, type: "invalid_request_error", code, always: true })

const plain = {
  key: "none",
  anotherKey: "no",
  again: "no",
  pause: false,
  fallback: true,
  final: false,
  circuit: false,
  silent: false,
  costly: false,
  lasting: false,
  unreached: false,
  vague: false,
  rephrasable: false,
  breaks: false,
  openai: upstream()
} as const
const ofKey = { ...plain, lasting: true } as const
const ofTarget = { ...plain, about: "target", again: "once", circuit: true } as const
const ofRequest = { ...plain, about: "request", openai: refusal() } as const

const rows = {
  Unauthorized: {
    ...ofKey,
    about: "key",
    key: "count",
    anotherKey: "any",
    words: "the key is wrong or was revoked"
  },
  BalanceExhausted: {
    ...ofKey,
    about: "money",
    key: "removeAccount",
    anotherKey: "otherAccount",
    openai: upstream("insufficient_quota"),
    words: "the account's balance is used up"
  },
  PermissionDenied: {
    ...ofKey,
    about: "permission",
    key: "coolModel",
    anotherKey: "any",
    words: "the key may not use this"
  },
  RateLimited: {
    ...plain,
    about: "limit",
    key: "coolAccountModel",
    anotherKey: "otherAccount",
    again: "afterWait",
    openai: upstream("rate_limit_exceeded"),
    words: "the account is rate limited at the moment"
  },
  Overloaded: { ...ofTarget, pause: true, words: "the vendor is overloaded at the moment" },
  ServerFailed: { ...ofTarget, pause: true, words: "the vendor's server failed" },
  ConnectionFailed: { ...ofTarget, unreached: true, words: "the vendor could not be reached" },
  // A silent target is left, not asked again: peers that ask again take minutes.
  TimedOut: { ...ofTarget, again: "no", costly: true, unreached: true, words: "no answer in time" },
  MalformedResponse: { ...ofTarget, breaks: true, words: "the answer could not be read" },
  EmptyResponse: { ...ofTarget, words: "the answer was empty" },
  Interrupted: { ...ofTarget, words: "the answer broke off" },
  ModelNotFound: {
    ...ofRequest,
    // That it is missing at one target says nothing of the others.
    openai: { ...refusal("model_not_found"), status: 404, always: false },
    words: "the model does not exist"
  },
  ContextTooLong: { ...ofRequest, openai: refusal("context_length_exceeded"), words: "the context is too long" },
  ContentFiltered: {
    ...ofRequest,
    fallback: false,
    openai: refusal("content_filter"),
    words: "the content was refused"
  },
  // Images, tools, a role, a schema: another target may take what this one cannot.
  Unsuited: { ...ofRequest, rephrasable: true, words: "this model cannot take the request" },
  InvalidRequest: {
    ...ofRequest,
    fallback: false,
    vague: true,
    rephrasable: true,
    words: "the request was refused"
  },
  Cancelled: { ...plain, about: "caller", fallback: false, final: true, words: "cancelled" }
} as const satisfies Readonly<Record<string, Traits>>

/** The name of a reason, as configuration, trails and metrics spell it. */
export type ReasonTag = keyof typeof rows

/** The table: a row a reason, in the order in which people read it. */
export const reasons: Readonly<Record<ReasonTag, Traits>> = rows

/** Every reason's name, in the order of the table. */
export const tags = Object.keys(reasons) as ReadonlyArray<ReasonTag>

/** Something of each reason, by its name. */
export const map = <A>(read: (traits: Traits, tag: ReasonTag) => A): Readonly<Record<ReasonTag, A>> =>
  Object.fromEntries(tags.map((tag) => [tag, read(reasons[tag], tag)])) as Record<ReasonTag, A>

/** What a reason holds beside its name, where it holds anything. */
interface Values {
  /** Milliseconds that the vendor asks to be left alone, where it says so. */
  readonly RateLimited: { readonly retryAfter: number | undefined }
  readonly Overloaded: { readonly retryAfter: number | undefined }
  /** The system's code of the error: `ECONNREFUSED`. */
  readonly ConnectionFailed: { readonly code: string }
  readonly TimedOut: { readonly phase: DeadlinePhase }
}

/** Why an attempt failed. A member holds only what exists for it. */
export type Reason = {
  readonly [Tag in ReasonTag]: { readonly _tag: Tag } & (Tag extends keyof Values ? Values[Tag] : unknown)
}[ReasonTag]

const timedOut: Readonly<Record<DeadlinePhase, Traits>> = {
  connect: { ...rows.TimedOut, silent: true },
  firstContent: { ...rows.TimedOut, silent: true },
  idle: rows.TimedOut,
  // A JSON answer that is late may be a long one.
  answer: rows.TimedOut,
  total: { ...rows.TimedOut, about: "time", fallback: false, final: true }
}

/** The row of a reason; of a deadline, that of the one which fired. */
export const traitsOf = (reason: Reason): Traits =>
  reason._tag === "TimedOut" ? timedOut[reason.phase] : reasons[reason._tag]

/** The reasons that an answer of a vendor's can stand for. */
export type VendorReasonTag = Exclude<ReasonTag, "ConnectionFailed" | "Cancelled">

/** The reason that an answer stands for, with what its headers, its message and its further fields say; `now` is Unix time in milliseconds. */
export const fromVendor = (
  tag: VendorReasonTag,
  headers: Readonly<Record<string, string>>,
  message: string,
  now: number,
  fields?: object
): Reason => {
  switch (tag) {
    case "RateLimited":
      return { _tag: tag, retryAfter: RetryAfter.ofLimit(headers, message, now, fields) }
    case "Overloaded":
      return { _tag: tag, retryAfter: RetryAfter.parse(headers, now) }
    case "TimedOut":
      return { _tag: tag, phase: "answer" }
    default:
      return { _tag: tag }
  }
}

/** The reason as it is told of an answer that had begun. */
export const afterContent = (reason: Reason): Reason => (traitsOf(reason).breaks ? { _tag: "Interrupted" } : reason)

/** The reason as a person reads it in a trail: `TimedOut(firstContent)`, `ConnectionFailed(ECONNREFUSED)`, `Overloaded`. */
export const toLabel = (reason: Reason): string => {
  switch (reason._tag) {
    case "TimedOut":
      return `TimedOut(${reason.phase})`
    case "ConnectionFailed":
      return `ConnectionFailed(${reason.code})`
    default:
      return reason._tag
  }
}

/** The wait that the vendor stated, in milliseconds. */
export const retryAfterOf = (reason: Reason): number | undefined =>
  "retryAfter" in reason ? reason.retryAfter : undefined
