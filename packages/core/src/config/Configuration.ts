/**
 * The configuration after it has been checked: names are resolved, durations are milliseconds, keys are redacted.
 */
import type { Overrides } from "../failure/Decision.ts"
import type { CircuitPolicy } from "../internal/health/CircuitPolicy.ts"
import type { Selection } from "../internal/key/Selection.ts"
import type { BudgetPolicy } from "../internal/route/Budget.ts"
import type { HedgeDelay } from "../internal/route/Hedge.ts"
import type { ThinkTags } from "../internal/wire/ThinkTags.ts"
import type { ApiKey } from "../key/ApiKey.ts"
import type { KeyPolicy } from "../key/KeyPolicy.ts"
import type { WhenExhausted } from "../key/KeyPool.ts"
import type { BaseUrl } from "../provider/BaseUrl.ts"
import type { Aliases, Dialect, Prefill, StructuredOutput } from "../provider/Dialect.ts"
import type { AttemptDeadlines } from "../provider/Provider.ts"
import type { Matcher } from "../route/Matcher.ts"
import type { Route } from "../route/Route.ts"
import type { Connection } from "../upstream/Upstream.ts"
import type { PriceTable } from "../wire/PriceTable.ts"
import type { Issue } from "./ConfigError.ts"
import type { ModelOptions } from "./Options.ts"

/** A provider, checked. */
export interface ProviderConfig {
  readonly name: string
  readonly dialect: Dialect
  readonly base: BaseUrl
  /** How it is reached; undefined leaves that to the environment. */
  readonly connection: Connection | undefined
  readonly keys: ReadonlyArray<ApiKey>
  readonly selection: Selection
  readonly whenExhausted: WhenExhausted
  readonly policy: KeyPolicy
  readonly circuit: CircuitPolicy
  readonly healthCheckModel: string | undefined
  readonly prefill: Prefill | undefined
  readonly structuredOutput: StructuredOutput | undefined
  readonly thinkTags: ThinkTags | undefined
  readonly deadlines: AttemptDeadlines
  readonly aliases: Aliases
  readonly prices: PriceTable
}

/** A route's target, by its provider's name. */
export interface TargetConfig {
  readonly provider: string
  readonly model: string | undefined
  readonly weight: number
}

/** A route's hedging, checked. */
export interface HedgeConfig {
  readonly delay: HedgeDelay
  /** Second requests per 100 calls. */
  readonly percent: number
  readonly tools: boolean
}

/** A route, checked. */
export interface RouteConfig extends Omit<Route, "targets" | "fallback" | "state"> {
  readonly match: Matcher
  readonly on: Overrides
  readonly retryBudget: BudgetPolicy
  readonly hedge: HedgeConfig | undefined
  readonly targets: ReadonlyArray<TargetConfig>
  readonly fallback: ReadonlyArray<TargetConfig>
}

/** A caller of the gateway. */
export interface ConsumerConfig {
  readonly name: string
  /** SHA-256 of each of its keys, in lower-case hexadecimal. */
  readonly keyHashes: ReadonlyArray<string>
  /** Model names that it may ask for; `*` stands for any characters. Empty allows all. */
  readonly models: ReadonlyArray<string>
}

/** Where a server listens. Port 0 takes a free one. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** The gateway's HTTP side, checked. */
export interface ServerConfig extends Address {
  readonly admin: Address
  /** Largest request body, in bytes. */
  readonly maxBody: number
  /** Origins of the web pages that may call it, in lower case; `*` stands for any characters. */
  readonly cors: ReadonlyArray<string>
  /** Names that it goes by beside its own, in lower case; `*` stands for any characters. */
  readonly hosts: ReadonlyArray<string>
}

/** The whole configuration, checked. */
export interface UnderstudyConfig {
  /** The file, or what else it came from. */
  readonly source: string
  readonly server: ServerConfig
  readonly providers: ReadonlyArray<ProviderConfig>
  readonly routes: ReadonlyArray<RouteConfig>
  /** None: the gateway is open. */
  readonly consumers: ReadonlyArray<ConsumerConfig>
  /** Models by the names that an application gives them. */
  readonly models: Readonly<Record<string, ModelOptions>>
  readonly prices: PriceTable
  /** What is accepted and has no effect, with its place. */
  readonly warnings: ReadonlyArray<Issue>
}
