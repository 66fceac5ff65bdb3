/**
 * From a seed to a plan: a topology with its policies, vendors with their natures, and by way of `GenerateFaults` and
 * `GenerateTraffic` what goes wrong and who calls when.
 */
import type { ProviderOptions, RouteOptions, TargetOptions } from "@understudy/core/config/Options"
import { types } from "@understudy/core/provider/Vendors"
import * as Prng from "@understudy/lab/traffic/Prng"
import { faultsFor } from "./GenerateFaults.ts"
import { refine } from "./GenerateRefinements.ts"
import { trafficFor } from "./GenerateTraffic.ts"
import { millis, type Nature, type Plan } from "./Plan.ts"

/** What a generated plan may be told. */
export interface Options {
  /** Calls a plan; default: as many as the seed draws, 4 to 16. */
  readonly calls?: number | undefined
}

/** Fields that are there only sometimes. */
const maybe = <A extends object>(luck: Prng.Prng, probability: number, make: () => A): A | Record<never, never> =>
  luck.chance(probability) ? make() : {}

const keysFor = (luck: Prng.Prng, name: string, type: ProviderOptions["type"]): ProviderOptions["keys"] => {
  if (type === "openai-compatible" && luck.chance(0.1)) return []
  const count = luck.chance(0.4) ? luck.int(1, 2) : luck.int(1, 8)
  const accounts = luck.chance(0.4) ? luck.int(1, Math.max(1, count - 1)) : undefined
  return Array.from({ length: count }, (_, index) => ({
    // Not every vendor's keys look like keys.
    value: type === "openai-compatible" ? `demo.${name}.${index}.secret` : `sk-demo-${name}-${index}`,
    ...(accounts === undefined ? {} : { account: `${name}-account-${luck.int(1, accounts)}` }),
    ...maybe(luck, 0.2, () => ({ weight: luck.int(1, 5) }))
  }))
}

const policyFor = (luck: Prng.Prng): ProviderOptions["keyFailover"] => ({
  ...maybe(luck, 0.3, () => ({ failureThreshold: luck.int(1, 3) })),
  ...maybe(luck, 0.3, () => ({ successThreshold: luck.int(1, 3) })),
  ...maybe(luck, 0.3, () => ({ healthCheckInterval: luck.pick(["1s", "5s", "30s"]) })),
  ...maybe(luck, 0.3, () => ({ healthCheckTimeout: luck.pick(["2s", "10s"]) })),
  ...maybe(luck, 0.3, () => ({ whenExhausted: luck.pick(["fallback", "wait", "fail"] as const) })),
  ...maybe(luck, 0.1, () => ({ healthCheckModel: "probe-model" }))
})

const circuitFor = (luck: Prng.Prng): ProviderOptions["circuit"] => ({
  ...maybe(luck, 0.4, () => ({ consecutiveFailures: luck.int(1, 8) })),
  ...maybe(luck, 0.3, () => ({ failureRate: luck.pick([0.2, 0.5, 0.9]), minimumCalls: luck.int(2, 20) })),
  ...maybe(luck, 0.3, () => ({ openDuration: luck.pick(["1s", "10s", "30s"]) })),
  ...maybe(luck, 0.3, () => ({ openCap: luck.pick(["30s", "2m"]) })),
  ...maybe(luck, 0.3, () => ({ slowStart: luck.pick(["1s", "10s", "30s"]) }))
})

const deadlinesFor = (luck: Prng.Prng, nature: Nature): ProviderOptions["deadlines"] => {
  const first = nature.latency[1]
  const atLeast = (base: number): string => `${base + luck.int(500, 8_000)}ms`
  return {
    ...maybe(luck, 0.4, () => ({ connect: luck.pick(["500ms", "2s", "5s"]) })),
    ...maybe(luck, 0.5, () => ({ firstContent: atLeast(first) })),
    ...maybe(luck, 0.5, () => ({ idle: atLeast(nature.gap) })),
    ...maybe(luck, 0.5, () => ({ answer: atLeast(first) }))
  }
}

const natureFor = (luck: Prng.Prng): Nature => {
  const low = luck.int(5, 50)
  return { latency: [low, low + luck.int(20, 1_500)], chunks: luck.int(1, 5), gap: luck.int(0, 200) }
}

const overridesFor = (luck: Prng.Prng): NonNullable<RouteOptions["on"]> => {
  const names = ["Overloaded", "ServerFailed", "Unauthorized", "RateLimited", "TimedOut", "Interrupted", "4xx", "429"]
  const override = () => ({ [luck.pick(["fallback", "anotherKey", "again"])]: luck.chance(0.5) })
  return Object.fromEntries(Array.from({ length: luck.int(1, 2) }, () => [luck.pick(names), override()]))
}

/** Models that a provider has; one of Qwen's answers only as a stream. */
const modelsOf = (name: string, type: ProviderOptions["type"]): ReadonlyArray<string> =>
  type === "qwen" ? [`${name}-a`, `${name}-b`, "qwq-32b"] : [`${name}-a`, `${name}-b`]

const routeFor = (luck: Prng.Prng, index: number, pairs: ReadonlyArray<TargetOptions>): RouteOptions => {
  // No pair is twice in one route: an attempt can then be told to its step.
  const drawn = luck.shuffle(pairs)
  const count = luck.chance(0.6) ? 1 : Math.min(luck.int(1, 3), drawn.length)
  const targets = drawn.slice(0, count)
  const fallback = drawn.slice(count, count + luck.int(0, 4))
  return {
    name: `route-${index}`,
    match: { model: { exact: `model-${index}` } },
    targets: targets.map((target) => (count === 1 ? target : { ...target, weight: luck.int(0, 3) })),
    ...(fallback.length === 0 ? {} : { fallback }),
    ...maybe(luck, 0.6, () => ({ deadlines: { total: luck.pick(["5s", "20s", "60s", "2m"]) } })),
    ...maybe(luck, 0.3, () => ({ waitUpTo: luck.pick(["0ms", "1s", "10s"]) })),
    ...maybe(luck, 0.3, () => ({ delivery: "buffered" as const })),
    ...maybe(luck, 0.2, () => ({ upstream: "streamed" as const })),
    ...maybe(luck, 0.15, () => ({ on: overridesFor(luck) }))
  }
}

/** The total deadline of a route, in milliseconds. */
export const totalOf = (route: RouteOptions): number => millis(route.deadlines?.total ?? "10m")

/** Makes the plan of a seed. */
export const generate = (seed: number, options: Options = {}): Plan => {
  const luck = Prng.stream(seed, "plan")
  const providers: Record<string, ProviderOptions> = {}
  const natures: Record<string, Nature> = {}
  const pairs: Array<TargetOptions> = []
  for (let index = luck.int(1, 5) - 1; index >= 0; index--) {
    const type = luck.pick(types)
    const name = `${type.slice(0, 2)}${index}`
    const nature = natureFor(luck)
    natures[name] = nature
    providers[name] = {
      type,
      ...{ keys: keysFor(luck, name, type) ?? [] },
      ...maybe(luck, 0.3, () => ({ selection: luck.pick(["random", "weighted", "affinity"] as const) })),
      keyFailover: policyFor(luck) ?? {},
      circuit: circuitFor(luck) ?? {},
      deadlines: deadlinesFor(luck, nature) ?? {}
    }
    pairs.push(...modelsOf(name, type).map((model) => ({ provider: name, model })))
  }
  const routes = Array.from({ length: luck.int(1, 4) }, (_, index) => routeFor(luck, index, pairs))
  const span = luck.pick([5_000, 30_000, 120_000, 600_000, 3_600_000])
  const faults = faultsFor(Prng.stream(seed, "faults"), providers, routes, span)
  const count = options.calls ?? Prng.stream(seed, "calls").int(4, 16)
  const calls = trafficFor(Prng.stream(seed, "traffic"), routes, span, count)
  const longest = Math.max(...routes.map(totalOf))
  const after = luck.chance(0.3) ? 1_200_000 : 20_000
  // From a stream of its own, so that the plans of older seeds stay what they were but for this.
  const reloading = Prng.stream(seed, "reloads")
  const reloads = reloading.chance(0.3) ? Array.from({ length: reloading.int(1, 3) }, () => reloading.int(0, span)) : []
  return refine({ seed, providers, natures, routes, faults, calls, reloads, horizon: span + longest + after })
}
