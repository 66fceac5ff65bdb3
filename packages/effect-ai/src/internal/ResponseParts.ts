/**
 * From the parts of a ChatModel's answer to those of `effect/ai`: one way for streams, one for whole answers.
 */
import type { ChatPart, Finish, ResponseMetadata } from "@understudy/chat-model/ChatPart"
import type { ChatResponse } from "@understudy/chat-model/ChatResponse"
import * as StructuredOutput from "@understudy/chat-model/StructuredOutput"
import type { ToolCall } from "@understudy/chat-model/ToolCall"
import type * as Usage from "@understudy/chat-model/Usage"
import type { Trail } from "@understudy/core/failure/Trail"
import { ToolArguments } from "@understudy/core/wire/Wire"
import type * as Arr from "effect/Array"
import * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Tool from "effect/ai/Tool"
import * as Result from "effect/Result"
import type { Attempt } from "../UnderstudyMetadata.ts"

type Written<A> = Result.Result<A, AiError.AiErrorReason>

/** A trail as metadata may hold it: JSON, so nothing in it is undefined. */
export const toAttempts = (trail: Trail): ReadonlyArray<Attempt> =>
  trail.map((record) => JSON.parse(JSON.stringify({ ...record, usage: undefined })))

const refusal = { understudy: { refusal: true } }

const toMetadataPart = (
  head: Partial<Omit<ResponseMetadata, "type">>,
  trail: Trail
): Response.ResponseMetadataPartEncoded => ({
  type: "response-metadata",
  id: head.id,
  modelId: head.model,
  timestamp: head.created === undefined ? undefined : new Date(head.created * 1000).toISOString(),
  metadata: { understudy: { route: head.route ?? "", provider: head.provider ?? "", trail: toAttempts(trail) } }
})

/** What is left of a count; some vendors count thinking, or what their cache had, beside it. */
const difference = (whole: number | undefined, ...parts: ReadonlyArray<number | undefined>): number | undefined =>
  whole === undefined
    ? undefined
    : Math.max(
        parts.reduce<number>((rest, part) => rest - (part ?? 0), whole),
        0
      )

const toUsage = (usage: Partial<Usage.Usage> = {}): Response.FinishPartEncoded["usage"] => ({
  inputTokens: {
    uncached: difference(usage.promptTokens, usage.cacheReadInputTokens, usage.cacheWriteInputTokens),
    total: usage.promptTokens,
    cacheRead: usage.cacheReadInputTokens,
    cacheWrite: usage.cacheWriteInputTokens
  },
  outputTokens: {
    total: usage.completionTokens,
    text: difference(usage.completionTokens, usage.reasoningTokens),
    reasoning: usage.reasoningTokens
  }
})

const toFinishPart = ({ finishReason, trail, usage }: Omit<Finish, "type">): Response.FinishPartEncoded => ({
  type: "finish",
  reason: finishReason.unified,
  usage: toUsage(usage),
  metadata: { understudy: { finishReason: finishReason.raw ?? null, trail: toAttempts(trail) } }
})

/** A text that is no arguments stays itself, for its error. */
const toParams = (text: string): string => (ToolArguments.read(text) === undefined ? text : ToolArguments.toWire(text))

const toToolCallPart = ({ arguments: text, id, name }: ToolCall): Written<Response.ToolCallPartEncoded> =>
  Result.try({
    try: () => ({ type: "tool-call", id, name, params: Tool.unsafeSecureJsonParse(toParams(text)) }),
    catch: (error) =>
      new AiError.ToolParameterValidationError({ toolName: name, description: `They are not JSON: ${String(error)}` })
  })

/** A ChatModel runs no tools: what a `ToolLoop` adds to an answer is not among its parts. */
type OtherPart = Exclude<ChatPart, { readonly type: "tool-call" | "tool-result" | "turn-end" }>

const fromPart = (part: OtherPart): Response.StreamPartEncoded => {
  switch (part.type) {
    case "response-metadata":
      return toMetadataPart(part, part.trail)
    case "refusal-start":
      return { type: "text-start", id: part.id, metadata: refusal }
    case "refusal-delta":
      return { type: "text-delta", id: part.id, delta: part.delta }
    case "refusal-end":
      return { type: "text-end", id: part.id }
    case "tool-call-start":
      return { type: "tool-params-start", id: part.id, name: part.name }
    case "tool-call-delta":
      return { type: "tool-params-delta", id: part.id, delta: part.delta }
    case "finish":
      return toFinishPart(part)
    default:
      return part
  }
}

/** The parts of a stream. */
export const fromParts = (
  parts: Arr.NonEmptyReadonlyArray<ChatPart>
): Written<Arr.NonEmptyReadonlyArray<Response.StreamPartEncoded>> => {
  const write = (part: ChatPart): Written<ReadonlyArray<Response.StreamPartEncoded>> => {
    // A tool loop's own: no ChatModel sends them.
    if (part.type === "tool-result" || part.type === "turn-end") return Result.succeed([])
    if (part.type !== "tool-call") return Result.succeed([fromPart(part)])
    return Result.map(toToolCallPart(part), (call) => [{ type: "tool-params-end", id: part.id }, call])
  }
  return Result.map(
    Result.all(parts.map(write)),
    (written) => written.flat() as unknown as Arr.NonEmptyArray<Response.StreamPartEncoded>
  )
}

/** The parts of a whole answer to a request for a text or for an object. */
export const fromResponse = (
  { metadata, reasoning, result, text, toolCalls }: ChatResponse,
  format: "text" | "json"
): Written<Array<Response.PartEncoded>> => {
  const parts: Array<Response.PartEncoded> = [toMetadataPart(metadata, metadata.trail)]
  if (reasoning !== undefined) parts.push({ type: "reasoning", text: reasoning })
  if (text !== undefined) parts.push({ type: "text", text: format === "json" ? StructuredOutput.jsonIn(text) : text })
  if (result.output.refusal !== undefined) parts.push({ type: "text", text: result.output.refusal, metadata: refusal })
  const finish = toFinishPart({ ...metadata, finishReason: metadata.finishReason ?? { unified: "other" } })
  return Result.map(Result.all(toolCalls.map(toToolCallPart)), (calls) => [...parts, ...calls, finish])
}
