/**
 * A whole answer: the fold of a stream's parts. `call` is this fold; whoever streams can fold too.
 *
 * **Details**
 *
 * What the answer did not have is undefined, never an empty text or a zero. Parts of a stream that broke off or was left
 * fold as far as they go; such a response has no `metadata.finishReason`. Of several turns (`ToolLoop`) the text, reasoning
 * and tool calls are the last one's, usage and trail those of all.
 *
 * **Example** (Reading an answer)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { ChatModel } from "@understudy/chat-model"
 *
 * const program = Effect.gen(function* () {
 *   const response = yield* ChatModel.call("Tell me a joke")
 *   console.log(response.text, response.reasoning, response.toolCalls)
 *   console.log(response.metadata.model, response.metadata.usage?.totalTokens)
 * })
 * ```
 */
import * as Trail from "@understudy/core/failure/Trail"
import * as PriceTable from "@understudy/core/wire/PriceTable"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ChatPart, Finish, ResponseMetadata } from "./ChatPart.ts"
import type { FinishReason } from "./FinishReason.ts"
import type { AssistantMessage } from "./Message.ts"
import type { ToolCall } from "./ToolCall.ts"
import type { Usage } from "./Usage.ts"

/** What is known about an answer beside what it says. */
export interface Metadata {
  readonly id?: string
  /** The model that really answered. */
  readonly model?: string
  /** Unix seconds. */
  readonly created?: number
  readonly route?: string
  readonly provider?: string
  readonly usage?: Usage
  /**
   * What all attempts cost, by `prices` of the configuration; absent when a model that was paid for has no price, or prices
   * are in several currencies.
   */
  readonly cost?: PriceTable.Cost
  /** Absent when the answer is not whole. */
  readonly finishReason?: FinishReason
  /** Every attempt of the call, in order. */
  readonly trail: Trail.Trail
  /** True for an answer that was not asked for again: `CacheAdvisor`. */
  readonly cached?: true
  /** How many requests it took. */
  readonly attempts: number
}

/** What the model answered. */
export interface Generation {
  readonly output: AssistantMessage
  readonly finishReason?: FinishReason
}

/** A whole answer. */
export class ChatResponse {
  readonly result: Generation
  readonly metadata: Metadata

  /** @internal */
  constructor(result: Generation, metadata: Metadata) {
    this.result = result
    this.metadata = metadata
  }

  /** The text of the answer; undefined when it has none. */
  get text(): string | undefined {
    return this.result.output.text
  }

  /** The model's thinking; undefined when it showed none. */
  get reasoning(): string | undefined {
    return this.result.output.reasoning
  }

  /** The tools that the model wants to have run; empty when it wants none. */
  get toolCalls(): ReadonlyArray<ToolCall> {
    return this.result.output.toolCalls ?? []
  }
}

interface Folded {
  text: string
  reasoning: string
  refusal: string
  toolCalls: Array<ToolCall>
  head: ResponseMetadata | undefined
  finish: Finish | undefined
}

const make = (): Folded => ({ text: "", reasoning: "", refusal: "", toolCalls: [], head: undefined, finish: undefined })

const add = (folded: Folded, part: ChatPart): void => {
  switch (part.type) {
    case "text-delta":
      folded.text += part.delta
      break
    case "reasoning-delta":
      folded.reasoning += part.delta
      break
    case "refusal-delta":
      folded.refusal += part.delta
      break
    case "tool-call":
      folded.toolCalls.push({ id: part.id, name: part.name, arguments: part.arguments })
      break
    case "turn-end":
      Object.assign(folded, make())
      break
    case "response-metadata":
      folded.head = folded.head === undefined ? part : { ...folded.head, ...part }
      break
    case "finish":
      folded.finish = part
      break
  }
}

const toResponse = ({ finish, head, reasoning, refusal, text, toolCalls }: Folded): ChatResponse => {
  // Assigned one by one: every call is folded, and spreading what there may be costs several times as much.
  const output: { -readonly [Name in keyof AssistantMessage]: AssistantMessage[Name] } = { role: "assistant" }
  if (text !== "") output.text = text
  if (reasoning !== "") output.reasoning = reasoning
  if (refusal !== "") output.refusal = refusal
  if (toolCalls.length > 0) output.toolCalls = toolCalls
  const trail = finish?.trail ?? head?.trail ?? []
  const metadata: { -readonly [Name in keyof Metadata]?: Metadata[Name] } = {}
  if (head !== undefined) {
    if (head.id !== undefined) metadata.id = head.id
    metadata.model = head.model
    if (head.created !== undefined) metadata.created = head.created
    metadata.route = head.route
    metadata.provider = head.provider
    if (head.cached !== undefined) metadata.cached = head.cached
  }
  if (finish !== undefined) {
    metadata.finishReason = finish.finishReason
    if (finish.usage !== undefined) metadata.usage = finish.usage
  }
  let isPriced = false
  for (const { cost } of trail) if (cost !== undefined) isPriced = true
  const cost = isPriced ? PriceTable.sum(trail) : undefined
  if (cost !== undefined) metadata.cost = cost
  const result = finish === undefined ? { output } : { output, finishReason: finish.finishReason }
  return new ChatResponse(result, { ...metadata, trail, attempts: Trail.attempts(trail) })
}

/**
 * Folds the parts of an answer.
 *
 * **Example** (As far as it came)
 *
 * ```ts
 * import { ChatResponse } from "@understudy/chat-model/promise"
 *
 * const response = ChatResponse.fromParts([
 *   { type: "text-start", id: "text-1" },
 *   { type: "text-delta", id: "text-1", delta: "Knock, " },
 *   { type: "text-delta", id: "text-1", delta: "knock." }
 * ])
 * response.text // => "Knock, knock."
 * response.metadata.finishReason // => undefined
 * ```
 */
export const fromParts = (parts: Iterable<ChatPart>): ChatResponse => {
  const folded = make()
  for (const part of parts) add(folded, part)
  return toResponse(folded)
}

/**
 * Runs a stream of parts to its end and folds it.
 *
 * **Example** (Shown as it comes, and kept)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 * import { ChatModel, ChatResponse } from "@understudy/chat-model"
 *
 * const shown = ChatModel.stream("Tell me a joke").pipe(Stream.tap((part) => Effect.log(part.type)))
 * const response = ChatResponse.fromStream(shown)
 * ```
 */
export const fromStream = <E, R>(stream: Stream.Stream<ChatPart, E, R>): Effect.Effect<ChatResponse, E, R> =>
  Effect.suspend(() => {
    const folded = make()
    const run = Stream.runForEachArray(stream, (parts) =>
      Effect.sync(() => {
        for (const part of parts) add(folded, part)
      })
    )
    return Effect.map(run, () => toResponse(folded))
  })
