/**
 * The configuration as people write it, in YAML or as a typed object: one schema, also published as JSON Schema. What it
 * cannot say (does that provider exist?) is checked by `UnderstudyConfig`.
 */
import * as Schema from "effect/Schema"
import { types } from "../provider/Vendors.ts"
import * as Duration from "./Duration.ts"
import { type Expectation, expectations } from "./Problem.ts"
import * as Size from "./Size.ts"

const optional = Schema.optionalKey

/** What a check says of itself where it fails: a kind, which every language has words for. */
const expects = (kind: Expectation) => ({ expected: expectations[kind], expects: kind })

const Text = Schema.String.check(Schema.isNonEmpty(expects("text")))

const Millis = Schema.String.check(Schema.isPattern(Duration.source, expects("duration")))

const PositiveMillis = Schema.String.check(Schema.isPattern(Duration.positive, expects("positiveDuration")))

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1, expects("count")))

const Amount = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0, expects("amount")))

const Port = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65535 }, expects("port")))

const KeyObject = Schema.Struct({
  value: Text,
  name: optional(Text),
  account: optional(Text),
  weight: optional(Amount)
})

const Alias = Schema.Union([
  Text,
  Schema.Struct({ model: Text, extraBody: optional(Schema.Record(Schema.String, Schema.Unknown)) })
])

const KeyFailover = Schema.Struct({
  failureThreshold: optional(Count),
  successThreshold: optional(Count),
  healthCheckInterval: optional(PositiveMillis),
  healthCheckTimeout: optional(PositiveMillis),
  healthCheckModel: optional(Text),
  whenExhausted: optional(Schema.Literals(["fallback", "wait", "fail"]))
})

const Circuit = Schema.Struct({
  consecutiveFailures: optional(Count),
  failureRate: optional(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }, expects("fraction")))),
  minimumCalls: optional(Count),
  window: optional(PositiveMillis),
  openDuration: optional(PositiveMillis),
  openCap: optional(PositiveMillis),
  slowStart: optional(Millis)
})

const Provider = Schema.Struct({
  type: Schema.Literals(types),
  baseUrl: optional(Text),
  proxy: optional(Text),
  ca: optional(Text),
  keys: optional(Schema.Array(Schema.Union([Text, KeyObject]))),
  selection: optional(Schema.Literals(["random", "weighted", "affinity"])),
  keyFailover: optional(KeyFailover),
  circuit: optional(Circuit),
  deadlines: optional(
    Schema.Struct({
      connect: optional(PositiveMillis),
      firstContent: optional(PositiveMillis),
      idle: optional(PositiveMillis),
      answer: optional(PositiveMillis)
    })
  ),
  aliases: optional(Schema.Record(Schema.String, Alias)),
  prefill: optional(Schema.Boolean),
  structuredOutput: optional(Schema.Literals(["json_schema", "json_object", "none"])),
  thinkTags: optional(Schema.Union([Schema.Boolean, Schema.Literal("opened")]))
})

const Target = Schema.Struct({ provider: Text, model: optional(Text), weight: optional(Amount) })

const Override = Schema.Struct({
  fallback: optional(Schema.Boolean),
  anotherKey: optional(Schema.Boolean),
  again: optional(Schema.Boolean)
})

const Percent = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 100 }, expects("percentage")))

const Hedge = Schema.Struct({
  after: Schema.String.check(
    Schema.isPattern(/^(\d+(?:\.\d+)?(ms|s|m|h)|p([1-9]|[1-9]\d))$/, expects("durationOrPercentile"))
  ),
  percent: optional(Percent),
  tools: optional(Schema.Boolean)
})

const Route = Schema.Struct({
  name: Text,
  match: Schema.Struct({
    model: Schema.Struct({ exact: optional(Text), prefix: optional(Schema.String), regex: optional(Text) }),
    headers: optional(Schema.Record(Schema.String, Schema.String)),
    consumers: optional(Schema.Array(Text))
  }),
  targets: Schema.Array(Target).check(Schema.isMinLength(1, expects("targets"))),
  fallback: optional(Schema.Array(Target)),
  deadlines: optional(Schema.Struct({ total: optional(PositiveMillis) })),
  waitUpTo: optional(Millis),
  waitAlone: optional(Millis),
  afterCommit: optional(Schema.Literals(["error", "continue"])),
  delivery: optional(Schema.Literals(["streamed", "buffered"])),
  upstream: optional(Schema.Literals(["asked", "streamed"])),
  balance: optional(Schema.Literals(["weighted", "latency"])),
  embeddings: optional(Schema.Literals(["same-model", "any-model"])),
  hedge: optional(Hedge),
  retryBudget: optional(Schema.Struct({ percent: optional(Percent), reserve: optional(Count) })),
  on: optional(Schema.Record(Schema.String, Override))
})

const Consumer = Schema.Struct({
  name: Text,
  keys: Schema.Array(Text).check(Schema.isMinLength(1, expects("keys"))),
  models: optional(Schema.Array(Text))
})

/** The options of `@understudy/chat-model`, as far as a configuration can say them. */
const ModelDefaults = Schema.Struct({
  temperature: optional(Schema.Finite),
  topP: optional(Schema.Finite),
  topK: optional(Schema.Finite),
  maxTokens: optional(Count),
  stopSequences: optional(Schema.Array(Text)),
  presencePenalty: optional(Schema.Finite),
  frequencyPenalty: optional(Schema.Finite),
  seed: optional(Schema.Int),
  reasoningEffort: optional(Text),
  extraBody: optional(Schema.Record(Schema.String, Schema.Unknown))
})

const Model = Schema.Struct({ model: Text, options: optional(ModelDefaults) })

const Price = Schema.Struct({ input: Amount, output: Amount, cachedInput: optional(Amount), currency: Text })

const Address = { host: optional(Text), port: optional(Port) }

const Bytes = Schema.Union([Count, Schema.String.check(Schema.isPattern(Size.source, expects("size")))])

const Origin = Schema.String.check(
  Schema.isPattern(/^(\*|null|[A-Za-z][A-Za-z\d+.-]*:\/\/[^\s/?#@]+\/?)$/, expects("origin"))
)

const Host = Schema.String.check(Schema.isPattern(/^[^\s/?#@]+$/, expects("host")))

const Server = Schema.Struct({
  ...Address,
  admin: optional(Schema.Struct(Address)),
  maxBody: optional(Bytes),
  cors: optional(Schema.Array(Origin)),
  hosts: optional(Schema.Array(Host))
})

/** The schema of `understudy.yaml`. */
export const UnderstudyOptions = Schema.Struct({
  version: Schema.Literal(1),
  server: optional(Server),
  providers: Schema.Record(Schema.String, Provider),
  routes: Schema.Array(Route),
  consumers: optional(Schema.Array(Consumer)),
  models: optional(Schema.Record(Schema.String, Model)),
  prices: optional(Schema.Record(Schema.String, Price))
})

/** The configuration as it is written. */
export type UnderstudyOptions = typeof UnderstudyOptions.Type

/** The gateway's HTTP side as it is written. */
export type ServerOptions = typeof Server.Type

/** One provider as it is written. */
export type ProviderOptions = typeof Provider.Type

/** One route as it is written. */
export type RouteOptions = typeof Route.Type

/** One consumer as it is written. */
export type ConsumerOptions = typeof Consumer.Type

/** One named model as it is written. */
export type ModelOptions = typeof Model.Type

/** One target as it is written. */
export type TargetOptions = typeof Target.Type
