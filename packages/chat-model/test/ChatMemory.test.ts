import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import { describe, expect, it } from "vitest"
import * as ChatMemory from "../src/ChatMemory.ts"
import * as Message from "../src/Message.ts"
import * as KeyValueMemory from "../src/memory/KeyValueMemory.ts"
import * as TokenEstimate from "../src/memory/TokenEstimate.ts"
import * as Window from "../src/memory/Window.ts"

const turn = (name: string) => [Message.user(name), Message.assistant(`${name}!`)]
const toolTurn = [
  Message.user("weather?"),
  Message.assistant({ toolCalls: [{ id: "1", name: "weather", arguments: "{}" }] }),
  Message.tool("1", "sun"),
  Message.assistant("sunny")
]

const suite = (name: string, layer: (options?: { window?: Window.Window }) => Layer.Layer<ChatMemory.ChatMemory>) => {
  const run = <A, E>(
    effect: (memory: ChatMemory.ChatMemory["Service"]) => Effect.Effect<A, E>,
    options?: { window?: Window.Window }
  ) => Effect.runPromise(Effect.provide(ChatMemory.ChatMemory.use(effect), layer(options)))

  describe(name, () => {
    it("keeps turns by conversation, in order, until they are cleared", async () => {
      const [before, one, two, cleared] = await run((memory) =>
        Effect.gen(function* () {
          const unknown = yield* memory.get("c1")
          yield* memory.append("c1", turn("a"))
          yield* memory.append("c2", turn("b"))
          yield* memory.append("c1", toolTurn)
          const both = [yield* memory.get("c1"), yield* memory.get("c2")] as const
          yield* memory.clear("c1")
          yield* memory.clear("nobody")
          return [unknown, ...both, yield* memory.get("c1")] as const
        })
      )
      expect([before, one, two, cleared]).toEqual([[], [...turn("a"), ...toolTurn], turn("b"), []])
    })

    it("loses none of the turns that are appended at once", async () => {
      const names = Array.from({ length: 10 }, (_, n) => `${n}`)
      const kept = await run((memory) =>
        Effect.andThen(
          Effect.forEach(names, (text) => memory.append("c1", turn(text)), { concurrency: "unbounded" }),
          memory.get("c1")
        )
      )
      expect(kept).toHaveLength(20)
    })

    it("lets go of whole turns when its window is full", async () => {
      const kept = await run(
        (memory) =>
          Effect.andThen(
            Effect.forEach([turn("a"), toolTurn, turn("b")], (some) => memory.append("c1", some)),
            memory.get("c1")
          ),
        { window: Window.messages(5) }
      )
      expect(kept).toEqual(turn("b"))
    })

    it.each([
      [3, [toolTurn[3], ...turn("b")]],
      [4, [toolTurn[3], ...turn("b")]],
      [5, [...toolTurn.slice(1), ...turn("b")]]
    ])("keeps no result without its call of a window that cuts after %i messages", async (length, expected) => {
      const kept = await run(
        (memory) =>
          Effect.andThen(
            Effect.forEach([toolTurn, turn("b")], (some) => memory.append("c1", some)),
            memory.get("c1")
          ),
        { window: (messages) => messages.slice(-length) }
      )
      expect(kept).toEqual(expected)
    })

    it("keeps no call without its result, except the last one, whose result may come", async () => {
      const calls = Message.assistant({
        text: "Let me see.",
        toolCalls: [
          { id: "1", name: "weather", arguments: "{}" },
          { id: "2", name: "weather", arguments: "{}" }
        ]
      })
      const [first] = calls.toolCalls ?? []
      const [pending, partly] = await run((memory) =>
        Effect.gen(function* () {
          yield* memory.append("c1", [Message.user("weather?"), calls])
          const before = yield* memory.get("c1")
          yield* memory.append("c1", [Message.tool("1", "sun"), ...turn("b")])
          return [before, yield* memory.get("c1")] as const
        })
      )
      expect(pending).toEqual([Message.user("weather?"), calls])
      expect(partly).toEqual([
        Message.user("weather?"),
        Message.assistant({ text: "Let me see.", toolCalls: [first!] }),
        Message.tool("1", "sun"),
        ...turn("b")
      ])
    })
  })
}

suite("ChatMemory.layer", ChatMemory.layer)
suite("KeyValueMemory.layer", (options) =>
  KeyValueMemory.layer(options).pipe(Layer.provide(Layer.fresh(KeyValueStore.layerMemory)))
)

describe("ChatMemory.make", () => {
  it("forgets the conversation that was not used for longest", async () => {
    const memory = ChatMemory.make({ conversations: 2 })
    const lengths = await Effect.runPromise(
      Effect.gen(function* () {
        yield* memory.append("a", turn("a"))
        yield* memory.append("b", turn("b"))
        yield* memory.get("a")
        yield* memory.append("c", turn("c"))
        return yield* Effect.forEach(["a", "b", "c"], memory.get)
      })
    )
    expect(lengths.map(({ length }) => length)).toEqual([2, 0, 2])
  })

  it.each([0, 1.5, Number.NaN])("refuses to keep %d conversations", (conversations) => {
    expect(() => ChatMemory.make({ conversations })).toThrow(
      `conversations must be an integer >= 1, got ${conversations}`
    )
  })
})

describe("KeyValueMemory.make", () => {
  const failing = (stored: string | Error) => {
    const answer =
      typeof stored === "string"
        ? Effect.succeed(stored)
        : Effect.fail(new KeyValueStore.KeyValueStoreError({ message: stored.message, method: "get" }))
    return KeyValueMemory.make(
      KeyValueStore.makeStringOnly({
        get: () => answer,
        set: () => Effect.void,
        remove: () => Effect.void,
        clear: Effect.void,
        size: Effect.succeed(0)
      } as never)
    )
  }

  it.each([
    ["{", "it is not JSON"],
    ["[]", "messages must be at least one message, got an empty list"],
    ['[{"role":"boss","content":"hi"}]', 'messages[0].role must be "system", "user", "assistant" or "tool", got "boss"']
  ])("says what is wrong with a store that holds %s", async (stored, detail) => {
    const error = await Effect.runPromise(Effect.flip(failing(stored).append("c1", turn("a"))))
    expect(error).toMatchObject({
      _tag: "ChatMemoryError",
      conversationId: "c1",
      reason: { _tag: "Unreadable", detail }
    })
    expect(error.message).toBe(`Conversation "c1" cannot be read: ${detail}. Clear it, or mend it in the store.`)
  })

  it("says that the store failed, and why", async () => {
    const error = await Effect.runPromise(Effect.flip(failing(new Error("disk gone")).get("c1")))
    expect(error).toMatchObject({ reason: { _tag: "StoreFailed" }, message: expect.stringContaining("disk gone") })
  })

  it("keeps each conversation under one key", async () => {
    const keys = await Effect.runPromise(
      Effect.gen(function* () {
        const store = yield* KeyValueStore.KeyValueStore
        yield* KeyValueMemory.make(store).append("c1", turn("a"))
        yield* KeyValueMemory.make(store, { prefix: "app:" }).append("c1", turn("a"))
        return yield* store.keys
      }).pipe(Effect.provide(Layer.fresh(KeyValueStore.layerMemory)))
    )
    expect(keys.toSorted()).toEqual(["app:c1", "chat-memory/c1"])
  })
})

describe("Window", () => {
  const system = Message.system("s")
  const all = [system, ...turn("a"), ...toolTurn, ...turn("b")]

  it.each([
    [9, all],
    [8, [system, ...toolTurn, ...turn("b")]],
    [7, [system, ...toolTurn, ...turn("b")]],
    [6, [system, ...turn("b")]],
    [1, [system, ...turn("b")]]
  ])("of %d messages keeps whole turns, the system's text and the last turn", (limit, kept) => {
    expect(Window.messages(limit)(all)).toEqual(kept)
  })

  it("leaves system messages where they are", () => {
    const now = Message.system("Now in French.")
    expect(Window.messages(3)([system, ...turn("a"), now, ...turn("b")])).toEqual([system, now, ...turn("b")])
    const [asked, answered] = turn("b")
    expect(Window.messages(4)([system, ...turn("a"), asked!, now, answered!])).toEqual([system, asked, now, answered])
  })

  it("takes what users say one after another for one turn", () => {
    const twice = [Message.user("a"), Message.user("b"), Message.assistant("c")]
    expect(Window.messages(1)([...turn("x"), ...twice])).toEqual(twice)
  })

  it("keeps what stands before the first user's message with the turn that it is", () => {
    expect(Window.messages(2)([Message.assistant("hello"), ...turn("a")])).toEqual(turn("a"))
    expect(Window.messages(2)([])).toEqual([])
  })

  it("counts tokens by its estimate", () => {
    const talk = [Message.user("世界你好"), Message.assistant("a".repeat(40)), ...turn("b")]
    expect(Window.tokens(32)(talk)).toEqual(talk)
    expect(Window.tokens(31)(talk)).toEqual(turn("b"))
    expect(Window.tokens(4, () => 1)(talk)).toEqual(talk)
    expect(() => Window.tokens(0)).toThrow("tokens must be an integer >= 1, got 0")
  })
})

describe("TokenEstimate", () => {
  it("counts characters of English by four, of Chinese by one, and what else goes out", () => {
    expect(TokenEstimate.ofText("Hello, 世界")).toBe(4)
    expect(TokenEstimate.ofMessage(Message.user("Hello, 世界"))).toBe(8)
    expect(
      TokenEstimate.ofMessage(Message.user([{ type: "text", text: "Hi" }, Message.image("https://a.test/b.png")]))
    ).toBe(805)
    expect(TokenEstimate.ofMessage(Message.assistant({ text: "Hi", reasoning: "long long long" }))).toBe(5)
    const toolCalls = [{ id: "1", name: "weather", arguments: '{"a":1}' }]
    expect(TokenEstimate.ofMessage(Message.assistant({ reasoning: "12", toolCalls }))).toBe(8)
  })
})
