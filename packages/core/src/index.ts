/**
 * @understudy/core: routing and failover for OpenAI-compatible model calls.
 *
 * Import the modules one by one (`@understudy/core/failover/Failover`) where start-up time matters.
 */

export * as ConfigError from "./config/ConfigError.ts"
export * as Options from "./config/Options.ts"
export * as UnderstudyConfig from "./config/UnderstudyConfig.ts"
export * as Failover from "./failover/Failover.ts"
export * as Trail from "./failover/Trail.ts"
export * as AttemptFailure from "./failure/AttemptFailure.ts"
export * as Decision from "./failure/Decision.ts"
export * as FailoverError from "./failure/FailoverError.ts"
export * as Reason from "./failure/Reason.ts"
export * as ApiKey from "./key/ApiKey.ts"
export * as KeyPolicy from "./key/KeyPolicy.ts"
export * as KeyPool from "./key/KeyPool.ts"
export * as KeyState from "./key/KeyState.ts"
export * as ModelCatalog from "./ModelCatalog.ts"
export * as Dialect from "./provider/Dialect.ts"
export * as Provider from "./provider/Provider.ts"
export * as Explain from "./route/Explain.ts"
export * as Matcher from "./route/Matcher.ts"
export * as Route from "./route/Route.ts"
export * as RouteTable from "./route/RouteTable.ts"
export * as Event from "./telemetry/Event.ts"
export * as Understudy from "./Understudy.ts"
export * as OpenAiUpstream from "./upstream/OpenAiUpstream.ts"
export * as UndiciUpstream from "./upstream/UndiciUpstream.ts"
export * as Upstream from "./upstream/Upstream.ts"
export * as ChatCompletion from "./wire/ChatCompletion.ts"
export * as Embedding from "./wire/Embedding.ts"
