/**
 * What was said before, by conversation.
 *
 * **Details**
 *
 * - A turn is what one question added: the user's messages, the tools that were called and what they returned, the
 *   answer. It is appended whole or not at all.
 * - A window bounds what is kept of a conversation; it lets go of whole turns, the oldest first, so no tool call loses its
 *   result. See `Window`. Of a window of your own making, results without their call and calls without their result are let
 *   go, too.
 * - The system's text is not memory: a client gives it anew with every question.
 *
 * **Gotchas**
 *
 * `layer` keeps conversations in this process: they are gone when it ends, and other processes do not see them.
 * `@understudy/chat-model/memory/KeyValueMemory` keeps them in a store.
 *
 * **Example** (A conversation that is remembered)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import { ChatClient, ChatMemory, ChatModel, MemoryAdvisor } from "@understudy/chat-model"
 *
 * const program = Effect.gen(function* () {
 *   const memory = MemoryAdvisor.make(yield* ChatMemory.ChatMemory)
 *   const client = ChatClient.make(yield* ChatModel.ChatModel, { advisors: [memory] })
 *   yield* client.prompt("My name is Ann.").conversation("c1").call().content()
 *   return yield* client.prompt("What is my name?").conversation("c1").call().content()
 * })
 *
 * const model = ChatModel.layerYaml("understudy.yaml", { model: "qwen3.8-flash" })
 * Effect.runPromise(Effect.provide(program, Layer.merge(ChatMemory.layer(), model)))
 * ```
 *
 * @see MemoryAdvisor for what a client remembers
 */

import { TaggedError } from "@understudy/core/failure/TaggedError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { BoundedMap } from "./internal/runtime/BoundedMap.ts"
import * as WholeCalls from "./internal/tools/WholeCalls.ts"
import type { Message } from "./Message.ts"
import * as Window from "./memory/Window.ts"

/** The store did not do what it was asked. */
export interface StoreFailed {
  readonly _tag: "StoreFailed"
  readonly cause: unknown
}

/** What the store holds is no conversation. */
export interface Unreadable {
  readonly _tag: "Unreadable"
  /** What is wrong with it; never the text of a message. */
  readonly detail: string
}

/** A conversation that could not be read or written. */
export class ChatMemoryError extends TaggedError("ChatMemoryError")<{
  readonly message: string
  readonly conversationId: string
  readonly reason: StoreFailed | Unreadable
}> {}

/** Keeps conversations. */
export class ChatMemory extends Context.Service<
  ChatMemory,
  {
    /** What was said, the oldest first; empty for a conversation that is not known. */
    readonly get: (conversationId: string) => Effect.Effect<ReadonlyArray<Message>, ChatMemoryError>
    /** Adds a turn, whole or not at all. */
    readonly append: (conversationId: string, turn: ReadonlyArray<Message>) => Effect.Effect<void, ChatMemoryError>
    /** Forgets a conversation. */
    readonly clear: (conversationId: string) => Effect.Effect<void, ChatMemoryError>
  }
>()("understudy/chat-model/ChatMemory") {}

/** How much is kept. */
export interface Options {
  /** What is kept of each conversation. Default: the last 40 messages. */
  readonly window?: Window.Window | undefined
  /** Conversations that are kept; the one that was not used for longest goes first. Default: 1000. */
  readonly conversations?: number | undefined
}

/**
 * Keeps conversations in this process.
 *
 * **Example** (A turn that is kept)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { ChatMemory, Message } from "@understudy/chat-model"
 *
 * const memory = ChatMemory.make({ conversations: 100 })
 * Effect.runSync(memory.append("c1", [Message.user("My name is Ann."), Message.assistant("Hello, Ann!")]))
 * Effect.runSync(memory.get("c1")).length // => 2
 * ```
 */
export const make = ({ conversations = 1000, window = Window.standard }: Options = {}): ChatMemory["Service"] => {
  const kept = new BoundedMap<ReadonlyArray<Message>>("conversations", conversations)
  return ChatMemory.of({
    get: (id) => Effect.sync(() => kept.get(id) ?? []),
    append: (id, turn) => Effect.sync(() => kept.set(id, WholeCalls.keep(window([...(kept.get(id) ?? []), ...turn])))),
    clear: (id) => Effect.sync(() => kept.delete(id))
  })
}

/** Keeps conversations in this process, each layer its own: in a service, and in tests. */
export const layer = (options?: Options): Layer.Layer<ChatMemory> => Layer.sync(ChatMemory, () => make(options))
