/**
 * What an exchange and the readers of its answer are to each other: what a reader is told, what it may do, and how an error that
 * it reads becomes a failure.
 *
 * @see Exchange for one request, AnswerReader and StreamReader for what a good answer is
 */
import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Redacted from "effect/Redacted"
import * as AttemptFailure from "../../failure/AttemptFailure.ts"
import * as Reason from "../../failure/Reason.ts"
import type { ApiKey } from "../../key/ApiKey.ts"
import type { Provider } from "../../provider/Provider.ts"
import type { Headers, Upstream } from "../../upstream/Upstream.ts"
import type { Limits } from "../provider/Deadlines.ts"
import type * as ErrorBody from "../provider/ErrorBody.ts"
import * as ErrorTable from "../provider/ErrorTable.ts"

/** How an attempt ended. */
export type Outcome<A> =
  | { readonly _tag: "Answered"; readonly value: A }
  | {
      readonly _tag: "Failed"
      readonly failure: AttemptFailure.AttemptFailure
      /** True when a part of the answer is with the caller. */
      readonly begun: boolean
    }

/** What an attempt needs. */
export interface AttemptContext {
  readonly upstream: Upstream["Service"]
  readonly clock: Clock.Clock
  readonly services: Context.Context<never>
  readonly provider: Provider
  readonly key: ApiKey
  readonly limits: Limits
  /** When the attempt began, in the milliseconds of `Watchdog.now`. */
  readonly startedAt: number
  /** When the call's total deadline passes, in the milliseconds of `Watchdog.now`. */
  readonly totalAt: number
  /** Headers that tell the trace; undefined for a call that nobody traces. */
  readonly trace?: Headers | undefined
}

/** What a reader may do with the exchange. */
export interface Control<A> {
  readonly answer: (value: A) => void
  readonly fail: (failure: AttemptFailure.AttemptFailure) => void
  /** Starts a deadline now. */
  readonly arm: (phase: Reason.DeadlinePhase, millis: number) => void
  /** The answer shows nothing until it is whole: the deadline of such answers holds, whatever was asked for. */
  readonly awaitWhole: () => void
  /** Flow control of the upstream; deadlines rest while it is paused. */
  readonly pause: () => void
  readonly resume: () => void
}

/** An exchange whose answer somebody in between makes of another. */
export const answering = <A, B>(control: Control<A>, answer: (value: B) => void): Control<B> => ({
  answer,
  fail: (failure) => control.fail(failure),
  arm: (phase, millis) => control.arm(phase, millis),
  awaitWhole: () => control.awaitWhole(),
  pause: () => control.pause(),
  resume: () => control.resume()
})

/** How an exchange is over without its end: the connection broke or the call's time is up, or the vendor went silent. */
export type Cut = "broken" | "silent"

/** Reads the body of a 2xx. */
export interface Reader {
  readonly onData: (chunk: Buffer) => void
  readonly onEnd: () => void
  /** The body will not end; true when the answer was complete all the same. */
  readonly onCut: (how: Cut) => boolean
  /** True once a part of the answer is with the caller. */
  readonly isBegun: () => boolean
}

/** Makes the reader once the headers are there. */
export type MakeReader<A> = (control: Control<A>, headers: Headers) => Reader

/** The deadline that guards the time until the body is good, for the two kinds of request. */
export type BodyPhase = "firstContent" | "answer"

/** Where a redirect points: nobody follows it with a key, and a `baseUrl` that begins with `http:` is the usual cause. */
const elsewhere = (answered: number, { location }: Headers): string | undefined =>
  location === undefined || answered < 300 || answered > 399
    ? undefined
    : location.replace(/\/\/[^/@]*@/, "//").replace(/[?#].*/s, "")

/** The failure that an error of the vendor's stands for; `answered` is the status of the response that held it. */
export const toFailure = (
  context: AttemptContext,
  answered: number,
  headers: Headers,
  error: ErrorBody.ErrorBody
): AttemptFailure.AttemptFailure => {
  const { clock, key, provider } = context
  const secrets = key.value === undefined ? [] : [Redacted.value(key.value)]
  const clean = (text: string): string => AttemptFailure.redact(text, secrets)
  const message = clean(error.message)
  const status = ErrorTable.statusOf(answered, error)
  const tag = ErrorTable.classify(provider.dialect.errors, status, error)
  const reason = Reason.fromVendor(tag, headers, message, clock.currentTimeMillisUnsafe(), error.fields)
  const fields = error.fields === undefined ? undefined : AttemptFailure.redactFields(error.fields, secrets)
  const place = elsewhere(answered, headers)
  const pointer =
    place === undefined ? "" : ` and points to ${clean(place)}, which is not followed: correct \`baseUrl\``
  const says = status === answered ? `answered ${status}` : `answered ${answered} with an error ${status}`
  return AttemptFailure.make(reason, `${provider.name} ${says}${pointer}${message === "" ? "" : `: ${message}`}`, {
    status,
    message,
    ...(error.type === undefined ? {} : { type: clean(error.type) }),
    ...(error.code === undefined ? {} : { code: clean(error.code) }),
    ...(error.param === undefined ? {} : { param: clean(error.param) }),
    ...(fields === undefined ? {} : { fields })
  })
}
