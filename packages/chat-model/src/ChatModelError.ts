/**
 * The one error of a ChatModel: a closed reason, and the trail of what was tried.
 *
 * | reason             | when                                                                  | retryable |
 * | ------------------ | --------------------------------------------------------------------- | --------- |
 * | `InvalidPrompt`    | the prompt or its options make no sense; nothing was sent             | no        |
 * | `NoRoute`          | no route matches the model; nothing was sent                          | no        |
 * | `NoTarget`         | every target is out; nothing was sent                                 | yes       |
 * | `Limited`          | everything that could answer is rate limited                          | yes       |
 * | `Rejected`         | the vendor refused the prompt: the caller's own fault                 | no        |
 * | `UpstreamFailed`   | every target failed before content                                    | unless the keys are at fault |
 * | `Broken`           | a stream broke after content: what was delivered is not whole         | yes       |
 * | `DeadlineExceeded` | the call's total deadline passed                                      | yes       |
 * | `Closed`           | the model was closed before it had answered, or before it was asked   | no        |
 *
 * **Details**
 *
 * Failover has already repeated what is worth repeating at once; `isRetryable` says whether the same call may succeed
 * later. `call` and `stream` fail alike.
 *
 * **Example** (Waiting when everything is limited)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { ChatModel } from "@understudy/chat-model"
 *
 * const patient = ChatModel.call("Tell me a joke").pipe(
 *   Effect.catchReason("ChatModelError", "Limited", ({ retryAfter }) =>
 *     Effect.delay(ChatModel.call("Tell me a joke"), retryAfter ?? 1000))
 * )
 * ```
 */
import type { AttemptFailure } from "@understudy/core/failure/AttemptFailure"
import type { FailoverError, FailoverReason } from "@understudy/core/failure/FailoverError"
import { type ReasonTag, reasons } from "@understudy/core/failure/Reason"
import { TaggedError } from "@understudy/core/failure/TaggedError"
import type { Trail } from "@understudy/core/failure/Trail"

/** A field that makes no sense. */
export interface InvalidPrompt {
  readonly _tag: "InvalidPrompt"
  /** Where: `messages[0].content`, `options.temperature`. */
  readonly field: string
  /** What is there; never the text of a message. */
  readonly got: string
  /** What may be there. */
  readonly allowed: string
}

/** What a vendor said when an attempt failed, and what that means. */
export interface VendorFailure {
  /** What it means, whoever the vendor is: `ContextTooLong`, `Overloaded`, ... */
  readonly kind: ReasonTag
  /** One line, without secrets. */
  readonly detail: string
  /** The HTTP status, where there was one. */
  readonly status: number | undefined
  /** The vendor's own `type`, `code` and `param` of the error, where it sent them. */
  readonly type: string | undefined
  readonly code: string | undefined
  readonly param: string | undefined
}

/** The model, or the engine below it, was closed: only where models are held and closed, which is without Effect. */
export interface Closed {
  readonly _tag: "Closed"
}

/** A reason of the core's, with what is known of a vendor's failure in fields of its own. */
type Flat<R> = R extends { readonly failure: AttemptFailure } ? Omit<R, "failure"> & VendorFailure : R

/** Why a call failed: what the core says, and what only a model can say. */
export type Reason = InvalidPrompt | Flat<FailoverReason> | Closed

/** Some target may answer later: one was passed over, or failed for something other than its keys. */
const mayRecover = (trail: Trail): boolean =>
  trail.some((entry) => entry._tag !== "Ok" && !(entry._tag === "Failed" && reasons[entry.reason._tag].lasting))

const isRetryable = (reason: Reason, trail: Trail): boolean => {
  switch (reason._tag) {
    case "InvalidPrompt":
    case "NoRoute":
    case "Rejected":
    case "Closed":
      return false
    case "UpstreamFailed":
      return mayRecover(trail)
    default:
      return true
  }
}

/**
 * A call that was not answered, or not to its end.
 *
 * **Example** (What a caller can tell)
 *
 * ```ts
 * import { ChatModelError } from "@understudy/chat-model/promise"
 *
 * const error = ChatModelError.invalidPrompt("options.temperature", "3", "a number from 0 to 2")
 * error.message // => "options.temperature must be a number from 0 to 2, got 3"
 * error.reason._tag // => "InvalidPrompt"
 * error.isRetryable // => false
 * error.retryAfter // => undefined
 * ```
 */
export class ChatModelError extends TaggedError("ChatModelError")<{
  readonly message: string
  readonly reason: Reason
  /** Every attempt, in order; empty when nothing was sent. */
  readonly trail: Trail
}> {
  /** True when the same call may succeed later. */
  get isRetryable(): boolean {
    return isRetryable(this.reason, this.trail)
  }

  /** Milliseconds after which asking again is worth it, where that is known. */
  get retryAfter(): number | undefined {
    return "retryAfter" in this.reason ? this.reason.retryAfter : undefined
  }
}

const toVendorFailure = ({ message, reason, vendor }: AttemptFailure): VendorFailure => ({
  kind: reason._tag,
  detail: message,
  status: vendor?.status,
  type: vendor?.type,
  code: vendor?.code,
  param: vendor?.param
})

const toReason = (reason: FailoverReason): Reason =>
  "failure" in reason ? { _tag: reason._tag, ...toVendorFailure(reason.failure) } : reason

/**
 * The error of a ChatModel for an error of the core's.
 *
 * **Example** (For a program that asks the engine itself)
 *
 * ```ts
 * import { ChatModelError } from "@understudy/chat-model/promise"
 * import { FailoverError } from "@understudy/core"
 *
 * const reason = { _tag: "DeadlineExceeded", total: 60_000 } as const
 * const error = ChatModelError.fromFailover(new FailoverError.FailoverError({ reason, trail: [] }))
 * error.isRetryable // => true
 * ```
 */
export const fromFailover = ({ message, reason, trail }: FailoverError): ChatModelError =>
  new ChatModelError({ message, reason: toReason(reason), trail })

/** The error for a field that makes no sense. */
export const invalidPrompt = (field: string, got: string, allowed: string): ChatModelError =>
  new ChatModelError({
    message: `${field} must be ${allowed}, got ${got}`,
    reason: { _tag: "InvalidPrompt", field, got, allowed },
    trail: []
  })

/**
 * The error of what was closed.
 *
 * **Example** (For a model of one's own making)
 *
 * ```ts
 * import { ChatModelError } from "@understudy/chat-model/promise"
 *
 * const error = ChatModelError.closed("chat model")
 * error.message // => "The chat model is closed: make a new one, or close it later"
 * error.isRetryable // => false
 * ```
 */
export const closed = (what: "chat model" | "embedding model" | "engine"): ChatModelError =>
  new ChatModelError({
    message: `The ${what} is closed: make a new one, or close it later`,
    reason: { _tag: "Closed" },
    trail: []
  })
