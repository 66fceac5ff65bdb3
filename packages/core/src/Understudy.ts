/**
 * The core, assembled from a configuration: providers with their key pools and probes, the routes, the engine.
 *
 * ```
 * UnderstudyConfig ─▶ Understudy ─▶ failover.call / failover.stream
 *                          │
 *                          ├─ explain   which route, targets and keys, and why
 *                          ├─ models    what may be asked for
 *                          └─ keys      every key's state
 * ```
 *
 * **Example** (A call in process)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Understudy from "@understudy/core/Understudy"
 *
 * const program = Effect.gen(function* () {
 *   const { failover } = yield* Understudy.Understudy
 *   const request = { model: "qwen3.8-flash", messages: [{ role: "user", content: "你是谁？" }] }
 *   return (yield* failover.call({ request })).completion
 * }).pipe(Effect.provide(Understudy.layerYaml()))
 * ```
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberSet from "effect/FiberSet"
import * as Hash from "effect/Hash"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import type { ConfigError } from "./config/ConfigError.ts"
import type { UnderstudyOptions } from "./config/Options.ts"
import * as UnderstudyConfig from "./config/UnderstudyConfig.ts"
import { Failover } from "./failover/Failover.ts"
import type { FailoverError } from "./failure/FailoverError.ts"
import * as Engine from "./internal/failover/Engine.ts"
import * as Probe from "./internal/failover/Probe.ts"
import { Circuits } from "./internal/health/Circuits.ts"
import { Latency } from "./internal/health/Latency.ts"
import * as KeyProbe from "./internal/key/KeyProbe.ts"
import * as Deadlines from "./internal/provider/Deadlines.ts"
import { Budget } from "./internal/route/Budget.ts"
import { Hedge } from "./internal/route/Hedge.ts"
import { Replica } from "./internal/sharing/Replica.ts"
import { type Change, Sharing } from "./internal/sharing/Sharing.ts"
import type { ApiKey } from "./key/ApiKey.ts"
import { KeyPool, type Snapshot } from "./key/KeyPool.ts"
import * as ModelCatalog from "./ModelCatalog.ts"
import type { Provider } from "./provider/Provider.ts"
import * as Explain from "./route/Explain.ts"
import * as Matcher from "./route/Matcher.ts"
import type { Route, RouteState, Target } from "./route/Route.ts"
import { Listener } from "./telemetry/Event.ts"
import * as UndiciUpstream from "./upstream/UndiciUpstream.ts"
import { Upstream } from "./upstream/Upstream.ts"

/** What a live check says of a key. */
export type KeyCheck = Probe.KeyCheck

/** A provider's keys and their states. */
export interface ProviderKeys {
  readonly provider: string
  readonly type: string
  readonly keys: ReadonlyArray<Snapshot>
}

/** The assembled core. */
export class Understudy extends Context.Service<
  Understudy,
  {
    readonly config: UnderstudyConfig.UnderstudyConfig
    readonly failover: Failover["Service"]
    /**
     * Takes another configuration from the next call on. Calls under way end as they began; what is known of keys (by their
     * value), circuits and latencies of the same vendors is kept.
     */
    readonly reload: (config: UnderstudyConfig.UnderstudyConfig) => Effect.Effect<void>
    /** Which route, targets and keys a request would take. Sends nothing. */
    readonly explain: (subject: Matcher.Subject) => Effect.Effect<Explain.Explanation>
    /** The models that may be asked for: what the providers list and a route takes, and the names that routes spell out. */
    readonly models: Effect.Effect<ReadonlyArray<ModelCatalog.Model>, FailoverError>
    /** Every key's state. */
    readonly keys: Effect.Effect<ReadonlyArray<ProviderKeys>>
    /** Takes a key out, or lets it in again, by its id or name; false when the provider has no such key. */
    readonly setKeyEnabled: (provider: string, key: string, enabled: boolean) => Effect.Effect<boolean>
    /** Proves every key now, live. */
    readonly check: Effect.Effect<ReadonlyArray<KeyCheck>>
    /** Proves one key now, live, by its id or name; undefined when the provider has no such key. */
    readonly checkKey: (provider: string, key: string) => Effect.Effect<KeyCheck | undefined>
    /** What every provider lists now, asked live. */
    readonly listed: Effect.Effect<ReadonlyArray<ModelCatalog.ProviderModels>>
  }
>()("understudy/core/Understudy") {}

/** Everything that one configuration stands for. */
interface Assembled {
  readonly config: UnderstudyConfig.UnderstudyConfig
  readonly providers: ReadonlyArray<Provider>
  readonly routes: ReadonlyArray<Route>
  readonly models: Effect.Effect<ReadonlyArray<ModelCatalog.Model>, FailoverError>
  /** Ends the probes. */
  readonly scope: Scope.Closeable
}

const isSame = (previous: Provider | undefined, config: UnderstudyConfig.ProviderConfig): boolean =>
  previous?.dialect === config.dialect &&
  previous.base.origin === config.base.origin &&
  previous.base.path === config.base.path &&
  previous.base.query === config.base.query

/** What replicas call a provider: the same name at another address is another one. */
const idOf = ({ base: { origin, path, query }, name }: Pick<Provider, "base" | "name">): string =>
  `${name} ${Hash.string(JSON.stringify([origin, path, query]))}`

/** Carries out what another replica has found out about a provider. */
const hear = ({ circuits, pool }: Provider, { fact }: Change, now: number): void =>
  fact._tag === "Circuit" ? circuits.heard(fact, now) : pool.heard(fact, now)

/** Makes a provider; what is known of the same vendor's keys, circuits and latencies is kept. */
const makeProvider = Effect.fnUntraced(function* (
  config: UnderstudyConfig.ProviderConfig,
  before: ReadonlyArray<Provider>,
  replica: Replica
) {
  const upstream = yield* Upstream
  const listener = yield* Listener
  const sharing = yield* Sharing
  const clock = yield* Clock.Clock
  const fork = yield* FiberSet.makeRuntime<never>()
  const named = before.find(({ name }) => name === config.name)
  const previous = isSame(named, config) ? named : undefined
  const onRemoved = (key: ApiKey): void => {
    const isOk = (each: ApiKey) => Effect.map(Probe.run(upstream, provider, each), Probe.isOk)
    const lease: KeyProbe.Lease = ({ hash }, dueAt, millis) => sharing.lease(`probe ${id} ${hash} ${dueAt}`, millis)
    fork(KeyProbe.untilRestored(provider.pool, isOk, lease, key))
  }
  const id = idOf(config)
  const onChanged = (fact: Change["fact"]): void => replica.tell(id, fact)
  const pool = new KeyPool({ ...config, provider: config.name, listener, onRemoved, onChanged }, previous?.pool)
  const provider: Provider = {
    ...config,
    prices: Object.keys(config.prices).length === 0 ? undefined : config.prices,
    limits: Deadlines.toLimits(config.deadlines),
    pool,
    circuits: new Circuits(config.name, config.circuit, listener, previous?.circuits, onChanged),
    latency: previous?.latency ?? new Latency()
  }
  pool.resume()
  // What was heard before there was such a provider, or such a key of it.
  for (const change of replica.known())
    if (change.provider === id && (previous === undefined || change.fact._tag !== "Circuit"))
      hear(provider, change, clock.currentTimeMillisUnsafe())
  return provider
})

const toState = (route: UnderstudyConfig.RouteConfig): RouteState => ({
  repeats: new Budget(route.retryBudget),
  hedge: route.hedge === undefined ? undefined : new Hedge(route.hedge)
})

const makeRoutes = (
  config: UnderstudyConfig.UnderstudyConfig,
  providers: ReadonlyArray<Provider>
): ReadonlyArray<Route> => {
  const toTarget = (target: UnderstudyConfig.TargetConfig): Target => {
    const provider = providers.find(({ name }) => name === target.provider)
    if (provider === undefined) throw new Error(`Provider "${target.provider}" is not configured`)
    return { ...target, provider }
  }
  return Matcher.sort(
    config.routes.map((route) => ({
      ...route,
      targets: route.targets.map(toTarget),
      fallback: route.fallback.map(toTarget),
      state: toState(route)
    }))
  )
}

const assemble = Effect.fnUntraced(function* (
  config: UnderstudyConfig.UnderstudyConfig,
  scope: Scope.Closeable,
  before: ReadonlyArray<Provider>,
  replica: Replica
) {
  const upstream = yield* Upstream
  const providers = yield* Effect.forEach(config.providers, (each) => makeProvider(each, before, replica)).pipe(
    Scope.provide(scope)
  )
  const routes = makeRoutes(config, providers)
  const assembled: Assembled = {
    config,
    providers,
    routes,
    scope,
    models: ModelCatalog.make(upstream, providers, routes)
  }
  return assembled
})

/** Assembles the core. The probes of removed keys run in the given scope. */
export const make = Effect.fnUntraced(function* (config: UnderstudyConfig.UnderstudyConfig) {
  const services = yield* Effect.context<Upstream>()
  const upstream = yield* Upstream
  const outer = yield* Effect.scope
  const sharing = yield* Sharing
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  const apply = (change: Change): void => {
    const provider = current.providers.find((each) => idOf(each) === change.provider)
    if (provider !== undefined) hear(provider, change, now())
  }
  const replica = new Replica({ sharing, now, apply })
  let current = yield* assemble(config, yield* Scope.fork(outer), [], replica)
  yield* sharing.join(replica)
  const engine = { routes: current.routes }
  const failover = yield* Engine.make(engine)
  const reload = Effect.fnUntraced(function* (next: UnderstudyConfig.UnderstudyConfig) {
    const old = current
    current = yield* assemble(next, yield* Scope.fork(outer), old.providers, replica).pipe(
      Effect.provideContext(services)
    )
    engine.routes = current.routes
    yield* Scope.close(old.scope, Exit.void)
  })
  return Understudy.of({
    get config() {
      return current.config
    },
    failover,
    reload,
    explain: (subject) =>
      Clock.clockWith((clock) =>
        Effect.sync(() => Explain.explain(current.routes, subject, clock.currentTimeMillisUnsafe()))
      ),
    models: Effect.suspend(() => current.models),
    keys: Effect.sync(() =>
      current.providers.map(({ dialect, name, pool }) => ({
        provider: name,
        type: dialect.type,
        keys: pool.snapshot()
      }))
    ),
    setKeyEnabled: (provider, key, enabled) =>
      Effect.sync(() => {
        const pool = current.providers.find(({ name }) => name === provider)?.pool
        return pool?.setEnabled(key, enabled) ?? false
      }),
    check: Effect.suspend(() => Probe.checkAll(upstream, current.providers)),
    checkKey: (name, idOrName) =>
      Effect.suspend(() => {
        const provider = current.providers.find((each) => each.name === name)
        const key = provider?.pool.keys.find((each) => each.id === idOrName || each.name === idOrName)
        return provider === undefined || key === undefined
          ? Effect.succeed(undefined)
          : Probe.check(upstream, provider, key)
      }),
    listed: Effect.suspend(() => ModelCatalog.listAll(upstream, current.providers))
  })
})

const withFailover = (
  understudy: Layer.Layer<Understudy, ConfigError, Upstream>
): Layer.Layer<Understudy | Failover, ConfigError, Upstream> =>
  Layer.provideMerge(
    Layer.effect(
      Failover,
      Understudy.useSync(({ failover }) => failover)
    ),
    understudy
  )

/** The core over a transport of the caller's choice. */
export const layer = (
  config: UnderstudyConfig.UnderstudyConfig
): Layer.Layer<Understudy | Failover, ConfigError, Upstream> => withFailover(Layer.effect(Understudy, make(config)))

/** The core from a typed object of the shape of `understudy.yaml`, over undici. */
export const layerOptions = (options: UnderstudyOptions): Layer.Layer<Understudy | Failover, ConfigError> =>
  Layer.unwrap(Effect.map(UnderstudyConfig.fromOptions(options), layer)).pipe(Layer.provide(UndiciUpstream.layer()))

/** The core from `understudy.yaml` (see `UnderstudyConfig.load` for where it is looked for), over undici. */
export const layerYaml = (path?: string): Layer.Layer<Understudy | Failover, ConfigError> =>
  Layer.unwrap(Effect.map(UnderstudyConfig.load({ path }), layer)).pipe(Layer.provide(UndiciUpstream.layer()))
