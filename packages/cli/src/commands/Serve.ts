/** `understudy serve`: the gateway, from `understudy.yaml`. */
import type { Admin } from "@understudy/admin/Admin"
import type { ServerConfig } from "@understudy/core/config/UnderstudyConfig"
import type * as Effect from "effect/Effect"
import type { Failed } from "../Failed.ts"
import * as CalledAs from "../internal/CalledAs.ts"
import * as Core from "../internal/Core.ts"
import * as Serving from "../internal/Serving.ts"
import type * as Style from "../internal/Style.ts"
import * as Summary from "../internal/Summary.ts"
import type { Messages } from "../Messages.ts"

/** What the command line says. */
export interface Input {
  readonly config: string | undefined
  readonly host: string | undefined
  readonly port: number | undefined
  /** How requests are logged; undefined as the configuration says. */
  readonly log: ServerConfig["log"] | undefined
  /** Processes that answer calls. */
  readonly workers: number
}

const adminLines = (messages: Messages, style: Style.Style, { setupToken, url }: Admin["Service"]) => [
  // Behind the `#` the token is never sent in an address, and the page need not be told it.
  style.cyan(setupToken === undefined ? url : `${url}/#setup=${setupToken}`),
  style.cyan(`${url}/docs`),
  ...(setupToken === undefined ? [] : [messages.serve.setupToken(style.bold(setupToken))])
]

const summary =
  (messages: Messages) =>
  ({ admin, host, logs, style, understudy, url }: Serving.Running): ReadonlyArray<string> => {
    const { config } = understudy
    return [
      ...Summary.page(style, config.source, [
        [messages.serve.gateway, [style.cyan(`${url}/v1`)]],
        [messages.serve.access, [Summary.access(messages, style, config, host)]],
        [messages.serve.routes, Summary.routes(messages, style, config)],
        ...(admin === undefined ? [] : [[messages.serve.admin, adminLines(messages, style, admin)] as const])
      ]),
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
    watch: true,
    config: Core.load(messages, input.config),
    command: `${CalledAs.here()} serve --port`,
    summary: summary(messages)
  })
