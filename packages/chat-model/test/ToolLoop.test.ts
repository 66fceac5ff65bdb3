// Handlers fail with whatever they like.
// @effect-diagnostics globalErrorInEffectFailure:off
import { assert, it } from "@effect/vitest"
import { outcomeOf } from "@understudy/core/failure/Trail"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { describe, expect } from "vitest"
import * as ChatModel from "../src/ChatModel.ts"
import type { ChatPart } from "../src/ChatPart.ts"
import * as ChatResponse from "../src/ChatResponse.ts"
import * as Message from "../src/Message.ts"
import * as Prompt from "../src/Prompt.ts"
import * as TestChatModel from "../src/TestChatModel.ts"
import * as Tool from "../src/Tool.ts"
import * as ToolLoop from "../src/ToolLoop.ts"
import { call, calls, play, results, usage, weatherTool } from "./support/toolLoop.ts"

describe("ToolLoop", () => {
  it.effect("answers a question that needs a tool", () =>
    Effect.gen(function* () {
      const weather = Tool.make({
        name: "weather",
        description: "The weather in a city",
        parameters: Schema.Struct({ city: Schema.String }),
        handler: ({ city }) => ({ city, celsius: 21 })
      })
      const program = Effect.gen(function* () {
        const model = yield* ChatModel.ChatModel
        const parts = ToolLoop.run(model.stream, Prompt.make("How is the weather in Hangzhou?"), [weather])
        const response = yield* ChatResponse.fromStream(parts)
        return response.text
      })
      const script = [calls(call("weather", { city: "Hangzhou" })), "Mild."]
      assert.strictEqual(yield* Effect.provide(program, TestChatModel.layer(script)), "Mild.")
    })
  )

  it.effect("streams the parts of every turn, and the results between them", () =>
    Effect.gen(function* () {
      const { cities, tool } = weatherTool()
      const script = [
        { ...calls(call("weather", { city: "Rome" })), reasoning: "Ask.", text: "Let me see.", usage: usage(3, 4) },
        { text: "Mild.", usage: usage(20, 2) }
      ]
      const { parts, prompts } = play(script, [tool])
      const collected = yield* Stream.runCollect(parts)
      assert.deepStrictEqual(
        collected.map(({ type }) => type).filter((type) => !type.endsWith("-delta")),
        [
          "response-metadata",
          "reasoning-start",
          "reasoning-end",
          "text-start",
          "text-end",
          "tool-call-start",
          "tool-call",
          "tool-result",
          "turn-end",
          "response-metadata",
          "text-start",
          "text-end",
          "finish"
        ]
      )
      assert.deepStrictEqual(results(collected), [
        { type: "tool-result", id: "call_1_1", name: "weather", result: { celsius: 4 }, millis: 0 }
      ])
      const assistant = {
        role: "assistant",
        reasoning: "Ask.",
        text: "Let me see.",
        toolCalls: [{ id: "call_1_1", name: "weather", arguments: '{"city":"Rome"}' }]
      }
      const told = [assistant, { role: "tool", toolCallId: "call_1_1", content: '{"celsius":4}' }]
      const end = collected.find((part) => part.type === "turn-end")
      assert.deepStrictEqual(end?.messages as unknown, told)
      assert.strictEqual(end?.usage?.totalTokens, 7)
      assert.deepStrictEqual(prompts[1]?.messages.slice(1) as unknown, told)
      assert.deepStrictEqual(cities, ["Rome"])
    })
  )

  it.effect("folds to the last turn's text with what all turns took", () =>
    Effect.gen(function* () {
      const { tool } = weatherTool()
      const rome = call("weather", { city: "Rome" })
      const script = [
        { ...calls(rome), reasoning: "Hm.", text: "First.", usage: usage(3, 4) },
        { ...calls(rome), text: "Second." },
        { text: "Mild.", usage: usage(20, 2) }
      ]
      const response = yield* ChatResponse.fromStream(play(script, [tool]).parts)
      assert.deepStrictEqual(response.result.output, { role: "assistant", text: "Mild." })
      assert.deepInclude(response.metadata.usage, usage(23, 6))
      assert.strictEqual(response.metadata.attempts, 3)
      assert.lengthOf(response.metadata.trail, 3)
      assert.strictEqual(response.metadata.finishReason?.unified, "stop")
    })
  )

  it.effect("passes on an answer that calls no tool, and asks once without tools", () =>
    Effect.gen(function* () {
      const { tool } = weatherTool()
      const plain = yield* Stream.runCollect(TestChatModel.make(["Mild."]).model.stream("hi"))
      assert.deepStrictEqual(yield* Stream.runCollect(play(["Mild."], [tool]).parts), plain)
      const { parts, prompts } = play([calls(call("weather"))], [])
      assert.lengthOf((yield* ChatResponse.fromStream(parts)).toolCalls, 1)
      assert.isUndefined(prompts[0]?.options.tools)
    })
  )

  it.effect("demands a tool in the first turn only", () =>
    Effect.gen(function* () {
      const { tool } = weatherTool()
      const prompt = Prompt.make("hi", { toolChoice: "required" })
      const { model, prompts } = TestChatModel.make([calls(call("weather", { city: "Rome" })), "Mild."], {
        options: { toolChoice: { tool: "weather" }, tools: [tool] }
      })
      yield* Stream.runDrain(ToolLoop.run(model.stream, prompt, [tool]))
      assert.strictEqual(prompts[0]?.options.toolChoice, "required")
      assert.strictEqual(typeof prompts[1]?.options.toolChoice, "symbol")
      assert.deepStrictEqual(
        prompts.map(({ options }) => options.tools),
        [[tool], [tool]]
      )
    })
  )

  it.effect("does not run the tools of a turn that was cut", () =>
    Effect.gen(function* () {
      const { cities, tool } = weatherTool()
      const script = [{ ...calls(call("weather", { city: "Rome" })), finishReason: "length" as const }]
      const response = yield* ChatResponse.fromStream(play(script, [tool]).parts)
      assert.strictEqual(response.metadata.finishReason?.unified, "length")
      assert.lengthOf(response.toolCalls, 1)
      assert.deepStrictEqual(cities, [])
    })
  )

  it.effect("does not run the tools of a turn that broke, and says what the turns before it took", () =>
    Effect.gen(function* () {
      const { cities, tool } = weatherTool()
      const rome: ChatPart = { type: "tool-call", id: "late", name: "weather", arguments: '{"city":"Oslo"}' }
      const limited = TestChatModel.failure({ _tag: "Limited", retryAfter: 5 })
      const { parts } = play([calls(call("weather", { city: "Rome" })), [rome, limited]], [tool])
      const error = yield* Effect.flip(Stream.runDrain(parts))
      assert.deepInclude(error, { _tag: "ChatModelError", reason: limited.reason })
      assert.deepStrictEqual(error.trail.map(outcomeOf), ["ok"])
      assert.deepStrictEqual(cities, ["Rome"])
    })
  )

  it.effect("keeps what an earlier turn took from making dead keys look alive", () =>
    Effect.gen(function* () {
      const { tool } = weatherTool()
      const detail = { detail: "no", status: 401, type: undefined, code: undefined, param: undefined }
      const about = { provider: "p", model: "m", key: "k", millis: 1, next: { _tag: "Fail" } } as const
      const denied = TestChatModel.failure({ _tag: "UpstreamFailed", kind: "Unauthorized", ...detail }, [
        { _tag: "Failed", ...about, reason: { _tag: "Unauthorized" }, afterContent: false, message: "no" }
      ])
      const { parts } = play([calls(call("weather", { city: "Rome" })), denied], [tool])
      const error = yield* Effect.flip(Stream.runDrain(parts))
      assert.deepInclude(error, { _tag: "ChatModelError", isRetryable: false })
      assert.lengthOf(error.trail, 2)
    })
  )

  it.effect("fails with whatever stands in front of the model", () =>
    Effect.gen(function* () {
      const { tool } = weatherTool()
      const { model } = TestChatModel.make([calls(call("weather", { city: "Rome" }))])
      const next = (prompt: Prompt.Prompt) =>
        prompt.messages.length === 1 ? model.stream(prompt) : Stream.fail("no budget" as const)
      const error = yield* Effect.flip(Stream.runDrain(ToolLoop.run(next, Prompt.make("hi"), [tool])))
      assert.strictEqual(error, "no budget")
    })
  )

  it.effect("refuses limits that are none", () =>
    Effect.sync(() => {
      expect(() => play([], [], { maxTurns: 0 })).toThrow("maxTurns must be an integer >= 1, got 0")
      expect(() => play([], [], { concurrency: 1.5 })).toThrow("concurrency must be an integer >= 1, got 1.5")
    })
  )
})

describe("ToolLoop, at its last turn", () => {
  const again: TestChatModel.Entry = ({ options, messages }) =>
    options.toolChoice === "none" ? `after ${messages.length}` : calls(call("weather", { city: "Rome" }))

  it.effect("fails when the model still calls tools, without running them", () =>
    Effect.gen(function* () {
      const { cities, tool } = weatherTool()
      const { model, prompts } = TestChatModel.make([again], { repeatLast: true })
      const error = yield* Effect.flip(Stream.runDrain(ToolLoop.run(model.stream, Prompt.make("hi"), [tool])))
      expect(error).toMatchObject({ _tag: "ToolError", reason: { _tag: "TurnLimit", turns: 10, tools: ["weather"] } })
      assert.lengthOf(error.trail, 10)
      assert.lengthOf(prompts, 10)
      assert.lengthOf(cities, 9)
    })
  )

  it.effect("lets the model answer without tools when told to", () =>
    Effect.gen(function* () {
      const { cities, tool } = weatherTool()
      const { model } = TestChatModel.make([again], { repeatLast: true })
      const options = { maxTurns: 3, onTurnLimit: "answer" } as const
      const parts = ToolLoop.run(model.stream, Prompt.make("hi"), [tool], options)
      assert.strictEqual((yield* ChatResponse.fromStream(parts)).text, "after 5")
      assert.lengthOf(cities, 2)
    })
  )
})

describe("ToolLoop, when a vendor misuses ids", () => {
  const rome = call("weather", { city: "Rome" }, "x")
  const toldOf = (prompt: Prompt.Prompt | undefined) =>
    prompt?.messages.flatMap((message) =>
      message.role === "tool"
        ? [[message.toolCallId, message.content]]
        : message.role === "assistant"
          ? [message.toolCalls?.map(({ id }) => id)]
          : []
    )

  it("refuses a tool that nobody could run, before anything is asked", () => {
    const asked = () => ToolLoop.run(() => Stream.empty, Prompt.make("hi"), [{ name: "weather" } as Tool.Any])
    expect(asked).toThrow('Tool "weather" has nobody who runs it: make it with Tool.make and a handler')
  })

  it.effect("runs a call once that comes twice in a turn", () =>
    Effect.gen(function* () {
      const { cities, tool } = weatherTool()
      const { parts, prompts } = play([calls(rome, rome), "Mild."], [tool])
      const collected = yield* Stream.runCollect(parts)
      assert.deepStrictEqual(cities, ["Rome"])
      assert.lengthOf(
        collected.filter(({ type }) => type === "tool-call"),
        1
      )
      assert.deepStrictEqual(toldOf(prompts[1]), [["x"], ["x", '{"celsius":4}']])
    })
  )

  it.effect("runs the same call again in a later turn: a vendor may begin its ids anew in each answer", () =>
    Effect.gen(function* () {
      const { cities, tool } = weatherTool()
      const { parts, prompts } = play([calls(rome), calls(rome), calls(rome), "Mild."], [tool])
      yield* Stream.runDrain(parts)
      assert.deepStrictEqual(cities, ["Rome", "Rome", "Rome"])
      const content = '{"celsius":4}'
      assert.deepStrictEqual(toldOf(prompts[3]), [
        ["x"],
        ["x", content],
        ["x_2"],
        ["x_2", content],
        ["x_3"],
        ["x_3", content]
      ])
    })
  )

  it.effect("gives other calls with the same id, or none, ids of their own", () =>
    Effect.gen(function* () {
      const { cities, tool } = weatherTool()
      const oslo = (id: string) => call("weather", { city: "Oslo" }, id)
      const { parts, prompts } = play([calls(rome, oslo("x"), oslo(""), oslo("")), calls(oslo("x_2")), "Mild."], [tool])
      yield* Stream.runDrain(parts)
      assert.deepStrictEqual(cities, ["Rome", "Oslo", "Oslo", "Oslo", "Oslo"])
      assert.deepStrictEqual(
        toldOf(prompts[2])?.map((told) => told?.[0]),
        ["x", "x", "x_2", "call", "call_2", "x_2_2", "x_2_2"]
      )
    })
  )

  it.effect("leaves the ids of earlier conversation alone", () =>
    Effect.gen(function* () {
      const { cities, tool } = weatherTool()
      const toolCalls = [{ id: "x", name: "weather", arguments: '{"city":"Rome"}' }]
      const before = [
        Message.user("hi"),
        Message.assistant({ toolCalls }),
        Message.tool("x", "mild"),
        Message.user("Now?")
      ]
      const { parts, prompts } = play([calls(rome), "Mild."], [tool], {}, before)
      yield* Stream.runDrain(parts)
      assert.deepStrictEqual(cities, ["Rome"])
      assert.deepStrictEqual(toldOf(prompts[1])?.at(-1), ["x_2", '{"celsius":4}'])
    })
  )
})
