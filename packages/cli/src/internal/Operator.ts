/**
 * What an operator has of a gateway that runs: the file's changes are taken, and where the configuration has an operator's side,
 * that listens and keeps a log of requests.
 */
import { dirname, join, resolve } from "node:path"
import type { Admin } from "@understudy/admin/Admin"
import { ConfigSource } from "@understudy/admin/ConfigSource"
import * as ConfigWatch from "@understudy/admin/ConfigWatch"
import * as Live from "@understudy/admin/Live"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Telemetry from "@understudy/core/telemetry/Telemetry"
import type { Understudy } from "@understudy/core/Understudy"
import { AccessLog, type Sink } from "@understudy/gateway/AccessLog"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { type Failed, fromError } from "../Failed.ts"
import type { Messages } from "../Messages.ts"
import * as Collector from "./Collector.ts"
import * as Console from "./Console.ts"
import * as Environment from "./Environment.ts"
import * as Hangup from "./Hangup.ts"
import * as Problems from "./Problems.ts"
import type { RequestLog } from "./RequestLog.ts"
import type { Style } from "./Style.ts"

/** An operator's part of a gateway. */
export interface Operator {
  /** To be provided to the core and the gateway, above the log. */
  readonly layer: Layer.Layer<never>
  /** It wants a record of every request. */
  readonly records: boolean
  /** Begins, once the core is there and the gateway listens at the URL; the operator's side, where there is one. */
  readonly start: (gateway: string) => Effect.Effect<Admin["Service"] | undefined, Failed, Understudy | Scope.Scope>
}

/** What it is opened with. */
export interface Options {
  readonly messages: Messages
  readonly style: Style
  readonly log: RequestLog
  readonly config: UnderstudyConfig.UnderstudyConfig
  /** The log has a line per request. */
  readonly logs: boolean
  /** Told when another configuration is in force. */
  readonly onApplied: () => void
}

/** Nobody looks after it. */
export const none: Operator = { layer: Layer.empty, records: false, start: () => Effect.succeed(undefined) }

/** The configuration's file, read as the commands read it. */
export const sourceOf = (path: string): ConfigSource["Service"] => ({
  path,
  parse: (text) =>
    Effect.suspend(() => UnderstudyConfig.fromYaml(text, { source: path, env: Environment.beside(path) }))
})

const onChange =
  ({ config, log, messages, onApplied, style }: Options) =>
  (change: ConfigWatch.Change): void => {
    if (change._tag === "Applied") onApplied()
    log.note(
      change._tag === "Applied"
        ? style.green(messages.serve.configApplied(config.source))
        : style.yellow(messages.serve.configRefused(Problems.toText(messages, change.error)))
    )
  }

/** What hears the core: metrics and spans too, where somebody takes them. */
const telemetry = (listening: Layer.Layer<never>, isScraped: boolean): Layer.Layer<never> => {
  const collector = Collector.layer(process.env)
  const observed = Telemetry.layer.pipe(Layer.provide(listening), Layer.provideMerge(collector))
  return isScraped || Collector.isNamed(process.env) ? observed : listening
}

/** Opens it. SIGHUP takes the file at once. */
export const open = Effect.fnUntraced(function* (options: Options): Effect.fn.Return<Operator, never, Scope.Scope> {
  const { config, log, logs, messages, style } = options
  const { admin } = config.server
  const live = yield* Live.make(admin !== undefined)
  const services = Context.make(Live.Live, live).pipe(Context.add(ConfigSource, sourceOf(config.source)))
  if (admin === undefined) {
    const watch = Effect.flatMap(ConfigWatch.watch(onChange(options)), Hangup.listen)
    return {
      layer: telemetry(Live.listen(live), false),
      records: false,
      start: () => Effect.as(Effect.provide(watch, services), undefined)
    }
  }
  const data = resolve(dirname(config.source), admin.data)
  // Loaded where they are wanted: with them come a database and a page of documentation.
  const Admin = yield* Effect.promise(() => import("@understudy/admin/Admin"))
  const Requests = yield* Effect.promise(() => import("@understudy/admin/RequestLog"))
  const onLost = (why: string): void => log.note(style.yellow(messages.serve.requestsLost(why)))
  const requests = yield* Requests.open({ path: join(data, "requests.db"), onLost })
  const recording = Effect.map(AccessLog, (before): Sink => {
    return (entry) => {
      if (logs) before?.(entry)
      requests.put(entry)
      const { consumer, error, route } = entry.fields
      if (route !== undefined) live.answered(consumer, route, error !== undefined)
    }
  })
  const listening = (gateway: string) =>
    Admin.listen({
      ...admin,
      data,
      onChange: onChange(options),
      requests,
      gateway,
      console: Console.folder()
    }).pipe(
      Effect.mapError(fromError),
      Effect.tap(({ reload }) => Hangup.listen(reload)),
      Effect.provide(services)
    )
  return {
    layer: Layer.merge(Layer.effect(AccessLog, recording), telemetry(Live.listen(live), true)),
    records: true,
    start: listening
  }
})
