/**
 * The pieces of an answer as it comes in: a union on `type`.
 *
 * ```
 * response-metadata
 * ( reasoning-start reasoning-delta* reasoning-end
 * | text-start      text-delta*      text-end
 * | refusal-start   refusal-delta*   refusal-end
 * | tool-call-start tool-call-delta* )*
 * tool-call*
 * ( tool-result* turn-end response-metadata ... )*
 * finish
 * ```
 *
 * **Details**
 *
 * - The first part is `response-metadata`: nothing is delivered before a target has sent content, so it says who answers.
 *   A later one, if any, replaces the fields that it has.
 * - Deltas are true deltas: joined in order they are the whole.
 * - A block's parts share an `id` (`text-1`); a tool call's parts share the call's.
 * - `tool-call` is the whole call, after its last delta. `finish` is last and comes once, on success only.
 * - Where a `ToolLoop` runs the tools, their results follow the calls, `turn-end` takes the place of `finish` between turns,
 *   and `finish` sums up all turns.
 *
 * **Example** (Printing what a model says)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 * import { ChatModel } from "@understudy/chat-model"
 *
 * const print = ChatModel.stream("Tell me a joke").pipe(
 *   Stream.runForEach((part) => Effect.sync(() => {
 *     if (part.type === "text-delta") process.stdout.write(part.delta)
 *   }))
 * )
 * ```
 *
 * @see ChatResponse for folding parts into a whole answer
 */
import type { Trail } from "@understudy/core/failure/Trail"
import type { FinishReason } from "./FinishReason.ts"
import type { AssistantMessage, ToolMessage } from "./Message.ts"
import type { ToolCall } from "./ToolCall.ts"
import type { ToolError } from "./ToolError.ts"
import type { Usage } from "./Usage.ts"

/** Who answers, and what it took to find them. */
export interface ResponseMetadata {
  readonly type: "response-metadata"
  /** The vendor's id of the answer. */
  readonly id?: string
  /** The model that really answers. */
  readonly model: string
  /** When the vendor began the answer, in Unix seconds. */
  readonly created?: number
  readonly route: string
  readonly provider: string
  /** The attempts so far, the one that answers included. */
  readonly trail: Trail
  /** True for an answer that was not asked for again: `CacheAdvisor`. */
  readonly cached?: true
}

/** What a block of an answer may be. */
export type BlockKind = "text" | "reasoning" | "refusal"

/** A block begins. */
export interface BlockStart<Kind extends BlockKind> {
  readonly type: `${Kind}-start`
  readonly id: string
}

/** A block goes on. */
export interface BlockDelta<Kind extends BlockKind> {
  readonly type: `${Kind}-delta`
  readonly id: string
  readonly delta: string
}

/** A block ends. */
export interface BlockEnd<Kind extends BlockKind> {
  readonly type: `${Kind}-end`
  readonly id: string
}

/** The parts of one kind of block. */
export type Block<Kind extends BlockKind> = Kind extends BlockKind
  ? BlockStart<Kind> | BlockDelta<Kind> | BlockEnd<Kind>
  : never

/** The model begins to call a tool. */
export interface ToolCallStart {
  readonly type: "tool-call-start"
  readonly id: string
  readonly name: string
}

/** The next piece of a tool call's arguments. */
export interface ToolCallDelta {
  readonly type: "tool-call-delta"
  readonly id: string
  readonly delta: string
}

/** A whole tool call. */
export interface ToolCallPart extends ToolCall {
  readonly type: "tool-call"
}

interface ToolResultOf {
  readonly type: "tool-result"
  /** The `id` of the tool call. */
  readonly id: string
  readonly name: string
  /** Milliseconds from the call to its result, an approval included. */
  readonly millis: number
}

/** A tool that the loop ran has a result, or has failed and the model is told why. */
export type ToolResultPart =
  | (ToolResultOf & {
      /** As the model sees it: written by the tool's result schema, where it has one. */
      readonly result: unknown
      readonly error?: never
    })
  | (ToolResultOf & { readonly error: ToolError; readonly result?: never })

/** How an answer, or one turn of it, ended. */
interface End {
  readonly finishReason: FinishReason
  /** Absent when the vendor reported none. */
  readonly usage?: Usage
  /** The call's attempts as it ended, with what each of them was billed. */
  readonly trail: Trail
}

/** A turn that called tools is over; usage and trail are this turn's. */
export interface TurnEnd extends End {
  readonly type: "turn-end"
  /** What the turn added to the conversation: the assistant's message, and a tool message for each of its calls. */
  readonly messages: readonly [AssistantMessage, ...ReadonlyArray<ToolMessage>]
}

/** The answer is complete; after several turns usage and trail are those of all. */
export interface Finish extends End {
  readonly type: "finish"
}

/** One piece of an answer. */
export type ChatPart =
  | ResponseMetadata
  | Block<BlockKind>
  | ToolCallStart
  | ToolCallDelta
  | ToolCallPart
  | ToolResultPart
  | TurnEnd
  | Finish

/** The name of a part. */
export type Type = ChatPart["type"]
