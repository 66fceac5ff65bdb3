/** What `effect/ai` gets for what a ChatModel answers. */
import { assert, describe, it } from "@effect/vitest"
import * as ChatModel from "@understudy/chat-model/ChatModel"
import type { ChatPart } from "@understudy/chat-model/ChatPart"
import type { Trail } from "@understudy/core/failure/Trail"
import * as Chat from "effect/ai/Chat"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import * as Tool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as UnderstudyLanguageModel from "../src/UnderstudyLanguageModel.ts"
import * as Scripted from "./support/ScriptedLanguageModel.ts"

const trail: Trail = [
  {
    _tag: "Failed",
    provider: "qwen",
    model: "qwen-turbo",
    key: "kabc",
    millis: 3,
    next: { _tag: "NextTarget" },
    reason: { _tag: "Unauthorized" },
    afterContent: false,
    status: 401,
    message: "qwen answered 401"
  },
  {
    _tag: "Ok",
    provider: "deepseek",
    model: "deepseek-chat",
    key: undefined,
    millis: 9,
    next: { _tag: "Answer" },
    usage: { prompt_tokens: 1 }
  }
]

const begun: ReadonlyArray<ChatPart> = [
  {
    type: "response-metadata",
    id: "answer-1",
    model: "deepseek-chat",
    created: 1_700_000_000,
    route: "aliyun",
    provider: "deepseek",
    trail
  },
  { type: "reasoning-start", id: "reasoning-1" },
  { type: "reasoning-delta", id: "reasoning-1", delta: "Who am I?" },
  { type: "reasoning-end", id: "reasoning-1" },
  { type: "text-start", id: "text-1" },
  { type: "text-delta", id: "text-1", delta: "Hello" },
  { type: "text-end", id: "text-1" }
]
const finish: ChatPart = {
  type: "finish",
  finishReason: { unified: "length", raw: "max_tokens" },
  usage: {
    promptTokens: 10,
    completionTokens: 7,
    totalTokens: 17,
    reasoningTokens: 4,
    cacheReadInputTokens: 6,
    nativeUsage: {}
  },
  trail
}

describe("parts", () => {
  it.effect("tells who answered, what it took and why it ended", () =>
    Effect.gen(function* () {
      const { layer } = Scripted.make([...begun, finish])
      const response = yield* LanguageModel.generateText({ prompt: "hi" }).pipe(Effect.provide(layer))
      assert.strictEqual(response.text, "Hello")
      assert.strictEqual(response.reasoningText, "Who am I?")
      assert.strictEqual(response.finishReason, "length")
      assert.deepStrictEqual(
        { ...response.usage },
        {
          inputTokens: { uncached: 4, total: 10, cacheRead: 6, cacheWrite: undefined },
          outputTokens: { total: 7, text: 3, reasoning: 4 }
        }
      )
      const [first] = response.content
      assert(first?.type === "response-metadata")
      assert.deepInclude(first, { id: "answer-1", modelId: "deepseek-chat" })
      assert.strictEqual(DateTime.formatIso(first.timestamp!), "2023-11-14T22:13:20.000Z")
      assert.deepInclude(first.metadata.understudy, { route: "aliyun", provider: "deepseek" })
      const last = response.content.at(-1)
      assert(last?.type === "finish")
      assert.strictEqual(last.metadata.understudy?.finishReason, "max_tokens")
      assert.deepStrictEqual(
        last.metadata.understudy?.trail.map(({ _tag, key, ...entry }) => ({ _tag, key, billed: "usage" in entry })),
        [
          { _tag: "Failed", key: "kabc", billed: false },
          { _tag: "Ok", key: undefined, billed: false }
        ]
      )
    })
  )

  it.effect("takes no less than nothing for what is left of a count", () =>
    Effect.gen(function* () {
      const counts = { promptTokens: 3, completionTokens: 2, reasoningTokens: 9, cacheReadInputTokens: 5 }
      const { layer } = Scripted.make([...begun, { ...finish, usage: { ...counts, nativeUsage: {} } }])
      const { usage } = yield* Effect.provide(LanguageModel.generateText({ prompt: "hi" }), layer)
      assert.deepInclude(usage.inputTokens, { total: 3, uncached: 0, cacheRead: 5 })
      assert.deepInclude(usage.outputTokens, { total: 2, text: 0, reasoning: 9 })
    })
  )

  it.effect("leaves unknown what the vendor did not say", () =>
    Effect.gen(function* () {
      const silent = { type: "finish", finishReason: { unified: "other" }, trail: [] } as const
      const { layer } = Scripted.make([{ type: "text-delta", id: "text-1", delta: "Hello" }, silent])
      const response = yield* LanguageModel.generateText({ prompt: "hi" }).pipe(Effect.provide(layer))
      assert.strictEqual(response.finishReason, "other")
      assert.strictEqual(response.usage.inputTokens.total, undefined)
      assert.strictEqual(response.usage.inputTokens.uncached, undefined)
      assert.strictEqual(response.usage.outputTokens.text, undefined)
    })
  )

  it.effect("streams every block and call in order", () =>
    Effect.gen(function* () {
      const refusal = [
        { type: "refusal-start", id: "refusal-1" },
        { type: "refusal-delta", id: "refusal-1", delta: "No." },
        { type: "refusal-end", id: "refusal-1" }
      ] as const
      const { layer } = Scripted.make([...begun, ...refusal, finish])
      const parts = yield* LanguageModel.streamText({ prompt: "hi" }).pipe(Stream.runCollect, Effect.provide(layer))
      assert.deepStrictEqual(
        parts.map((part) => ("delta" in part ? `${part.type} ${part.delta}` : part.type)),
        [
          "response-metadata",
          "reasoning-start",
          "reasoning-delta Who am I?",
          "reasoning-end",
          "text-start",
          "text-delta Hello",
          "text-end",
          "text-start",
          "text-delta No.",
          "text-end",
          "finish"
        ]
      )
    })
  )

  it.effect("gives a refusal back to the model as one", () =>
    Effect.gen(function* () {
      const { layer, prompts } = Scripted.make({ refusal: "No." }, "Still no.")
      const chat = yield* Chat.empty
      const first = yield* chat.generateText({ prompt: "Please?" }).pipe(Effect.provide(layer))
      assert.strictEqual(first.text, "No.")
      yield* chat.generateText({ prompt: "Why?" }).pipe(Effect.provide(layer))
      assert.deepStrictEqual(prompts[1]?.messages[1], { role: "assistant", refusal: "No." })
    })
  )
})

const Weather = Tool.make("weather", {
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.Struct({ celsius: Schema.Finite })
})
const toolkit = Toolkit.make(Weather)
const handlers = toolkit.toLayer({ weather: ({ city }) => Effect.succeed({ celsius: city.length }) })

describe("tools", () => {
  const call = { toolCalls: [{ id: "call-1", name: "weather", arguments: '{"city":"Hangzhou"}' }] }
  const conversation = [
    { role: "user", content: "How is the weather?" },
    { role: "assistant", ...call },
    { role: "tool", toolCallId: "call-1", content: '{"celsius":8}' }
  ]

  it.effect("runs a tool and gives its result back, whole", () =>
    Effect.gen(function* () {
      const { layer, prompts } = Scripted.make(call, "8 degrees.")
      const chat = yield* Chat.empty
      const first = yield* chat
        .generateText({ prompt: "How is the weather?", toolkit })
        .pipe(Effect.provide([layer, handlers]))
      assert.deepStrictEqual(
        first.toolResults.map(({ result }) => result),
        [{ celsius: 8 }]
      )
      assert.strictEqual(first.finishReason, "tool-calls")
      const second = yield* chat.generateText({ prompt: [], toolkit }).pipe(Effect.provide([layer, handlers]))
      assert.strictEqual(second.text, "8 degrees.")
      assert.deepStrictEqual(prompts[1]?.messages, conversation as never)
    })
  )

  it.effect("runs a tool and gives its result back, streamed", () =>
    Effect.gen(function* () {
      const { layer, prompts } = Scripted.make(call, "8 degrees.")
      const chat = yield* Chat.empty
      const parts = yield* chat
        .streamText({ prompt: "How is the weather?", toolkit })
        .pipe(Stream.runCollect, Effect.provide([layer, handlers]))
      assert.deepStrictEqual(
        parts.map(({ type }) => type),
        [
          "response-metadata",
          "tool-params-start",
          "tool-params-delta",
          "tool-params-end",
          "tool-call",
          "tool-result",
          "finish"
        ]
      )
      yield* chat.streamText({ prompt: [], toolkit }).pipe(Stream.runDrain, Effect.provide([layer, handlers]))
      assert.deepStrictEqual(prompts[1]?.messages, conversation as never)
    })
  )

  it.effect.each(["", " ", "null"])("reads a call without arguments (%j) as an empty object", (written) =>
    Effect.gen(function* () {
      const Clock = Tool.make("clock", { success: Schema.String })
      const { layer } = Scripted.make({ toolCalls: [{ name: "clock", arguments: written }] })
      const kit = Toolkit.make(Clock)
      const response = yield* LanguageModel.generateText({ prompt: "hi", toolkit: kit }).pipe(
        Effect.provide([layer, kit.toLayer({ clock: () => Effect.succeed("noon") })])
      )
      assert.deepStrictEqual(
        response.toolResults.map(({ result }) => result),
        ["noon"]
      )
    })
  )

  it.effect.each(["call", "stream"] as const)("fails a %s whose arguments are not JSON", (way) =>
    Effect.gen(function* () {
      const { layer } = Scripted.make({ toolCalls: [{ name: "weather", arguments: '{"city":' }] })
      const request = { prompt: "hi", toolkit } as const
      const asked =
        way === "call" ? LanguageModel.generateText(request) : Stream.runDrain(LanguageModel.streamText(request))
      const error = yield* Effect.flip(Effect.provide(Effect.asVoid(asked), [layer, handlers]))
      assert.deepInclude(error.reason, { _tag: "ToolParameterValidationError", toolName: "weather" })
    })
  )
})

it.effect("tells the names of provider and model", () =>
  Effect.gen(function* () {
    const silent = Layer.succeed(ChatModel.ChatModel, {} as ChatModel.ChatModel["Service"])
    const names = Effect.all([Model.ProviderName, Model.ModelName])
    const model = UnderstudyLanguageModel.model("qwen-plus").pipe(Layer.provide(silent))
    assert.deepStrictEqual(yield* Effect.provide(names, model), ["understudy", "qwen-plus"])
  })
)
