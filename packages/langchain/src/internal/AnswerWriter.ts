/**
 * From a ChatModel's answer to LangChain's messages: a whole one, and the chunks of a stream, whose sum is the same.
 *
 * LangChain joins the texts of `response_metadata` when it adds chunks up, so each of its fields is in one chunk only: who
 * answers in the first, how it ended in the last.
 */
import { AIMessage, AIMessageChunk, type InvalidToolCall, type UsageMetadata } from "@langchain/core/messages"
import type { ToolCall as LangChainToolCall } from "@langchain/core/messages/tool"
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs"
import type { ChatPart } from "@understudy/chat-model/ChatPart"
import type { ChatResponse } from "@understudy/chat-model/ChatResponse"
import type { FinishReason } from "@understudy/chat-model/FinishReason"
import { StructuredOutput } from "@understudy/chat-model/promise"
import type { ToolCall } from "@understudy/chat-model/ToolCall"
import type { Usage } from "@understudy/chat-model/Usage"
import type { Trail } from "@understudy/core/failure/Trail"
import * as Arguments from "./Arguments.ts"

/** The one field that LangChain has for it; its type is `never` under `exactOptionalPropertyTypes`. */
const withUsage = (usage: Usage | undefined): { readonly usage_metadata?: never } =>
  usage === undefined ? {} : { usage_metadata: toUsage(usage) as never }

const toUsage = (usage: Usage): UsageMetadata => {
  const { cacheReadInputTokens, cacheWriteInputTokens, completionTokens = 0, promptTokens = 0, reasoningTokens } = usage
  return {
    input_tokens: promptTokens,
    output_tokens: completionTokens,
    total_tokens: usage.totalTokens ?? promptTokens + completionTokens,
    input_token_details: {
      ...(cacheReadInputTokens === undefined ? {} : { cache_read: cacheReadInputTokens }),
      ...(cacheWriteInputTokens === undefined ? {} : { cache_creation: cacheWriteInputTokens })
    },
    output_token_details: reasoningTokens === undefined ? {} : { reasoning: reasoningTokens }
  }
}

const toHead = (head: { readonly model?: string; readonly provider?: string; readonly route?: string }) => ({
  // By this LangChain knows the shape of a message: thinking in `additional_kwargs.reasoning_content`, as DeepSeek has it.
  model_provider: "deepseek",
  model_name: head.model,
  provider: head.provider,
  route: head.route
})

const toEnd = (finishReason: FinishReason | undefined, trail: Trail) => ({
  finish_reason: finishReason?.raw ?? finishReason?.unified,
  trail
})

const toToolCalls = (
  calls: ReadonlyArray<ToolCall>
): { readonly tool_calls: Array<LangChainToolCall>; readonly invalid_tool_calls: Array<InvalidToolCall> } => {
  const tool_calls: Array<LangChainToolCall> = []
  const invalid_tool_calls: Array<InvalidToolCall> = []
  for (const call of calls) {
    const { arguments: text, id, name } = call
    const args = Arguments.toObject(call)
    if (args !== undefined) tool_calls.push({ id, name, args, type: "tool_call" })
    else invalid_tool_calls.push({ id, name, args: text, error: Arguments.error, type: "invalid_tool_call" })
  }
  return { tool_calls, invalid_tool_calls }
}

/** What an answer's text was asked to be: JSON is told without a fence or prose around it. */
export type Form = "text" | "json" | "object"

/** A whole answer. */
export const toResult = (response: ChatResponse, form: Form): ChatResult => {
  const { metadata, reasoning, result, toolCalls } = response
  const text = form === "text" ? (response.text ?? "") : StructuredOutput.jsonIn(response.text ?? "")
  const { refusal } = result.output
  const { finishReason, id, trail, usage } = metadata
  const message = new AIMessage({
    content: text,
    ...(id === undefined ? {} : { id }),
    ...toToolCalls(toolCalls),
    additional_kwargs: {
      ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
      ...(refusal === undefined ? {} : { refusal })
    },
    ...withUsage(usage),
    response_metadata: { ...toHead(metadata), ...toEnd(finishReason, trail) }
  })
  return { generations: [{ text, message }] }
}

type ChunkFields = Exclude<ConstructorParameters<typeof AIMessageChunk>[0], string | ReadonlyArray<unknown>>

/** Writes the chunks of one stream. */
export class ChunkWriter {
  readonly #calls = new Map<string, number>()
  /** Calls of whose arguments something has been told. */
  readonly #told = new Set<string>()
  readonly #json: StructuredOutput.JsonText | undefined
  #id: string | undefined

  constructor(form: Form) {
    this.#json = form === "text" ? undefined : new StructuredOutput.JsonText(form === "object")
  }

  /** The chunk for a part; undefined for a part that says nothing new. */
  write(part: ChatPart): ChatGenerationChunk | undefined {
    const fields = this.#fields(part)
    if (fields === undefined) return undefined
    const text = typeof fields.content === "string" ? fields.content : ""
    const id = this.#id === undefined ? {} : { id: this.#id }
    return new ChatGenerationChunk({ text, message: new AIMessageChunk({ ...fields, content: text, ...id }) })
  }

  #fields(part: ChatPart): Partial<ChunkFields> | undefined {
    switch (part.type) {
      case "response-metadata":
        this.#id = part.id
        return { response_metadata: toHead(part) }
      case "text-delta": {
        const content = this.#json?.push(part.delta) ?? part.delta
        return content === "" ? undefined : { content }
      }
      case "reasoning-delta":
        return { additional_kwargs: { reasoning_content: part.delta } }
      case "refusal-delta":
        return { additional_kwargs: { refusal: part.delta } }
      case "tool-call-start": {
        const index = this.#calls.size
        this.#calls.set(part.id, index)
        return { tool_call_chunks: [{ index, id: part.id, name: part.name, args: "", type: "tool_call_chunk" }] }
      }
      case "tool-call-delta": {
        const index = this.#calls.get(part.id) ?? 0
        // LangChain would take it for arguments that are broken.
        if (!this.#told.has(part.id) && Arguments.isNone(part.delta)) return undefined
        this.#told.add(part.id)
        return { tool_call_chunks: [{ index, args: part.delta, type: "tool_call_chunk" }] }
      }
      case "tool-call": {
        const args = Arguments.toEnd(part)
        const index = this.#calls.get(part.id) ?? 0
        return args === "" ? undefined : { tool_call_chunks: [{ index, args, type: "tool_call_chunk" }] }
      }
      case "finish": {
        const { finishReason, trail, usage } = part
        return { content: this.#json?.end() ?? "", response_metadata: toEnd(finishReason, trail), ...withUsage(usage) }
      }
      default:
        return undefined
    }
  }
}
