/**
 * The operator's side of a gateway: the admin API, its documentation, and metrics, on an address of their own.
 *
 * ```
 * node:http ─▶ Bridge (limits, own names only) ─▶ AdminApi ─▶ Guard (who, which scope) ─▶ handlers ─▶ the core
 *                                                    │
 *                                                    ├─ /docs, /openapi.json, /healthz
 *                                                    ├─ /metrics
 *                                                    └─ / the console's files
 * ```
 *
 * **Details**
 *
 * - On the first start it tells a set-up token, which sets the admin's password once. Until then nothing else answers.
 * - The configuration's file is watched: a change is applied whole, or told as what is wrong with it.
 * - Accounts, sessions, tokens, audit log and versions are kept in `data`, a folder for the gateway's user alone.
 *
 * **Example** (Beside a core)
 *
 * ```ts
 * import * as Admin from "@understudy/admin/Admin"
 * import * as ConfigSource from "@understudy/admin/ConfigSource"
 * import * as Live from "@understudy/admin/Live"
 * import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
 * import * as Understudy from "@understudy/core/Understudy"
 * import * as Layer from "effect/Layer"
 *
 * const path = "understudy.yaml"
 * const parse = (text: string) => UnderstudyConfig.fromYaml(text, { source: path })
 * const admin = Admin.layer({ port: 8001 }).pipe(
 *   Layer.provide(Understudy.layerYaml(path)),
 *   Layer.provide(Live.layer),
 *   Layer.provide(Layer.succeed(ConfigSource.ConfigSource, { path, parse }))
 * )
 * ```
 */
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import * as Understudy from "@understudy/core/Understudy"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { HttpRouter, HttpServer, HttpServerResponse } from "effect/http"
import { HttpApiBuilder, HttpApiMiddleware, HttpApiScalar } from "effect/http-api"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { AdminApi } from "./AdminApi.ts"
import { ConfigSource } from "./ConfigSource.ts"
import type { Change } from "./ConfigWatch.ts"
import * as AccessHandlers from "./internal/AccessHandlers.ts"
import { Accounts } from "./internal/Accounts.ts"
import { Audit } from "./internal/Audit.ts"
import * as Bridge from "./internal/Bridge.ts"
import { ConfigFile } from "./internal/ConfigFile.ts"
import * as ConfigurationHandlers from "./internal/ConfigurationHandlers.ts"
import * as Guard from "./internal/Guard.ts"
import * as MetricsRoute from "./internal/MetricsRoute.ts"
import * as OperationsHandlers from "./internal/OperationsHandlers.ts"
import * as Pages from "./internal/Pages.ts"
import * as Passwords from "./internal/Passwords.ts"
import { Store } from "./internal/Store.ts"
import { Live } from "./Live.ts"
import type { RequestLog } from "./RequestLog.ts"

/** What may be set. */
export interface Options {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined
  /** 0 takes a free one. Default 8001. */
  readonly port?: number | undefined
  /** The folder of what is kept over a restart; undefined keeps nothing. */
  readonly data?: string | undefined
  /** Take changes of the configuration's file as they come; false takes them at `reload` only. Default true. */
  readonly watch?: boolean | undefined
  /** Hears what became of each change of the configuration. */
  readonly onChange?: ((change: Change) => void) | undefined
  /** The log of requests, where one is kept. */
  readonly requests?: RequestLog["Service"] | undefined
  /** Where applications ask the gateway beside it, for examples to be pasted: `http://HOST:PORT`. */
  readonly gateway?: string | undefined
  /** The folder of the console as it was built; without it `/` says that there is none. */
  readonly console?: string | undefined
  /** Binary logarithm of the cost of a password's hash. Default 16: 64 MB and about a sixth of a second. */
  readonly passwordCost?: number | undefined
}

/** The operator's side cannot start. */
export class AdminError extends Data.TaggedError("AdminError")<{ readonly message: string; readonly cause: unknown }> {}

/** An operator's side that listens. */
export class Admin extends Context.Service<
  Admin,
  {
    /** `http://HOST:PORT`, without a path. */
    readonly url: string
    readonly host: string
    readonly port: number
    /** What sets the first password, for an hour; undefined where that has been done. */
    readonly setupToken: string | undefined
    /** Takes the configuration's file as it stands now. */
    readonly reload: Effect.Effect<void>
  }
>()("understudy/admin/Admin") {}

const open = (data: string | undefined): Effect.Effect<Store, AdminError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.try({
      try: () => new Store(data === undefined ? ":memory:" : join(data, "admin.db")),
      catch: (cause) =>
        new AdminError({
          message: `${data} cannot be used for what the operator's side keeps: ${String(cause)}`,
          cause
        })
    }),
    (store) => Effect.sync(() => store.close())
  )

const listening = (server: ReturnType<typeof Bridge.make>, host: string, port: number) =>
  Effect.acquireRelease(
    Effect.callback<number, AdminError>((resume) => {
      const message = `the operator's side cannot listen on ${host}:${port}`
      server.once("error", (cause) =>
        resume(
          Effect.fail(new AdminError({ message: `${message}: ${cause.message}. Set \`server.admin.port\`.`, cause }))
        )
      )
      server.listen(port, host, () => resume(Effect.succeed((server.address() as AddressInfo).port)))
    }),
    () =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  )

/** Starts it in the given scope. */
export const listen: (
  options?: Options
) => Effect.Effect<Admin["Service"], AdminError, ConfigSource | Live | Understudy.Understudy | Scope.Scope> =
  Effect.fnUntraced(function* (options: Options = {}) {
    const {
      data,
      host = "127.0.0.1",
      onChange = () => {},
      passwordCost,
      requests,
      port: wanted = 8001,
      watch = true
    } = options
    const understudy = yield* Understudy.Understudy
    const live = yield* Live
    const store = yield* open(data)
    const accounts = new Accounts(store, Passwords.make(passwordCost))
    const audit = new Audit(store)
    const file = new ConfigFile(yield* ConfigSource, understudy, store, live, onChange)
    const now = yield* Clock.currentTimeMillis
    yield* file.begin

    const context = yield* Effect.context<never>()
    const api = HttpApiBuilder.layer(AdminApi, { openapiPath: "/openapi.json" }).pipe(
      Layer.provide([
        AccessHandlers.layer(accounts, audit),
        OperationsHandlers.layer({ understudy, live, audit, requests, startedAt: now, gateway: options.gateway }),
        ConfigurationHandlers.layer(file, audit)
      ]),
      Layer.provide([Guard.layer(accounts), HttpApiMiddleware.layerProblemDetails({ includeDetails: true })])
    )
    const healthz = HttpRouter.add("GET", "/healthz", HttpServerResponse.jsonUnsafe({ status: "ok" }))
    const whole = Layer.mergeAll(
      api,
      HttpApiScalar.layer(AdminApi, { path: "/docs" }),
      healthz,
      MetricsRoute.layer(accounts)
    )
    const { dispose, handler } = HttpRouter.toWebHandler(
      whole.pipe(Layer.provide(HttpServer.layerServices), Layer.provideMerge(Layer.succeedContext(context))),
      { disableLogger: true }
    )
    yield* Effect.addFinalizer(() => Effect.promise(dispose))
    const fork = Effect.runForkWith(context)
    const server = Bridge.make(
      (request) => handler(request),
      Pages.make(options.console),
      () => understudy.config.server.hosts,
      (error) => void fork(Effect.logError("the admin API failed", Cause.die(error)))
    )
    const port = yield* listening(server, host, wanted)
    if (watch) yield* Effect.forkScoped(file.watch)
    return Admin.of({
      url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
      host,
      port,
      setupToken: accounts.isSetupRequired ? accounts.beginSetup(now) : undefined,
      reload: Effect.asVoid(file.reload("signal"))
    })
  })

/** The operator's side of a core. */
export const layer = (
  options: Options = {}
): Layer.Layer<Admin, AdminError, ConfigSource | Live | Understudy.Understudy> => Layer.effect(Admin, listen(options))
