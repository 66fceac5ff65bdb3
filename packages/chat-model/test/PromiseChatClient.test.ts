import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { afterEach, describe, expect, it } from "vitest"
import * as Advisor from "../src/Advisor.ts"
import * as MemoryAdvisor from "../src/advisor/MemoryAdvisor.ts"
import * as ChatMemory from "../src/ChatMemory.ts"
import { ChatModelError } from "../src/ChatModelError.ts"
import * as PromiseChatClient from "../src/PromiseChatClient.ts"
import * as PromiseChatModel from "../src/PromiseChatModel.ts"
import * as Tool from "../src/Tool.ts"
import * as Scripted from "./support/ScriptedUpstream.ts"

const { chunk, completion, finish, usage } = Scripted
const whole = { json: completion({ content: "Hello" }) }
const streamed = { frames: [chunk({ content: "Hel" }), chunk({ content: "lo" }), finish(), usage] }
const open = { frames: [chunk({ content: "Hel" })], end: "open" as const }
const passing = Advisor.make("passing", (request, next) => next(request))

const models: Array<PromiseChatModel.PromiseChatModel> = []
afterEach(async () => {
  for (const model of models.splice(0)) await model.close()
})

const make = async (answers: Scripted.Answer | ReadonlyArray<Scripted.Answer>) => {
  const scripted = Scripted.make(answers)
  const chat = await PromiseChatModel.fromLayer(scripted.layer)
  models.push(chat)
  return { scripted, chat, client: PromiseChatClient.make(chat, { system: "Be brief." }) }
}

const collect = async <A>(values: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const all: Array<A> = []
  for await (const value of values) all.push(value)
  return all
}

describe("PromiseChatClient", () => {
  it("answers a chain, called and streamed, and asks anew every time", async () => {
    const { client, scripted } = await make([whole, whole, streamed])
    const joke = client.prompt().user("Tell me a {adjective} joke", { adjective: "short" }).options({ temperature: 1 })
    const call = joke.call()
    expect(await call.content()).toBe("Hello")
    expect((await call.response()).metadata).toMatchObject({ model: "chat-2026", attempts: 1 })
    const content = joke.stream().content()
    expect(await collect(content)).toEqual(["Hel", "lo"])
    expect(await collect(content)).toEqual(["Hel", "lo"])
    expect((await collect(joke.stream().parts())).at(-1)).toMatchObject({ type: "finish" })
    expect(scripted.exchanges).toHaveLength(5)
    expect(scripted.exchanges[0]!.body).toEqual({
      model: "chat",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Tell me a short joke" }
      ],
      temperature: 1
    })
  })

  it("runs tools, remembers and reads values", async () => {
    const tool_calls = [{ id: "call_1", function: { name: "rank", arguments: "{}" } }]
    const json = { json: completion({ content: '{"rank":1}' }) }
    const { client, scripted } = await make([{ json: completion({ tool_calls }) }, whole, json, json])
    const rank = Tool.make({ name: "rank", handler: async () => 1 })
    const memory = MemoryAdvisor.make(ChatMemory.make())
    const talk = client
      .mutate({ advisors: [memory] })
      .prompt()
      .conversation("c1")
      .user("Which rank?")
    expect(await talk.tools(rank).call().content()).toBe("Hello")
    const Rank = Schema.Struct({ rank: Schema.Int })
    expect(await talk.advisors(passing).call().entity(Rank)).toEqual({ rank: 1 })
    expect(await talk.call().responseEntity(Rank)).toMatchObject({ value: { rank: 1 }, repairs: 0 })
    const roles = scripted.exchanges[3]!.body["messages"].map(({ role }: { role: string }) => role)
    expect(roles.join(" ")).toBe("system user assistant tool assistant user assistant user")
  })

  it("streams values while they grow", async () => {
    const frames = [chunk({ content: '{"rank":' }), chunk({ content: "1}" }), finish(), usage]
    const { client } = await make({ frames })
    const values = await collect(
      client
        .prompt("hi")
        .stream()
        .partials(Schema.Struct({ rank: Schema.Int }))
    )
    expect(values.at(-1)).toEqual({ rank: 1 })
  })

  it("rejects with the very error of the model, of an advisor, or with the defect", async () => {
    const { client } = await make({ status: 400, json: { error: { message: "bad top_p" } } })
    for (const spec of [client.prompt("hi"), client.prompt("hi").advisors(passing)]) {
      const called = await spec
        .call()
        .content()
        .catch((error: unknown) => error)
      const read = await collect(spec.stream().content()).catch((error: unknown) => error)
      for (const error of [called, read]) {
        expect(error).toBeInstanceOf(ChatModelError)
        expect(error).toMatchObject({ reason: { _tag: "Rejected" } })
      }
    }
    const own = { _tag: "Own" }
    const refusing = client.prompt("hi").advisors(Advisor.make("refusing", () => Stream.fail(own)))
    await expect(refusing.call().content()).rejects.toBe(own)
    await expect(collect(refusing.stream().content())).rejects.toBe(own)
  })

  it.each([
    [],
    [passing]
  ])("ends a call and a stream when the signal aborts, with its reason (%#)", async (...advisors) => {
    const { client, scripted } = await make([{ frames: [], end: "open" }, open])
    const controller = new AbortController()
    const spec = client.prompt("hi").advisors(...advisors)
    const calling = spec.call({ signal: controller.signal }).content()
    const first = await scripted.arrival()
    const reading = collect(spec.stream({ signal: controller.signal }).content())
    const second = await scripted.arrival()
    const outcomes = Promise.allSettled([calling, reading])
    controller.abort(new Error("the user left"))
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { message: "the user left" } })
    }
    await expect.poll(() => [first.aborted, second.aborted]).toEqual([true, true])
  })

  it("sends nothing when the signal has aborted before", async () => {
    const { client, scripted } = await make(whole)
    const signal = AbortSignal.abort()
    await expect(client.prompt("hi").call({ signal }).content()).rejects.toMatchObject({ name: "AbortError" })
    await expect(collect(client.prompt("hi").stream({ signal }).parts())).rejects.toMatchObject({ name: "AbortError" })
    expect(scripted.exchanges).toHaveLength(0)
  })

  it("ends the request when the loop is left", async () => {
    const { client, scripted } = await make(open)
    for await (const text of client.prompt("hi").advisors(passing).stream().content()) if (text === "Hel") break
    expect(scripted.exchanges[0]!.aborted).toBe(true)
  })

  it("rejects once its model is closed", async () => {
    const { chat, client } = await make(whole)
    await chat.close()
    await expect(client.prompt("hi").call().content()).rejects.toThrow("is closed")
    await expect(collect(client.prompt("hi").stream().content())).rejects.toThrow("is closed")
  })
})
