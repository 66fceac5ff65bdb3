/**
 * An answer that was to be a value of a schema, and is none after everything that was allowed has been tried.
 *
 * | reason      | when                                                               | was the model asked again? |
 * | ----------- | ------------------------------------------------------------------ | -------------------------- |
 * | `NotJson`   | the answer is empty, holds no JSON, or its JSON ends in the middle | yes                        |
 * | `Invalid`   | the answer's JSON does not fit the schema                          | yes                        |
 * | `Truncated` | the answer ran into its token limit                                | yes                        |
 * | `Refused`   | the model declined, or a filter stopped it                         | no                         |
 *
 * **Example** (What was wrong)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { StructuredOutputError } from "@understudy/chat-model"
 *
 * const explain = (error: StructuredOutputError.StructuredOutputError) =>
 *   Effect.log(`${error.reason._tag} after ${error.attempts} answers`, ...error.issues)
 * ```
 */

import { TaggedError } from "@understudy/core/failure/TaggedError"
import type { Trail } from "@understudy/core/failure/Trail"

/** Why there is no value. */
export type Reason =
  | { readonly _tag: "NotJson" }
  | { readonly _tag: "Invalid" }
  | { readonly _tag: "Truncated" }
  | { readonly _tag: "Refused" }

const says: Readonly<Record<Reason["_tag"], string>> = {
  NotJson: "holds no JSON",
  Invalid: "does not fit its schema",
  Truncated: "ran into its token limit: raise `maxTokens`, or ask for less",
  Refused: "was declined"
}

/** An answer that is no value of its schema. */
export class StructuredOutputError extends TaggedError("StructuredOutputError")<{
  readonly reason: Reason
  /** How many answers the model gave. */
  readonly attempts: number
  /** What is wrong with the last one, a line each. */
  readonly issues: ReadonlyArray<string>
  /** The last answer, cut to 2,000 characters. */
  readonly text: string
  /** The attempts of the last call. */
  readonly trail: Trail
}> {
  override get message(): string {
    const { attempts, issues, reason } = this
    const details = issues.length === 0 ? "" : ` (${issues.join("; ")})`
    return `The model's answer ${says[reason._tag]}, after ${attempts} ${attempts === 1 ? "answer" : "answers"}${details}`
  }
}
