/**
 * The gateway: what OpenAI clients speak on one side, the failover core on the other.
 *
 * ```
 * node:http ─▶ Router ─▶ Chat ─▶ one fiber of Failover ─▶ the vendor's bytes, as they came
 *                │
 *                └─ models, healthz, readyz, errors that say what to do
 * ```
 *
 * It serves `POST …/v1/chat/completions`, `POST …/v1/embeddings` and `GET …/v1/models` on any path that ends so, the same
 * under Azure's `…/openai/deployments/MODEL/…`, `GET …/v1/models/ID`, `GET /healthz` and `GET /readyz`.
 * Keys, routes and health are the core's. Of its own it has what consumers have used: `Allowance` of the core, where one is
 * provided, keeps that elsewhere.
 *
 * **Gotchas**
 *
 * - Without configured consumers every program that can reach the address may use it; it says so when it starts. Web pages
 *   may not, unless `server.cors` states their origin.
 * - It logs through the installed loggers, and one record a request to the `AccessLog`. Without one, records are messages to the
 *   loggers, too; Effect's default logger is slow: see `LineLogger`, which is both.
 * - When the core takes another configuration, consumers and routes follow with the next request; the address does not.
 * - Closing the scope stops it gracefully, which takes up to `grace` milliseconds while requests are in flight.
 *
 * **Example** (From `understudy.yaml`)
 *
 * ```ts
 * import * as Understudy from "@understudy/core/Understudy"
 * import * as EventLog from "@understudy/gateway/EventLog"
 * import * as Gateway from "@understudy/gateway/Gateway"
 * import * as LineLogger from "@understudy/gateway/LineLogger"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const gateway = Gateway.layer().pipe(
 *   Layer.provide(Understudy.layerYaml()),
 *   Layer.provide(EventLog.layer),
 *   Layer.provide(LineLogger.layer())
 * )
 * const serve = Layer.launch(gateway)
 * ```
 */
import type { AddressInfo } from "node:net"
import type { ConfigError } from "@understudy/core/config/ConfigError"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import { Allowance } from "@understudy/core/face/Face"
import * as Understudy from "@understudy/core/Understudy"
import * as UndiciUpstream from "@understudy/core/upstream/UndiciUpstream"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import * as AccessLog from "./AccessLog.ts"
import * as EventLog from "./EventLog.ts"
import * as GatewayError from "./GatewayError.ts"
import * as Compiled from "./internal/Compiled.ts"
import * as Drain from "./internal/Drain.ts"
import { Guesses } from "./internal/Guesses.ts"
import * as Heartbeat from "./internal/Heartbeat.ts"
import * as Server from "./internal/Server.ts"
import type { Services } from "./internal/Services.ts"
import * as LineLogger from "./LineLogger.ts"
import * as Options from "./Options.ts"
import { RequestId } from "./RequestId.ts"

/** A gateway that listens. */
export class Gateway extends Context.Service<
  Gateway,
  {
    /** `http://HOST:PORT`, without a path. */
    readonly url: string
    readonly host: string
    readonly port: number
    /** Stops it gracefully; the second time it only waits for the first. */
    readonly close: Effect.Effect<void>
  }
>()("understudy/gateway/Gateway") {}

const toUrl = (host: string, port: number): string => `http://${host.includes(":") ? `[${host}]` : host}:${port}`

const listening = ({ server }: Server.Served, { host, port }: Options.Settings, fork: Services["fork"]) =>
  Effect.callback<number, GatewayError.GatewayError>((resume) => {
    const onRefused = (error: Error): void => resume(Effect.fail(GatewayError.fromNode(host, port, error)))
    server.once("error", onRefused)
    server.listen(port, host, () => {
      server.off("error", onRefused)
      // Out of file descriptors, say: one connection is lost, the others go on.
      server.on("error", (error) => void fork(Effect.logError("a connection could not be accepted", Cause.die(error))))
      resume(Effect.succeed((server.address() as AddressInfo).port))
    })
  })

/** Records as messages to the installed loggers. */
const throughLoggers =
  (log: Services["log"]): AccessLog.Sink =>
  ({ fields, level, message }) => {
    const known = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
    log(level === "WARN" ? Effect.logWarning(message) : Effect.logInfo(message), known)
  }

const greet = (url: string, consumers: number): Effect.Effect<void> =>
  consumers === 0
    ? Effect.logWarning(`listening on ${url}, open: no consumers are configured, so whoever can reach it may use it`)
    : Effect.logInfo(`listening on ${url} for ${consumers} consumer${consumers === 1 ? "" : "s"}`)

/**
 * Starts a gateway in the given scope, and stops it gracefully when the scope closes. Fails when it cannot listen.
 */
export const listen: (
  options?: Options.Options
) => Effect.Effect<Gateway["Service"], GatewayError.GatewayError, Understudy.Understudy | Scope.Scope> =
  Effect.fnUntraced(function* (options: Options.Options = {}) {
    const understudy = yield* Understudy.Understudy
    const settings = Options.resolve(options, understudy.config.server)
    const context = yield* Effect.context<never>()
    const fork = Effect.runForkWith(context)
    const outer = Context.get(context, References.CurrentLogAnnotations)
    // `Effect.annotateLogs` around the message would cost twice as much as the message.
    const log: Services["log"] = (message, fields) =>
      void Effect.runForkWith(Context.add(context, References.CurrentLogAnnotations, { ...outer, ...fields }))(message)
    const sink = (yield* AccessLog.AccessLog) ?? throughLoggers(log)
    let draining = false
    const services: Services = {
      understudy,
      compiled: Compiled.make(understudy, settings.host),
      counters: (yield* Allowance.Allowance) ?? Allowance.local(),
      guesses: new Guesses(),
      clock: yield* Clock.Clock,
      ids: yield* RequestId,
      fork,
      log,
      maxBody: settings.maxBody,
      accessLog: settings.accessLog ? sink : undefined,
      isDraining: () => draining
    }
    const served = Server.make(services, settings)
    const port = yield* listening(served, settings, fork)
    yield* Effect.forkScoped(Heartbeat.run(services, served, settings.heartbeat))
    const close = yield* Effect.cached(
      Drain.drain(served, settings, () => {
        draining = true
      })
    )
    yield* Effect.addFinalizer(() => close)
    const url = toUrl(settings.host, port)
    yield* greet(url, understudy.config.consumers.length)
    return Gateway.of({ url, host: settings.host, port, close })
  })

/** A gateway over a core. */
export const layer = (
  options: Options.Options = {}
): Layer.Layer<Gateway, GatewayError.GatewayError, Understudy.Understudy> => Layer.effect(Gateway, listen(options))

/** A gateway for those who do not use Effect. */
export interface Running {
  /** `http://HOST:PORT`, without a path. */
  readonly url: string
  readonly port: number
  /** Stops it gracefully. */
  readonly close: () => Promise<void>
}

/** What `start` takes: a configuration of the shape of `understudy.yaml`, and the gateway's own settings. */
export interface StartOptions extends Options.Options {
  readonly config: UnderstudyOptions
  /**
   * How log lines look and where they go; false for none at all. Default: on standard output, as JSON if `server.log` of the
   * configuration says so, else as text.
   */
  readonly log?: LineLogger.Options | false | undefined
}

/**
 * Starts a gateway with everything below it. Rejects with a `ConfigError` or a `GatewayError`.
 *
 * **Example** (In a test)
 *
 * ```ts
 * import * as Gateway from "@understudy/gateway/Gateway"
 *
 * const gateway = await Gateway.start({
 *   port: 0,
 *   config: {
 *     version: 1,
 *     providers: { local: { type: "openai-compatible", baseUrl: "http://127.0.0.1:11434/v1" } },
 *     routes: [{ name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "local" }] }]
 *   }
 * })
 * await gateway.close()
 * ```
 */
export const start = async ({ config, log, ...options }: StartOptions): Promise<Running> => {
  const over = (ready: UnderstudyConfig.UnderstudyConfig) => {
    const format = ready.server.log === "json" ? "json" : "text"
    const lines = log === false ? Logger.layer([]) : LineLogger.layer({ format, ...log })
    return layer(log === false ? { ...options, accessLog: false } : options).pipe(
      // A configuration that has been checked is not refused again.
      Layer.provide(Layer.orDie(Understudy.layer(ready))),
      Layer.provide(UndiciUpstream.layer()),
      Layer.provide(EventLog.layer),
      Layer.provide(lines)
    )
  }
  const whole: Layer.Layer<Gateway, ConfigError | GatewayError.GatewayError> = Layer.unwrap(
    Effect.map(UnderstudyConfig.fromOptions(config), over)
  )
  const runtime = ManagedRuntime.make(whole)
  const close = (): Promise<void> => runtime.dispose()
  const { port, url } = await runtime.runPromise(Gateway).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return { url, port, close }
}
