import { afterEach, describe, expect, it } from "vitest"
import { ChatModelError } from "../src/ChatModelError.ts"
import type { ChatPart } from "../src/ChatPart.ts"
import * as PromiseChatClient from "../src/PromiseChatClient.ts"
import * as PromiseChatModel from "../src/PromiseChatModel.ts"
import * as PromiseEmbeddingModel from "../src/PromiseEmbeddingModel.ts"
import * as TestEmbeddingModel from "../src/TestEmbeddingModel.ts"
import * as Scripted from "./support/ScriptedUpstream.ts"

const { chunk, completion, finish, usage } = Scripted
const whole = { json: completion({ content: "Hello" }) }
const streamed = { frames: [chunk({ content: "Hel" }), chunk({ content: "lo" }), finish(), usage] }
const open = { frames: [chunk({ content: "Hel" })], end: "open" as const }

const broken = { frames: [chunk({ content: "Hel" })], end: "cut" as const }
const closed = { _tag: "ChatModelError", reason: { _tag: "Closed" }, isRetryable: false, trail: [] }

const models: Array<PromiseChatModel.PromiseChatModel> = []
afterEach(async () => {
  for (const model of models.splice(0)) await model.close()
})

const make = async (answers: Scripted.Answer | ReadonlyArray<Scripted.Answer>) => {
  const scripted = Scripted.make(answers)
  const chat = await PromiseChatModel.fromLayer(scripted.layer)
  models.push(chat)
  return { scripted, chat }
}

const all = async <A>(parts: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const taken: Array<A> = []
  for await (const part of parts) taken.push(part)
  return taken
}

const collect = async (parts: AsyncIterable<ChatPart>): Promise<string> => {
  let text = ""
  for await (const part of parts) if (part.type === "text-delta") text += part.delta
  return text
}

describe("PromiseChatModel", () => {
  it("answers a call and a stream", async () => {
    const { chat } = await make([whole, streamed])
    expect((await chat.call("hi")).text).toBe("Hello")
    expect(await collect(chat.stream("hi"))).toBe("Hello")
    expect(chat.options).toEqual({ model: "chat" })
  })

  it("rejects with the ChatModelError itself", async () => {
    const { chat } = await make({ status: 400, json: { error: { message: "bad top_p" } } })
    const called = await chat.call("hi").catch((error: unknown) => error)
    const streamedError = await collect(chat.stream("hi")).catch((error: unknown) => error)
    for (const error of [called, streamedError]) {
      expect(error).toBeInstanceOf(ChatModelError)
      expect(error).toMatchObject({ message: expect.stringContaining("bad top_p"), reason: { _tag: "Rejected" } })
    }
    await expect(chat.call([])).rejects.toThrow("messages must be at least one message, got an empty list")
  })

  it("makes a new call for every iteration of a stream", async () => {
    const { chat, scripted } = await make(streamed)
    const stream = chat.stream("hi")
    expect(scripted.exchanges).toHaveLength(0)
    expect(await collect(stream)).toBe("Hello")
    expect(await collect(stream)).toBe("Hello")
    expect(scripted.exchanges).toHaveLength(2)
  })

  it("aborts the request when the loop is left", async () => {
    const { chat, scripted } = await make(open)
    for await (const part of chat.stream("hi")) if (part.type === "text-delta") break
    expect(scripted.exchanges[0]!.aborted).toBe(true)
  })

  it("aborts a call with the signal's own reason", async () => {
    const { chat, scripted } = await make({ frames: [], end: "open" })
    const controller = new AbortController()
    const call = chat.call("hi", { signal: controller.signal })
    const exchange = await scripted.arrival()
    controller.abort(new Error("the user left"))
    await expect(call).rejects.toThrow("the user left")
    expect(exchange.aborted).toBe(true)
  })

  it("aborts a stream with the signal's own reason, even while it is waited for", async () => {
    const { chat, scripted } = await make(open)
    const controller = new AbortController()
    const reading = collect(chat.stream("hi", { signal: controller.signal }))
    const exchange = await scripted.arrival()
    controller.abort()
    await expect(reading).rejects.toMatchObject({ name: "AbortError" })
    expect(exchange.aborted).toBe(true)
  })

  it("sends nothing when the signal has aborted before", async () => {
    const { chat, scripted } = await make(whole)
    const signal = AbortSignal.abort()
    await expect(chat.call("hi", { signal })).rejects.toMatchObject({ name: "AbortError" })
    await expect(collect(chat.stream("hi", { signal }))).rejects.toMatchObject({ name: "AbortError" })
    expect(scripted.exchanges).toHaveLength(0)
  })

  it("does not mind a signal that aborts after the end", async () => {
    const { chat } = await make(streamed)
    const controller = new AbortController()
    expect(await collect(chat.stream("hi", { signal: controller.signal }))).toBe("Hello")
    controller.abort()
  })

  it("takes next() ahead, and gives the parts in order", async () => {
    const { chat } = await make(streamed)
    const iterator = chat.stream("hi")[Symbol.asyncIterator]()
    const steps = await Promise.all(Array.from({ length: 12 }, () => iterator.next()))
    const { chat: other } = await make(streamed)
    const parts = await all(other.stream("hi"))
    expect(parts.length).toBeLessThan(12)
    expect(steps.flatMap(({ value }) => (value === undefined ? [] : [value.type]))).toEqual(
      parts.map(({ type }) => type)
    )
    expect(steps.slice(parts.length).every(({ done }) => done === true)).toBe(true)
  })

  it("fails the first of those that wait when the stream breaks, and ends the others", async () => {
    const { chat } = await make(broken)
    const iterator = chat.stream("hi")[Symbol.asyncIterator]()
    const steps = await Promise.allSettled(Array.from({ length: 8 }, () => iterator.next()))
    const failed = steps.filter(({ status }) => status === "rejected")
    expect(failed).toMatchObject([{ reason: { _tag: "ChatModelError", reason: { _tag: "Broken" } } }])
    expect(steps.at(-1)).toMatchObject({ value: { done: true } })
  })

  it.each(["return", "throw"] as const)("ends what is waited for when its reader leaves by %s()", async (way) => {
    const { chat, scripted } = await make(open)
    const iterator = chat.stream("hi")[Symbol.asyncIterator]()
    const waiting = Array.from({ length: 8 }, () => iterator.next())
    const exchange = await scripted.arrival()
    const left = way === "return" ? iterator.return?.() : iterator.throw?.(new Error("enough"))
    if (way === "return") expect(await left).toEqual({ done: true, value: undefined })
    else await expect(left).rejects.toThrow("enough")
    expect((await Promise.all(waiting)).at(-1)).toEqual({ done: true, value: undefined })
    expect(exchange.aborted).toBe(true)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it("can be left and gone on with: its iterator is iterable", async () => {
    const { chat } = await make(streamed)
    const iterator = chat.stream("hi")[Symbol.asyncIterator]() as AsyncIterableIterator<ChatPart>
    expect((await iterator.next()).value?.type).toBe("response-metadata")
    expect((await all(iterator)).at(-1)?.type).toBe("finish")
  })

  it("rejects what is under way when it is closed, and what comes after, always with one error", async () => {
    const { chat, scripted } = await make([open, { frames: [], end: "open" }])
    const reading = collect(chat.stream("hi"))
    const first = await scripted.arrival()
    const calling = chat.call("hi")
    const second = await scripted.arrival()
    const outcomes = Promise.allSettled([reading, calling])
    await chat.close()
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: closed })
    }
    expect([first.aborted, second.aborted]).toEqual([true, true])
    await expect(chat.call("hi")).rejects.toMatchObject(closed)
    await expect(collect(chat.stream("hi"))).rejects.toMatchObject(closed)
    const asked = PromiseChatClient.make(chat).prompt("hi")
    await expect(asked.call().content()).rejects.toMatchObject(closed)
    await expect(all(asked.stream().content())).rejects.toMatchObject(closed)
    await chat.close()
    const embeddings = await PromiseEmbeddingModel.fromLayer(TestEmbeddingModel.layer())
    await embeddings.close()
    await expect(embeddings.embed("hi")).rejects.toMatchObject({
      ...closed,
      message: expect.stringContaining("embedding model is closed")
    })
  })

  it("closes itself at the end of an `await using`", async () => {
    const scripted = Scripted.make(whole)
    let kept: PromiseChatModel.PromiseChatModel
    {
      await using chat = await PromiseChatModel.fromLayer(scripted.layer)
      kept = chat
      expect((await chat.call("hi")).text).toBe("Hello")
    }
    await expect(kept.call("hi")).rejects.toThrow("is closed")
  })

  it("rejects a configuration that cannot be used, with every problem", async () => {
    const config = {
      version: 1,
      providers: {},
      routes: [{ name: "r", match: { model: { prefix: "q" } }, targets: [{ provider: "nobody" }] }]
    } as const
    await expect(PromiseChatModel.fromOptions(config)).rejects.toMatchObject({
      _tag: "ConfigError",
      message: expect.stringContaining("nobody")
    })
    await expect(PromiseChatModel.fromYaml("/nowhere/understudy.yaml")).rejects.toMatchObject({ _tag: "ConfigError" })
  })
})
