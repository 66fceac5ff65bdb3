import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, it } from "vitest"
import * as BudgetAdvisor from "../../src/advisor/BudgetAdvisor.ts"
import * as CacheAdvisor from "../../src/advisor/CacheAdvisor.ts"
import * as ChatClient from "../../src/ChatClient.ts"
import { ChatModelError } from "../../src/ChatModelError.ts"
import * as Scripted from "../support/ScriptedModel.ts"

const make = (options: BudgetAdvisor.Options, answers?: ReadonlyArray<Scripted.Answer>) => {
  const scripted = Scripted.make(answers, { model: "chat" })
  const client = ChatClient.make(scripted.model, { advisors: [BudgetAdvisor.make(options)] })
  // 4 for the message and 1 for the text.
  return { ...scripted, client, ask: client.prompt("hi").call().content() }
}
const run = <A, E>(effect: Effect.Effect<A, E>) => Effect.runPromise(Effect.provide(effect, TestClock.layer()))
const reason = <A, E extends { readonly _tag: string }>(effect: Effect.Effect<A, E>) =>
  run(Effect.map(Effect.flip(effect), (error) => ("reason" in error ? error.reason : error)))
const hour = { every: "1 hour" } as const
const price = {
  chat: { input: 1e6, output: 2e6, currency: "CNY" },
  "chat-2026": { input: 2e6, output: 1e6, cachedInput: 1e6, currency: "CNY" }
}

describe("BudgetAdvisor", () => {
  it("refuses a request that is too large, before it is sent", async () => {
    const { asked, ask, client } = make({ perCall: { tokens: 20 } })
    const long = client.prompt("x".repeat(65)).call().content()
    expect(await reason(long)).toEqual({ _tag: "CallTooLarge", unit: "tokens", limit: 20, needed: 21 })
    const open = client.prompt("hi").options({ maxTokens: 16 }).stream().content()
    expect(await reason(Stream.runDrain(open))).toMatchObject({ _tag: "CallTooLarge", needed: 21 })
    expect(asked).toHaveLength(0)
    expect(await run(ask)).toBe("ok")
  })

  it("refuses when the window's rest is not enough, and says how much is left and when it begins anew", async () => {
    const { asked, ask } = make({ perWindow: { ...hour, tokens: 12 } })
    await run(
      Effect.gen(function* () {
        yield* TestClock.adjust("1 minute")
        yield* ask
        yield* TestClock.adjust("10 minutes")
        const error = yield* Effect.flip(ask)
        expect(error.reason).toEqual({
          _tag: "Exhausted",
          unit: "tokens",
          limit: 12,
          left: 4,
          needed: 5,
          resetsAt: 61 * 60_000,
          retryAfter: 50 * 60_000
        })
        expect(error.message).toBe(
          "The budget has 4 of 12 tokens left, the request needs about 5: ask again in 3000000 ms, or raise perWindow.tokens."
        )
        expect(asked).toHaveLength(1)
        yield* TestClock.adjust("50 minutes")
        yield* ask
      })
    )
    expect(asked).toHaveLength(2)
  })

  it("lets a caller wait for the next window", async () => {
    const { ask, asked } = make({ perWindow: { ...hour, tokens: 12 } })
    const patient = Effect.catchReason(ask, "BudgetError", "Exhausted", ({ retryAfter }) =>
      Effect.delay(ask, retryAfter)
    )
    await run(
      Effect.gen(function* () {
        yield* ask
        const fiber = yield* Effect.forkChild(patient, { startImmediately: true })
        yield* TestClock.adjust("1 hour")
        expect(yield* Fiber.join(fiber)).toBe("ok")
      })
    )
    expect(asked).toHaveLength(2)
  })

  it("counts money by a table, by the model that answered", async () => {
    // An answer costs 3 * 2 + 5 * 1 at the price of chat-2026; the request is estimated at 5 * 1, the price of chat.
    const { ask } = make({ perWindow: { ...hour, money: 15 }, price })
    expect(await reason(Effect.andThen(ask, ask))).toMatchObject({ unit: "money", limit: 15, left: 4, needed: 5 })
  })

  it("counts money by a function, and cached tokens by their own price", async () => {
    const usage = { promptTokens: 3, completionTokens: 5, totalTokens: 8, cacheReadInputTokens: 2, nativeUsage: {} }
    const parts = Scripted.textParts(["ok"]).map((part) => (part.type === "finish" ? { ...part, usage } : part))
    const byTable = make({ perWindow: { ...hour, money: 13 }, price }, [{ parts }])
    expect(await reason(Effect.andThen(byTable.ask, byTable.ask))).toMatchObject({ left: 4 })
    const models: Array<string> = []
    const byFunction = make({
      perWindow: { ...hour, money: 15 },
      price: ({ totalTokens = 0 }, model) => {
        models.push(model)
        return totalTokens
      }
    })
    expect(await reason(Effect.andThen(byFunction.ask, Effect.andThen(byFunction.ask, byFunction.ask)))).toMatchObject({
      left: 0
    })
    expect(models).toEqual(["chat", "chat-2026", "chat", "chat-2026", "chat"])
  })

  it("refuses a model without a price, and falls back to the price of the model that was asked for", async () => {
    const unpriced = make({ perCall: { money: 100 }, price: { other: price.chat } })
    expect(await reason(unpriced.ask)).toEqual({ _tag: "Unpriced", model: "chat" })
    const uncounted = make({ perCall: { tokens: 100 }, price: { other: price.chat } })
    expect(await run(uncounted.ask)).toBe("ok")
    const renamed = make({ perWindow: { ...hour, money: 17 }, price: { chat: price.chat } })
    expect(await reason(Effect.andThen(renamed.ask, renamed.ask))).toMatchObject({ left: 4 })
  })

  it("sets aside what requests under way need", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const { ask, asked } = make({ perWindow: { ...hour, tokens: 18 } }, [
      { before: Deferred.await(gate), deltas: ["ok"] }
    ])
    await run(
      Effect.gen(function* () {
        const fibers = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(ask, { startImmediately: true }))
        const error = yield* Effect.flip(ask)
        expect(error.reason).toMatchObject({ _tag: "Exhausted", left: 3 })
        yield* Fiber.interrupt(fibers[2]!)
        expect(asked).toHaveLength(3)
        yield* Deferred.succeed(gate, undefined)
        yield* Fiber.join(fibers[0]!)
        yield* Fiber.join(fibers[1]!)
        expect((yield* Effect.flip(ask)).reason).toMatchObject({ left: 2 })
      })
    )
  })

  it("counts an answer that was left by what came of it", async () => {
    const { ask, client } = make({ perWindow: { ...hour, tokens: 12 } }, [{ deltas: ["12345678", "rest"] }])
    const left = Stream.runDrain(Stream.take(client.prompt("hi").stream().content(), 1))
    expect(await reason(Effect.andThen(left, Effect.andThen(ask, ask)))).toMatchObject({ left: 0 })
    const again = make({ perWindow: { ...hour, tokens: 11 } }, [{ deltas: ["12345678", "rest"] }])
    const leftAgain = Stream.runDrain(Stream.take(again.client.prompt("hi").stream().content(), 1))
    expect(await reason(Effect.andThen(leftAgain, again.ask))).toMatchObject({ left: 4 })
  })

  it("counts failed attempts that were billed", async () => {
    const record = { ...Scripted.failed, usage: { prompt_tokens: 1, completion_tokens: 2 } }
    const trail = [record, Scripted.failed]
    const fail = new ChatModelError({ message: "no", reason: { _tag: "DeadlineExceeded", total: 1 }, trail })
    const failing = make({ perWindow: { ...hour, tokens: 7 } }, [{ deltas: [], fail, parts: [] }])
    expect(await reason(Effect.andThen(Effect.ignore(failing.ask), failing.ask))).toMatchObject({ left: 4, needed: 5 })
    const parts = Scripted.textParts(["ok"]).map((part) =>
      part.type === "finish"
        ? { ...part, trail: [record, { ...Scripted.attempt, usage: { prompt_tokens: 3, completion_tokens: 5 } }] }
        : part
    )
    const { ask } = make({ perWindow: { ...hour, tokens: 15 } }, [{ parts }])
    expect(await reason(Effect.andThen(ask, ask))).toMatchObject({ left: 4 })
  })

  it("counts nothing for an answer out of the cache", async () => {
    const { model } = Scripted.make(undefined, { model: "chat" })
    const advisors = [BudgetAdvisor.make({ perWindow: { ...hour, tokens: 13 } }), CacheAdvisor.make()] as const
    const ask = ChatClient.make(model, { advisors }).prompt("hi").call().content()
    await run(Effect.all([ask, ask, ask]))
  })

  it.each([
    [{ perCall: { tokens: -1 } }, "perCall.tokens must be a number >= 0, got -1"],
    [{ perWindow: { ...hour, money: Number.NaN }, price }, "perWindow.money must be a number >= 0, got NaN"],
    [{ perCall: { money: 1 } }, "price must be given where money is limited, got none"],
    [
      { perCall: { money: 1 }, price: { ...price, other: { input: 1, output: 1, currency: "USD" } } },
      "price must be in one currency where money is limited, got CNY, USD"
    ]
  ])("refuses options that make no sense (%#)", (options, message) => {
    expect(() => BudgetAdvisor.make(options)).toThrow(message)
  })
})
