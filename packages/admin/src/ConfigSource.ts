/** Where the configuration comes from, and how a text of it is read: whoever starts the gateway knows. */
import type { ConfigError } from "@understudy/core/config/ConfigError"
import type { UnderstudyConfig } from "@understudy/core/config/UnderstudyConfig"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** A file that can be read again. */
export class ConfigSource extends Context.Service<
  ConfigSource,
  {
    /** The file. */
    readonly path: string
    /** Checks a text as the file's own, with the variables of the moment. */
    readonly parse: (text: string) => Effect.Effect<UnderstudyConfig, ConfigError>
  }
>()("understudy/admin/ConfigSource") {}
