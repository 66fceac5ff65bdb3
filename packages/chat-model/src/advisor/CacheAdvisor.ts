/**
 * Answers what was asked before with what was answered then, without asking the model.
 *
 * **Details**
 *
 * - The same is: the same messages and the same options (model, tools and all others, but not the conversation's id). A
 *   call and a stream have one cache: each is answered with the parts that came first.
 * - Kept is what came to its end with `stop` or `tool-calls`: no failure, and nothing that broke off or was cut.
 * - An answer from the cache says so: `metadata.cached` is true, and its trail is empty, because nothing was sent. Its usage
 *   is what it took then.
 * - An answer grows old by Effect's clock, from when it came. When the cache is full, what was not used for longest goes.
 * - It stands around each request to the model: tools run again, what the model says to their results may be known.
 *
 * **Gotchas**
 *
 * - A model that is asked for variety (`temperature`) gives the same answer until it is too old.
 * - The same question asked twice at once goes out twice.
 * - Whoever asks the same gets the same: for answers that depend on who asks, that must be in the messages.
 *
 * **Example** (Answers that are kept for an hour)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { CacheAdvisor, ChatClient, ChatModel } from "@understudy/chat-model"
 *
 * const cache = CacheAdvisor.make({ ttl: "1 hour", capacity: 500 })
 * const program = Effect.gen(function* () {
 *   const client = ChatClient.make(yield* ChatModel.ChatModel, { advisors: [cache] })
 *   yield* client.prompt("How far is the moon?").call().response()
 *   const again = yield* client.prompt("How far is the moon?").call().response()
 *   return again.metadata.cached // => true
 * })
 * ```
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import * as Advisor from "../Advisor.ts"
import * as ChatOptions from "../ChatOptions.ts"
import type { ChatPart } from "../ChatPart.ts"
import { BoundedMap } from "../internal/runtime/BoundedMap.ts"
import { onComplete } from "../internal/stream/PartWatch.ts"
import type { Prompt } from "../Prompt.ts"

/** How much is kept, and for how long. */
export interface Options {
  /** How long an answer is good. Default: 10 minutes. */
  readonly ttl?: Duration.Input | undefined
  /** How many answers are kept. Default: 1000. */
  readonly capacity?: number | undefined
}

interface Entry {
  readonly parts: ReadonlyArray<ChatPart>
  readonly until: number
}

const sorted = (_: string, value: unknown): unknown =>
  Predicate.isObject(value) && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

const keyOf = ({ messages, options }: Prompt): string => {
  const { conversationId: _, ...rest } = ChatOptions.resolve(options)
  return JSON.stringify([rest, messages], sorted)
}

const isWhole = (parts: ReadonlyArray<ChatPart>): boolean => {
  const last = parts.at(-1)
  return last?.type === "finish" && ["stop", "tool-calls"].includes(last.finishReason.unified)
}

const toCached = (part: ChatPart): ChatPart => {
  if (part.type === "response-metadata") return { ...part, trail: [], cached: true }
  return part.type === "finish" ? { ...part, trail: [] } : part
}

/** Makes an advisor with a cache of its own. */
export const make = ({ capacity = 1000, ttl = "10 minutes" }: Options = {}): Advisor.Advisor => {
  const entries = new BoundedMap<Entry>("capacity", capacity)
  const life = Duration.toMillis(ttl)
  return Advisor.make(
    "cache",
    (request, next) =>
      Stream.unwrap(
        Effect.map(Clock.currentTimeMillis, (now) => {
          const key = keyOf(request.prompt)
          const entry = entries.get(key)
          if (entry !== undefined && now < entry.until) return Stream.fromArray(entry.parts)
          return onComplete(next(request), (parts) =>
            Effect.map(Clock.currentTimeMillis, (then) => {
              if (isWhole(parts)) entries.set(key, { parts: parts.map(toCached), until: then + life })
            })
          )
        })
      ),
    "request"
  )
}
