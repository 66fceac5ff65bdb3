/**
 * From a ChatModel's answer to the AI SDK's: the parts of a stream, and the content of a whole answer.
 */
import type * as Sdk from "@ai-sdk/provider"
import type { ChatPart } from "@understudy/chat-model/ChatPart"
import type { ChatResponse } from "@understudy/chat-model/ChatResponse"
import type { FinishReason } from "@understudy/chat-model/FinishReason"
import { StructuredOutput } from "@understudy/chat-model/promise"
import type { ToolCall } from "@understudy/chat-model/ToolCall"
import type { Usage } from "@understudy/chat-model/Usage"
import { toJson, toProviderMetadata, type UnderstudyMetadata } from "../UnderstudyMetadata.ts"

const refusal = { understudy: { refusal: true } }

/** What is left of a count; some vendors count thinking, or what their cache had, beside it. */
const without = (whole: number | undefined, ...parts: ReadonlyArray<number | undefined>): number | undefined =>
  whole === undefined
    ? undefined
    : Math.max(
        parts.reduce<number>((rest, part) => rest - (part ?? 0), whole),
        0
      )

/** What an answer took. */
export const toUsage = (usage: Partial<Usage> = {}): Sdk.LanguageModelV4Usage => ({
  inputTokens: {
    total: usage.promptTokens,
    noCache: without(usage.promptTokens, usage.cacheReadInputTokens, usage.cacheWriteInputTokens),
    cacheRead: usage.cacheReadInputTokens,
    cacheWrite: usage.cacheWriteInputTokens
  },
  outputTokens: {
    total: usage.completionTokens,
    text: without(usage.completionTokens, usage.reasoningTokens),
    reasoning: usage.reasoningTokens
  },
  ...(usage.nativeUsage === undefined ? {} : { raw: toJson(usage.nativeUsage) })
})

const toFinishReason = ({ raw, unified }: FinishReason = { unified: "other" }): Sdk.LanguageModelV4FinishReason => ({
  unified,
  raw
})

const toMetadata = (head: {
  readonly id?: string
  readonly model?: string
  readonly created?: number
}): Sdk.LanguageModelV4ResponseMetadata => ({
  ...(head.id === undefined ? {} : { id: head.id }),
  ...(head.model === undefined ? {} : { modelId: head.model }),
  ...(head.created === undefined ? {} : { timestamp: new Date(head.created * 1000) })
})

const toToolCall = (call: ToolCall): Sdk.LanguageModelV4ToolCall => ({
  type: "tool-call",
  toolCallId: call.id,
  toolName: call.name,
  // An empty text is how vendors spell a call without arguments.
  input: call.arguments.trim() === "" ? "{}" : call.arguments
})

/** The AI SDK's parts for one of a stream's; `head` says who answers. */
export const fromPart = (
  part: ChatPart,
  head: Pick<UnderstudyMetadata, "provider" | "route">
): ReadonlyArray<Sdk.LanguageModelV4StreamPart> => {
  switch (part.type) {
    case "response-metadata":
      return [{ type: "response-metadata", ...toMetadata(part) }]
    case "refusal-start":
      return [{ type: "text-start", id: part.id, providerMetadata: refusal }]
    case "refusal-delta":
      return [{ type: "text-delta", id: part.id, delta: part.delta }]
    case "refusal-end":
      return [{ type: "text-end", id: part.id }]
    case "tool-call-start":
      return [{ type: "tool-input-start", id: part.id, toolName: part.name }]
    case "tool-call-delta":
      return [{ type: "tool-input-delta", id: part.id, delta: part.delta }]
    case "tool-call":
      return [{ type: "tool-input-end", id: part.id }, toToolCall(part)]
    case "finish": {
      const providerMetadata = toProviderMetadata({ ...head, trail: part.trail })
      const finishReason = toFinishReason(part.finishReason)
      return [{ type: "finish", finishReason, usage: toUsage(part.usage), providerMetadata }]
    }
    // A tool loop's own: no ChatModel sends them.
    case "tool-result":
    case "turn-end":
      return []
    default:
      return [part]
  }
}

/** What to read where a target that was told the schema in words has put a fence or a sentence around the JSON. */
const toStructured = (text: string): { readonly structuredOutputText?: string } => {
  const json = StructuredOutput.jsonIn(text)
  return json === text ? {} : { structuredOutputText: json }
}

/** A whole answer to a request for text or for JSON. */
export const fromResponse = (
  { metadata, reasoning, result, text, toolCalls }: ChatResponse,
  format: "text" | "json",
  warnings: Array<Sdk.SharedV4Warning>
): Sdk.LanguageModelV4GenerateResult => {
  const content: Array<Sdk.LanguageModelV4Content> = []
  if (reasoning !== undefined) content.push({ type: "reasoning", text: reasoning })
  if (text !== undefined) content.push({ type: "text", text })
  const { refusal: declined } = result.output
  if (declined !== undefined) content.push({ type: "text", text: declined, providerMetadata: refusal })
  content.push(...toolCalls.map(toToolCall))
  return {
    content,
    ...(format === "json" && text !== undefined ? toStructured(text) : {}),
    finishReason: toFinishReason(metadata.finishReason),
    usage: toUsage(metadata.usage),
    providerMetadata: toProviderMetadata({
      route: metadata.route,
      provider: metadata.provider,
      trail: metadata.trail
    }),
    response: toMetadata(metadata),
    warnings
  }
}
