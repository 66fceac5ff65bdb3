/** A ChatModel in memory: plays answers in order, the last one again and again, and records what it was asked. */
import type { Failed, Ok } from "@understudy/core/failure/Trail"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as ChatModel from "../../src/ChatModel.ts"
import { type ChatModelError, invalidPrompt } from "../../src/ChatModelError.ts"
import type { ChatOptions } from "../../src/ChatOptions.ts"
import type { ChatPart } from "../../src/ChatPart.ts"
import * as ChatResponse from "../../src/ChatResponse.ts"
import * as Prompt from "../../src/Prompt.ts"

/** Deltas of a text, or parts as they are; `fail` breaks the answer off after them. */
export interface Answer {
  readonly deltas?: ReadonlyArray<string>
  readonly parts?: ReadonlyArray<ChatPart>
  readonly fail?: ChatModelError
  /** What happens before the answer. */
  readonly before?: Effect.Effect<unknown>
}

const head: ChatPart = {
  type: "response-metadata",
  id: "answer-1",
  model: "chat-2026",
  route: "route",
  provider: "vendor",
  trail: []
}

/** The record of an attempt that was answered. */
export const attempt: Ok = {
  _tag: "Ok",
  provider: "vendor",
  model: "chat-2026",
  key: undefined,
  millis: 5,
  next: { _tag: "Answer" }
}

/** The record of one that failed. */
export const failed: Failed = {
  ...attempt,
  _tag: "Failed",
  next: { _tag: "Fail" },
  reason: { _tag: "Overloaded", retryAfter: undefined },
  afterContent: false,
  message: "vendor answered 503"
}

/** The end of an answer that took 3 + 5 tokens. */
export const finish = (unified: "stop" | "length" | "tool-calls" = "stop"): ChatPart => ({
  type: "finish",
  finishReason: { unified },
  usage: { promptTokens: 3, completionTokens: 5, totalTokens: 8, nativeUsage: {} },
  trail: [attempt]
})

/** The parts of a text. */
export const textParts = (deltas: ReadonlyArray<string>): ReadonlyArray<ChatPart> => [
  head,
  { type: "text-start", id: "text-1" },
  ...deltas.map((delta): ChatPart => ({ type: "text-delta", id: "text-1", delta })),
  { type: "text-end", id: "text-1" },
  finish()
]

/** The parts of an answer that calls a tool. */
export const toolParts = (id: string, name: string, json: string): ReadonlyArray<ChatPart> => [
  head,
  { type: "tool-call-start", id, name },
  { type: "tool-call-delta", id, delta: json.slice(0, 5) },
  { type: "tool-call-delta", id, delta: json.slice(5) },
  { type: "tool-call", id, name, arguments: json },
  finish("tool-calls")
]

/** A failure that a model may have. */
export const failure = invalidPrompt("messages", "nothing", "something")

/** The model and what it saw. */
export interface ScriptedModel {
  readonly model: ChatModel.ChatModel["Service"]
  readonly asked: Array<{ readonly mode: "call" | "stream"; readonly prompt: Prompt.Prompt }>
  /** The texts of the messages of the nth request. */
  readonly texts: (index: number) => ReadonlyArray<string>
}

/** Makes a model. An answer of its own is `ok`. */
export const make = (
  answers: ReadonlyArray<Answer> = [{ deltas: ["o", "k"] }],
  options: ChatOptions = {}
): ScriptedModel => {
  const asked: ScriptedModel["asked"] = []
  const play = (mode: "call" | "stream", input: Prompt.Input): Stream.Stream<ChatPart, ChatModelError> =>
    Stream.suspend(() => {
      const { before = Effect.void, deltas = [], fail, parts } = answers[Math.min(asked.length, answers.length - 1)]!
      asked.push({ mode, prompt: Prompt.make(input) })
      const whole = parts ?? textParts(deltas)
      const told = fail === undefined ? whole : whole.slice(0, -2)
      const played = Stream.flatMap(Stream.fromArray(told), Stream.succeed)
      const all = fail === undefined ? played : Stream.concat(played, Stream.fail(fail))
      return Stream.concat(Stream.fromEffectDrain(before), all)
    })
  const model = ChatModel.ChatModel.of({
    options,
    call: (input) => ChatResponse.fromStream(play("call", input)),
    stream: (input) => play("stream", input)
  })
  const texts = (index: number) =>
    asked[index]!.prompt.messages.map((message) =>
      message.role === "assistant" ? (message.text ?? JSON.stringify(message.toolCalls)) : String(message.content)
    )
  return { model, asked, texts }
}
