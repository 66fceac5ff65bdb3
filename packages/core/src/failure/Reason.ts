/**
 * Why an attempt failed: one member of a closed union.
 *
 * A dialect maps what a vendor sent (status, body, headers, transport error, stream state) to a reason; the decision
 * table maps the reason to what happens next. Nothing else in the core looks at a status.
 */

/** The deadline that fired; see `failover/Deadlines`. */
export type DeadlinePhase = "connect" | "firstContent" | "idle" | "answer" | "total"

/** Why an attempt failed. A member holds only what exists for it. */
export type Reason =
  | { readonly _tag: "Unauthorized" }
  | { readonly _tag: "BalanceExhausted" }
  | { readonly _tag: "PermissionDenied" }
  | { readonly _tag: "RateLimited"; readonly retryAfter: number | undefined }
  | { readonly _tag: "Overloaded"; readonly retryAfter: number | undefined }
  | { readonly _tag: "ServerFailed" }
  | { readonly _tag: "ConnectionFailed"; readonly code: string }
  | { readonly _tag: "TimedOut"; readonly phase: DeadlinePhase }
  | { readonly _tag: "MalformedResponse" }
  | { readonly _tag: "EmptyResponse" }
  | { readonly _tag: "Interrupted" }
  | { readonly _tag: "ModelNotFound" }
  | { readonly _tag: "ContextTooLong" }
  | { readonly _tag: "ContentFiltered" }
  | { readonly _tag: "Unsuited" }
  | { readonly _tag: "InvalidRequest" }
  | { readonly _tag: "Cancelled" }

/** The name of a reason, as configuration, trails and metrics spell it. */
export type ReasonTag = Reason["_tag"]

/** Every reason's name, in the order of the decision table. */
export const tags: ReadonlyArray<ReasonTag> = [
  "Unauthorized",
  "BalanceExhausted",
  "PermissionDenied",
  "RateLimited",
  "Overloaded",
  "ServerFailed",
  "ConnectionFailed",
  "TimedOut",
  "MalformedResponse",
  "EmptyResponse",
  "Interrupted",
  "ModelNotFound",
  "ContextTooLong",
  "ContentFiltered",
  "Unsuited",
  "InvalidRequest",
  "Cancelled"
]

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
  reason._tag === "RateLimited" || reason._tag === "Overloaded" ? reason.retryAfter : undefined
