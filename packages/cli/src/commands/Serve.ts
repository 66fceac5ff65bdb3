/** `understudy serve`: the gateway, from `understudy.yaml`. */
import type { ServerConfig } from "@understudy/core/config/UnderstudyConfig"
import type * as Effect from "effect/Effect"
import type { Failed } from "../Failed.ts"
import * as CalledAs from "../internal/CalledAs.ts"
import * as Core from "../internal/Core.ts"
import * as Problems from "../internal/Problems.ts"
import * as Serving from "../internal/Serving.ts"
import * as Summary from "../internal/Summary.ts"
import type { Messages } from "../Messages.ts"
import * as Version from "../Version.ts"

/** What the command line says. */
export interface Input {
  readonly config: string | undefined
  readonly host: string | undefined
  readonly port: number | undefined
  /** How requests are logged; undefined as the configuration says. */
  readonly log: ServerConfig["log"] | undefined
}

const summary =
  (messages: Messages) =>
  ({ host, logs, style, understudy, url }: Serving.Running): ReadonlyArray<string> => {
    const { config } = understudy
    return [
      "",
      `${style.bold("Understudy")} ${Version.version}  ${style.dim(config.source)}`,
      "",
      ...Summary.blocks(style, [
        [messages.serve.gateway, [style.cyan(`${url}/v1`)]],
        [messages.serve.access, [Summary.access(messages, style, config, host)]],
        [messages.serve.routes, Summary.routes(messages, style, config)]
      ]),
      ...Problems.warnings(messages, style, config).map((line) => `  ${line}`),
      "",
      style.dim(logs ? `${messages.serve.ctrlC}${messages.common.gap}${messages.serve.requests}` : messages.serve.ctrlC)
    ]
  }

/** How long requests in flight may go on after Ctrl-C, in milliseconds. */
const grace = 30_000

/** Serves until Ctrl-C. */
export const run = (messages: Messages, input: Input): Effect.Effect<void, Failed> =>
  Serving.run({
    ...input,
    messages,
    grace,
    config: Core.load(messages, input.config),
    command: `${CalledAs.here()} serve --port`,
    summary: summary(messages)
  })
