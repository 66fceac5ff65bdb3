/**
 * A request that was not sent, because a budget has no room for it.
 *
 * | reason         | when                                                    | worth asking again                   |
 * | -------------- | ------------------------------------------------------- | ------------------------------------ |
 * | `CallTooLarge` | the request alone is more than the budget ever has      | no: ask for less                     |
 * | `Exhausted`    | the window's rest is not enough                         | after `retryAfter`                   |
 * | `Unpriced`     | money is limited, and nobody knows what the model costs | no: add the model to `price`         |
 *
 * **Example** (Waiting for the next window)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import type { BudgetError } from "@understudy/chat-model/advisor/BudgetError"
 *
 * const patient = <A, E>(ask: Effect.Effect<A, E | BudgetError>) =>
 *   Effect.catchReason(ask, "BudgetError", "Exhausted", ({ retryAfter }) => Effect.delay(ask, retryAfter))
 * ```
 */
import { TaggedError } from "@understudy/core/failure/TaggedError"

/** What is counted. */
export type Unit = "tokens" | "money"

/** The request alone is too much. */
export interface CallTooLarge {
  readonly _tag: "CallTooLarge"
  readonly unit: Unit
  readonly limit: number
  /** What the request needs, by an estimate. */
  readonly needed: number
}

/** The window's rest is not enough. */
export interface Exhausted {
  readonly _tag: "Exhausted"
  readonly unit: Unit
  readonly limit: number
  /** What neither is spent nor set aside for requests under way. */
  readonly left: number
  /** What the request needs, by an estimate. */
  readonly needed: number
  /** When the next window may begin, in Unix milliseconds. */
  readonly resetsAt: number
  /** Milliseconds until then. */
  readonly retryAfter: number
}

/** Nobody knows what the model costs. */
export interface Unpriced {
  readonly _tag: "Unpriced"
  readonly model: string
}

/** Why a request was not sent. */
export type Reason = CallTooLarge | Exhausted | Unpriced

const round = (value: number): number => Number(value.toPrecision(6))

const describe = (reason: Reason): string => {
  switch (reason._tag) {
    case "CallTooLarge":
      return `The request needs about ${round(reason.needed)} ${reason.unit}, the budget is ${reason.limit}: shorten it, or lower maxTokens.`
    case "Exhausted":
      return `The budget has ${round(reason.left)} of ${reason.limit} ${reason.unit} left, the request needs about ${round(reason.needed)}: ask again in ${reason.retryAfter} ms, or raise perWindow.${reason.unit}.`
    case "Unpriced":
      return `Money is limited and model "${reason.model}" has no price: add it to \`price\`.`
  }
}

/** A request that was not sent. */
export class BudgetError extends TaggedError("BudgetError")<{ readonly reason: Reason }> {
  override get message(): string {
    return describe(this.reason)
  }
}
