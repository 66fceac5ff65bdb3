/**
 * A program on the SDK as it is published, with both of its entries and an `effect` of its own: `program.ts FOLDER CONFIGURATION`.
 * Writes what came of it as JSON.
 */
import { registerHooks } from "node:module"
import type { Options } from "@understudy/core"

const loaded: Array<string> = []
registerHooks({
  load: (url, context, next) => {
    loaded.push(url)
    return next(url, context)
  }
})
/** The packages that have been loaded so far. */
const packages = (): ReadonlyArray<string> => [
  ...new Set(loaded.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []))
]

const [folder = "", configuration = ""] = process.argv.slice(2)
const config: Options.UnderstudyOptions = JSON.parse(configuration)

type Promises = typeof import("@understudy/chat-model/promise")
type Index = typeof import("@understudy/chat-model")
type ErrorModule = typeof import("@understudy/chat-model/ChatModelError")

const sdk: Promises = await import(`${folder}/promise.js`)
const afterImport = packages()

const chat = await sdk.PromiseChatModel.fromOptions(config, { model: "qwen-turbo" })
const answer = await chat.call("Who are you?")
let streamed = ""
for await (const part of chat.stream("Who are you?")) if (part.type === "text-delta") streamed += part.delta
const afterAnswers = packages()

const refusal: unknown = await chat.call("").catch((error: unknown) => error)

const index: Index = await import(`${folder}/index.js`)
const errors: ErrorModule = await import(`${folder}/ChatModelError.js`)
const heavy = loaded.filter((url) => /\/(Schema|Setting|Understudy)\.[jt]s$/.test(url))
const ownFiles = loaded.filter((url) => url.startsWith(`${folder}/shared/`)).length
const [Effect, Layer, Schema, Stream, { z }] = await Promise.all([
  import("effect/Effect"),
  import("effect/Layer"),
  import("effect/Schema"),
  import("effect/Stream"),
  import("zod")
])

const day = '{"city":"Hangzhou","date":"2026-11-28T00:00:00.000Z"}'
const weather = { toolCalls: [{ name: "weather", arguments: { city: "Hangzhou" } }] }
const scripted = await sdk.TestChatModel.promise([day, day, weather, "21 degrees", "advised"])
const client = sdk.PromiseChatClient.make(scripted)
const ofZod = await client
  .prompt("When?")
  .call()
  .entity(z.object({ city: z.string() }))
const ofEffect = await client
  .prompt("When?")
  .call()
  .entity(Schema.Struct({ city: Schema.String, date: Schema.Date }))
const tool = sdk.Tool.make({
  name: "weather",
  parameters: Schema.Struct({ city: Schema.String }),
  handler: ({ city }) => Effect.as(Effect.sleep(1), { city, celsius: 21 })
})
const ofTool = await client.prompt("How warm?").tools(tool).call().content()
const shouting = sdk.Advisor.make("shouting", (request, next) =>
  Stream.map(next(request), (part) =>
    part.type === "text-delta" ? { ...part, delta: part.delta.toUpperCase() } : part
  )
)
const ofAdvisor = await client.prompt("Advice?").advisors(shouting).call().content()

/** A model that a program made with its own `effect`. */
const parrot = index.TestChatModel.make(["from a layer"]).model
const layered = await sdk.PromiseChatModel.fromLayer(
  Layer.effect(index.ChatModel.ChatModel, Effect.as(Effect.sleep(1), parrot))
)
const ofLayer = (await layered.call("Anything?")).text

await Promise.all([chat, scripted, layered].map((model) => model.close()))

process.stdout.write(
  JSON.stringify({
    afterImport,
    afterAnswers,
    answer: { model: answer.metadata.model, text: answer.text, attempts: answer.metadata.attempts },
    streamed,
    refusal: {
      own: refusal instanceof sdk.ChatModelError.ChatModelError,
      others: refusal instanceof index.ChatModelError.ChatModelError,
      sameClass: Object.is(sdk.ChatModelError.ChatModelError, index.ChatModelError.ChatModelError)
    },
    index: {
      heavy,
      ownFiles,
      sameClassByItsModule: Object.is(errors.ChatModelError, index.ChatModelError.ChatModelError),
      exports: Object.keys(index).sort()
    },
    ofZod,
    ofEffect: { ...ofEffect, date: ofEffect.date.getUTCFullYear() },
    ofTool,
    ofAdvisor,
    ofLayer
  })
)
