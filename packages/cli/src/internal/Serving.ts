/**
 * Runs a gateway until it is stopped: builds the core, listens, shows a summary, logs requests, and stops gracefully.
 * `serve` and `start` differ only in where the configuration comes from and in what the summary says.
 */
import type { Admin } from "@understudy/admin/Admin"
import type * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import { Listener } from "@understudy/core/telemetry/Event"
import { Understudy } from "@understudy/core/Understudy"
import { AccessLog } from "@understudy/gateway/AccessLog"
import * as Gateway from "@understudy/gateway/Gateway"
import type { GatewayError } from "@understudy/gateway/GatewayError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
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
import type { Workers } from "./workers/Workers.ts"

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
  /** Processes that answer calls; 1: this one. */
  readonly workers: number
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

type Listen = Effect.Effect<Workers | Gateway.Gateway["Service"], GatewayError | Failed, Understudy | Scope.Scope>

/** Calls are answered by processes of their own, which share over this one, unless the configuration has another way. */
const spread = Effect.fnUntraced(function* (options: Options, source: string, records: boolean) {
  const [{ Hub }, Workers, { Sharing }] = yield* Effect.promise(() =>
    Promise.all([import("./workers/Hub.ts"), import("./workers/Workers.ts"), import("@understudy/core")])
  )
  const clock = yield* Clock.Clock
  const hub = new Hub(() => clock.currentTimeMillisUnsafe())
  const { grace, host, port, workers: count } = options
  const listen = Effect.gen(function* () {
    const sink = yield* AccessLog
    const listener = yield* Listener
    const settings = { config: source, host, port, grace, records, events: listener.wantsCalls !== false }
    return yield* Workers.start({
      ...{ count, settings, hub },
      onRecords: (entries, events) => {
        for (const entry of entries) sink?.(entry)
        for (const event of events) listener.emit(event)
      }
    })
  })
  return { listen, layer: Layer.succeed(Sharing.Sharing, hub.sharing("first")) }
})

const serve = Effect.fnUntraced(function* (options: Options, config: UnderstudyConfig.UnderstudyConfig) {
  const { grace, host, messages, port } = options
  const format = options.log ?? config.server.log
  const isJson = format === "json"
  const style = Style.forStream(isJson ? process.stderr : process.stdout)
  const log = isJson ? RequestLog.json : yield* RequestLog.make({ messages, style })
  const logs = format !== "off"
  const reload = { now: (): void => {} }
  const onApplied = () => reload.now()
  const operator = options.watch
    ? yield* Operator.open({ messages, style, log, config, logs, onApplied })
    : Operator.none
  const records = logs || operator.records
  const workers = options.workers > 1 ? yield* spread(options, config.source, records) : undefined
  const listen: Listen = workers?.listen ?? Gateway.listen({ host, port, grace, accessLog: records })
  const served = Effect.gen(function* () {
    const understudy = yield* Understudy
    const gateway = yield* listen.pipe(Effect.catchTag("GatewayError", (error) => toFailed(options, error)))
    if ("reload" in gateway) reload.now = gateway.reload
    const admin = yield* operator.start(gateway.url)
    yield* summaryTo(isJson)(...options.summary({ ...gateway, understudy, style, admin, logs }))
    log.open()
    yield* yield* Stop
    yield* Output.tell(`\n${dim(messages.common.stopping)}`)
  })
  const note = (line: string): void => log.note(style.yellow(line))
  const core = Core.layer(Effect.succeed(config)).pipe(
    Layer.provideMerge(Replicas.layer({ messages, config, note })),
    Layer.provideMerge(workers?.layer ?? Layer.empty),
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
