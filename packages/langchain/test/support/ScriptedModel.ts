/** A ChatModel in memory: plays answers in order and keeps the prompts that it was given. */
import * as ChatModel from "@understudy/chat-model/ChatModel"
import { ChatModelError, type Reason } from "@understudy/chat-model/ChatModelError"
import type { ChatPart } from "@understudy/chat-model/ChatPart"
import * as ChatResponse from "@understudy/chat-model/ChatResponse"
import * as PromiseChatModel from "@understudy/chat-model/PromiseChatModel"
import * as Prompt from "@understudy/chat-model/Prompt"
import type { Trail } from "@understudy/core/failure/FailoverError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"

/** An answer, part by part, which a failure may break off. */
export type Answer = ReadonlyArray<ChatPart | ChatModelError>

export const trail: Trail = [
  {
    provider: "qwen",
    model: "qwen-turbo",
    key: "kabc",
    outcome: "Unauthorized",
    millis: 3,
    next: "next target",
    skipped: false,
    status: 401
  },
  {
    provider: "deepseek",
    model: "deepseek-chat",
    key: undefined,
    outcome: "ok",
    millis: 9,
    next: "answer",
    skipped: false
  }
]

export const head: ChatPart = {
  type: "response-metadata",
  id: "answer-1",
  model: "deepseek-chat",
  created: 1_700_000_000,
  route: "aliyun",
  provider: "deepseek",
  trail
}

export const finish = (unified: "stop" | "tool-calls" | "length" = "stop", raw: string = unified): ChatPart => ({
  type: "finish",
  finishReason: { unified, raw },
  usage: {
    promptTokens: 10,
    completionTokens: 7,
    totalTokens: 17,
    reasoningTokens: 4,
    cacheReadInputTokens: 6,
    nativeUsage: { prompt_tokens: 10 }
  },
  trail
})

/** The parts of a block. */
export const block = (kind: "text" | "reasoning" | "refusal", delta: string): ReadonlyArray<ChatPart> => [
  { type: `${kind}-start`, id: `${kind}-1` },
  { type: `${kind}-delta`, id: `${kind}-1`, delta },
  { type: `${kind}-end`, id: `${kind}-1` }
]

/** The parts of a tool call. */
export const toolCall = (id: string, name: string, json: string): ReadonlyArray<ChatPart> => [
  { type: "tool-call-start", id, name },
  { type: "tool-call-delta", id, delta: json },
  { type: "tool-call", id, name, arguments: json }
]

/** A failure. */
export const failure = (reason: Reason): ChatModelError =>
  new ChatModelError({ message: "It failed.", reason, trail: trail.slice(0, 1) })

/** What a vendor said, for reasons that hold it. */
export const vendor = {
  kind: "InvalidRequest",
  detail: "qwen said no",
  status: undefined,
  type: undefined,
  code: undefined,
  param: undefined
} as const

const isFailure = (part: ChatPart | ChatModelError): part is ChatModelError => part instanceof ChatModelError

/** A ChatModel that gives these answers, one a call. */
export const make = async (...answers: ReadonlyArray<Answer>) => {
  const prompts: Array<Prompt.Prompt> = []
  const next = (input: Prompt.Input) => {
    prompts.push(Prompt.make(input))
    const answer = answers[prompts.length - 1] ?? []
    return {
      parts: answer.filter((part) => !isFailure(part)) as ReadonlyArray<ChatPart>,
      failed: answer.find(isFailure)
    }
  }
  const service = ChatModel.ChatModel.of({
    options: {},
    call: (input) =>
      Effect.suspend(() => {
        const { failed, parts } = next(input)
        return failed === undefined ? Effect.succeed(ChatResponse.fromParts(parts)) : Effect.fail(failed)
      }),
    stream: (input) =>
      Stream.suspend(() => {
        const { failed, parts } = next(input)
        const stream = Stream.fromIterable(parts)
        return failed === undefined ? stream : Stream.concat(stream, Stream.fail(failed))
      })
  })
  return { prompts, chatModel: await PromiseChatModel.fromLayer(Layer.succeed(ChatModel.ChatModel, service)) }
}
