/**
 * What goes wrong in a plan: single keys, accounts, models and whole vendors; once, flapping, for a share of the requests,
 * for good; several vendors at one time.
 */
import type { ProviderOptions, RouteOptions } from "@understudy/core/config/Options"
import type { Prng } from "@understudy/lab/traffic/Prng"
import { type Fault, type FaultKind, keysOf } from "./Plan.ts"
import * as Truth from "./Truth.ts"

const kinds = Object.keys(Truth.truths) as ReadonlyArray<FaultKind>

const keyKinds = kinds.filter((kind) => ["key", "account", "limit", "permission"].includes(Truth.truths[kind].scope))
const otherKinds = kinds.filter((kind) => !keyKinds.includes(kind))

type Providers = Readonly<Record<string, ProviderOptions>>
type Window = Pick<Fault, "from" | "until" | "flap" | "share">

const windowFor = (luck: Prng, span: number): Window => {
  const from = luck.chance(0.3) ? 0 : luck.int(0, span)
  const length = luck.pick([500, 5_000, 30_000, span / 2, span])
  const flap = luck.chance(0.15) ? luck.int(200, Math.max(400, Math.floor(span / 4))) : undefined
  return {
    from,
    until: luck.chance(0.15) ? 100_000_000 : from + Math.floor(length),
    ...(flap === undefined ? {} : { flap: { period: flap, on: Math.ceil(flap * luck.next()) } }),
    ...(luck.chance(0.25) ? { share: luck.pick([0.1, 0.3, 0.7]) } : {})
  }
}

const detailsFor = (luck: Prng, kind: FaultKind): Partial<Fault> => ({
  ...(["cut", "eof", "malformed", "errorEvent", "gaveUp", "stall"].includes(kind) ? { chunks: luck.int(0, 3) } : {}),
  ...(["rateLimit", "overload"].includes(kind) && luck.chance(0.5) ? { retryAfter: luck.pick([0, 1, 2, 20, 90]) } : {}),
  ...(luck.chance(0.3) ? { echo: true } : {}),
  ...(Truth.isKeyScope(Truth.truths[kind].scope) && luck.chance(0.15) ? { hidden: true } : {})
})

/** The keys that a fault of the keys strikes: one, some, all; with an account's money or limit, always the whole account. */
const struckKeys = (luck: Prng, kind: FaultKind, provider: ProviderOptions): ReadonlyArray<string> => {
  const keys = keysOf(provider)
  const some = luck.chance(0.25) ? keys : luck.shuffle(keys).slice(0, luck.int(1, keys.length))
  const { scope } = Truth.truths[kind]
  if (scope !== "account" && scope !== "limit") return some.map(({ value }) => value)
  return keys.filter(({ account }) => some.some((each) => each.account === account)).map(({ value }) => value)
}

const faultFor = (
  luck: Prng,
  name: string,
  provider: ProviderOptions,
  models: ReadonlyArray<string>,
  window: Window
) => {
  const kind = luck.chance(0.45) ? luck.pick(keyKinds) : luck.pick(otherKinds)
  const { scope } = Truth.truths[kind]
  const keyed = keyKinds.includes(kind)
  const ofModel = scope === "model" || scope === "permission" || (!Truth.isKeyScope(scope) && luck.chance(0.5))
  const fault: Fault = {
    kind,
    provider: name,
    ...(keyed ? { keys: struckKeys(luck, kind, provider) } : {}),
    ...(ofModel && models.length > 0 ? { model: luck.pick(models) } : {}),
    ...window,
    ...detailsFor(luck, kind)
  }
  return fault
}

/** The faults of a plan. */
export const faultsFor = (
  luck: Prng,
  providers: Providers,
  routes: ReadonlyArray<RouteOptions>,
  span: number
): ReadonlyArray<Fault> => {
  const names = Object.keys(providers)
  const models = (name: string): ReadonlyArray<string> => [
    ...new Set(
      routes
        .flatMap(({ fallback, targets }) => [...targets, ...(fallback ?? [])])
        .filter(({ provider }) => provider === name)
        .map(({ model }) => model ?? "")
    )
  ]
  const make = (name: string, window: Window): Fault => faultFor(luck, name, providers[name]!, models(name), window)
  return Array.from({ length: luck.int(0, 7) }, () => {
    const window = windowFor(luck, span)
    if (!luck.chance(0.2)) return [make(luck.pick(names), window)]
    // The same morning, several vendors.
    return luck
      .shuffle(names)
      .slice(0, luck.int(1, names.length))
      .map((name) => make(name, window))
  }).flat()
}
