/**
 * The core, assembled from a configuration: providers with their key pools and probes, the route table, the engine.
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
 *   const request = { model: "qwen-turbo", messages: [{ role: "user", content: "你是谁？" }] }
 *   return (yield* failover.call({ request })).completion
 * }).pipe(Effect.provide(Understudy.layerYaml()))
 * ```
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Layer from "effect/Layer"
import type { ConfigError } from "./config/ConfigError.ts"
import type { UnderstudyOptions } from "./config/Options.ts"
import * as UnderstudyConfig from "./config/UnderstudyConfig.ts"
import * as Failover from "./failover/Failover.ts"
import * as Probe from "./failover/Probe.ts"
import { Circuits } from "./health/Circuits.ts"
import { KeyPool, type Snapshot } from "./key/KeyPool.ts"
import * as KeyProbe from "./key/KeyProbe.ts"
import * as ModelCatalog from "./ModelCatalog.ts"
import type { Provider } from "./provider/Provider.ts"
import * as Explain from "./route/Explain.ts"
import type { Subject } from "./route/Matcher.ts"
import type { Target } from "./route/Route.ts"
import * as RouteTable from "./route/RouteTable.ts"
import { Listener } from "./telemetry/Event.ts"
import * as UndiciUpstream from "./upstream/UndiciUpstream.ts"
import { Upstream } from "./upstream/Upstream.ts"

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
    readonly failover: Failover.Failover["Service"]
    /** Which route, targets and keys a request would take. Sends nothing. */
    readonly explain: (subject: Subject) => Effect.Effect<Explain.Explanation>
    /** The models that may be asked for: what the providers list and a route takes, and the names that routes spell out. */
    readonly models: Effect.Effect<ReadonlyArray<ModelCatalog.Model>>
    /** Every key's state. */
    readonly keys: Effect.Effect<ReadonlyArray<ProviderKeys>>
    /** Proves every key now, live. */
    readonly check: Effect.Effect<ReadonlyArray<Probe.KeyCheck>>
  }
>()("understudy/core/Understudy") {}

const makeProvider = Effect.fnUntraced(function* (config: UnderstudyConfig.ProviderConfig) {
  const upstream = yield* Upstream
  const listener = yield* Listener
  const fork = yield* FiberSet.makeRuntime<never>()
  const provider: Provider = {
    name: config.name,
    dialect: config.dialect,
    base: config.base,
    aliases: config.aliases,
    deadlines: config.deadlines,
    healthCheckModel: config.healthCheckModel,
    prefill: config.prefill,
    circuits: new Circuits(config.name, config.circuit, listener),
    pool: new KeyPool({
      provider: config.name,
      keys: config.keys,
      policy: config.policy,
      selection: config.selection,
      whenExhausted: config.whenExhausted,
      listener,
      onRemoved: (key) => {
        fork(
          KeyProbe.untilRestored(
            provider.pool,
            (each) => Effect.map(Probe.run(upstream, provider, each), Probe.isOk),
            key
          )
        )
      }
    })
  }
  return provider
})

/** Assembles the core. The probes of removed keys run in the given scope. */
export const make = Effect.fnUntraced(function* (config: UnderstudyConfig.UnderstudyConfig) {
  const upstream = yield* Upstream
  const providers = yield* Effect.forEach(config.providers, makeProvider)
  const toTarget = (target: UnderstudyConfig.TargetConfig): Target => {
    const provider = providers.find(({ name }) => name === target.provider)
    if (provider === undefined) throw new Error(`Provider "${target.provider}" is not configured`)
    return { ...target, provider }
  }
  const table = RouteTable.make(
    config.routes.map((route) => ({
      ...route,
      targets: route.targets.map(toTarget),
      fallback: route.fallback.map(toTarget)
    }))
  )
  const models = yield* ModelCatalog.make(upstream, providers, table)
  return Understudy.of({
    config,
    failover: yield* Failover.make(table),
    explain: (subject) =>
      Clock.clockWith((clock) => Effect.sync(() => Explain.explain(table, subject, clock.currentTimeMillisUnsafe()))),
    models,
    keys: Effect.sync(() =>
      providers.map(({ dialect, name, pool }) => ({ provider: name, type: dialect.type, keys: pool.snapshot() }))
    ),
    check: Probe.checkAll(upstream, providers)
  })
})

const withFailover = (
  understudy: Layer.Layer<Understudy, ConfigError, Upstream>
): Layer.Layer<Understudy | Failover.Failover, ConfigError, Upstream> =>
  Layer.provideMerge(
    Layer.effect(
      Failover.Failover,
      Understudy.useSync(({ failover }) => failover)
    ),
    understudy
  )

/** The core over a transport of the caller's choice. */
export const layer = (
  config: UnderstudyConfig.UnderstudyConfig
): Layer.Layer<Understudy | Failover.Failover, ConfigError, Upstream> =>
  withFailover(Layer.effect(Understudy, make(config)))

/** The core from a typed object of the shape of `understudy.yaml`, over undici. */
export const layerOptions = (options: UnderstudyOptions): Layer.Layer<Understudy | Failover.Failover, ConfigError> =>
  Layer.unwrap(Effect.map(UnderstudyConfig.fromOptions(options), layer)).pipe(Layer.provide(UndiciUpstream.layer()))

/** The core from `understudy.yaml` (see `UnderstudyConfig.load` for where it is looked for), over undici. */
export const layerYaml = (path?: string): Layer.Layer<Understudy | Failover.Failover, ConfigError> =>
  Layer.unwrap(Effect.map(UnderstudyConfig.load({ path }), layer)).pipe(Layer.provide(UndiciUpstream.layer()))
