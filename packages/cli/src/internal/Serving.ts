/**
 * Runs a gateway until it is stopped: builds the core, listens, shows a summary, logs requests, and stops gracefully.
 * `serve` and `start` differ only in where the configuration comes from and in what the summary says.
 */
import type { Admin } from "@understudy/admin/Admin"
import type * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import { Understudy } from "@understudy/core/Understudy"
import * as Gateway from "@understudy/gateway/Gateway"
import type { GatewayError } from "@understudy/gateway/GatewayError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Failed, fromError } from "../Failed.ts"
import type { Messages } from "../Messages.ts"
import * as Core from "./Core.ts"
import * as Operator from "./Operator.ts"
import * as Output from "./Output.ts"
import * as Port from "./Port.ts"
import * as Replicas from "./Replicas.ts"
import * as RequestLog from "./RequestLog.ts"
import { Stop } from "./Stop.ts"
import * as Style from "./Style.ts"

/** What is to be served. */
export interface Options {
  readonly messages: Messages
  readonly config: Effect.Effect<UnderstudyConfig.UnderstudyConfig, Failed>
  readonly host: string | undefined
  readonly port: number | undefined
  /** How requests are logged; undefined as the configuration says. */
  readonly log: UnderstudyConfig.ServerConfig["log"] | undefined
  /** The configuration is a file: its changes are taken. */
  readonly watch: boolean
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
  /** The operator's side, where there is one. */
  readonly admin: Admin["Service"] | undefined
  /** Whether the log has a line per request. */
  readonly logs: boolean
}

const toFailed = (options: Options, error: GatewayError): Effect.Effect<never, Failed> => {
  const { host, port, reason } = error
  return reason._tag === "PortTaken"
    ? Port.taken(options.messages, { host, port, command: options.command })
    : Effect.fail(fromError(error))
}

/** Where the summary of the start goes: not between the lines of a log that a machine reads. */
const summaryTo = (isJson: boolean) => (isJson ? Output.tell : Output.print)

const dim = (text: string): string => Style.forStream(process.stderr).dim(text)

const serve = Effect.fnUntraced(function* (options: Options, config: UnderstudyConfig.UnderstudyConfig) {
  const { grace, host, messages, port } = options
  const format = options.log ?? config.server.log
  const isJson = format === "json"
  const style = Style.forStream(isJson ? process.stderr : process.stdout)
  const log = isJson ? RequestLog.json : yield* RequestLog.make({ messages, style })
  const logs = format !== "off"
  const operator = options.watch ? yield* Operator.open({ messages, style, log, config, logs }) : Operator.none
  const served = Effect.gen(function* () {
    const understudy = yield* Understudy
    const gateway = yield* Gateway.listen({ host, port, grace, accessLog: logs || operator.records }).pipe(
      Effect.catchTag("GatewayError", (error) => toFailed(options, error))
    )
    const admin = yield* operator.start
    yield* summaryTo(isJson)(...options.summary({ ...gateway, understudy, style, admin, logs }))
    log.open()
    yield* yield* Stop
    yield* Output.tell(`\n${dim(messages.common.stopping)}`)
  })
  const note = (line: string): void => log.note(style.yellow(line))
  const core = Core.layer(Effect.succeed(config)).pipe(
    Layer.provideMerge(Replicas.layer({ messages, config, note })),
    Layer.provideMerge(operator.layer),
    Layer.provideMerge(log.layer)
  )
  yield* Effect.scoped(served).pipe(Effect.provide(core))
})

/** Serves until Ctrl-C. The log is written before it says that it has stopped. */
export const run = Effect.fnUntraced(function* (options: Options) {
  const config = yield* options.config
  yield* Effect.scoped(serve(options, config))
  yield* Output.tell(dim(options.messages.common.stopped))
})
