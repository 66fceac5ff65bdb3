/**
 * The configuration after it has been checked: names are resolved, durations are milliseconds, keys are redacted.
 */

import type { Settings } from "../../config/Options.ts"
import type { ApiKey } from "../../key/ApiKey.ts"
import type { Aliases, Dialect, Prefill, StructuredOutput } from "../../provider/Dialect.ts"
import type { Route } from "../../route/Route.ts"
import type { Connection } from "../../upstream/Upstream.ts"
import type { PriceTable } from "../../wire/PriceTable.ts"
import type { KeyPolicy } from "../key/KeyPolicy.ts"
import type { BaseUrl } from "../provider/BaseUrl.ts"
import type { ThinkTags } from "../wire/ThinkTags.ts"

/** One provider as it is configured. */
export type ProviderSettings = Settings["providers"][string]

/** A provider, checked. */
export interface ProviderConfig extends Pick<ProviderSettings, "circuit" | "deadlines" | "selection"> {
  readonly name: string
  readonly dialect: Dialect
  readonly base: BaseUrl
  /** How it is reached; undefined leaves that to the environment. */
  readonly connection: Connection | undefined
  readonly keys: ReadonlyArray<ApiKey>
  readonly policy: KeyPolicy
  readonly prefill: Prefill | undefined
  readonly structuredOutput: StructuredOutput | undefined
  readonly thinkTags: ThinkTags | undefined
  readonly aliases: Aliases
  /** What its models cost: the vendor's list at this address, and what the configuration says. */
  readonly prices: PriceTable
  /** Tokens that the contexts of its models hold, likewise. */
  readonly contextLengths: Readonly<Record<string, number>>
}

/** A route's target, by its provider's name. */
export type TargetConfig = Settings["routes"][number]["targets"][number]

/** A route, checked. */
export interface RouteConfig extends Omit<Route, "targets" | "fallback" | "state"> {
  readonly targets: ReadonlyArray<TargetConfig>
  readonly fallback: ReadonlyArray<TargetConfig>
}

/** A key of a consumer. Its value is not kept. */
export interface ConsumerKey {
  /** SHA-256 of the key, in lower-case hexadecimal. */
  readonly hash: string
  readonly name: string | undefined
  /** From when it is refused, in milliseconds since 1970; undefined for never. */
  readonly expires: number | undefined
}

/** How much a consumer may use; what is undefined has no limit. Money in `currency`. */
export type ConsumerLimits = Settings["consumers"][number]["limits"]

/** A caller of the gateway. */
export interface ConsumerConfig {
  readonly name: string
  readonly keys: ReadonlyArray<ConsumerKey>
  /** Model names that it may ask for; `*` stands for any characters. Empty allows all. */
  readonly models: ReadonlyArray<string>
  /** Names of the routes that its requests may take. Empty allows all. */
  readonly routes: ReadonlyArray<string>
  readonly limits: ConsumerLimits
}

/** The gateway's HTTP side, checked. Port 0 takes a free one; sizes in bytes; origins and names in lower case. */
export type ServerConfig = Settings["server"]

/** The whole configuration, checked. */
export interface UnderstudyConfig extends Pick<Settings, "models" | "prices" | "server"> {
  /** The file, or what else it came from. */
  readonly source: string
  readonly providers: ReadonlyArray<ProviderConfig>
  readonly routes: ReadonlyArray<RouteConfig>
  /** None: the gateway is open. */
  readonly consumers: ReadonlyArray<ConsumerConfig>
}
