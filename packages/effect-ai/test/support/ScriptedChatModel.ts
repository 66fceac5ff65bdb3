/** A ChatModel in memory: plays answers in order and keeps the prompts that it was given. */
import * as ChatModel from "@understudy/chat-model/ChatModel"
import { ChatModelError } from "@understudy/chat-model/ChatModelError"
import type { ChatPart } from "@understudy/chat-model/ChatPart"
import * as ChatResponse from "@understudy/chat-model/ChatResponse"
import * as Prompt from "@understudy/chat-model/Prompt"
import type { Trail } from "@understudy/core/failure/FailoverError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as UnderstudyLanguageModel from "../../src/UnderstudyLanguageModel.ts"

/** An answer, part by part, or a failure. */
export type Answer = ReadonlyArray<ChatPart> | ChatModelError

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
    skipped: false,
    usage: { prompt_tokens: 1 }
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
    nativeUsage: {}
  },
  trail
})

/** The parts of a text. */
export const text = (delta: string): ReadonlyArray<ChatPart> => [
  { type: "text-start", id: "text-1" },
  { type: "text-delta", id: "text-1", delta },
  { type: "text-end", id: "text-1" }
]

/** The parts of a tool call. */
export const toolCall = (id: string, name: string, json: string): ReadonlyArray<ChatPart> => [
  { type: "tool-call-start", id, name },
  { type: "tool-call-delta", id, delta: json },
  { type: "tool-call", id, name, arguments: json }
]

/** A language model whose ChatModel gives these answers, one a call. */
export const make = (...answers: ReadonlyArray<Answer>) => {
  const prompts: Array<Prompt.Prompt> = []
  const next = (input: Prompt.Input): Answer => {
    prompts.push(Prompt.make(input))
    return answers[prompts.length - 1] ?? []
  }
  const chatModel = ChatModel.ChatModel.of({
    options: {},
    call: (input) =>
      Effect.suspend(() => {
        const answer = next(input)
        return answer instanceof ChatModelError ? Effect.fail(answer) : Effect.succeed(ChatResponse.fromParts(answer))
      }),
    stream: (input) =>
      Stream.suspend(() => {
        const answer = next(input)
        return answer instanceof ChatModelError ? Stream.fail(answer) : Stream.fromIterable(answer)
      })
  })
  const layer = UnderstudyLanguageModel.layer({ model: "qwen-turbo" }).pipe(
    Layer.provide(Layer.succeed(ChatModel.ChatModel, chatModel))
  )
  return { prompts, layer }
}
