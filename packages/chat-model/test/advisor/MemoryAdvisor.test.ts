import { assert, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect } from "vitest"
import * as MemoryAdvisor from "../../src/advisor/MemoryAdvisor.ts"
import * as ChatClient from "../../src/ChatClient.ts"
import * as ChatMemory from "../../src/ChatMemory.ts"
import * as ChatModel from "../../src/ChatModel.ts"
import * as Message from "../../src/Message.ts"
import * as Scripted from "../support/ScriptedModel.ts"

const make = (answers: ReadonlyArray<Scripted.Answer>) => {
  const scripted = Scripted.make(answers)
  const memory = ChatMemory.make()
  const client = ChatClient.make(scripted.model, { system: "Be brief.", advisors: [MemoryAdvisor.make(memory)] })
  const kept = (id: string) => Effect.runPromise(memory.get(id))
  const ask = (text: string, id = "c1") => client.prompt(text).conversation(id)
  return { ...scripted, memory, client, kept, ask }
}
const broken = { deltas: ["bro", "ken"], fail: Scripted.failure }

describe("MemoryAdvisor", () => {
  it("reminds the model of what was said, after the system's text", async () => {
    const { ask, kept, texts } = make([{ deltas: ["Hi ", "Ann"] }, { deltas: ["Ann"] }, { deltas: ["Who?"] }])
    await Effect.runPromise(ask("My name is Ann.").call().content())
    await Effect.runPromise(Stream.runDrain(ask("What is my name?").stream().content()))
    await Effect.runPromise(ask("What is my name?", "c2").call().content())
    expect(texts(1)).toEqual(["Be brief.", "My name is Ann.", "Hi Ann", "What is my name?"])
    expect(texts(2)).toEqual(["Be brief.", "What is my name?"])
    expect(await kept("c1")).toEqual([
      Message.user("My name is Ann."),
      Message.assistant("Hi Ann"),
      Message.user("What is my name?"),
      Message.assistant("Ann")
    ])
  })

  it("is a service's, in a program", async () => {
    const { model, texts } = make([{ deltas: ["ok"] }])
    const program = Effect.gen(function* () {
      const memory = MemoryAdvisor.make(yield* ChatMemory.ChatMemory)
      const client = ChatClient.make(yield* ChatModel.ChatModel, { advisors: [memory] })
      yield* client.prompt("My name is Ann.").conversation("c1").call().content()
      return yield* client.prompt("What is my name?").conversation("c1").call().content()
    })
    await Effect.runPromise(
      program.pipe(Effect.provide(ChatMemory.layer()), Effect.provideService(ChatModel.ChatModel, model))
    )
    expect(texts(1)).toEqual(["My name is Ann.", "ok", "What is my name?"])
  })

  it("remembers nothing without a conversation", async () => {
    const { client, texts } = make([{ deltas: ["ok"] }])
    const call = client.prompt("hi").call().content()
    await Effect.runPromise(Effect.andThen(call, call))
    expect(texts(1)).toEqual(["Be brief.", "hi"])
  })

  it("keeps no trace of a turn that failed, called or streamed", async () => {
    const { ask, kept } = make([broken])
    await Effect.runPromise(Effect.flip(ask("hi").call().content()))
    await Effect.runPromise(Effect.flip(Stream.runDrain(ask("hi").stream().content())))
    expect(await kept("c1")).toEqual([])
  })

  it("keeps no trace of a turn that was interrupted or left, and lets the next one in", async () => {
    const { ask, asked, kept } = make([{ before: Effect.never }, { deltas: ["le", "ft"] }, { deltas: ["ok"] }])
    const fiber = Effect.runFork(ask("one").call().content())
    await expect.poll(() => asked.length).toBe(1)
    await Effect.runPromise(Fiber.interrupt(fiber))
    await Effect.runPromise(Stream.runDrain(Stream.take(ask("two").stream().content(), 1)))
    expect(await kept("c1")).toEqual([])
    await Effect.runPromise(ask("three").call().content())
    expect(await kept("c1")).toEqual([Message.user("three"), Message.assistant("ok")])
  })

  it("fails the answer when the memory fails, and keeps nothing", async () => {
    const { model } = make([{ deltas: ["ok"] }])
    const error = new ChatMemory.ChatMemoryError({
      message: "The disk is full",
      conversationId: "c1",
      reason: { _tag: "StoreFailed", cause: undefined }
    })
    const full = ChatMemory.ChatMemory.of({ ...ChatMemory.make(), append: () => Effect.fail(error) })
    const client = ChatClient.make(model, { advisors: [MemoryAdvisor.make(full)] })
    const failed = client.prompt("hi").conversation("c1").call().content()
    expect(await Effect.runPromise(Effect.flip(failed))).toBe(error)
  })

  it("lets turns of one conversation wait for each other, and others not", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const { asked, ask, kept } = make([
      { before: Deferred.await(gate), deltas: ["first"] },
      { deltas: ["second"] },
      { deltas: ["third"] }
    ])
    const program = Effect.gen(function* () {
      const one = yield* Effect.forkChild(ask("1").call().content(), { startImmediately: true })
      const two = yield* Effect.forkChild(Stream.runDrain(ask("2").stream().content()), { startImmediately: true })
      yield* ask("3", "other").call().content()
      expect(asked).toHaveLength(2)
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(one)
      yield* Fiber.join(two)
    })
    await Effect.runPromise(program)
    expect((await kept("c1")).map(Message.textOf)).toEqual(["1", "first", "2", "third"])
  })

  it("keeps an answer without anything as a message that can be sent again", async () => {
    const { ask, kept } = make([{ parts: [...Scripted.textParts([])] }])
    await Effect.runPromise(ask("hi").call().content())
    expect(await kept("c1")).toEqual([Message.user("hi"), Message.assistant("")])
  })

  it("keeps no call that the model did not come to the end of", async () => {
    const cut = [...Scripted.toolParts("call_1", "pay", '{"amo').slice(0, -1), Scripted.finish("length")]
    const { ask, kept, texts } = make([{ parts: cut }, { deltas: ["ok"] }])
    await Effect.runPromise(ask("Pay").call().content())
    expect(await kept("c1")).toEqual([Message.user("Pay"), Message.assistant("")])
    await Effect.runPromise(ask("Did you?").call().content())
    expect(texts(1)).toEqual(["Be brief.", "Pay", "", "Did you?"])
  })

  it("keeps a call whose result is what comes next, and forgets one whose result does not come", async () => {
    const call = { parts: Scripted.toolParts("call_1", "pay", "{}") }
    const { ask, asked, client, kept } = make([call, { deltas: ["paid"] }, call, { deltas: ["ok"] }])
    await Effect.runPromise(ask("Pay").call().content())
    const result = Message.tool("call_1", "done")
    await Effect.runPromise(client.prompt([result]).conversation("c1").call().content())
    const paying = Message.assistant({ toolCalls: [{ id: "call_1", name: "pay", arguments: "{}" }] })
    const paid = [Message.user("Pay"), paying, result, Message.assistant("paid")]
    expect(asked[1]!.prompt.messages.slice(1)).toEqual(paid.slice(0, 3))
    expect(await kept("c1")).toEqual(paid)
    await Effect.runPromise(ask("Again").call().content())
    await Effect.runPromise(ask("Never mind").call().content())
    const forgotten = [...paid, Message.user("Again"), Message.assistant(""), Message.user("Never mind")]
    expect(asked[3]!.prompt.messages.slice(1)).toEqual(forgotten)
    expect(await kept("c1")).toEqual([...forgotten, Message.assistant("ok")])
  })

  it("leaves system messages where they were given", async () => {
    const { client, kept, texts } = make([{ deltas: ["ok"] }])
    const said = [Message.user("a"), Message.system("Now in French."), Message.user("b")]
    await Effect.runPromise(client.prompt("hi").conversation("c1").call().content())
    await Effect.runPromise(client.prompt(said).conversation("c1").call().content())
    expect(texts(1)).toEqual(["Be brief.", "hi", "ok", "a", "Now in French.", "b"])
    expect((await kept("c1")).map(Message.textOf)).toEqual(["hi", "ok", "a", "b", "ok"])
  })
})

describe("MemoryAdvisor, when a reader went silent", () => {
  const begin = (answers: ReadonlyArray<Scripted.Answer>, options?: MemoryAdvisor.Options) => {
    const { model } = Scripted.make(answers)
    const memory = ChatMemory.make()
    const client = ChatClient.make(model, { advisors: [MemoryAdvisor.make(memory, options)] })
    const ask = (text: string) => client.prompt(text).conversation("c1")
    const kept = Effect.map(memory.get("c1"), (messages) => messages.map(Message.textOf))
    /** Reads one array of a stream and hands out the rest of it. */
    const peek = Effect.fnUntraced(function* (text: string) {
      const pull = yield* Stream.toPull(ask(text).stream().parts())
      yield* pull
      return pull
    })
    return { ask, kept, peek }
  }

  it.effect.each([
    [undefined, 3_000],
    ["20 seconds", 20_000]
  ] as const)("waits for it no longer than idle (%s), and for it alone", ([idle, millis]) =>
    Effect.gen(function* () {
      const { ask, kept, peek } = begin([{ deltas: ["one"] }, { deltas: ["two"] }, { deltas: ["three"] }], { idle })
      const rest = yield* peek("1")
      const second = yield* Effect.forkChild(ask("2").call().content(), { startImmediately: true })
      const third = yield* Effect.forkChild(ask("3").call().content(), { startImmediately: true })
      yield* TestClock.adjust(millis - 1)
      assert.isUndefined(second.pollUnsafe())
      yield* TestClock.adjust(1)
      assert.strictEqual(yield* Fiber.join(second), "two")
      assert.strictEqual(yield* Fiber.join(third), "three")
      // The reader comes back: their turn is kept when it ends.
      yield* Effect.ignoreCause(Effect.forever(rest))
      assert.deepStrictEqual(yield* kept, ["2", "two", "3", "three", "1", "one"])
    })
  )

  it.effect("waits for a reader who waits for the model, however long", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { ask, kept } = begin([{ before: Deferred.await(gate), deltas: ["one"] }, { deltas: ["two"] }])
      const first = yield* Effect.forkChild(Stream.runDrain(ask("1").stream().parts()), { startImmediately: true })
      const second = yield* Effect.forkChild(ask("2").call().content(), { startImmediately: true })
      yield* TestClock.adjust("1 hour")
      assert.isUndefined(second.pollUnsafe())
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(first)
      yield* Fiber.join(second)
      assert.deepStrictEqual(yield* kept, ["1", "one", "2", "two"])
    })
  )

  it.effect("lets those behind one who left while they waited go on waiting", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { ask, kept } = begin([{ before: Deferred.await(gate), deltas: ["one"] }, { deltas: ["three"] }])
      const first = yield* Effect.forkChild(ask("1").call().content(), { startImmediately: true })
      const leaver = yield* Effect.forkChild(ask("2").call().content(), { startImmediately: true })
      const third = yield* Effect.forkChild(ask("3").call().content(), { startImmediately: true })
      yield* Fiber.interrupt(leaver)
      assert.isUndefined(third.pollUnsafe())
      yield* Deferred.succeed(gate, undefined)
      yield* Effect.all([Fiber.join(first), Fiber.join(third)])
      assert.deepStrictEqual(yield* kept, ["1", "one", "3", "three"])
    })
  )
})
