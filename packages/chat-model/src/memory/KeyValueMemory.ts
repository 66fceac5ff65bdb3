/**
 * Conversations in Effect's `KeyValueStore`: files, SQL, Redis, the browser's storage. One key for each conversation.
 *
 * **Details**
 *
 * A turn is appended by reading the conversation, adding to it and writing it, one after another in this process.
 *
 * **Gotchas**
 *
 * - Two processes that append to one conversation at the same moment may lose a turn: keep a conversation to one process.
 * - What people say is stored as it is: the store has to be as safe as that demands.
 * - `KeyValueStore` is not yet stable in Effect, which is why this module is not part of the package's index.
 *
 * **Example** (Conversations in files)
 *
 * ```ts
 * import * as Layer from "effect/Layer"
 * import * as KeyValueStore from "effect/persistence/KeyValueStore"
 * import * as KeyValueMemory from "@understudy/chat-model/memory/KeyValueMemory"
 *
 * const layer = KeyValueMemory.layer().pipe(Layer.provide(KeyValueStore.layerFileSystem("conversations")))
 * ```
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import { ChatMemory, ChatMemoryError } from "../ChatMemory.ts"
import * as KeyedLock from "../internal/runtime/KeyedLock.ts"
import * as WholeCalls from "../internal/tools/WholeCalls.ts"
import { messagesFlaw } from "../internal/wire/PromptCheck.ts"
import type { Message } from "../Message.ts"
import * as Window from "./Window.ts"

/** How conversations are kept. */
export interface Options {
  /** What is kept of each conversation. Default: the last 40 messages. */
  readonly window?: Window.Window | undefined
  /** Goes before a conversation's id to make its key. Default: `chat-memory/`. */
  readonly prefix?: string | undefined
}

const unreadable = (conversationId: string, detail: string): ChatMemoryError =>
  new ChatMemoryError({
    message: `Conversation "${conversationId}" cannot be read: ${detail}. Clear it, or mend it in the store.`,
    conversationId,
    reason: { _tag: "Unreadable", detail }
  })

const fromJson = (id: string, text: string): Effect.Effect<ReadonlyArray<Message>, ChatMemoryError> =>
  Effect.flatMap(
    Effect.try({ try: (): unknown => JSON.parse(text), catch: () => unreadable(id, "it is not JSON") }),
    (value) => {
      const messages = value as ReadonlyArray<Message>
      const flaw = messagesFlaw(messages)
      return flaw === undefined ? Effect.succeed(messages) : Effect.fail(unreadable(id, flaw.message))
    }
  )

/**
 * Keeps conversations in a store.
 *
 * **Example** (A store of this process)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as KeyValueStore from "effect/persistence/KeyValueStore"
 * import { Message } from "@understudy/chat-model"
 * import * as KeyValueMemory from "@understudy/chat-model/memory/KeyValueMemory"
 *
 * const program = Effect.gen(function* () {
 *   const memory = KeyValueMemory.make(yield* KeyValueStore.KeyValueStore, { prefix: "shop/" })
 *   yield* memory.append("c1", [Message.user("My name is Ann."), Message.assistant("Hello, Ann!")])
 *   return (yield* memory.get("c1")).length // => 2
 * }).pipe(Effect.provide(KeyValueStore.layerMemory))
 * ```
 */
export const make = (
  store: KeyValueStore.KeyValueStore,
  { prefix = "chat-memory/", window = Window.standard }: Options = {}
): ChatMemory["Service"] => {
  const lock = KeyedLock.make()
  const ask = <A>(id: string, effect: Effect.Effect<A, KeyValueStore.KeyValueStoreError>) =>
    Effect.mapError(
      effect,
      (cause) =>
        new ChatMemoryError({
          message: `Conversation "${id}" could not be reached in its store: ${cause.message}`,
          conversationId: id,
          reason: { _tag: "StoreFailed", cause }
        })
    )
  const get = (id: string) =>
    Effect.flatMap(ask(id, store.get(prefix + id)), (text) =>
      text === undefined ? Effect.succeed([]) : fromJson(id, text)
    )
  return ChatMemory.of({
    get,
    append: (id, turn) =>
      lock.hold(
        id,
        Effect.flatMap(get(id), (before) =>
          ask(id, store.set(prefix + id, JSON.stringify(WholeCalls.keep(window([...before, ...turn])))))
        )
      ),
    clear: (id) => lock.hold(id, ask(id, store.remove(prefix + id)))
  })
}

/** Keeps conversations in the `KeyValueStore` that is provided. */
export const layer = (options?: Options): Layer.Layer<ChatMemory, never, KeyValueStore.KeyValueStore> =>
  Layer.effect(
    ChatMemory,
    Effect.map(KeyValueStore.KeyValueStore, (store) => make(store, options))
  )
