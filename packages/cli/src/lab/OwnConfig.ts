/**
 * A configuration of one's own in the lab: its routes, limits and circuits, with the lab's vendors and keys in place of the
 * real ones. Nothing secret is taken over.
 */
import { readFileSync } from "node:fs"
import type { ProviderOptions, RouteOptions, UnderstudyOptions } from "@understudy/core/config/Options"
import { Yaml } from "@understudy/core/config/Reading"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import { isVendor } from "@understudy/mocks/VendorList"
import * as Effect from "effect/Effect"
import { type Failed, misused } from "../Failed.ts"
import * as Environment from "../internal/Environment.ts"
import * as Problems from "../internal/Problems.ts"
import type { Messages } from "../Messages.ts"

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

const toProvider = ({ baseUrl: _, ...provider }: ProviderOptions, { keys }: Scenario.Scenario): ProviderOptions => ({
  ...provider,
  keys: keys.filter(({ vendor }) => vendor === provider.type).map(({ name }) => name)
})

/** From options that are known to make sense. */
export const fromOptions = ({ providers, routes, version }: UnderstudyOptions): OwnConfig => {
  const isPlayed = (name: string): boolean => isVendor(providers[name]?.type)
  const played = Object.entries(providers).filter(([name]) => isPlayed(name))
  return {
    leftOut: Object.keys(providers).filter((name) => !isPlayed(name)),
    into: (scenario) => {
      const own = Object.fromEntries(played.map(([name, provider]) => [name, toProvider(provider, scenario)]))
      const config = { version, providers: own, routes: toRoutes(routes, isPlayed) }
      const { name, origin, source } = scenario
      const made = Scenario.make({ ...source, config }, origin?.file ?? name)
      return origin === undefined ? made : { ...made, origin }
    }
  }
}

/** Reads and checks the file; one that makes no sense is the command line's fault, as a scenario's file is. */
export const load = Effect.fnUntraced(function* (
  messages: Messages,
  path: string
): Effect.fn.Return<OwnConfig, Failed> {
  const env = withoutKeys(Environment.beside(path))
  yield* UnderstudyConfig.load({ path, env }).pipe(
    Effect.mapError((error) => misused(Problems.toText(messages, error)))
  )
  const { value } = yield* Effect.sync(() => Yaml.parse(readFileSync(path, "utf8"), env))
  return fromOptions(value as UnderstudyOptions)
})
