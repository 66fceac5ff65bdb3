/**
 * Named models that answer from scripts, each from its own, and record what they were asked: for tests of applications with
 * several agents.
 *
 * **Details**
 *
 * - A script is what `TestChatModel` takes. A name without a script is not there, as one that is missing in a configuration.
 * - The model of a name is asked for under that name: `metadata.model` says `planner`.
 *
 * **Example** (Two agents)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { ChatModels, TestChatModels } from "@understudy/chat-model"
 *
 * const test = Effect.gen(function* () {
 *   const planner = yield* ChatModels.get("planner")
 *   const worker = yield* ChatModels.get("worker")
 *   const plan = yield* planner.call("Plan a day")
 *   const { text } = yield* worker.call(`Describe: ${plan.text}`)
 *   const asked = yield* TestChatModels.prompts("worker")
 *   return [text, asked.length] // => ["A lake.", 1]
 * }).pipe(Effect.provide(TestChatModels.layer({ planner: ["West Lake"], worker: ["A lake."] })))
 * ```
 *
 * @see TestChatModel for what a script may hold
 */
import type { ConfigError } from "@understudy/core/config/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ChatModels from "./ChatModels.ts"
import * as NamedModel from "./internal/turn/NamedModel.ts"
import * as PromiseChatModels from "./PromiseChatModels.ts"
import type { Prompt } from "./Prompt.ts"
import * as TestChatModel from "./TestChatModel.ts"

/** A script for each name. */
export type Scripts<Name extends string = string> = Readonly<Record<Name, ReadonlyArray<TestChatModel.Entry>>>

/** What scripted models were asked. */
export class TestChatModels extends Context.Service<
  TestChatModels,
  {
    /** The prompts of the model of that name so far, in order. */
    readonly prompts: (name: string) => Effect.Effect<ReadonlyArray<Prompt>, ConfigError>
  }
>()("understudy/chat-model/TestChatModels") {}

/** The prompts of the model of that name so far; fails with a `ConfigError` when there is none. */
export const prompts = (name: string): Effect.Effect<ReadonlyArray<Prompt>, ConfigError, TestChatModels> =>
  TestChatModels.use((test) => test.prompts(name))

const source = "TestChatModels"

const make = (scripts: Scripts) => {
  const models = Object.fromEntries(
    Object.entries(scripts).map(([name, script]) => [name, TestChatModel.make(script, { options: { model: name } })])
  )
  const find = (name: string) => Effect.suspend(() => NamedModel.find(models, name, source))
  const chatModels = ChatModels.ChatModels.of({
    names: Object.keys(scripts),
    get: (name) => Effect.map(find(name), ({ model }) => model)
  })
  const test = TestChatModels.of({ prompts: (name) => Effect.map(find(name), ({ prompts: asked }) => [...asked]) })
  return Context.make(ChatModels.ChatModels, chatModels).pipe(Context.add(TestChatModels, test))
}

/** Scripted models in place of an engine's, and the `TestChatModels` that knows what they were asked. */
export const layer = (scripts: Scripts): Layer.Layer<ChatModels.ChatModels | TestChatModels> =>
  Layer.effectContext(Effect.sync(() => make(scripts)))

/** Scripted `PromiseChatModels`. */
export interface TestPromiseChatModels<Name extends string> extends PromiseChatModels.PromiseChatModels<Name> {
  /** The prompts of the model of that name so far, in order. */
  readonly prompts: (name: Name) => ReadonlyArray<Prompt>
}

/**
 * Scripted models for those who do not use Effect.
 *
 * **Example** (Two agents)
 *
 * ```ts
 * import { TestChatModels } from "@understudy/chat-model/promise"
 *
 * await using models = await TestChatModels.promise({ planner: ["West Lake"], worker: ["A lake."] })
 * const plan = await models.get("planner").call("Plan a day")
 * const { text } = await models.get("worker").call(`Describe: ${plan.text}`)
 * text // => "A lake."
 * models.prompts("worker").length // => 1
 * ```
 */
export const promise = async <Name extends string>(scripts: Scripts<Name>): Promise<TestPromiseChatModels<Name>> => {
  const services = make(scripts)
  const models = await PromiseChatModels.fromLayer<Name>(Layer.succeedContext(services))
  const test = Context.get(services, TestChatModels)
  return { ...models, prompts: (name) => Effect.runSync(test.prompts(name)) }
}
