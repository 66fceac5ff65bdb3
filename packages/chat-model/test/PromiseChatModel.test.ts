import { afterEach, describe, expect, it } from "vitest"
import { ChatModelError } from "../src/ChatModelError.ts"
import type { ChatPart } from "../src/ChatPart.ts"
import * as PromiseChatModel from "../src/PromiseChatModel.ts"
import * as Scripted from "./support/ScriptedUpstream.ts"

const { chunk, completion, finish, usage } = Scripted
const whole = { json: completion({ content: "Hello" }) }
const streamed = { frames: [chunk({ content: "Hel" }), chunk({ content: "lo" }), finish(), usage] }
const open = { frames: [chunk({ content: "Hel" })], end: "open" as const }

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

  it("rejects what is under way when it is closed, and what comes after", async () => {
    const { chat, scripted } = await make([open, { frames: [], end: "open" }])
    const reading = collect(chat.stream("hi"))
    const first = await scripted.arrival()
    const calling = chat.call("hi")
    const second = await scripted.arrival()
    const outcomes = Promise.allSettled([reading, calling])
    await chat.close()
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("is closed") } })
    }
    expect([first.aborted, second.aborted]).toEqual([true, true])
    await expect(chat.call("hi")).rejects.toThrow("is closed")
    await expect(collect(chat.stream("hi"))).rejects.toThrow("is closed")
    await chat.close()
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
