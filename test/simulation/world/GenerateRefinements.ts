/**
 * What a plan has on top of its faults and its traffic: how waits are stated, hedges, balancing, streams that are gone on with,
 * several choices, frames of odd shapes, clocks that are off.
 *
 * Drawn from a stream of its own, so that the rest of a seed's plan stays what it was.
 */
import type { ProviderOptions, RouteOptions } from "@understudy/core/config/Options"
import * as Prng from "@understudy/lab/traffic/Prng"
import type { CallPlan, Fault, Nature, Plan, Stated } from "./Plan.ts"
import * as Truth from "./Truth.ts"

const ofLimits: ReadonlyArray<Stated> = ["seconds", "millis", "date", "reset", "words", "nonsense"]
const ofOverload: ReadonlyArray<Stated> = ["seconds", "millis", "date", "nonsense"]

const faultOf = (luck: Prng.Prng, fault: Fault): Fault => {
  if (fault.retryAfter === undefined || luck.chance(0.3)) return fault
  const stated = luck.pick(Truth.truths[fault.kind].scope === "limit" ? ofLimits : ofOverload)
  return { ...fault, stated, ...(luck.chance(0.05) ? { retryAfter: 86_400 } : {}) }
}

const routeOf = (luck: Prng.Prng, route: RouteOptions): RouteOptions => {
  const several = route.targets.length + (route.fallback?.length ?? 0) > 1
  const percent = luck.pick([5, 50, 100])
  const after = luck.pick(["100ms", "1s", "3s", "p50", "p90"])
  return {
    ...route,
    ...(luck.chance(0.2) ? { waitAlone: luck.pick(["0ms", "2s", "30s"]) } : {}),
    ...(luck.chance(0.2) && route.targets.length > 1 ? { balance: "latency" as const } : {}),
    ...(luck.chance(0.2) && several ? { hedge: { after, percent } } : {}),
    ...(luck.chance(0.25) && several && route.delivery === undefined ? { afterCommit: "continue" as const } : {})
  }
}

const natureOf = (luck: Prng.Prng, nature: Nature, joins: boolean): Nature => ({
  ...nature,
  ...(luck.chance(0.2) ? { odd: luck.pick([0.2, 1]) } : {}),
  ...(joins ? { voice: luck.pick(["alto", "alto", "bass"]) } : {})
})

const providerOf = (luck: Prng.Prng, provider: ProviderOptions): ProviderOptions =>
  provider.type === "openai-compatible" && luck.chance(0.5) ? { ...provider, prefill: true } : provider

const callOf = (luck: Prng.Prng, call: CallPlan): CallPlan =>
  luck.chance(0.08) && call.flaw === undefined ? { ...call, choices: luck.int(2, 3) } : call

const mapped = <A, B>(of: Readonly<Record<string, A>>, to: (each: A) => B): Readonly<Record<string, B>> =>
  Object.fromEntries(Object.entries(of).map(([name, each]) => [name, to(each)]))

/** The plan with what its seed adds. */
export const refine = (plan: Plan): Plan => {
  const luck = Prng.stream(plan.seed, "refinements")
  const routes = plan.routes.map((route) => routeOf(luck, route))
  const joins = routes.some(({ afterCommit }) => afterCommit === "continue")
  return {
    ...plan,
    routes,
    providers: joins ? mapped(plan.providers, (each) => providerOf(luck, each)) : plan.providers,
    natures: mapped(plan.natures, (each) => natureOf(luck, each, joins)),
    faults: plan.faults.map((fault) => faultOf(luck, fault)),
    calls: plan.calls.map((call) => callOf(luck, call)),
    ...(luck.chance(0.3) ? { skew: luck.pick([-3_600_000, -2_000, 700, 5_000, 86_400_000]) } : {})
  }
}
