/**
 * Runs a gateway until it is stopped: builds the core, listens, shows a summary, logs requests, and stops gracefully.
 * `serve` and `start` differ only in where the configuration comes from and in what the summary says.
 */
import { dirname, resolve } from "node:path"
import type { Admin } from "@understudy/admin/Admin"
import { ConfigSource } from "@understudy/admin/ConfigSource"
import * as ConfigWatch from "@understudy/admin/ConfigWatch"
import * as Live from "@understudy/admin/Live"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Telemetry from "@understudy/core/telemetry/Telemetry"
import { Understudy } from "@understudy/core/Understudy"
import * as Gateway from "@understudy/gateway/Gateway"
import type { GatewayError } from "@understudy/gateway/GatewayError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Failed, fromError } from "../Failed.ts"
import type { Messages } from "../Messages.ts"
import * as Core from "./Core.ts"
import * as Environment from "./Environment.ts"
import * as Hangup from "./Hangup.ts"
import * as Output from "./Output.ts"
import * as Port from "./Port.ts"
import * as Problems from "./Problems.ts"
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

/** The configuration's file, read as the commands read it. */
const sourceOf = (path: string): ConfigSource["Service"] => ({
  path,
  parse: (text) =>
    Effect.suspend(() => UnderstudyConfig.fromYaml(text, { source: path, env: Environment.beside(path) }))
})

const onChange =
  ({ messages }: Options, style: Style.Style, log: RequestLog.RequestLog, source: string) =>
  (change: ConfigWatch.Change): void =>
    log.note(
      change._tag === "Applied"
        ? style.green(messages.serve.configApplied(source))
        : style.yellow(messages.serve.configRefused(Problems.toText(messages, change.error)))
    )

/** The operator's side where the configuration has one, and else the file's changes alone; SIGHUP takes the file at once. */
const operate = Effect.fnUntraced(function* (
  config: UnderstudyConfig.UnderstudyConfig,
  hear: (change: ConfigWatch.Change) => void
) {
  const { admin } = config.server
  if (admin === undefined) {
    yield* Hangup.listen(yield* ConfigWatch.watch(hear))
    return undefined
  }
  // Loaded where it is wanted: with it come a database and a page of documentation.
  const Admin = yield* Effect.promise(() => import("@understudy/admin/Admin"))
  const data = resolve(dirname(config.source), admin.data)
  const running = yield* Admin.listen({ ...admin, data, onChange: hear }).pipe(Effect.mapError(fromError))
  yield* Hangup.listen(running.reload)
  return running
})

const serve = Effect.fnUntraced(function* (options: Options, config: UnderstudyConfig.UnderstudyConfig) {
  const { grace, host, messages, port } = options
  const format = options.log ?? config.server.log
  const isJson = format === "json"
  const style = Style.forStream(isJson ? process.stderr : process.stdout)
  const log = isJson ? RequestLog.json : yield* RequestLog.make({ messages, style })
  const logs = format !== "off"
  const served = Effect.gen(function* () {
    const understudy = yield* Understudy
    const gateway = yield* Gateway.listen({ host, port, grace, accessLog: logs }).pipe(
      Effect.catchTag("GatewayError", (error) => toFailed(options, error))
    )
    const hear = onChange(options, style, log, config.source)
    const admin = options.watch ? yield* operate(config, hear) : undefined
    yield* summaryTo(isJson)(...options.summary({ ...gateway, understudy, style, admin, logs }))
    log.open()
    yield* yield* Stop
    yield* Output.tell(`\n${dim(messages.common.stopping)}`)
  })
  const isOperated = options.watch && config.server.admin !== undefined
  const core = Core.layer(Effect.succeed(config)).pipe(
    Layer.provide(isOperated ? Telemetry.layer : Layer.empty),
    Layer.provideMerge(isOperated ? Live.layer : Live.layerWithoutCalls),
    Layer.provideMerge(Layer.succeed(ConfigSource, sourceOf(config.source))),
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
