/**
 * An engine with its models, from the options of a module.
 */
import * as ChatModel from "@understudy/chat-model/ChatModel"
import * as ChatModels from "@understudy/chat-model/ChatModels"
import * as ChatOptions from "@understudy/chat-model/ChatOptions"
import * as PromiseChatModel from "@understudy/chat-model/PromiseChatModel"
import * as PromiseChatModels from "@understudy/chat-model/PromiseChatModels"
import * as Remote from "@understudy/chat-model/Remote"
import { ConfigError } from "@understudy/core/config/ConfigError"
import * as Understudy from "@understudy/core/Understudy"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type { UnderstudyModuleOptions } from "../UnderstudyModuleOptions.ts"

/** An engine that runs. */
export interface Engine {
  readonly chatModel: PromiseChatModel.PromiseChatModel
  readonly chatModels: PromiseChatModels.PromiseChatModels
  readonly understudy: Understudy.Understudy["Service"]
  readonly close: () => Promise<void>
}

const misconfigured = (message: string): ConfigError =>
  new ConfigError({ source: "UnderstudyModule", issues: [{ path: [], message }] })

const sources = ["config", "path", "remote"] as const

const toEngine = ({ config, path, remote }: UnderstudyModuleOptions) => {
  if (remote !== undefined) return Understudy.layerOptions(Remote.toConfig(remote))
  return config === undefined ? Understudy.layerYaml(path) : Understudy.layerOptions(config)
}

const toLayer = (options: UnderstudyModuleOptions) => {
  const defaults = options.remote === undefined ? ChatOptions.empty : Remote.toOptions(options.remote)
  const chatModel = ChatModel.layer(ChatOptions.merge(defaults, options.options ?? ChatOptions.empty))
  return Layer.provideMerge(Layer.merge(chatModel, ChatModels.layerEngine), toEngine(options))
}

/** Names the ways out to somebody who has given no configuration at all. */
const explained = (error: unknown): unknown => {
  if (!(error instanceof ConfigError)) return error
  const message = "was looked for because UnderstudyModule was given none of config, path and remote: give one of them"
  return new ConfigError({ source: error.source, issues: [...error.issues, { path: [], message }] })
}

/** Starts an engine. Rejects with a `ConfigError` that names every problem. */
export const open = async (options: UnderstudyModuleOptions): Promise<Engine> => {
  if (typeof options !== "object" || options === null) {
    throw misconfigured(`useFactory must return options such as { path: "understudy.yaml" }, got ${String(options)}`)
  }
  const given = sources.filter((source) => options[source] !== undefined)
  if (given.length > 1) throw misconfigured(`takes one of config, path and remote, got ${given.join(" and ")}`)
  const runtime = ManagedRuntime.make(toLayer(options))
  try {
    const services = await runtime.context()
    const chatModel = await PromiseChatModel.fromLayer(
      Layer.succeed(ChatModel.ChatModel, Context.get(services, ChatModel.ChatModel))
    )
    const chatModels = await PromiseChatModels.fromLayer(
      Layer.succeed(ChatModels.ChatModels, Context.get(services, ChatModels.ChatModels))
    )
    const close = async (): Promise<void> => {
      await Promise.all([chatModel.close(), chatModels.close()])
      await runtime.dispose()
    }
    return { chatModel, chatModels, understudy: Context.get(services, Understudy.Understudy), close }
  } catch (error) {
    await runtime.dispose()
    throw given.length === 0 ? explained(error) : error
  }
}
