/**
 * Makes a failing plan small: tries one simplification after another and keeps each with which the same invariant is still
 * broken, until none helps or the budget of runs is used up.
 *
 * Every simplification takes something away or moves a number to a fixed simpler one, so that the search ends.
 */
import type { ProviderOptions, RouteOptions } from "@understudy/core/config/Options"
import { totalOf } from "./world/Generate.ts"
import type { CallPlan, Fault, Nature, Plan } from "./world/Plan.ts"

/** True when the plan still shows the failure. */
export type StillFails = (plan: Plan) => boolean

type Edits = Generator<Plan>

const without = <A>(list: ReadonlyArray<A>, from: number, count = 1): ReadonlyArray<A> => [
  ...list.slice(0, from),
  ...list.slice(from + count)
]

const withAt = <A>(list: ReadonlyArray<A>, index: number, item: A): ReadonlyArray<A> =>
  list.map((each, at) => (at === index ? item : each))

/** The object without one of its fields, for each field that may go. */
function* fewerFields<A extends object>(object: A, keep: ReadonlyArray<string>): Generator<A> {
  for (const name of Object.keys(object)) {
    if (keep.includes(name)) continue
    const { [name as keyof A]: _, ...rest } = object
    yield rest as A
  }
}

/** Runs of a list taken out: halves first, then quarters, then one by one. */
function* fewer<A>(list: ReadonlyArray<A>): Generator<ReadonlyArray<A>> {
  for (let count = Math.ceil(list.length / 2); count >= 1; count = count === 1 ? 0 : Math.ceil(count / 2)) {
    for (let from = 0; from < list.length; from += count) yield without(list, from, count)
  }
}

/** Rounder numbers, the roundest first. */
function* rounder(value: number): Generator<number> {
  for (const unit of [100_000, 10_000, 1_000, 100, 10]) {
    const round = Math.floor(value / unit) * unit
    if (round !== value && value < 10_000_000) yield round
  }
}

function* fewerCalls(plan: Plan): Edits {
  for (const calls of fewer(plan.calls)) yield { ...plan, calls }
}

function* fewerReloads(plan: Plan): Edits {
  for (const reloads of fewer(plan.reloads ?? [])) yield { ...plan, reloads }
}

function* fewerFaults(plan: Plan): Edits {
  for (const faults of fewer(plan.faults)) yield { ...plan, faults }
}

function* simplerRoutes(plan: Plan): Edits {
  for (const routes of fewer(plan.routes)) {
    const calls = plan.calls.filter(({ model }) => routes.some(({ match }) => match.model.exact === model))
    if (calls.length > 0) yield { ...plan, routes, calls }
  }
  for (const [index, route] of plan.routes.entries()) {
    const edit = (next: RouteOptions): Plan => ({ ...plan, routes: withAt(plan.routes, index, next) })
    for (const next of fewerFields(route, ["name", "match", "targets"])) yield edit(next)
    for (const fallback of fewer(route.fallback ?? [])) yield edit({ ...route, fallback })
    for (const targets of fewer(route.targets)) if (targets.length > 0) yield edit({ ...route, targets })
    for (const [at, target] of route.targets.entries()) {
      if (target.weight === undefined) continue
      const { weight: _, ...rest } = target
      yield edit({ ...route, targets: withAt(route.targets, at, rest) })
    }
  }
}

const usedProviders = ({ routes }: Plan): ReadonlySet<string> =>
  new Set(routes.flatMap(({ fallback, targets }) => [...targets, ...(fallback ?? [])]).map(({ provider }) => provider))

function* simplerProviders(plan: Plan): Edits {
  const used = usedProviders(plan)
  const kept = Object.keys(plan.providers).filter((name) => used.has(name))
  if (kept.length < Object.keys(plan.providers).length) {
    const pick = <A>(from: Readonly<Record<string, A>>) => Object.fromEntries(kept.map((name) => [name, from[name]!]))
    const faults = plan.faults.filter(({ provider }) => used.has(provider))
    yield { ...plan, providers: pick(plan.providers), natures: pick(plan.natures), faults }
  }
  for (const [name, provider] of Object.entries(plan.providers)) {
    const edit = (next: ProviderOptions): Plan => ({ ...plan, providers: { ...plan.providers, [name]: next } })
    for (const next of fewerFields(provider, ["type", "keys"])) yield edit(next)
    for (const keys of fewer(provider.keys ?? [])) if (keys.length > 0) yield edit({ ...provider, keys })
    for (const part of ["keyFailover", "circuit", "deadlines"] as const) {
      for (const next of fewerFields(provider[part] ?? {}, [])) yield edit({ ...provider, [part]: next })
    }
    for (const [at, key] of (provider.keys ?? []).entries()) {
      if (typeof key === "string") continue
      for (const next of fewerFields(key, ["value"]))
        yield edit({ ...provider, keys: withAt(provider.keys!, at, next) })
    }
  }
}

const plain: Nature = { latency: [100, 100], chunks: 2, gap: 10 }

function* simplerNatures(plan: Plan): Edits {
  for (const [name, nature] of Object.entries(plan.natures)) {
    if (JSON.stringify(nature) !== JSON.stringify(plain)) yield { ...plan, natures: { ...plan.natures, [name]: plain } }
  }
}

function* simplerFaults(plan: Plan): Edits {
  for (const [index, fault] of plan.faults.entries()) {
    const edit = (next: Fault): Plan => ({ ...plan, faults: withAt(plan.faults, index, next) })
    for (const next of fewerFields(fault, ["kind", "provider", "from", "until", "keys"])) yield edit(next)
    for (const keys of fewer(fault.keys ?? [])) if (keys.length > 0) yield edit({ ...fault, keys })
    for (const from of rounder(fault.from)) yield edit({ ...fault, from })
    for (const until of rounder(fault.until)) if (until > fault.from) yield edit({ ...fault, until })
  }
}

function* simplerCalls(plan: Plan): Edits {
  for (const [index, call] of plan.calls.entries()) {
    const edit = (next: CallPlan): Plan => ({ ...plan, calls: withAt(plan.calls, index, next) })
    for (const next of fewerFields(call, ["id", "at", "model"])) yield edit(next)
    for (const at of rounder(call.at)) yield edit({ ...call, at })
  }
}

/** No shorter than the calls need: a call that the end of the run cuts off would be another failure. */
function* shorter(plan: Plan): Edits {
  const last = plan.calls.reduce((latest, { at }) => Math.max(latest, at), 0)
  const horizon = last + Math.max(0, ...plan.routes.map(totalOf)) + 20_000
  if (horizon < plan.horizon) yield { ...plan, horizon }
}

const passes = [
  fewerCalls,
  fewerReloads,
  fewerFaults,
  simplerRoutes,
  simplerProviders,
  fewerCalls,
  simplerFaults,
  simplerCalls,
  simplerNatures,
  shorter
]

/** Shrinks a plan that fails. */
export const shrink = (plan: Plan, stillFails: StillFails, budget = 3_000): Plan => {
  let best = plan
  let left = budget
  for (let progress = true; progress && left > 0; ) {
    progress = false
    for (const pass of passes) {
      for (let found = true; found && left > 0; ) {
        found = false
        for (const candidate of pass(best)) {
          if (left-- <= 0) break
          if (!stillFails(candidate)) continue
          best = candidate
          found = true
          progress = true
          break
        }
      }
    }
  }
  return best
}
