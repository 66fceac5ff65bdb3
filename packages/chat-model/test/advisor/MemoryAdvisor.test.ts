import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
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
})
