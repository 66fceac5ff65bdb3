/**
 * What the gateway derives from the configuration. The core may take another one at any time; the next request then finds
 * everything derived anew.
 */
import type { RouteConfig, UnderstudyConfig } from "@understudy/core/config/UnderstudyConfig"
import * as Matcher from "@understudy/core/route/Matcher"
import * as Consumers from "./Consumers.ts"
import * as Guesses from "./Guesses.ts"
import * as Pages from "./Pages.ts"

/** Derived from one configuration. */
export interface Compiled {
  readonly consumers: Consumers.Consumers
  readonly pages: Pages.Pages
  readonly addressOf: Guesses.AddressOf
  /** The route that takes a subject. */
  readonly routeOf: (subject: Matcher.Subject) => RouteConfig | undefined
  /** The providers that stand in a route. */
  readonly providers: ReadonlySet<string>
}

const compile = ({ consumers, routes, server }: UnderstudyConfig, address: string): Compiled => {
  const inOrder = Matcher.sort(routes)
  const targets = routes.flatMap(({ fallback, targets }) => [...targets, ...fallback])
  return {
    consumers: Consumers.make(consumers),
    pages: Pages.make(server, address),
    addressOf: Guesses.addresses(server.trustedProxies),
    routeOf: (subject) => Matcher.find(inOrder, subject),
    providers: new Set(targets.map((target) => target.provider))
  }
}

/** A getter that compiles again only when the configuration is another one; `address` is what the gateway listens on. */
export const make = (understudy: { readonly config: UnderstudyConfig }, address: string): (() => Compiled) => {
  let { config } = understudy
  let compiled = compile(config, address)
  return () => {
    if (understudy.config !== config) {
      config = understudy.config
      compiled = compile(config, address)
    }
    return compiled
  }
}
