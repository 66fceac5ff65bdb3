/**
 * Writes a line to Effect's log for each request to the model: who answered, what it took, how it ended.
 *
 * | message       | level     | when                                                   |
 * | ------------- | --------- | ------------------------------------------------------ |
 * | `Chat answered` | `level` | the answer came whole                                  |
 * | `Chat left`     | `level` | it was interrupted, or its reader left before its end  |
 * | `Chat failed`   | `Warn`  | it failed; with the error's tag and reason             |
 *
 * **Details**
 *
 * What else is known stands in annotations: `mode`, `conversation`, `model`, `provider`, `attempts`, `finish`, the tokens
 * and `millis`. What was asked and answered is left out unless `content` is set; then it is cut to 600 characters, and
 * whatever looks like a key is cleared.
 *
 * **Gotchas**
 *
 * With `content`, people's data are in the log: put this advisor before the redaction to see them, after it not to.
 *
 * **Example** (A line for each request)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { ChatClient, ChatModel, LoggingAdvisor } from "@understudy/chat-model"
 *
 * const program = Effect.gen(function* () {
 *   const client = ChatClient.make(yield* ChatModel.ChatModel, { advisors: [LoggingAdvisor.make()] })
 *   return yield* client.prompt("Tell me a joke").call().content()
 * })
 * ```
 */

import { redact } from "@understudy/core/failure/AttemptFailure"
import * as Trail from "@understudy/core/failure/Trail"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as LogLevel from "effect/LogLevel"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import * as Advisor from "../Advisor.ts"
import { ChatModelError } from "../ChatModelError.ts"
import type { ChatPart } from "../ChatPart.ts"
import * as ChatResponse from "../ChatResponse.ts"
import { onExit } from "../internal/stream/PartWatch.ts"
import * as Message from "../Message.ts"

/** What is written. */
export interface Options {
  /** The level of what did not fail. Default: `Info`. */
  readonly level?: LogLevel.Severity | undefined
  /** Whether the last message and the answer are written, too. Default: false. */
  readonly content?: boolean | undefined
}

type Annotations = Record<string, unknown>

const ofAnswer = (parts: ReadonlyArray<ChatPart>, content: boolean): Annotations => {
  const { metadata, text } = ChatResponse.fromParts(parts)
  const { attempts, cached, finishReason, model, provider, usage } = metadata
  return {
    model,
    provider,
    attempts,
    cached,
    finish: finishReason?.unified,
    promptTokens: usage?.promptTokens,
    completionTokens: usage?.completionTokens,
    answer: content && text !== undefined ? redact(text) : undefined
  }
}

const ofRequest = ({ mode, prompt }: Advisor.Request, content: boolean): Annotations => {
  const last = prompt.messages.at(-1)
  const text = last === undefined ? undefined : Message.textOf(last)
  return {
    mode,
    conversation: prompt.options.conversationId,
    question: content && text !== undefined ? redact(text) : undefined
  }
}

const tagOf = (value: unknown): unknown => (Predicate.hasProperty(value, "_tag") ? value._tag : undefined)

const ofFailure = (error: unknown): Annotations => ({
  error: tagOf(error) ?? "defect",
  reason: Predicate.hasProperty(error, "reason") ? tagOf(error.reason) : undefined,
  ...(error instanceof ChatModelError ? { attempts: Trail.attempts(error.trail) } : {})
})

const write = (level: LogLevel.Severity, message: string, annotations: Annotations): Effect.Effect<void> => {
  const known = Object.entries(annotations).filter(([, value]) => value !== undefined)
  return Effect.annotateLogs(Effect.logWithLevel(level)(message), Object.fromEntries(known))
}

/** Makes an advisor that logs. */
export const make = ({ content = false, level = "Info" }: Options = {}): Advisor.Advisor =>
  Advisor.make(
    "logging",
    (request, next) =>
      Stream.unwrap(
        Effect.map(Clock.currentTimeMillis, (began) =>
          onExit(next(request), (parts, exit) =>
            Effect.flatMap(Clock.currentTimeMillis, (now) => {
              const known = { ...ofRequest(request, content), ...ofAnswer(parts, content), millis: now - began }
              if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)) {
                return write("Warn", "Chat failed", { ...known, ...ofFailure(Cause.squash(exit.cause)) })
              }
              const isWhole = parts.at(-1)?.type === "finish"
              return write(level, isWhole ? "Chat answered" : "Chat left", known)
            })
          )
        )
      ),
    "request"
  )
