/**
 * The one error of a call: a closed reason, and the trail of what was tried.
 *
 * | reason             | when                                                                    | HTTP |
 * | ------------------ | ----------------------------------------------------------------------- | ---- |
 * | `NoRoute`          | no route matches the model; nothing was sent                            | 404  |
 * | `NoTarget`         | every target is out (no usable key); nothing was sent                   | 503  |
 * | `Limited`          | everything that could answer is rate limited                            | 429  |
 * | `Rejected`         | the caller's own fault: the vendor's status and message                 | its own |
 * | `UpstreamFailed`   | the last target failed before content                                   | 502  |
 * | `Broken`           | the stream broke after content: what was delivered is not whole         | in band |
 * | `DeadlineExceeded` | the call's total deadline passed                                        | 504  |
 */
import type { AttemptFailure } from "./AttemptFailure.ts"
import { retryAfterOf, toLabel } from "./Reason.ts"
import { TaggedError } from "./TaggedError.ts"
import type { Trail } from "./Trail.ts"

/** Why a call failed as a whole. */
export type FailoverReason =
  | {
      readonly _tag: "NoRoute"
      readonly model: string
      /** The routes that exist, as people read them. */
      readonly routes: ReadonlyArray<string>
    }
  | {
      readonly _tag: "NoTarget"
      readonly route: string
      /** Milliseconds until the first target is due back, where that is known. */
      readonly retryAfter: number | undefined
    }
  | {
      readonly _tag: "Limited"
      /** Milliseconds until the first limit ends, where that is known. */
      readonly retryAfter: number | undefined
    }
  | { readonly _tag: "Rejected"; readonly failure: AttemptFailure }
  | { readonly _tag: "UpstreamFailed"; readonly failure: AttemptFailure }
  | { readonly _tag: "Broken"; readonly failure: AttemptFailure }
  | {
      readonly _tag: "DeadlineExceeded"
      /** The total deadline, in milliseconds. */
      readonly total: number
    }

const describe = (reason: FailoverReason): string => {
  switch (reason._tag) {
    case "NoRoute":
      return `No route matches model "${reason.model}". ${
        reason.routes.length === 0
          ? "No routes are configured: add one under `routes`."
          : `Configured routes: ${reason.routes.join(", ")}. Add a route, or ask for a model that one of them matches.`
      }`
    case "NoTarget":
      return `Route "${reason.route}" has no target that can answer now: every key is out.${retryHint(reason.retryAfter)}`
    case "Limited":
      return `Every target that could answer is rate limited.${retryHint(reason.retryAfter)}`
    case "Rejected":
      return reason.failure.message
    case "UpstreamFailed":
      return `Every target failed; the last with ${toLabel(reason.failure.reason)}: ${reason.failure.message}`
    case "Broken":
      return `The answer broke off after content had been delivered (${toLabel(reason.failure.reason)}): ${reason.failure.message}`
    case "DeadlineExceeded":
      return `No answer within the total deadline of ${reason.total} ms. Raise \`deadlines.total\` of the route, or look at the trail for the target that took the time.`
  }
}

const retryHint = (retryAfter: number | undefined): string =>
  retryAfter === undefined ? "" : ` The first is due back in ${Math.max(1, Math.ceil(retryAfter / 1000))} s.`

/** A call that no target could answer. */
export class FailoverError extends TaggedError("FailoverError")<{
  readonly reason: FailoverReason
  readonly trail: Trail
}> {
  override get message(): string {
    return describe(this.reason)
  }

  /** Milliseconds after which asking again is worth it, where that is known. */
  get retryAfter(): number | undefined {
    const { reason } = this
    if ("retryAfter" in reason) return reason.retryAfter
    return reason._tag === "UpstreamFailed" ? retryAfterOf(reason.failure.reason) : undefined
  }
}
