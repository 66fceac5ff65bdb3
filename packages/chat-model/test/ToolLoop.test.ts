// Handlers fail with whatever they like.
// @effect-diagnostics globalErrorInEffectFailure:off
import { assert, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect } from "vitest"
import * as ChatModel from "../src/ChatModel.ts"
import type { ChatPart } from "../src/ChatPart.ts"
import * as ChatResponse from "../src/ChatResponse.ts"
import * as Message from "../src/Message.ts"
import * as Prompt from "../src/Prompt.ts"
import * as TestChatModel from "../src/TestChatModel.ts"
import * as Tool from "../src/Tool.ts"
import * as ToolLoop from "../src/ToolLoop.ts"

const usage = (promptTokens: number, completionTokens: number) => ({
  promptTokens,
  completionTokens,
  totalTokens: promptTokens + completionTokens
})
const call = (name: string, parameters: unknown = {}, id?: string) => ({ id, name, arguments: parameters })
const calls = (...toolCalls: ReadonlyArray<ReturnType<typeof call>>): TestChatModel.Answer => ({ toolCalls })

class Declined extends Data.TaggedError("Declined")<{ readonly why: string }> {}

/** A tool that counts what it is run with. */
const weatherTool = (options: Partial<Pick<Tool.Any, "approval" | "timeout">> = {}) => {
  const cities: Array<string> = []
  const tool = Tool.make({
    name: "weather",
    parameters: Schema.Struct({ city: Schema.String }),
    result: Schema.Struct({ celsius: Schema.Number }),
    handler: ({ city }) => {
      cities.push(city)
      return { celsius: city.length }
    },
    ...options
  })
  return { cities, tool }
}

const play = (
  script: ReadonlyArray<TestChatModel.Entry>,
  tools: ReadonlyArray<Tool.Any>,
  options?: ToolLoop.Options,
  input: Prompt.Input = "How is the weather?"
) => {
  const { model, prompts } = TestChatModel.make(script)
  return { prompts, parts: ToolLoop.run(model.stream, Prompt.make(input), tools, options) }
}

const results = (parts: ReadonlyArray<ChatPart>) => parts.filter((part) => part.type === "tool-result")

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
      assert.deepStrictEqual(
        error.trail.map(({ outcome }) => outcome),
        ["ok"]
      )
      assert.deepStrictEqual(cities, ["Rome"])
    })
  )

  it.effect("keeps what an earlier turn took from making dead keys look alive", () =>
    Effect.gen(function* () {
      const { tool } = weatherTool()
      const detail = { detail: "no", status: 401, type: undefined, code: undefined, param: undefined }
      const attempt = { provider: "p", model: "m", key: "k", millis: 1, next: "fail", skipped: false }
      const denied = TestChatModel.failure({ _tag: "UpstreamFailed", kind: "Unauthorized", ...detail }, [
        { ...attempt, outcome: "Unauthorized" }
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

describe("ToolLoop, running tools", () => {
  /** A tool whose runs end one by one, when the test says so. */
  const gated = () => {
    const running: Array<string> = []
    const gates = new Map<string, Deferred.Deferred<string>>()
    const tool = Tool.make({
      name: "slow",
      parameters: Schema.Struct({ n: Schema.String }),
      handler: ({ n }) =>
        Effect.gen(function* () {
          const gate = yield* Deferred.make<string>()
          running.push(n)
          gates.set(n, gate)
          return yield* Deferred.await(gate)
        }).pipe(Effect.onInterrupt(() => Effect.sync(() => running.push(`${n} interrupted`))))
    })
    return { running, tool, open: (n: string) => Effect.suspend(() => Deferred.succeed(gates.get(n)!, n)) }
  }
  const six = calls(...["a", "b", "c", "d", "e", "f"].map((n) => call("slow", { n })))
  const settle = Effect.repeat(Effect.yieldNow, { times: 50 })

  it.effect("runs up to four calls at once and tells the results in the order of the calls", () =>
    Effect.gen(function* () {
      const { open, running, tool } = gated()
      const { parts, prompts } = play([six, "Done."], [tool])
      const fiber = yield* Effect.forkChild(Stream.runCollect(parts))
      yield* settle
      assert.deepStrictEqual(running, ["a", "b", "c", "d"])
      for (const n of ["d", "c", "b", "a"]) yield* open(n)
      yield* settle
      assert.deepStrictEqual(running, ["a", "b", "c", "d", "e", "f"])
      yield* open("f")
      yield* open("e")
      assert.deepStrictEqual(
        results(yield* Fiber.join(fiber)).map(({ result }) => result),
        ["a", "b", "c", "d", "e", "f"]
      )
      const told = prompts[1]?.messages.flatMap((message) => (message.role === "tool" ? [message.content] : []))
      assert.deepStrictEqual(told, ["a", "b", "c", "d", "e", "f"])
    })
  )

  it.effect("runs as many calls at once as it is told", () =>
    Effect.gen(function* () {
      const { running, tool } = gated()
      yield* Effect.forkChild(Stream.runDrain(play([six], [tool], { concurrency: 2 }).parts))
      yield* settle
      assert.deepStrictEqual(running, ["a", "b"])
    })
  )

  it.effect("interrupts handlers when the stream is left, and aborts the signals of promises", () =>
    Effect.gen(function* () {
      const { running, tool } = gated()
      let signal: AbortSignal | undefined
      const never = Tool.make({
        name: "never",
        handler: (_, run) => {
          signal = run.signal
          return new Promise<never>(() => {})
        }
      })
      const { parts } = play([calls(call("slow", { n: "a" }), call("never"))], [tool, never])
      const fiber = yield* Effect.forkChild(Stream.runDrain(parts))
      yield* settle
      assert.deepStrictEqual([running, signal?.aborted], [["a"], false])
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual([running, signal?.aborted], [["a", "a interrupted"], true])
    })
  )

  it.effect("waits for a handler no longer than its tool's time", () =>
    Effect.gen(function* () {
      const slow = Tool.make({ name: "slow", handler: () => Effect.never, timeout: "5 seconds" })
      const { parts, prompts } = play([calls(call("slow")), "Never mind."], [slow])
      const fiber = yield* Effect.forkChild(Stream.runCollect(parts))
      yield* TestClock.adjust("4999 millis")
      assert.lengthOf(prompts, 1)
      yield* TestClock.adjust("1 millis")
      const [result] = results(yield* Fiber.join(fiber))
      assert.deepStrictEqual(result?.error?.reason, { _tag: "TimedOut", tool: "slow", id: "call_1_1", after: 5000 })
      assert.strictEqual(result?.millis, 5000)
    })
  )

  it.effect("takes handlers that give promises, values and Effects", () =>
    Effect.gen(function* () {
      const tools = [
        Tool.make({ name: "promise", handler: async () => "p" }),
        Tool.make({ name: "value", handler: () => undefined }),
        Tool.make({
          name: "effect",
          handler: () => Effect.succeed({ at: new Date(0) }),
          result: Schema.Struct({ at: Schema.Date })
        })
      ]
      const { parts, prompts } = play([calls(call("promise"), call("value"), call("effect")), "Done."], tools)
      yield* Stream.runDrain(parts)
      const told = prompts[1]?.messages.flatMap((message) => (message.role === "tool" ? [message.content] : []))
      assert.deepStrictEqual(told, ["p", "The tool gave no result.", '{"at":"1970-01-01T00:00:00.000Z"}'])
    })
  )
})

describe("ToolLoop, when a call fails", () => {
  const throwing = (error: unknown) =>
    Tool.make({
      name: "fails",
      handler: () => {
        throw error
      }
    })
  const { tool: weather } = weatherTool()
  const id = "call_1_1"

  const failures: ReadonlyArray<readonly [string, Tool.Any, ReturnType<typeof call>, object, string]> = [
    [
      "no such tool",
      weather,
      call("wether"),
      { _tag: "Unknown", tool: "wether", id, tools: ["weather"] },
      'There is no tool "wether". Call one of: weather.'
    ],
    [
      "no JSON",
      weather,
      call("weather", "{city"),
      { _tag: "InvalidArguments", detail: "they are no JSON object: {city" },
      "they are no JSON object: {city. Call it again"
    ],
    [
      "a list instead of arguments",
      weather,
      call("weather", "[1]"),
      { _tag: "InvalidArguments", detail: "they are no JSON object: [1]" },
      "they are no JSON object: [1]"
    ],
    [
      "other arguments",
      weather,
      call("weather", { city: 1 }),
      { _tag: "InvalidArguments", tool: "weather", id, detail: "city: Expected string" },
      "city: Expected string. Call it again"
    ],
    [
      "a handler that throws",
      throwing(new Error("boom")),
      call("fails"),
      { _tag: "HandlerFailed", detail: "boom" },
      '"fails" failed: boom'
    ],
    [
      "a promise that rejects",
      Tool.make({ name: "fails", handler: () => Promise.reject("no") }),
      call("fails"),
      { _tag: "HandlerFailed", cause: "no", detail: "no" },
      "no"
    ],
    [
      "an Effect that fails",
      Tool.make({ name: "fails", handler: () => Effect.fail(new Error("bad")) }),
      call("fails"),
      { _tag: "HandlerFailed", detail: "bad" },
      "bad"
    ],
    [
      "an Error that is handed back",
      Tool.make({ name: "fails", handler: () => new Error("no money") }),
      call("fails"),
      { _tag: "HandlerFailed", detail: "no money" },
      '"fails" failed: no money'
    ],
    [
      "an Error with causes",
      throwing(new Error("pay", { cause: new AggregateError([new Error("a"), new Error("b")], "twice") })),
      call("fails"),
      { _tag: "HandlerFailed", detail: "pay: twice: a; b" },
      "pay: twice: a; b"
    ],
    [
      "an object that is thrown",
      throwing({ code: "CARD_DECLINED", message: "The card was declined" }),
      call("fails"),
      { _tag: "HandlerFailed", detail: "The card was declined (CARD_DECLINED)" },
      "The card was declined (CARD_DECLINED)"
    ],
    [
      "an error of Effect's that has no message",
      Tool.make({ name: "fails", handler: () => Effect.fail(new Declined({ why: "no money" })) }),
      call("fails"),
      { _tag: "HandlerFailed", detail: 'Declined {"why":"no money"}' },
      'Declined {"why":"no money"}'
    ],
    [
      "another result",
      Tool.make({ name: "fails", result: Schema.Number, handler: () => "many" as unknown as number }),
      call("fails"),
      { _tag: "HandlerFailed", detail: "its result does not fit: Expected number" },
      "does not fit"
    ],
    [
      "a result that cannot be read",
      Tool.make({
        name: "fails",
        handler: () => ({
          get at() {
            throw new Error("gone")
          }
        })
      }),
      call("fails"),
      { _tag: "HandlerFailed" },
      "its result cannot be told: gone"
    ]
  ]

  for (const [name, tool, wanted, reason, message] of failures) {
    it.effect(`tells the model of ${name}, and goes on`, () =>
      Effect.gen(function* () {
        const { parts, prompts } = play([calls(wanted), "Sorry."], [tool])
        const collected = yield* Stream.runCollect(parts)
        const [result] = results(collected)
        expect(result?.error?.reason).toMatchObject(reason)
        expect(
          JSON.parse(
            String(prompts[1]?.messages.at(-1)?.role === "tool" && Message.textOf(prompts[1].messages.at(-1)!))
          )
        ).toEqual({
          error: expect.stringContaining(message)
        })
        assert.strictEqual(ChatResponse.fromParts(collected).text, "Sorry.")
      })
    )

    it.effect(`fails the run at ${name} when told to`, () =>
      Effect.gen(function* () {
        const { parts } = play([calls(wanted), "Sorry."], [tool], { failure: "error" })
        const error = yield* Effect.flip(Stream.runDrain(parts))
        expect(error).toMatchObject({ _tag: "ToolError", reason, trail: [{ outcome: "ok" }] })
        expect(error.message).toContain(message)
      })
    )
  }

  it.effect("sends back what every vendor takes of a call that is none, and tells the model its own text", () =>
    Effect.gen(function* () {
      const { parts, prompts } = play([calls(call("shop.buy 😀", '{"city": "Hang'), call("", "")), "Sorry."], [weather])
      yield* Stream.runDrain(parts)
      const [, asked, first, second] = prompts[1]?.messages ?? []
      const toolCalls = [
        { id, name: "shop_buy___", arguments: "{}" },
        { id: "call_1_2", name: "unnamed", arguments: "{}" }
      ]
      assert.deepStrictEqual(asked, Message.assistant({ toolCalls }))
      expect(first).toMatchObject({
        toolCallId: id,
        content: expect.stringContaining('no JSON object: {\\"city\\": \\"Hang')
      })
      expect(second).toMatchObject({ toolCallId: "call_1_2", content: expect.stringContaining("There is no tool") })
    })
  )

  it.effect("interrupts the other calls when one fails the run", () =>
    Effect.gen(function* () {
      const gone = yield* Deferred.make<void>()
      const waits = Tool.make({
        name: "waits",
        handler: () => Effect.onInterrupt(Effect.never, () => Deferred.succeed(gone, undefined))
      })
      const { parts } = play([calls(call("waits"), call("fails"))], [waits, throwing("no")], { failure: "error" })
      expect(yield* Effect.flip(Stream.runDrain(parts))).toMatchObject({ reason: { tool: "fails" } })
      yield* Deferred.await(gone)
    })
  )
})

describe("ToolLoop, when a handler has a defect", () => {
  const bug = new Error("bug")
  /** The messages that were logged, and their causes. */
  const logged = () => {
    const lines: Array<readonly [unknown, unknown]> = []
    const logger = Logger.make(({ cause, message }) => void lines.push([[message].flat()[0], Cause.hasDies(cause)]))
    return { lines, layer: Logger.layer([logger]) as Layer.Layer<never> }
  }
  const defective: ReadonlyArray<readonly [string, Tool.Any, string]> = [
    ["an Effect that dies", Tool.make({ name: "fails", handler: () => Effect.die(bug) }), 'Tool "fails" died'],
    [
      "an Effect that fails and dies",
      Tool.make({
        name: "fails",
        handler: () => Effect.failCause(Cause.combine(Cause.fail("no"), Cause.die(bug)))
      }),
      'Tool "fails" died'
    ],
    [
      "an approval that dies",
      Tool.make({ name: "fails", approval: () => Effect.die(bug), handler: () => 1 }),
      'Approval of tool "fails" died'
    ]
  ]

  for (const [name, tool, said] of defective) {
    it.effect(`dies of it, tells the model nothing and logs it: ${name}`, () =>
      Effect.gen(function* () {
        const { layer, lines } = logged()
        const { parts, prompts } = play([calls(call("fails")), "Sorry."], [tool])
        const exit = yield* Effect.exit(Effect.provide(Stream.runDrain(parts), layer))
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
        assert.strictEqual(Exit.isFailure(exit) && Cause.squash(exit.cause), bug)
        assert.lengthOf(prompts, 1)
        assert.deepStrictEqual(lines, [[`${said} (call call_1_1)`, true]])
      })
    )
  }

  it.effect("is interrupted with a handler that interrupts itself, and logs that", () =>
    Effect.gen(function* () {
      const { layer, lines } = logged()
      const tool = Tool.make({ name: "stops", handler: () => Effect.interrupt })
      const { parts, prompts } = play([calls(call("stops")), "Sorry."], [tool])
      const exit = yield* Effect.exit(Effect.provide(Stream.runDrain(parts), layer))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))
      assert.lengthOf(prompts, 1)
      assert.strictEqual(lines[0]?.[0], 'Tool "stops" was interrupted (call call_1_1)')
    })
  )

  it.effect("logs nothing when its reader leaves", () =>
    Effect.gen(function* () {
      const { layer, lines } = logged()
      const begun = yield* Deferred.make<void>()
      const tool = Tool.make({
        name: "waits",
        handler: () => Effect.andThen(Deferred.succeed(begun, undefined), Effect.never)
      })
      const { parts } = play([calls(call("waits"))], [tool])
      const fiber = yield* Effect.forkChild(Effect.provide(Stream.runDrain(parts), layer))
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(lines, [])
    })
  )
})

describe("ToolLoop, when calls need approval", () => {
  const rome = calls(call("weather", { city: "Rome" }))

  it.effect("asks the loop's approval and then the tool's, with the parameters as they were read", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const { cities, tool } = weatherTool({
        approval: async (request) => {
          asked.push(["tool", request])
          return true
        }
      })
      const { parts } = play([rome, "Mild."], [tool], {
        approval: (request) => Effect.sync(() => asked.push(["loop", request.name]) > 0)
      })
      yield* Stream.runDrain(parts)
      assert.deepStrictEqual(asked, [
        ["loop", "weather"],
        ["tool", { id: "call_1_1", name: "weather", arguments: '{"city":"Rome"}', parameters: { city: "Rome" } }]
      ])
      assert.deepStrictEqual(cities, ["Rome"])
    })
  )

  const refusals: ReadonlyArray<readonly [string, Tool.Approval, string | undefined]> = [
    ["says no", () => false, undefined],
    ["says why not", () => Effect.succeed({ reason: "too dear" }), "too dear"],
    ["fails", () => Effect.fail(new Error("nobody is there")), "nobody is there"]
  ]
  for (const [name, approval, detail] of refusals) {
    it.effect(`does not run a call whose approval ${name}`, () =>
      Effect.gen(function* () {
        const { cities, tool } = weatherTool({ approval })
        const { parts, prompts } = play([rome, "Pity."], [tool])
        const [result] = results(yield* Stream.runCollect(parts))
        assert.deepStrictEqual(result?.error?.reason, { _tag: "Refused", tool: "weather", id: "call_1_1", detail })
        expect(Message.textOf(prompts[1]!.messages.at(-1)!)).toContain(
          `was refused${detail === undefined ? "." : `: ${detail}`}`
        )
        assert.deepStrictEqual(cities, [])
      })
    )
  }

  it.effect("asks nobody about a call that cannot be run", () =>
    Effect.gen(function* () {
      const { tool } = weatherTool()
      let asked = 0
      const { parts } = play([calls(call("weather"), call("other")), "Pity."], [tool], { approval: () => ++asked > 0 })
      yield* Stream.runDrain(parts)
      assert.strictEqual(asked, 0)
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
