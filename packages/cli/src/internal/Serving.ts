/**
 * Runs a gateway until it is stopped: builds the core, listens, shows a summary, logs requests, and stops gracefully.
 * `serve` and `start` differ only in where the configuration comes from and in what the summary says.
 */
import type { UnderstudyConfig } from "@understudy/core/config/UnderstudyConfig"
import { Understudy } from "@understudy/core/Understudy"
import * as Gateway from "@understudy/gateway/Gateway"
import type { GatewayError } from "@understudy/gateway/GatewayError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Failed, fromError } from "../Failed.ts"
import type { Messages } from "../Messages.ts"
import * as Core from "./Core.ts"
import * as Output from "./Output.ts"
import * as Port from "./Port.ts"
import * as RequestLog from "./RequestLog.ts"
import { Stop } from "./Stop.ts"
import * as Style from "./Style.ts"

/** What is to be served. */
export interface Options {
  readonly messages: Messages
  readonly config: Effect.Effect<UnderstudyConfig, Failed>
  readonly host: string | undefined
  readonly port: number | undefined
  readonly quiet: boolean
  /** Milliseconds that requests in flight have when it stops. */
  readonly grace: number
  /** The command line that takes another port: the port is put behind it. */
  readonly command: string
  /** The lines above the log. */
  readonly summary: (running: Running) => ReadonlyArray<string>
}

/** A gateway that listens. */
export interface Running {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly understudy: Understudy["Service"]
  readonly style: Style.Style
}

const toFailed = (options: Options, error: GatewayError): Effect.Effect<never, Failed> => {
  const { host, port, reason } = error
  return reason._tag === "PortTaken"
    ? Port.taken(options.messages, { host, port, command: options.command })
    : Effect.fail(fromError(error))
}

/** Serves until Ctrl-C. */
export const run = Effect.fnUntraced(function* (options: Options) {
  const { grace, host, messages, port, quiet } = options
  const style = Style.forStream(process.stdout)
  const log = RequestLog.make({ messages, style, quiet, write: (line) => void process.stdout.write(line) })
  const served = Effect.gen(function* () {
    const understudy = yield* Understudy
    const gateway = yield* Gateway.listen({ host, port, grace }).pipe(
      Effect.catchTag("GatewayError", (error) => toFailed(options, error))
    )
    yield* Output.print(...options.summary({ ...gateway, understudy, style }))
    log.open()
    yield* yield* Stop
    yield* Output.tell(`\n${style.dim(messages.common.stopping)}`)
  })
  yield* Effect.scoped(served).pipe(Effect.provide(Core.layer(options.config).pipe(Layer.provideMerge(log.layer))))
  yield* Output.tell(style.dim(messages.common.stopped))
})
