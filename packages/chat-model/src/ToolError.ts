/**
 * Why a tool that a model asked for has no result.
 *
 * | reason             | when                                                                      |
 * | ------------------ | ------------------------------------------------------------------------- |
 * | `Unknown`          | the model called a tool that does not exist                               |
 * | `InvalidArguments` | the arguments are no JSON, or do not fit the tool's parameters            |
 * | `Refused`          | the approval said no, or failed                                           |
 * | `HandlerFailed`    | the handler failed, or returned what its result schema does not allow     |
 * | `TimedOut`         | the handler took longer than the tool's `timeout`                         |
 * | `TurnLimit`        | the model still called tools in the last turn that it had                 |
 *
 * **Details**
 *
 * By default the model is told (`message` is written for it, too) and may correct itself; only `TurnLimit` fails the run.
 * With `failure: "error"` every one of them does.
 *
 * **Example** (What to show of an error)
 *
 * ```ts
 * import { ToolError } from "@understudy/chat-model/promise"
 *
 * const show = ({ message, reason }: ToolError.ToolError) =>
 *   reason._tag === "Refused" ? `${reason.tool} was not allowed` : message
 *
 * show(ToolError.make({ _tag: "Refused", tool: "pay", id: "call_1", detail: undefined })) // => "pay was not allowed"
 * ```
 */

import { TaggedError } from "@understudy/core/failure/TaggedError"
import type { Trail } from "@understudy/core/failure/Trail"

/** What every reason that concerns one call knows of it. */
interface OfCall {
  /** The tool's name, as the model wrote it. */
  readonly tool: string
  /** The `id` of the call. */
  readonly id: string
}

/** There is no such tool. */
export interface Unknown extends OfCall {
  readonly _tag: "Unknown"
  /** The names of those that exist. */
  readonly tools: ReadonlyArray<string>
}

/** The arguments do not fit. */
export interface InvalidArguments extends OfCall {
  readonly _tag: "InvalidArguments"
  readonly detail: string
}

/** The call was not approved. */
export interface Refused extends OfCall {
  readonly _tag: "Refused"
  readonly detail: string | undefined
}

/** The handler failed. */
export interface HandlerFailed extends OfCall {
  readonly _tag: "HandlerFailed"
  /** What it failed with; undefined when its result did not fit the result schema. */
  readonly cause: unknown
  readonly detail: string
}

/** The handler took too long, and was interrupted. */
export interface TimedOut extends OfCall {
  readonly _tag: "TimedOut"
  /** The tool's `timeout`, in milliseconds. */
  readonly after: number
}

/** The model did not come to an end. */
export interface TurnLimit {
  readonly _tag: "TurnLimit"
  /** How many turns it had. */
  readonly turns: number
  /** The tools that it still called; they were not run. */
  readonly tools: ReadonlyArray<string>
}

/** Why there is no result. */
export type Reason = Unknown | InvalidArguments | Refused | HandlerFailed | TimedOut | TurnLimit

const describe = (reason: Reason): string => {
  switch (reason._tag) {
    case "Unknown":
      return `There is no tool "${reason.tool}". Call one of: ${reason.tools.join(", ")}.`
    case "InvalidArguments":
      return `The arguments of "${reason.tool}" do not fit its parameters: ${reason.detail}. Call it again with arguments that do.`
    case "Refused":
      return `The call of "${reason.tool}" was refused${reason.detail === undefined ? "" : `: ${reason.detail}`}. Go on without it.`
    case "HandlerFailed":
      return `"${reason.tool}" failed: ${reason.detail}`
    case "TimedOut":
      return `"${reason.tool}" did not answer within ${reason.after} ms.`
    case "TurnLimit":
      return `The model still called ${reason.tools.join(", ")} in turn ${reason.turns}, its last. Raise \`maxTurns\`, or pass \`onTurnLimit: "answer"\`.`
  }
}

/** A tool that has no result. */
export class ToolError extends TaggedError("ToolError")<{
  readonly reason: Reason
  /** The attempts of every turn so far; empty on the error of a `tool-result` part. */
  readonly trail: Trail
}> {
  override get message(): string {
    return describe(this.reason)
  }
}

/** The error for a reason. */
export const make = (reason: Reason, trail: Trail = []): ToolError => new ToolError({ reason, trail })
