import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, it } from "vitest"
import * as CacheAdvisor from "../../src/advisor/CacheAdvisor.ts"
import * as ChatClient from "../../src/ChatClient.ts"
import type { ChatOptions } from "../../src/ChatOptions.ts"
import * as Message from "../../src/Message.ts"
import * as Scripted from "../support/ScriptedModel.ts"

const make = (answers?: ReadonlyArray<Scripted.Answer>, options?: CacheAdvisor.Options) => {
  const scripted = Scripted.make(answers, { model: "chat" })
  const client = ChatClient.make(scripted.model, { advisors: [CacheAdvisor.make(options)] })
  return { ...scripted, client }
}
const run = <A, E>(effect: Effect.Effect<A, E>) => Effect.runPromise(Effect.provide(effect, TestClock.layer()))

describe("CacheAdvisor", () => {
  it("answers calls and streams with what came first, and says so", async () => {
    const { asked, client } = make([{ deltas: ["Hel", "lo"] }])
    const spec = client.prompt("hi")
    const parts = Stream.runCollect(spec.stream().parts())
    const [first, second, called] = await run(Effect.all([parts, parts, spec.call().response()]))
    expect(first).toEqual(Scripted.textParts(["Hel", "lo"]))
    expect(second.map(({ type }) => type)).toEqual(first.map(({ type }) => type))
    expect(called.text).toBe("Hello")
    expect(called.metadata).toMatchObject({
      cached: true,
      attempts: 0,
      trail: [],
      model: "chat-2026",
      finishReason: { unified: "stop" },
      usage: { totalTokens: 8 }
    })
    expect(asked).toHaveLength(1)
  })

  it("does not say so of what was asked", async () => {
    const { client } = make()
    expect((await run(client.prompt("hi").call().response())).metadata).not.toHaveProperty("cached")
  })

  const tools = [{ name: "weather", parameters: { type: "object", properties: {} } }]
  const others: ReadonlyArray<readonly [string, string, ChatOptions]> = [
    ["another text", "ho", {}],
    ["another model", "hi", { model: "other" }],
    ["another option", "hi", { temperature: 1 }],
    ["tools", "hi", { tools }],
    ["an extra field", "hi", { extraBody: { top_k: 1 } }]
  ]
  it.each(others)("asks for %s", async (_, text, options) => {
    const { asked, client } = make()
    await run(Effect.all([client.prompt("hi").call().content(), client.prompt(text).options(options).call().content()]))
    expect(asked).toHaveLength(2)
  })

  it("takes for the same what differs in the order of fields or the conversation only", async () => {
    const { asked, client } = make()
    const one = client.prompt("hi").options({ seed: 1, temperature: 0, extraBody: { a: 1, b: 2 } })
    const two = client.prompt(Message.user("hi")).options({ extraBody: { b: 2, a: 1 }, temperature: 0, seed: 1 })
    await run(Effect.all([one.call().content(), two.conversation("c1").call().content()]))
    expect(asked).toHaveLength(1)
  })

  it("asks again when an answer is too old", async () => {
    const { asked, client } = make(undefined, { ttl: "1 minute" })
    const call = client.prompt("hi").call().content()
    await run(
      Effect.gen(function* () {
        yield* call
        yield* TestClock.adjust("59999 millis")
        yield* call
        expect(asked).toHaveLength(1)
        yield* TestClock.adjust("1 millis")
        yield* call
        expect(asked).toHaveLength(2)
      })
    )
  })

  it("forgets what was not used for longest", async () => {
    const { asked, client } = make(undefined, { capacity: 2 })
    const ask = (text: string) => client.prompt(text).call().content()
    await run(Effect.forEach(["a", "b", "a", "c", "a", "b"], ask))
    expect(asked.map(({ prompt }) => Message.textOf(prompt.messages[0]!))).toEqual(["a", "b", "c", "b"])
    expect(() => CacheAdvisor.make({ capacity: 0 })).toThrow("capacity must be an integer >= 1, got 0")
  })

  it.each([
    ["a failure", { deltas: ["a", "b"], fail: Scripted.failure }],
    ["an answer that was cut", { parts: [...Scripted.textParts(["a"]).slice(0, -1), Scripted.finish("length")] }],
    ["an answer without an end", { parts: Scripted.textParts(["a"]).slice(0, -1) }]
  ])("does not keep %s", async (_, answer) => {
    const { asked, client } = make([answer])
    const stream = Effect.exit(Stream.runDrain(client.prompt("hi").stream().content()))
    await run(Effect.all([stream, stream]))
    expect(asked).toHaveLength(2)
  })

  it("does not keep an answer whose reader left", async () => {
    const { asked, client } = make([{ deltas: ["a", "b"] }])
    const some = Stream.runDrain(Stream.take(client.prompt("hi").stream().parts(), 2))
    await run(Effect.all([some, some]))
    expect(asked).toHaveLength(2)
  })

  it("keeps an answer that calls a tool", async () => {
    const { asked, client } = make([{ parts: Scripted.toolParts("call_1", "weather", "{}") }])
    const call = client.prompt("hi").call().response()
    const [, again] = await run(Effect.all([call, call]))
    expect(again.toolCalls).toEqual([{ id: "call_1", name: "weather", arguments: "{}" }])
    expect(asked).toHaveLength(1)
  })
})
