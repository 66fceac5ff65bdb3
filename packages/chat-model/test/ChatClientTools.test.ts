/** What a client's tools, schemas and advisors make of each other. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import * as Advisor from "../src/Advisor.ts"
import * as BudgetAdvisor from "../src/advisor/BudgetAdvisor.ts"
import * as CacheAdvisor from "../src/advisor/CacheAdvisor.ts"
import * as MemoryAdvisor from "../src/advisor/MemoryAdvisor.ts"
import * as RedactionAdvisor from "../src/advisor/RedactionAdvisor.ts"
import * as ChatClient from "../src/ChatClient.ts"
import * as ChatMemory from "../src/ChatMemory.ts"
import * as ChatOptions from "../src/ChatOptions.ts"
import * as Message from "../src/Message.ts"
import * as Tool from "../src/Tool.ts"
import * as Scripted from "./support/ScriptedModel.ts"

const cities: Array<string> = []
const weather = Tool.make({
  name: "weather",
  parameters: Schema.Struct({ city: Schema.String }),
  handler: ({ city }) => {
    cities.push(city)
    return "sun"
  }
})
const calls = { parts: Scripted.toolParts("call_1", "weather", '{"city":"H"}') }
const sunny = { deltas: ["It is ", "sunny"] }
const toolTurn = [
  Message.user("weather?"),
  Message.assistant({ toolCalls: [{ id: "call_1", name: "weather", arguments: '{"city":"H"}' }] }),
  Message.tool("call_1", "sun"),
  Message.assistant("It is sunny")
]

describe("a client with tools", () => {
  it("runs them, called and streamed, with tools of its own and of the chain", async () => {
    const { asked, model } = Scripted.make([calls, sunny, calls, sunny])
    const other = Tool.make({ name: "other", handler: () => "" })
    const spec = ChatClient.make(model, { tools: [other] })
      .prompt("weather?")
      .tools(weather)
    expect(await Effect.runPromise(spec.call().content())).toBe("It is sunny")
    expect(await Effect.runPromise(Stream.runCollect(spec.stream().content()))).toEqual(["It is ", "sunny"])
    expect(asked.map(({ mode }) => mode)).toEqual(["call", "call", "stream", "stream"])
    expect(asked[0]!.prompt.options.tools).toMatchObject([{ name: "other" }, { name: "weather" }])
    expect(asked[1]!.prompt.messages).toEqual(toolTurn.slice(0, 3))
  })

  it("takes the loop's options from the defaults", async () => {
    const { model } = Scripted.make([calls])
    const client = ChatClient.make(model, { tools: [weather], toolLoop: { maxTurns: 2 } })
    const error = await Effect.runPromise(Effect.flip(client.prompt("weather?").call().content()))
    expect(error).toMatchObject({ _tag: "ToolError", reason: { _tag: "TurnLimit", turns: 2 } })
  })

  it("shows the whole turn to advisors around it, and each request to those around requests", async () => {
    const { model } = Scripted.make([calls, sunny])
    const log: Array<string> = []
    const watch = (around: Advisor.Around) =>
      Advisor.onResponse(
        around,
        ({ text, toolCalls }) => Effect.sync(() => log.push(`${around}: ${text ?? toolCalls[0]?.name}`)),
        around
      )
    const client = ChatClient.make(model, { tools: [weather], advisors: [watch("request"), watch("turn")] })
    await Effect.runPromise(client.prompt("weather?").call().content())
    expect(log).toEqual(["request: weather", "request: It is sunny", "turn: It is sunny"])
  })

  it("remembers tool calls with their results", async () => {
    const { model } = Scripted.make([calls, sunny])
    const memory = ChatMemory.make()
    const client = ChatClient.make(model, { tools: [weather], advisors: [MemoryAdvisor.make(memory)] })
    await Effect.runPromise(Stream.runDrain(client.prompt("weather?").conversation("c1").stream().parts()))
    expect(await Effect.runPromise(memory.get("c1"))).toEqual(toolTurn)
  })

  it("runs tools again when the model's answers are known", async () => {
    const { asked, model } = Scripted.make([calls, sunny])
    const spec = ChatClient.make(model, { tools: [weather], advisors: [CacheAdvisor.make()] }).prompt("weather?")
    cities.length = 0
    const twice = Effect.all([spec.call().content(), spec.call().content()])
    expect(await Effect.runPromise(twice)).toEqual(["It is sunny", "It is sunny"])
    expect([cities, asked.length]).toEqual([["H", "H"], 2])
  })

  it("gives tools what was redacted, and the model what was not", async () => {
    const { model, texts } = Scripted.make([
      { parts: Scripted.toolParts("call_1", "weather", '{"city":"[PHONE_1]"}') },
      { deltas: ["[PHONE", "_1] has sun"] }
    ])
    const client = ChatClient.make(model, { tools: [weather], advisors: [RedactionAdvisor.make()] })
    cities.length = 0
    expect(await Effect.runPromise(client.prompt("weather at 13800138000?").call().content())).toBe(
      "13800138000 has sun"
    )
    expect(cities).toEqual(["13800138000"])
    expect(JSON.stringify([texts(0), texts(1)])).not.toContain("138")
  })

  it("hands on the error of an advisor around requests, between the turns", async () => {
    const { asked, model } = Scripted.make([calls, sunny], { model: "chat" })
    const budget = BudgetAdvisor.make({ perWindow: { every: "1 hour", tokens: 25 } })
    const client = ChatClient.make(model, { tools: [weather], advisors: [budget] })
    const error = await Effect.runPromise(Effect.flip(client.prompt("weather?").call().content()))
    expect(error).toMatchObject({ _tag: "BudgetError", reason: { _tag: "Exhausted", left: 17, needed: 20 } })
    expect(asked).toHaveLength(1)
  })
})

describe("a client with a schema", () => {
  const City = Schema.Struct({ name: Schema.String, rank: Schema.Int })
  const bad = { deltas: ['{"name":', '"Hangzhou"}'] }
  const good = { deltas: ['{"name":', '"Hangzhou","rank":1}'] }
  const value = { name: "Hangzhou", rank: 1 }

  it("answers with a value, and with how it came about", async () => {
    const { asked, model } = Scripted.make([good, bad, good])
    const call = ChatClient.make(model).prompt("Which city?").call()
    expect(await Effect.runPromise(call.entity(City))).toEqual(value)
    const entity = await Effect.runPromise(call.responseEntity(City, { name: "city" }))
    expect(entity).toMatchObject({ value, repairs: 1, response: { text: '{"name":"Hangzhou","rank":1}' } })
    expect(asked.map(({ mode }) => mode)).toEqual(["call", "call", "call"])
    expect(asked[1]!.prompt.options.outputSchema).toMatchObject({ name: "city" })
  })

  it("streams the value while it grows", async () => {
    const { asked, model } = Scripted.make([good])
    const stream = ChatClient.make(model).prompt("Which city?").stream()
    const values = await Effect.runPromise(Stream.runCollect(stream.partials(City)))
    expect(values.length).toBeGreaterThan(1)
    expect(values.at(-1)).toEqual(value)
    expect(asked.map(({ mode }) => mode)).toEqual(["stream"])
  })

  it("remembers the answer that holds the value, and none that was asked again", async () => {
    const { asked, model } = Scripted.make([bad, good, calls, bad, sunny, good])
    const memory = ChatMemory.make()
    const client = ChatClient.make(model, { tools: [weather], advisors: [MemoryAdvisor.make(memory)] })
    const spec = client.prompt("Which city?").conversation("c1")
    await Effect.runPromise(spec.call().entity(City))
    const turn = [Message.user("Which city?"), Message.assistant('{"name":"Hangzhou","rank":1}')]
    expect(await Effect.runPromise(memory.get("c1"))).toEqual(turn)
    await Effect.runPromise(Stream.runDrain(spec.stream().partials(City)))
    const [question, answer] = turn
    const tools = toolTurn.slice(1, 3)
    expect(await Effect.runPromise(memory.get("c1"))).toEqual([...turn, question, ...tools, answer])
    expect(asked).toHaveLength(6)
  })

  it.each(["called", "streamed"])("goes on from what its tools have done when it asks again, %s", async (way) => {
    const again = { parts: Scripted.toolParts("call_1", "weather", '{"city":"N"}') }
    const { asked, model } = Scripted.make([calls, bad, again, bad, good])
    const client = ChatClient.make(model, { tools: [weather], options: { toolChoice: "required" } })
    cities.length = 0
    const spec = client.prompt("Which city?")
    await Effect.runPromise(way === "called" ? spec.call().entity(City) : Stream.runDrain(spec.stream().partials(City)))
    const answered = (id: string, city: string) => [
      Message.assistant({ toolCalls: [{ id, name: "weather", arguments: JSON.stringify({ city }) }] }),
      Message.tool(id, "sun")
    ]
    const [question, repair] = [Message.user("Which city?"), { role: "user" }]
    const wrong = Message.assistant('{"name":"Hangzhou"}')
    const first = answered("call_1", "H")
    const second = answered("call_1_2", "N")
    expect(asked[2]!.prompt.messages).toMatchObject([question, ...first, wrong, repair])
    expect(asked[4]!.prompt.messages).toMatchObject([question, ...first, ...second, wrong, repair])
    expect(asked.map(({ prompt }) => prompt.options.toolChoice)).toEqual([
      "required",
      ...Array.from({ length: 4 }, () => ChatOptions.unset)
    ])
    expect(cities).toEqual(["H", "N"])
  })

  it("keeps no trace of a value that never came, and fails with the reason", async () => {
    const { model } = Scripted.make([bad])
    const memory = ChatMemory.make()
    const client = ChatClient.make(model, { advisors: [MemoryAdvisor.make(memory)] })
    const spec = client.prompt("Which city?").conversation("c1")
    const called = await Effect.runPromise(Effect.flip(spec.call().entity(City, { repairs: 0 })))
    const streamed = await Effect.runPromise(Effect.flip(Stream.runDrain(spec.stream().partials(City, { repairs: 0 }))))
    expect([called._tag, streamed._tag]).toEqual(["StructuredOutputError", "StructuredOutputError"])
    expect(await Effect.runPromise(memory.get("c1"))).toEqual([])
  })

  it("reads the value from the answer of an advisor that did not ask", async () => {
    const { asked, model } = Scripted.make()
    const canned = Advisor.make("canned", () => Stream.fromIterable(Scripted.textParts(good.deltas)))
    const spec = ChatClient.make(model, { advisors: [canned] }).prompt("Which city?")
    expect(await Effect.runPromise(spec.call().entity(City))).toEqual(value)
    const values = await Effect.runPromise(Stream.runCollect(spec.stream().partials(City)))
    expect(values.at(-1)).toEqual(value)
    expect(asked).toHaveLength(0)
  })

  it("ends the request when the reader of a growing value leaves", async () => {
    let ended = false
    const watching = Advisor.make("watching", (request, next) =>
      Stream.onExit(next(request), () => Effect.sync(() => (ended = true)))
    )
    const { model } = Scripted.make([{ deltas: [...good.deltas, ...good.deltas] }])
    const stream = ChatClient.make(model, { advisors: [watching] })
      .prompt("Which city?")
      .stream()
    await Effect.runPromise(Stream.runDrain(Stream.take(stream.partials(City), 1)))
    expect(ended).toBe(true)
  })
})
