/**
 * A configuration of one's own in the lab: its routes, limits and circuits, and as many keys of as many accounts as it has. The
 * vendors and the keys themselves are the lab's. Nothing secret is taken over.
 */
import { readFileSync } from "node:fs"
import type { ProviderOptions, RouteOptions, UnderstudyOptions } from "@understudy/core/config/Options"
import { Yaml } from "@understudy/core/config/Reading"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Library from "@understudy/lab/library/Library"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import type { Catalogue } from "@understudy/mocks/Catalogue"
import { isVendor, type VendorName } from "@understudy/mocks/VendorList"
import * as Effect from "effect/Effect"
import { type Failed, misused } from "../Failed.ts"
import * as Environment from "../internal/Environment.ts"
import * as Problems from "../internal/Problems.ts"
import type { Messages } from "../Messages.ts"
import * as AskedModel from "./AskedModel.ts"

/** What is taken from a configuration. */
export interface OwnConfig {
  /** Providers that the lab cannot play. */
  readonly leftOut: ReadonlyArray<string>
  /** Puts it in the place of a scenario's own. Throws a `ScenarioError` where no route takes a call of the scenario. */
  readonly into: (scenario: Scenario.Scenario) => Scenario.Scenario
}

/** Keys are the lab's, so variables for keys need not be set. */
const withoutKeys = (env: Environment.Environment): Environment.Environment =>
  new Proxy(env, { get: (own, name: string) => own[name] ?? (/KEY/i.test(name) ? "sk-demo-unset" : undefined) })

const toRoutes = (routes: UnderstudyOptions["routes"], isPlayed: (name: string) => boolean): Array<RouteOptions> => {
  const played = ({ provider }: { readonly provider: string }): boolean => isPlayed(provider)
  return routes
    .filter(({ match, targets }) => match.consumers === undefined && targets.some(played))
    .map((route) => ({
      ...route,
      targets: route.targets.filter(played),
      fallback: (route.fallback ?? []).filter(played)
    }))
}

type Keys = NonNullable<Scenario.Scenario["source"]["keys"]>

/** A key of the configuration but for its value: what may be known of it. */
interface OwnKey {
  readonly account?: string | undefined
  readonly weight?: number | undefined
}

const ownKeys = ({ keys = [] }: ProviderOptions): ReadonlyArray<OwnKey> =>
  keys.flatMap((key): ReadonlyArray<OwnKey> => {
    const { account, value, weight } = typeof key === "string" ? { value: key } : key
    // A comma-separated value is several keys.
    return value.split(",").map(() => ({ account, weight }))
  })

/** Hands out a scenario's keys, first the ones that it has of a vendor, then further ones that are always well. */
const dealer = ({ keys }: Scenario.Scenario) => {
  const taken: Record<string, Keys[string]> = {}
  const left = [...keys]
  const free = (vendor: string, ordinal = 1): string => {
    const name = `${vendor}-${ordinal}`
    return name in taken || keys.some((key) => key.name === name) ? free(vendor, ordinal + 1) : name
  }
  const deal = (vendor: VendorName, { account }: OwnKey): string => {
    const index = left.findIndex((key) => key.vendor === vendor)
    const [found] = index < 0 ? [] : left.splice(index, 1)
    const { name: known, ...key } = found ?? { name: free(vendor), vendor }
    taken[known] = { ...key, ...(account === undefined ? {} : { account: `${vendor}/${account}` }) }
    return known
  }
  return { deal, taken, others: () => left }
}

/** The providers with keys of the scenario, and the keys. */
const withKeys = (played: ReadonlyArray<readonly [string, ProviderOptions]>, scenario: Scenario.Scenario) => {
  const { deal, others, taken } = dealer(scenario)
  const providers = Object.fromEntries(
    played.map(([name, { baseUrl: _, ...provider }]) => {
      const { type } = provider
      const keys = ownKeys(provider).map(({ weight, ...key }) => {
        const value = isVendor(type) ? deal(type, key) : ""
        return weight === undefined ? value : { value, weight }
      })
      return [name, { ...provider, keys }]
    })
  )
  // Vendors that the configuration has no provider of stay as they are: what is wrong with them is of no consequence.
  const vendors = new Set(Object.values(taken).map(({ vendor }) => vendor))
  const rest = others().filter(({ vendor }) => !vendors.has(vendor))
  const keys: Keys = { ...taken, ...Object.fromEntries(rest.map(({ name, ...key }) => [name, key])) }
  return { providers, keys }
}

/** From options that are known to make sense; `model` is asked for in place of the scenario's own. */
export const fromOptions = ({ providers, routes, version }: UnderstudyOptions, model?: string): OwnConfig => {
  const isPlayed = (name: string): boolean => isVendor(providers[name]?.type)
  const played = Object.entries(providers).filter(([name]) => isPlayed(name))
  return {
    leftOut: Object.keys(providers).filter((name) => !isPlayed(name)),
    into: (scenario) => {
      const { keys, providers: own } = withKeys(played, scenario)
      const config = { version, providers: own, routes: toRoutes(routes, isPlayed) }
      return remade(scenario, { keys, config, ...AskedModel.into(scenario, config, model) })
    }
  }
}

/** The scenarios' own configurations, asked for another model. */
export const ofModel = (model: string): OwnConfig => ({
  leftOut: [],
  into: (scenario) => remade(scenario, AskedModel.into(scenario, scenario.config, model))
})

/** The scenario with the names of models of one year, or of both; the library's ask for those of 2025 then. */
export const inCatalogue = (scenario: Scenario.Scenario, catalogue: Catalogue): Scenario.Scenario =>
  catalogue === "2025" && scenario.origin === undefined ? Library.asIn2025(scenario) : remade(scenario, { catalogue })

const remade = (scenario: Scenario.Scenario, changes: Partial<Scenario.Scenario["source"]>): Scenario.Scenario => {
  const { name, origin, source } = scenario
  const made = Scenario.make({ ...source, ...changes }, origin?.file ?? name)
  return origin === undefined ? made : { ...made, origin }
}

/** Reads and checks the file; one that makes no sense is the command line's fault, as a scenario's file is. */
export const load = Effect.fnUntraced(function* (
  messages: Messages,
  path: string,
  model?: string
): Effect.fn.Return<OwnConfig, Failed> {
  const env = withoutKeys(Environment.beside(path))
  yield* UnderstudyConfig.load({ path, env }).pipe(
    Effect.mapError((error) => misused(Problems.toText(messages, error)))
  )
  const { value } = yield* Effect.sync(() => Yaml.parse(readFileSync(path, "utf8"), env))
  return fromOptions(value as UnderstudyOptions, model)
})
