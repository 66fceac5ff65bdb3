/**
 * A ChatModel's view of a gateway: one OpenAI-compatible server that answers whatever model it is asked for.
 *
 * The same engine runs in front of it, so deadlines, errors and abort are as they are in process; keys, fallback and
 * repeats are the gateway's. So a busy or failed gateway is not asked again, but a broken connection is, once.
 *
 * | Spring AI                                       | here                               |
 * | ----------------------------------------------- | ---------------------------------- |
 * | `spring.ai.openai.base-url: http://gateway/v1`  | `baseUrl: "http://gateway/v1"`     |
 * | `spring.ai.openai.api-key: <consumer key>`      | `apiKey: "<consumer key>"`         |
 * | `spring.ai.openai.chat.options.model`           | `model: "deepseek-flash"`           |
 *
 * **Example** (A gateway instead of the vendors)
 *
 * ```ts
 * import { ChatModel } from "@understudy/chat-model"
 *
 * const layer = ChatModel.layerRemote({
 *   baseUrl: "http://127.0.0.1:8080/v1",
 *   apiKey: "sk-demo-consumer",
 *   model: "deepseek-flash"
 * })
 * ```
 *
 * **Example** (The same, by hand)
 *
 * ```ts
 * import { ChatModel, Remote } from "@understudy/chat-model"
 *
 * const remote: Remote.Remote = { baseUrl: "http://127.0.0.1:8080/v1", model: "deepseek-flash" }
 * const layer = ChatModel.layerUnderstudy(Remote.toConfig(remote), Remote.toOptions(remote))
 * ```
 */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as Redacted from "effect/Redacted"
import * as ChatOptions from "./ChatOptions.ts"

/** Where the gateway is, and who asks. */
export interface Remote {
  /** Host, `…/v1`, or the full `…/v1/chat/completions`. */
  readonly baseUrl: string
  /** The consumer's key; left out for an open gateway. */
  readonly apiKey?: string | Redacted.Redacted<string> | undefined
  /** The model to ask for when a prompt names none. */
  readonly model?: string | undefined
  /** Further defaults. */
  readonly options?: ChatOptions.ChatOptions | undefined
  /** As a provider's and a route's in `understudy.yaml`: `{ connect: "2s", total: "1m" }`. */
  readonly deadlines?: Partial<Record<"connect" | "firstContent" | "idle" | "answer" | "total", string>> | undefined
}

/** The configuration of an engine whose only target is the gateway. */
export const toConfig = ({ apiKey, baseUrl, deadlines = {} }: Remote): UnderstudyOptions => {
  const { total, ...attempt } = deadlines
  const key = Redacted.isRedacted(apiKey) ? Redacted.value(apiKey) : apiKey
  return {
    version: 1,
    providers: {
      gateway: {
        type: "openai-compatible",
        baseUrl,
        ...(key === undefined || key === "" ? {} : { keys: [key] }),
        deadlines: attempt
      }
    },
    routes: [
      {
        name: "gateway",
        match: { model: { prefix: "" } },
        targets: [{ provider: "gateway" }],
        ...(total === undefined ? {} : { deadlines: { total } }),
        on: { Overloaded: { again: false }, ServerFailed: { again: false } }
      }
    ]
  }
}

/** The defaults of a ChatModel in front of the gateway. */
export const toOptions = ({ model, options = ChatOptions.empty }: Remote): ChatOptions.ChatOptions =>
  ChatOptions.merge(options, { model })
