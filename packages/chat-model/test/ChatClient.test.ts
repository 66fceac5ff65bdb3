import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import * as Advisor from "../src/Advisor.ts"
import * as ChatClient from "../src/ChatClient.ts"
import * as ChatModel from "../src/ChatModel.ts"
import * as ChatOptions from "../src/ChatOptions.ts"
import type * as ChatResponse from "../src/ChatResponse.ts"
import * as Message from "../src/Message.ts"
import * as Prompt from "../src/Prompt.ts"
import * as PromptTemplate from "../src/PromptTemplate.ts"
import * as Scripted from "./support/ScriptedModel.ts"
import * as ScriptedUpstream from "./support/ScriptedUpstream.ts"

const passing = Advisor.make("passing", (request, next) => next(request))

describe("ChatClient", () => {
  it("asks with a system's text, templates, messages and options, in that order", async () => {
    const { asked, model } = Scripted.make()
    const spec = ChatClient.make(model, { system: "Default.", options: { model: "chat", temperature: 0 } })
      .prompt()
      .messages(Message.user("Hello"), Message.assistant("Hi"))
      .user("Tell me a {adjective} joke", { adjective: "short" })
      .system("You are {who}.", { who: "a comedian" })
      .options({ temperature: 1 })
      .conversation("c1")
    expect(await Effect.runPromise(spec.call().content())).toBe("ok")
    expect(asked).toEqual([
      {
        mode: "call",
        prompt: {
          messages: [
            Message.system("You are a comedian."),
            Message.user("Hello"),
            Message.assistant("Hi"),
            Message.user("Tell me a short joke")
          ],
          options: { model: "chat", temperature: 1, conversationId: "c1" }
        }
      }
    ])
  })

  it("takes templates that were made before, and leaves texts without values alone", async () => {
    const { model, texts } = Scripted.make()
    const joke = PromptTemplate.make("A joke about {topic}")
    const client = ChatClient.make(model)
    await Effect.runPromise(
      client.prompt().system(joke, { topic: "dogs" }).user(joke, { topic: "cats" }).call().content()
    )
    await Effect.runPromise(client.prompt().system("{topic}").user("{topic}").call().content())
    expect([texts(0), texts(1)]).toEqual([
      ["A joke about dogs", "A joke about cats"],
      ["{topic}", "{topic}"]
    ])
  })

  it("begins with a text or a prompt", async () => {
    const { asked, model } = Scripted.make()
    const client = ChatClient.make(model, { options: { temperature: 0 } })
    await Effect.runPromise(client.prompt("hi").call().response())
    await Effect.runPromise(
      client
        .prompt(Prompt.make("hi", { temperature: 1 }))
        .call()
        .response()
    )
    expect(asked.map(({ prompt }) => prompt)).toEqual([
      Prompt.make("hi", { temperature: 0 }),
      Prompt.make("hi", { temperature: 1 })
    ])
  })

  it("changes no chain by the steps that follow, and asks anew in every run", async () => {
    const { asked, model, texts } = Scripted.make()
    const base = ChatClient.make(model).prompt().user("one")
    const content = base.user("two").call().content()
    const parts = base.options({ seed: 1 }).stream().parts()
    expect(asked).toHaveLength(0)
    await Effect.runPromise(Effect.andThen(content, content))
    await Effect.runPromise(Effect.andThen(Stream.runDrain(parts), Stream.runDrain(parts)))
    expect([0, 1, 2, 3].map(texts)).toEqual([["one", "two"], ["one", "two"], ["one"], ["one"]])
    expect(asked.map(({ prompt }) => prompt.options)).toEqual([{}, {}, { seed: 1 }, { seed: 1 }])
  })

  it("mutates into a client with other defaults and leaves the first as it is", async () => {
    const { asked, model } = Scripted.make()
    const first = ChatClient.make(model, { system: "one", options: { seed: 1, temperature: 0 }, advisors: [passing] })
    const second = first.mutate({ system: "two", options: { seed: ChatOptions.unset }, advisors: [] })
    const third = first.mutate({})
    for (const client of [first, second, third]) await Effect.runPromise(client.prompt("hi").call().response())
    expect(asked.map(({ prompt }) => [prompt.messages[0], prompt.options])).toEqual([
      [Message.system("one"), { seed: 1, temperature: 0 }],
      [Message.system("two"), { seed: ChatOptions.unset, temperature: 0 }],
      [Message.system("one"), { seed: 1, temperature: 0 }]
    ])
  })

  it("streams the text's pieces, and all parts", async () => {
    const { asked, model } = Scripted.make([{ deltas: ["Hel", "lo"] }])
    const streamed = ChatClient.make(model).prompt("hi").stream()
    expect(await Effect.runPromise(Stream.runCollect(streamed.content()))).toEqual(["Hel", "lo"])
    expect(await Effect.runPromise(Stream.runCollect(streamed.parts()))).toEqual(Scripted.textParts(["Hel", "lo"]))
    expect(asked.map(({ mode }) => mode)).toEqual(["stream", "stream"])
  })

  it("asks its model directly when it has no advisors", () => {
    const response = Effect.die("call")
    const parts = Stream.die("stream")
    const model = ChatModel.ChatModel.of({ options: {}, call: () => response, stream: () => parts })
    const spec = ChatClient.make(model).prompt("hi")
    expect(spec.call().response()).toBe(response)
    expect(spec.stream().parts()).toBe(parts)
  })

  it("is a service over the ChatModel", async () => {
    const { model, texts } = Scripted.make()
    const layer = ChatClient.layer({ system: "Be brief." }).pipe(
      Layer.provide(Layer.succeed(ChatModel.ChatModel, model))
    )
    const content = ChatClient.ChatClient.use((client) => client.prompt("hi").call().content())
    expect(await Effect.runPromise(Effect.provide(content, layer))).toBe("ok")
    expect(texts(0)).toEqual(["Be brief.", "hi"])
  })

  it("hands on the model's error", async () => {
    const { model } = Scripted.make([{ fail: Scripted.failure }])
    for (const advisors of [[], [passing]]) {
      const spec = ChatClient.make(model, { advisors }).prompt("hi")
      expect(await Effect.runPromise(Effect.flip(spec.call().content()))).toBe(Scripted.failure)
      expect(await Effect.runPromise(Effect.flip(Stream.runDrain(spec.stream().content())))).toBe(Scripted.failure)
    }
  })
})

describe("a call through advisors", () => {
  const message = {
    role: "assistant",
    content: "Hello",
    reasoning_content: "Greet.",
    refusal: "no",
    tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"H"}' } }]
  }
  const millis = (response: ChatResponse.ChatResponse) => ({
    result: response.result,
    metadata: { ...response.metadata, trail: response.metadata.trail.map((record) => ({ ...record, millis: 0 })) }
  })

  it("asks the vendor for JSON and answers what the bare call answers", async () => {
    const scripted = ScriptedUpstream.make({ json: ScriptedUpstream.completion(message) })
    const ask = (advisors: ReadonlyArray<Advisor.Advisor>) =>
      ScriptedUpstream.run(
        scripted,
        ChatModel.ChatModel.use((model) => ChatClient.make(model, { advisors }).prompt("hi").call().response())
      )
    const [bare, advised] = [await ask([]), await ask([passing])]
    expect(millis(advised)).toEqual(millis(bare))
    expect(advised.metadata).toMatchObject({
      id: "answer-1",
      model: "chat-2026",
      attempts: 1,
      usage: { totalTokens: 8 }
    })
    expect(scripted.exchanges.map(({ body }) => body)).toEqual([
      scripted.exchanges[0]!.body,
      scripted.exchanges[0]!.body
    ])
    expect(scripted.exchanges[1]!.request.headers["accept"]).toBe("application/json")
  })

  it("shows an advisor the parts of a call as the stream would have them", async () => {
    const { model } = Scripted.make([
      { parts: Scripted.toolParts("call_1", "weather", '{"city":"H"}') },
      { deltas: ["a", "b"] }
    ])
    const seen: Array<string> = []
    const watching = Advisor.make("watching", (request, next) =>
      Stream.tap(next(request), (part) => Effect.sync(() => seen.push(part.type)))
    )
    const call = ChatClient.make(model, { advisors: [watching] })
      .prompt("hi")
      .call()
    await Effect.runPromise(Effect.andThen(call.content(), call.content()))
    expect(seen).toEqual([
      "response-metadata",
      "tool-call-start",
      "tool-call-delta",
      "tool-call",
      "finish",
      "response-metadata",
      "text-start",
      "text-delta",
      "text-end",
      "finish"
    ])
  })
})
