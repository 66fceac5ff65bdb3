/** What a ChatModel is asked for what `effect/ai` asks. */
import { assert, describe, it } from "@effect/vitest"
import * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import * as Tool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as UnderstudyLanguageModel from "../src/UnderstudyLanguageModel.ts"
import * as Scripted from "./support/ScriptedLanguageModel.ts"

const ask = Effect.fnUntraced(function* (prompt: Prompt.RawInput) {
  const { layer, prompts } = Scripted.make("Hello")
  yield* LanguageModel.generateText({ prompt }).pipe(Effect.provide(layer))
  return prompts[0]
})

const refuse = Effect.fnUntraced(function* (prompt: Prompt.RawInput) {
  const { layer, prompts } = Scripted.make("Hello")
  const error = yield* LanguageModel.generateText({ prompt }).pipe(Effect.provide(layer), Effect.flip)
  assert.deepStrictEqual(prompts, [])
  return error.reason
})

const bytes = new Uint8Array([1, 2, 3])

describe("messages", () => {
  it.effect("keeps system, user, assistant and tool messages", () =>
    Effect.gen(function* () {
      const prompt = yield* ask([
        { role: "system", content: "Be brief." },
        { role: "user", content: "How is the weather?" },
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "A tool knows." },
            { type: "text", text: "Let me see." },
            { type: "tool-call", id: "call-1", name: "weather", params: { city: "Hangzhou" } },
            { type: "tool-call", id: "call-2", name: "clock", params: {} }
          ]
        },
        {
          role: "tool",
          content: [
            { type: "tool-result", id: "call-1", name: "weather", isFailure: false, result: { celsius: 21 } },
            {
              type: "tool-result",
              id: "call-2",
              name: "clock",
              isFailure: true,
              result: { raw: 1 },
              modelOutput: [{ type: "text", text: "No clock here." }]
            }
          ]
        }
      ])
      assert.deepStrictEqual(prompt?.messages, [
        { role: "system", content: "Be brief." },
        { role: "user", content: "How is the weather?" },
        {
          role: "assistant",
          text: "Let me see.",
          reasoning: "A tool knows.",
          toolCalls: [
            { id: "call-1", name: "weather", arguments: '{"city":"Hangzhou"}' },
            { id: "call-2", name: "clock", arguments: "{}" }
          ]
        },
        { role: "tool", toolCallId: "call-1", content: '{"celsius":21}' },
        { role: "tool", toolCallId: "call-2", content: "No clock here." }
      ])
    })
  )

  it.effect("sends images as URLs, whatever they come as", () =>
    Effect.gen(function* () {
      const file = (data: string | Uint8Array | URL, mediaType = "image/png") =>
        ({ type: "file", mediaType, data }) as const
      const prompt = yield* ask([
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            file(bytes),
            file(bytes, "image/*"),
            file(new URL("https://example.com/cat.png")),
            file("https://example.com/dog.png"),
            file("AQID", "image/webp")
          ]
        }
      ])
      assert.deepStrictEqual(prompt?.messages, [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image", url: "data:image/png;base64,AQID" },
            { type: "image", url: "data:image/jpeg;base64,AQID" },
            { type: "image", url: "https://example.com/cat.png" },
            { type: "image", url: "https://example.com/dog.png" },
            { type: "image", url: "data:image/webp;base64,AQID" }
          ]
        }
      ])
    })
  )

  it.effect("leaves out texts of a user's message that say nothing, and keeps a message that says nothing else", () =>
    Effect.gen(function* () {
      const image = { type: "file", mediaType: "image/png", data: bytes } as const
      const prompt = yield* ask([{ role: "user", content: [{ type: "text", text: "" }, image] }])
      assert.deepStrictEqual(prompt?.messages, [
        { role: "user", content: [{ type: "image", url: "data:image/png;base64,AQID" }] }
      ])
      const reason = yield* refuse([{ role: "user", content: [{ type: "text", text: "" }] }])
      assert.deepInclude(reason, { _tag: "InvalidRequestError", parameter: "messages[0].content" })
    })
  )

  it.effect("keeps arguments that could not be parsed as the model wrote them", () =>
    Effect.gen(function* () {
      const prompt = yield* ask([
        { role: "user", content: "hi" },
        { role: "assistant", content: [{ type: "tool-call", id: "c1", name: "weather", params: '{"city":' }] },
        {
          role: "tool",
          content: [{ type: "tool-result", id: "c1", name: "weather", isFailure: true, result: "no JSON" }]
        }
      ])
      assert.deepStrictEqual(prompt?.messages[1], {
        role: "assistant",
        toolCalls: [{ id: "c1", name: "weather", arguments: '{"city":' }]
      })
    })
  )

  it.effect("refuses files that are no images, and files of an assistant", () =>
    Effect.gen(function* () {
      const pdf = { type: "file", mediaType: "application/pdf", data: bytes } as const
      const given = yield* refuse([{ role: "user", content: [pdf] }])
      assert.strictEqual(given._tag, "InvalidRequestError")
      assert.include(given.message, "application/pdf")
      const own = yield* refuse([{ role: "assistant", content: [pdf] }])
      assert.include(own.message, "user's message only")
    })
  )

  it.effect("leaves out what another provider executed, and messages that say nothing", () =>
    Effect.gen(function* () {
      const search = { id: "ws-1", name: "web_search", providerExecuted: true } as const
      const prompt = yield* ask([
        { role: "user", content: "News?" },
        {
          role: "assistant",
          content: [
            { type: "tool-call", ...search, params: {} },
            { type: "tool-result", ...search, isFailure: false, result: {} }
          ]
        },
        { role: "assistant", content: [{ type: "text", text: "None." }] }
      ])
      assert.deepStrictEqual(prompt?.messages.slice(1), [{ role: "assistant", text: "None." }])
    })
  )
})

const Weather = Tool.make("weather", {
  description: "The weather in a city",
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.Struct({ celsius: Schema.Finite })
})
const Clock = Tool.make("clock", { success: Schema.String }).annotate(Tool.Strict, true)
const toolkit = Toolkit.make(Weather, Clock)
const handlers = toolkit.toLayer({
  weather: () => Effect.succeed({ celsius: 21 }),
  clock: () => Effect.succeed("noon")
})

describe("options", () => {
  it.effect("merges the layer's, the call's and the request's", () =>
    Effect.gen(function* () {
      const { layer, prompts } = Scripted.make("Hello", "Hello")
      const call = LanguageModel.generateText({ prompt: "hi" }).pipe(Effect.provide(layer))
      yield* call
      yield* Effect.provideService(call, UnderstudyLanguageModel.CallOptions, { model: "qwen-plus", temperature: 0 })
      assert.deepStrictEqual(
        prompts.map(({ options }) => options),
        [{ model: "qwen-turbo" }, { model: "qwen-plus", temperature: 0 }]
      )
    })
  )

  it.effect("describes tools, and sends no choice without them", () =>
    Effect.gen(function* () {
      const { layer, prompts } = Scripted.make("Hello", "Hello")
      yield* LanguageModel.generateText({ prompt: "hi", toolkit, toolChoice: { tool: "weather" } }).pipe(
        Effect.provide([layer, handlers])
      )
      const options = prompts[0]?.options
      assert.deepStrictEqual(options?.toolChoice, { tool: "weather" })
      const [weather, clock] = options?.tools as ReadonlyArray<Record<string, any>>
      assert.deepInclude(weather, { name: "weather", description: "The weather in a city", strict: undefined })
      assert.deepInclude(weather?.["parameters"], { type: "object", properties: { city: { type: "string" } } })
      assert.deepInclude(clock, { name: "clock", strict: true })
      yield* LanguageModel.generateText({ prompt: "hi", toolChoice: "required" }).pipe(Effect.provide(layer))
      assert.notProperty(prompts[1]?.options, "toolChoice")
    })
  )

  it.effect("offers only the tools that a choice names", () =>
    Effect.gen(function* () {
      const { layer, prompts } = Scripted.make("Hello")
      const toolChoice = { mode: "required", oneOf: ["clock"] } as const
      yield* LanguageModel.generateText({ prompt: "hi", toolkit, toolChoice }).pipe(Effect.provide([layer, handlers]))
      const { toolChoice: chosen, tools } = prompts[0]?.options ?? {}
      assert.strictEqual(chosen, "required")
      assert.deepStrictEqual(
        (tools as ReadonlyArray<{ name: string }>).map(({ name }) => name),
        ["clock"]
      )
    })
  )

  it.effect("refuses tools that only one provider has", () =>
    Effect.gen(function* () {
      const { layer, prompts } = Scripted.make("Hello")
      const search = Tool.providerDefined({
        id: "openai.web_search",
        customName: "WebSearch",
        providerName: "web_search",
        parameters: Schema.Struct({})
      })()
      const error = yield* LanguageModel.generateText({ prompt: "hi", toolkit: Toolkit.make(search) }).pipe(
        Effect.provide(layer),
        Effect.flip
      )
      assert.deepInclude(error.reason, { _tag: "ToolConfigurationError", toolName: "WebSearch" })
      assert.deepStrictEqual(prompts, [])
    })
  )

  it.effect("asks for an object by its schema, and reads it", () =>
    Effect.gen(function* () {
      const { layer, prompts } = Scripted.make('{"city":"Hangzhou"}')
      const schema = Schema.Struct({ city: Schema.String })
      const { value } = yield* LanguageModel.generateObject({ prompt: "Where?", schema, objectName: "place" }).pipe(
        Effect.provide(layer)
      )
      assert.deepStrictEqual(value, { city: "Hangzhou" })
      const format = prompts[0]?.options.responseFormat as { readonly name: string; readonly schema: unknown }
      assert.strictEqual(format.name, "place")
      assert.deepInclude(format.schema, { type: "object", required: ["city"], additionalProperties: false })
    })
  )

  it.effect.each(['```json\n{"city":"Hangzhou"}\n```', 'Here it is: {"city":"Hangzhou"}.', '{"city":"Hangzhou"}\n'])(
    "reads the object in %j",
    (written) =>
      Effect.gen(function* () {
        const { layer } = Scripted.make(written)
        const schema = Schema.Struct({ city: Schema.String })
        const { value } = yield* LanguageModel.generateObject({ prompt: "Where?", schema }).pipe(Effect.provide(layer))
        assert.deepStrictEqual(value, { city: "Hangzhou" })
      })
  )

  it.effect("does not take the first object of a list for the answer", () =>
    Effect.gen(function* () {
      const written = '[{"city":"Hangzhou"}]'
      const { layer } = Scripted.make(written)
      const schema = Schema.Struct({ city: Schema.String })
      const asked = LanguageModel.generateObject({ prompt: "Where?", schema })
      const { reason } = yield* Effect.flip(Effect.provide(asked, layer))
      assert.strictEqual(reason._tag, "StructuredOutputError")
      assert.include(reason, { responseText: written })
    })
  )

  it.effect("says when a schema cannot be asked for", () =>
    Effect.gen(function* () {
      const { layer } = Scripted.make("Hello")
      const schema = Schema.Union([Schema.Struct({ a: Schema.String }), Schema.Struct({ b: Schema.String })])
      const error = yield* LanguageModel.generateObject({ prompt: "Where?", schema }).pipe(
        Effect.provide(layer),
        Effect.flip
      )
      assert.strictEqual(error.reason._tag, "UnsupportedSchemaError")
    })
  )
})
