/**
 * Several chat models by name over one engine, for those who do not use Effect.
 *
 * `close` ends what is under way at every model and closes the engine, once.
 *
 * **Example** (Two agents)
 *
 * ```ts
 * import { PromiseChatModels } from "@understudy/chat-model/promise"
 *
 * const models = await PromiseChatModels.fromYaml("understudy.yaml")
 * const plan = await models.get("planner").call("Plan a day in Hangzhou")
 * const text = await models.get("worker").call(`Describe the first stop of: ${plan.text}`)
 * await models.close()
 * ```
 *
 * @see ChatModels for names, and where they are checked
 */
import type { ConfigError } from "@understudy/core/config/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ChatModel } from "./ChatModel.ts"
import * as ChatModels from "./ChatModels.ts"
import { Host } from "./internal/runtime/Host.ts"
import * as PromiseChatModel from "./PromiseChatModel.ts"

/** Named models. */
export interface PromiseChatModels<Name extends string = string> extends AsyncDisposable {
  readonly names: ReadonlyArray<Name>
  /** The model of that name. Throws a `ConfigError` for a name that is not there. */
  readonly get: (name: Name) => PromiseChatModel.PromiseChatModel
  /** Ends what is under way and closes the connections. */
  readonly close: () => Promise<void>
}

/**
 * Runs any layer of named models. Rejects with the layer's own error.
 *
 * **Example** (From Effect's world)
 *
 * ```ts
 * import { ChatModels, PromiseChatModels } from "@understudy/chat-model"
 *
 * await using models = await PromiseChatModels.fromLayer(ChatModels.layerYaml("understudy.yaml"))
 * const { text } = await models.get("worker").call("Tell me a joke")
 * ```
 */
export const fromLayer = <Name extends string = string>(
  layer: Layer.Layer<ChatModels.ChatModels, ConfigError>
): Promise<PromiseChatModels<Name>> =>
  Host.open(layer, "engine", async (host) => {
    const { get, names } = Context.get(host.services, ChatModels.ChatModels)
    const open = async (name: string) => {
      const model = Layer.effect(ChatModel, get(name))
      return [name, await host.attach((services) => PromiseChatModel.fromLayer(Layer.merge(services, model)))] as const
    }
    const models = new Map(await Promise.all(names.map(open)))
    return {
      names: names as ReadonlyArray<Name>,
      // A name that is not there fails here, with all that are.
      get: (name) => models.get(name) ?? (Effect.runSync(get(name)) as never),
      close: host.close,
      [Symbol.asyncDispose]: host.close
    }
  })

/** From `path`, else the file that `UNDERSTUDY_CONFIG` names, else `./understudy.yaml`. */
export const fromYaml = (path?: string): Promise<PromiseChatModels> => fromLayer(ChatModels.layerYaml(path))

/**
 * From an object of the shape of `understudy.yaml`.
 *
 * **Example** (Names that the compiler knows)
 *
 * ```ts
 * import { PromiseChatModels } from "@understudy/chat-model/promise"
 *
 * await using models = await PromiseChatModels.fromOptions({
 *   version: 1,
 *   providers: { qwen: { type: "qwen", keys: ["sk-demo-1"] } },
 *   routes: [{ name: "aliyun", match: { model: { prefix: "qwen" } }, targets: [{ provider: "qwen" }] }],
 *   models: { worker: { model: "qwen3.8-flash" } }
 * })
 * const { text } = await models.get("worker").call("Tell me a joke")
 * ```
 */
export const fromOptions = <Name extends string>(
  config: ChatModels.WithModels<Name>
): Promise<PromiseChatModels<Name>> => fromLayer(ChatModels.fromOptions(config).engine)
