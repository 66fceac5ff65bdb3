/**
 * Several chat models by name over one engine, for those who do not use Effect.
 *
 * **Details**
 *
 * - With a configuration given as an object names are checked by the compiler; with `understudy.yaml`, `get` throws a
 *   `ConfigError` that lists the names that exist.
 * - `close` ends what is under way at every model and closes the engine, once.
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
 * @see ChatModels
 */
import type { ConfigError } from "@understudy/core/config/ConfigError"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { ChatModel } from "./ChatModel.ts"
import * as ChatModels from "./ChatModels.ts"
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
export const fromLayer = async <Name extends string = string>(
  layer: Layer.Layer<ChatModels.ChatModels, ConfigError>
): Promise<PromiseChatModels<Name>> => {
  const runtime = ManagedRuntime.make(layer)
  try {
    const context = await runtime.context()
    const { get, names } = Context.get(context, ChatModels.ChatModels)
    const open = async (name: string) => {
      const model = await runtime.runPromise(get(name))
      const services = Layer.succeedContext(Context.add(context, ChatModel, model))
      return [name, await PromiseChatModel.fromLayer(services)] as const
    }
    const models = new Map(await Promise.all(names.map(open)))
    let closed: Promise<void> | undefined
    const close = async (): Promise<void> => {
      await Promise.all([...models.values()].map((model) => model.close()))
      await runtime.dispose()
    }
    return {
      names: names as ReadonlyArray<Name>,
      // A name that is not there fails here, with all that are.
      get: (name) => models.get(name) ?? (runtime.runSync(get(name)) as never),
      close: () => (closed ??= close()),
      [Symbol.asyncDispose]: () => (closed ??= close())
    }
  } catch (error) {
    await runtime.dispose()
    throw error
  }
}

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
