import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect } from "vitest"
import * as ChatModel from "../src/ChatModel.ts"
import type { Reason } from "../src/ChatModelError.ts"
import type { ChatPart } from "../src/ChatPart.ts"
import * as ChatResponse from "../src/ChatResponse.ts"
import * as Prompt from "../src/Prompt.ts"
import * as TestChatModel from "../src/TestChatModel.ts"

const scripted = (
  name: string,
  script: ReadonlyArray<TestChatModel.Entry>,
  test: Effect.Effect<void, unknown, ChatModel.ChatModel | TestChatModel.TestChatModel>,
  options?: TestChatModel.Options
) => it.effect(name, () => Effect.provide(test, TestChatModel.layer(script, options)))

const hello: ReadonlyArray<ChatPart> = [
  { type: "text-start", id: "text-1" },
  { type: "text-delta", id: "text-1", delta: "Hello" }
]

describe("TestChatModel", () => {
  it.effect("answers a program and tells what it was asked", () =>
    Effect.gen(function* () {
      const test = Effect.gen(function* () {
        const response = yield* ChatModel.call("Who are you?")
        const [prompt] = yield* TestChatModel.prompts
        return [response.text, prompt?.messages.length]
      }).pipe(Effect.provide(TestChatModel.layer(["A test."])))
      assert.deepStrictEqual(yield* test, ["A test.", 1])
    })
  )

  it("answers those who do not use Effect", async () => {
    await using chat = await TestChatModel.promise(["A test."])
    const { text } = await chat.call("Who are you?")
    expect([text, chat.prompts.length]).toEqual(["A test.", 1])
    await expect(chat.call("Again?")).rejects.toThrow("call 2 came, but the script has 1 entry.")
  })

  scripted(
    "streams a text word by word, as a whole answer",
    ["Hello there, you"],
    Effect.gen(function* () {
      const parts = yield* Stream.runCollect(ChatModel.stream("hi"))
      const deltas = parts.flatMap((part) => (part.type === "text-delta" ? [part.delta] : []))
      assert.deepStrictEqual(deltas, ["Hello ", "there, ", "you"])
      const { metadata, text } = ChatResponse.fromParts(parts)
      assert.strictEqual(text, "Hello there, you")
      assert.deepInclude(metadata, { model: "test", provider: "test", route: "test", attempts: 1, id: "test-1" })
      assert.deepStrictEqual(metadata.finishReason, { unified: "stop" })
    })
  )

  scripted(
    "answers with whatever an entry has",
    [
      {
        reasoning: "Hm.",
        text: "Let me see.",
        toolCalls: [
          { name: "weather", arguments: { city: "Rome" } },
          { id: "mine", name: "now" }
        ],
        usage: { promptTokens: 3, completionTokens: 4, totalTokens: 7 },
        model: "other"
      },
      { refusal: "No.", finishReason: "content-filter" }
    ],
    Effect.gen(function* () {
      const first = yield* ChatModel.call("hi")
      assert.deepStrictEqual(first.result.output, {
        role: "assistant",
        reasoning: "Hm.",
        text: "Let me see.",
        toolCalls: [
          { id: "call_1_1", name: "weather", arguments: '{"city":"Rome"}' },
          { id: "mine", name: "now", arguments: "{}" }
        ]
      })
      assert.strictEqual(first.metadata.usage?.totalTokens, 7)
      assert.strictEqual(first.metadata.model, "other")
      assert.strictEqual(first.metadata.finishReason?.unified, "tool-calls")
      const second = yield* ChatModel.call("hi")
      assert.strictEqual(second.result.output.refusal, "No.")
      assert.strictEqual(second.metadata.finishReason?.unified, "content-filter")
      assert.strictEqual(second.metadata.usage, undefined)
    })
  )

  const recorded = ChatResponse.fromParts([
    { type: "response-metadata", id: "x", model: "qwen-plus", route: "r", provider: "qwen", trail: [] },
    ...hello,
    { type: "text-end", id: "text-1" },
    { type: "finish", finishReason: { unified: "stop", raw: "stop" }, trail: [] }
  ])

  scripted(
    "answers with a response again",
    [recorded],
    Effect.gen(function* () {
      const { metadata, result } = yield* ChatModel.call("hi")
      assert.deepStrictEqual(result, recorded.result)
      assert.deepInclude(metadata, { model: "qwen-plus", trail: [], finishReason: { unified: "stop", raw: "stop" } })
    })
  )

  const reasons: ReadonlyArray<Reason> = [
    { _tag: "Limited", retryAfter: 1000 },
    { _tag: "NoRoute", model: "x", routes: [] },
    { _tag: "DeadlineExceeded", total: 10 }
  ]
  scripted(
    "fails with the reason that an entry names",
    reasons.map((reason) => TestChatModel.failure(reason)),
    Effect.gen(function* () {
      for (const reason of reasons) {
        const error = yield* Effect.flip(ChatModel.call("hi"))
        assert.strictEqual(error._tag, "ChatModelError")
        assert.deepStrictEqual(error.reason, reason)
      }
    })
  )

  const broken = TestChatModel.failure({
    _tag: "Broken",
    kind: "Interrupted",
    detail: "gone",
    status: undefined,
    type: undefined,
    code: undefined,
    param: undefined
  })
  scripted(
    "delivers parts at their times and breaks off",
    [[...hello, TestChatModel.delay("1 second"), broken]],
    Effect.gen(function* () {
      const seen: Array<string> = []
      const reading = Stream.runForEach(ChatModel.stream("hi"), (part) => Effect.sync(() => seen.push(part.type)))
      const fiber = yield* Effect.forkChild(Effect.flip(reading))
      yield* TestClock.adjust("999 millis")
      assert.deepStrictEqual(seen, ["text-start", "text-delta"])
      assert.strictEqual(fiber.pollUnsafe(), undefined)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* Fiber.join(fiber), broken)
    })
  )

  scripted(
    "asks a function, and records the options that were in force",
    [({ messages, options }) => `${messages.length} ${String(options.model)} ${String(options.temperature)}`],
    Effect.gen(function* () {
      const { text } = yield* ChatModel.call(Prompt.make("hi", { temperature: 1 }))
      assert.strictEqual(text, "1 mine 1")
      assert.deepStrictEqual((yield* TestChatModel.prompts)[0]?.options, { model: "mine", temperature: 1 })
    }),
    { options: { model: "mine", temperature: 0 } }
  )

  scripted(
    "dies when a call too many comes, whatever handles failures",
    ["one", "two"],
    Effect.gen(function* () {
      yield* ChatModel.call("hi")
      yield* ChatModel.call("hi")
      const exit = yield* Effect.exit(Effect.catch(ChatModel.call("hi"), () => Effect.succeed("hidden")))
      assert.include(String(exit), "TestChatModel: call 3 came, but the script has 2 entries.")
    })
  )

  scripted(
    "repeats the last entry when told to",
    ["one", "two"],
    Effect.gen(function* () {
      const texts = yield* Effect.forEach([1, 2, 3, 4], () => Effect.map(ChatModel.call("hi"), ({ text }) => text))
      assert.deepStrictEqual(texts, ["one", "two", "two", "two"])
    }),
    { repeatLast: true }
  )

  scripted(
    "refuses a prompt that makes no sense and does not use up an entry for it",
    ["one"],
    Effect.gen(function* () {
      const error = yield* Effect.flip(ChatModel.call(Prompt.make("hi", { temperature: Number.NaN })))
      assert.strictEqual(error.reason._tag, "InvalidPrompt")
      assert.strictEqual((yield* ChatModel.call("hi")).text, "one")
      assert.lengthOf(yield* TestChatModel.prompts, 1)
    })
  )
})
