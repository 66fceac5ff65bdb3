/**
 * An engine with its models, from the options of a module.
 */
import * as ChatOptions from "@understudy/chat-model/ChatOptions"
import * as PromiseUnderstudy from "@understudy/chat-model/PromiseUnderstudy"
import * as Remote from "@understudy/chat-model/Remote"
import { ConfigError } from "@understudy/core/config/ConfigError"
import type { UnderstudyModuleOptions } from "../UnderstudyModuleOptions.ts"

const misconfigured = (message: string): ConfigError =>
  new ConfigError({ source: "UnderstudyModule", issues: [{ path: [], message }] })

const sources = ["config", "path", "remote"] as const

const start = ({ config, options = ChatOptions.empty, path, remote }: UnderstudyModuleOptions) => {
  if (remote !== undefined) {
    const defaults = ChatOptions.merge(Remote.toOptions(remote), options)
    return PromiseUnderstudy.fromOptions(Remote.toConfig(remote), defaults)
  }
  return config === undefined
    ? PromiseUnderstudy.fromYaml(path, options)
    : PromiseUnderstudy.fromOptions(config, options)
}

/** Names the ways out to somebody who has given no configuration at all. */
const explained = (error: unknown): unknown => {
  if (!(error instanceof ConfigError)) return error
  const message = "was looked for because UnderstudyModule was given none of config, path and remote: give one of them"
  return new ConfigError({ source: error.source, issues: [...error.issues, { path: [], message }] })
}

/** Starts an engine. Rejects with a `ConfigError` that names every problem. */
export const open = async (options: UnderstudyModuleOptions): Promise<PromiseUnderstudy.PromiseUnderstudy> => {
  if (typeof options !== "object" || options === null) {
    throw misconfigured(`useFactory must return options such as { path: "understudy.yaml" }, got ${String(options)}`)
  }
  const given = sources.filter((source) => options[source] !== undefined)
  if (given.length > 1) throw misconfigured(`takes one of config, path and remote, got ${given.join(" and ")}`)
  try {
    return await start(options)
  } catch (error) {
    throw given.length === 0 ? explained(error) : error
  }
}
