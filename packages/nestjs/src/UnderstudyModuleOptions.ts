/**
 * Where an engine's configuration comes from: one of `config`, `path` and `remote`; without any, the file that
 * `UNDERSTUDY_CONFIG` names, else `./understudy.yaml`.
 *
 * | Spring AI, `application.yml`             | here                              |
 * | ---------------------------------------- | --------------------------------- |
 * | `spring.ai.openai.base-url`              | `remote.baseUrl`                  |
 * | `spring.ai.openai.api-key`               | `remote.apiKey`                   |
 * | `spring.ai.openai.chat.options.model`    | `remote.model`, or `options.model` |
 */
import type { ChatOptions } from "@understudy/chat-model/ChatOptions"
import type { Remote } from "@understudy/chat-model/Remote"
import type { UnderstudyOptions } from "@understudy/core/config/Options"

/** What a module is made from. */
export interface UnderstudyModuleOptions {
  /** An object of the shape of `understudy.yaml`. */
  readonly config?: UnderstudyOptions | undefined
  /** Where `understudy.yaml` is. */
  readonly path?: string | undefined
  /** A gateway that holds keys and fallbacks itself. */
  readonly remote?: Remote | undefined
  /** What prompts are merged over: the model to ask for, the temperature, ... */
  readonly options?: ChatOptions | undefined
}
