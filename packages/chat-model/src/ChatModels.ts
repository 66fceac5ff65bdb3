/**
 * Several chat models by name over one engine: the planner, the worker and the critic of an application, each with the model
 * and the options that `models` of the configuration gives it.
 *
 * **Details**
 *
 * - Keys, circuits and limits are the engine's, so one agent's outage is known to all.
 * - There is no model without a name, and none is chosen for you. With a configuration given as an object (`fromOptions`)
 *   names are checked by the compiler; with `understudy.yaml` a `ConfigError` lists those that exist.
 * - A prompt's own options win over the name's, by the law of `ChatOptions.merge`.
 *
 * **Gotchas**
 *
 * After `Understudy.reload` a name stands for its new options from the next `get` on.
 *
 * **Example** (Two agents)
 *
 * ```ts
 * import { ChatModels } from "@understudy/chat-model"
 * import * as Effect from "effect/Effect"
 *
 * const models = ChatModels.fromOptions({
 *   version: 1,
 *   providers: { qwen: { type: "qwen", keys: ["sk-demo-1"] } },
 *   routes: [{ name: "aliyun", match: { model: { prefix: "qwen" } }, targets: [{ provider: "qwen" }] }],
 *   models: {
 *     planner: { model: "qwen-plus", options: { temperature: 0 } },
 *     worker: { model: "qwen3.8-flash" }
 *   }
 * })
 *
 * const program = Effect.gen(function* () {
 *   const planner = yield* models.get("planner")
 *   const worker = yield* models.get("worker")
 *   const plan = yield* planner.call("Plan a day in Hangzhou")
 *   return yield* worker.call(`Describe the first stop of: ${plan.text}`)
 * }).pipe(Effect.provide(models.engine))
 * ```
 *
 * @see PromiseChatModels for the same without Effect
 */
import type { ConfigError } from "@understudy/core/config/ConfigError"
import type { ModelOptions, UnderstudyOptions } from "@understudy/core/config/Options"
import type { Understudy } from "@understudy/core/Understudy"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ChatModel from "./ChatModel.ts"
import * as Engine from "./internal/runtime/Engine.ts"
import * as NamedModel from "./internal/turn/NamedModel.ts"

/** The named models of an engine. */
export class ChatModels extends Context.Service<
  ChatModels,
  {
    /** Every name, in the configuration's order. */
    readonly names: ReadonlyArray<string>
    /** The model of that name. */
    readonly get: (name: string) => Effect.Effect<ChatModel.ChatModel["Service"], ConfigError>
  }
>()("understudy/chat-model/ChatModels") {}

/**
 * The model of that name; fails with a `ConfigError` that lists the names when there is none.
 *
 * **Example** (Names of a file)
 *
 * ```ts
 * import { ChatModels } from "@understudy/chat-model"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function* () {
 *   const worker = yield* ChatModels.get("worker")
 *   return (yield* worker.call("Tell me a joke")).text
 * }).pipe(Effect.provide(ChatModels.layerYaml()))
 * ```
 */
export const get = (name: string): Effect.Effect<ChatModel.ChatModel["Service"], ConfigError, ChatModels> =>
  ChatModels.use((models) => models.get(name))

/**
 * The model of that name as the `ChatModel` of what is below.
 *
 * **Example** (A part that knows no names)
 *
 * ```ts
 * import { ChatModel, ChatModels } from "@understudy/chat-model"
 * import * as Effect from "effect/Effect"
 *
 * const joke = ChatModel.call("Tell me a joke")
 * const program = joke.pipe(Effect.provide(ChatModels.layer("worker")), Effect.provide(ChatModels.layerYaml()))
 * ```
 */
export const layer = (name: string): Layer.Layer<ChatModel.ChatModel, ConfigError, ChatModels> =>
  Layer.effect(ChatModel.ChatModel, get(name))

/**
 * The named models of the engine that is provided.
 *
 * **Example** (Beside the engine's own face)
 *
 * ```ts
 * import { ChatModels } from "@understudy/chat-model"
 * import * as Understudy from "@understudy/core/Understudy"
 * import * as Layer from "effect/Layer"
 *
 * const engine = ChatModels.layerEngine.pipe(Layer.provideMerge(Understudy.layerYaml()))
 * ```
 */
export const layerEngine: Layer.Layer<ChatModels, never, Understudy> = Layer.effect(
  ChatModels,
  Effect.map(Engine.provided, (understudy) => ({
    get names() {
      return Object.keys(understudy.config.models)
    },
    get: (name) =>
      Effect.suspend(() => {
        const { models, source } = understudy.config
        return Effect.map(NamedModel.find(models, name, source), ({ model, options }) =>
          ChatModel.make(understudy.failover, { ...options, model })
        )
      })
  }))
)

/** The named models of `path`, else of the file that `UNDERSTUDY_CONFIG` names, else of `./understudy.yaml`. */
export const layerYaml = (path?: string): Layer.Layer<ChatModels, ConfigError> =>
  Layer.provide(layerEngine, Engine.layerYaml(path))

/** A configuration with these named models. */
export type WithModels<Name extends string> = Omit<UnderstudyOptions, "models"> & {
  readonly models: Readonly<Record<Name, ModelOptions>>
}

/** Named models whose names the compiler knows. */
export interface Models<Name extends string> {
  readonly names: ReadonlyArray<Name>
  /** The model of that name. */
  readonly get: (name: Name) => Effect.Effect<ChatModel.ChatModel["Service"], never, ChatModels>
  /** The model of that name as the `ChatModel` of what is below. */
  readonly layer: (name: Name) => Layer.Layer<ChatModel.ChatModel, never, ChatModels>
  /** The one engine behind them all. */
  readonly engine: Layer.Layer<ChatModels, ConfigError>
}

/** The named models of an object of the shape of `understudy.yaml`. */
export const fromOptions = <Name extends string>(config: WithModels<Name>): Models<Name> => {
  // The names are the configuration's own: one that is missing all the same is a defect.
  const known = (name: Name) => Effect.orDie(get(name))
  return {
    names: Object.keys(config.models) as Array<Name>,
    get: known,
    layer: (name) => Layer.effect(ChatModel.ChatModel, known(name)),
    engine: Layer.provide(layerEngine, Engine.layerOptions(config))
  }
}
