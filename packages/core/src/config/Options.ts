/**
 * The configuration as people write it, in YAML or as a typed object, and as the engine reads it: one schema that says of
 * every setting what it means and what its default is. What it cannot say (does that provider exist?) is checked by
 * `UnderstudyConfig`.
 */
import { isIP } from "node:net"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { Consumer } from "../internal/config/ConsumerSettings.ts"
import * as CircuitPolicy from "../internal/health/CircuitPolicy.ts"
import * as KeyPolicy from "../internal/key/KeyPolicy.ts"
import * as Deadlines from "../internal/provider/Deadlines.ts"
import {
  Amount,
  BodySize,
  Count,
  defaulted,
  expects,
  Millis,
  optional,
  required,
  Text
} from "../internal/setting/Setting.ts"
import { defaultWeight } from "../key/ApiKey.ts"
import { types } from "../provider/Vendors.ts"
import { settings as routeSettings } from "../route/Route.ts"

const Texts = Schema.Array(Text)

/** Fields put into a request as they are. */
const Body = Schema.Record(Schema.String, Schema.Unknown)

const KeyObject = Schema.Struct({
  value: required(Text, "The key; a comma-separated value is several keys"),
  name: optional(Text, "Shown by `check` and `explain`", "its id"),
  account: optional(Text, "Keys with the same account share limits and balance", "an account of its own"),
  weight: defaulted(Amount, defaultWeight, "Share of the draws under `selection: weighted`")
})

const Alias = Schema.Union([
  Text,
  Schema.Struct({
    model: required(Text, "The model to ask for"),
    extraBody: optional(Body, "Fields added to the request")
  })
])

const Provider = Schema.Struct({
  type: required(Schema.Literals(types), `Whose API it has: ${types.map((type) => `\`${type}\``).join(", ")}`),
  baseUrl: optional(
    Text,
    "Host, `host/v1`, or the whole `…/chat/completions`; without a scheme it is `https://`, but `http://` for loopback, private networks and names without a dot; a query (`?api-version=2024-06-01`) goes with every request",
    "the vendor's public one; required for `openai-compatible`"
  ),
  proxy: optional(
    Text,
    "The proxy to go through, such as `http://127.0.0.1:3128` (`http`, `https` or `socks5`, with `user:password@` where it wants them), or `none`",
    "the environment's `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`, unless `NO_PROXY` names the host; local addresses are no exception, so mocks on `127.0.0.1` want `NO_PROXY=127.0.0.1` or `proxy: none`"
  ),
  pool: optional(
    Schema.Struct({
      connections: optional(
        Count,
        "Most connections to it, and so most requests under way; what goes beyond waits for one, and its time limits with it",
        "no limit"
      ),
      keepAlive: defaulted(
        Millis,
        "30s",
        "How long a connection is kept that nobody uses, unless the vendor says otherwise; `0s` opens one for each request"
      )
    }),
    "Its connections. Each carries one request at a time (no pipelining)",
    "as below"
  ),
  ca: optional(
    Text,
    "Certificates to trust beside those of the system: a file in PEM, from the configuration's folder, or the PEM itself"
  ),
  keys: optional(
    Schema.Array(Schema.Union([Text, KeyObject])),
    "API keys, each a text or an object",
    "none, which only `openai-compatible` takes"
  ),
  selection: defaulted(
    Schema.Literals(["random", "weighted", "affinity"]),
    "random",
    "How a key is drawn: `random`, `weighted` by the keys' `weight`, or `affinity`: the same consumer or conversation keeps its key while that works, for the vendor's prompt cache"
  ),
  keyFailover: defaulted(KeyPolicy.settings, {}, "When a key is taken out, and how it comes back"),
  deadlines: defaulted(Deadlines.settings, {}, "Time limits of one attempt"),
  circuit: defaulted(CircuitPolicy.settings, {}, "When a target (provider and model) that keeps failing is left alone"),
  aliases: defaulted(
    Schema.Record(Schema.String, Alias),
    {},
    "Model names that stand for others: a name, or `model` with `extraBody`, fields added to the request"
  ),
  prefill: optional(
    Schema.Boolean,
    "May this provider be asked to go on with a text (see `afterCommit`)? `true` declares it for an `openai-compatible` server, `false` takes it from a vendor that can",
    "`true` for vendors that can"
  ),
  structuredOutput: optional(
    Schema.Literals(["json_schema", "json_object", "none"]),
    "The most that it takes for `response_format`: `json_schema`, `json_object` or `none`. A schema goes to a server that does not take it as an instruction in the system message; the trail says `native` or `instructed`",
    "what the vendor is known to take, of this model; `json_schema` for `openai-compatible`"
  ),
  contextLengths: defaulted(
    Schema.Record(Schema.String, Count),
    {},
    "Tokens that a model's context holds, by the model's name at this provider: for a server of your own, or where the vendor's have changed"
  ),
  thinkTags: defaulted(
    Schema.Union([Schema.Boolean, Schema.Literal("opened")]),
    false,
    "Do its models write their reasoning between `<think>` and `</think>` at the start of the text? `true` makes it `reasoning_content`, streamed too; `opened` is for models whose template has written the opening tag already: the text begins with reasoning"
  )
})

const Target = Schema.Struct({
  provider: required(Text, "Name of a provider"),
  model: optional(Text, "Model to ask for", "the one that was asked for"),
  weight: defaulted(Amount, 1, "Share of the traffic among `targets`")
})

const oneOf = "none; exactly one of the three is needed"

const Route = Schema.Struct({
  name: required(Text, "Shown in headers, logs and errors"),
  match: required(
    Schema.Struct({
      model: required(
        Schema.Struct({
          exact: optional(Text, "The model's whole name; beats `prefix` and `regex`", oneOf),
          prefix: optional(
            Schema.String,
            "What the model's name begins with, a longer one beats a shorter one; an empty one matches every model",
            oneOf
          ),
          regex: optional(Text, "A regular expression for the model's name", oneOf)
        }),
        "The model that is asked for. The order of the file breaks ties"
      ),
      headers: defaulted(
        Schema.Record(Schema.String, Schema.String),
        {},
        "Headers that a request has to have: names in any case, whole values"
      ),
      consumers: defaulted(Texts, [], "Names of consumers; with none, all of them")
    }),
    "Which requests it takes: `model`, and optionally `headers` and `consumers` on top"
  ),
  targets: required(
    Schema.Array(Target).check(Schema.isMinLength(1, expects("targets"))),
    "Who answers. Several share the traffic by `weight`; each is tried before the fallback"
  ),
  fallback: defaulted(Schema.Array(Target), [], "Who answers instead, in order"),
  ...routeSettings
})

const vendors = "the vendor's"

/** The options of `@understudy/chat-model`, as far as a configuration can say them. */
const ModelDefaults = Schema.Struct({
  temperature: optional(Schema.Finite, "Sampling temperature", vendors),
  topP: optional(Schema.Finite, "Probability mass of the tokens that are drawn from", vendors),
  topK: optional(Schema.Finite, "Number of the tokens that are drawn from", vendors),
  maxTokens: optional(Count, "Most tokens of an answer", vendors),
  stopSequences: optional(Texts, "Texts that end the answer"),
  presencePenalty: optional(Schema.Finite, "Penalty for tokens that were there already", vendors),
  frequencyPenalty: optional(Schema.Finite, "Penalty for tokens by how often they were there", vendors),
  seed: optional(Schema.Int, "Seed of the sampling"),
  reasoningEffort: optional(Text, "How much the model thinks: the vendor's word", vendors),
  extraBody: optional(
    Body,
    "Fields put into the request as they are; a switch that only another vendor knows (`thinking`, `enable_thinking`, …) is left out where a call falls back to it"
  )
})

const Model = Schema.Struct({
  model: required(Text, "The model to ask for. A route must take it without headers and consumers"),
  options: optional(ModelDefaults, "Options of a prompt, which its prompts are merged over")
})

const Price = Schema.Struct({
  input: required(Amount, "A million tokens of prompts"),
  output: required(Amount, "A million tokens of answers, thinking included"),
  cachedInput: optional(Amount, "A million tokens of prompts that came out of the vendor's cache", "as `input`"),
  currency: required(Text, "Such as `CNY`")
})

const loopback = "127.0.0.1"

const Port = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65535 }, expects("port")))

const lower = (change: (text: string) => string) =>
  SchemaTransformation.transform({
    decode: (text: string) => change(text.toLowerCase()),
    encode: (text: string) => text
  })

/** As browsers spell it: without the port that the scheme stands for. */
const Origin = Schema.String.check(
  Schema.isPattern(/^(\*|null|[A-Za-z][A-Za-z\d+.-]*:\/\/[^\s/?#@]+\/?)$/, expects("origin"))
).pipe(
  Schema.decodeTo(
    Schema.String,
    lower((text) => text.replace(/\/$/, "").replace(/^(http:.*):80$|^(https:.*):443$/, "$1$2"))
  )
)

const Host = Schema.String.check(Schema.isPattern(/^[^\s/?#@]+$/, expects("host"))).pipe(
  Schema.decodeTo(
    Schema.String,
    lower((text) => text.replace(/:\d+$/, ""))
  )
)

const RedisUrl = Schema.String.check(Schema.isPattern(/^rediss?:\/\/[^\s/]+(\/\d*)?$/, expects("redisUrl")))

/** An address, or a network in CIDR's form. */
const Network = Schema.String.check(
  Schema.makeFilter((text: string) => {
    const [, address = "", prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
    const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
    return bits !== -1 && Number(prefix ?? 0) <= bits
  }, expects("network"))
)

const Server = Schema.Struct({
  host: defaulted(
    Text,
    loopback,
    "Address that the gateway listens on; `0.0.0.0` is every network that the machine is on"
  ),
  port: defaulted(Port, 8080, "Its port; `0` takes a free one"),
  maxBody: defaulted(
    BodySize,
    "20MiB",
    "Largest request body: a number of bytes, or a size such as `20MB` (millions of bytes) or `20MiB`; at most `512MB`"
  ),
  log: defaulted(
    Schema.Literals(["text", "json", "off"]),
    "text",
    "How requests are logged: a line of `text` each, a line of `json`, or not at all (`off`). Read when the gateway starts"
  ),
  heartbeat: defaulted(
    Millis,
    "15s",
    "How long a caller waits for a stream's first content before the comment `: keep-alive` goes out, and between two of them, so that no load balancer with a limit on the first byte cuts in; `0s` for none. From the first one on the status is 200, headers do not say who answered, and a failure comes as an event"
  ),
  cors: defaulted(
    Schema.Array(Origin),
    [],
    "Origins of web pages that may call the gateway and read its answers, such as `https://app.example.com`; `*` stands for any characters (`http://localhost:*`)"
  ),
  hosts: defaulted(
    Schema.Array(Host),
    [],
    "Further names that an open gateway answers under, such as `ai.example.com` behind a proxy; `*` stands for any characters"
  ),
  replicas: optional(
    Schema.Struct({
      url: required(
        RedisUrl,
        "`redis://:PASSWORD@HOST:PORT`, or `rediss://…` over TLS, of a Redis (6.2 or later) or Valkey"
      ),
      prefix: defaulted(
        Text,
        "understudy",
        "What names on that server begin with: another one for replicas of another configuration"
      )
    }),
    "What several gateways of this configuration share their keys' and circuits' state over; needs the package `@understudy/redis`. Read when the gateway starts"
  ),
  trustedProxies: defaulted(
    Schema.Array(Network),
    [],
    "Addresses or networks (`10.0.0.0/8`) of proxies before the gateway, whose `X-Forwarded-For` says where a request comes from"
  ),
  admin: optional(
    Schema.Struct({
      host: defaulted(Text, loopback, "Address of the operator's side"),
      port: defaulted(Port, 8001, "Its port; `0` takes a free one"),
      data: defaulted(
        Text,
        ".understudy",
        "Folder, from the configuration's, of what it keeps: accounts, sessions, tokens, audit log, versions of the configuration"
      )
    }),
    "The operator's side of `understudy serve`: admin API with its documentation, metrics. `{}` switches it on as it is"
  )
})

/** The configuration: what is written on its encoded side, what the engine reads on its decoded one. */
export const Settings = Schema.Struct({
  version: required(Schema.Literal(1), "Version of the configuration's form: `1`"),
  server: defaulted(Server, {}, "The gateway's HTTP side"),
  providers: required(
    Schema.Record(Schema.String, Provider),
    "Providers by name: each an account or several at one vendor. Routes refer to the names"
  ),
  routes: required(Schema.Array(Route), "Who answers which requests"),
  consumers: defaulted(Schema.Array(Consumer), [], "Who may call the gateway; with none, it is open"),
  models: defaulted(
    Schema.Record(Schema.String, Model),
    {},
    "Models by the names that an application gives them, for code; the gateway knows models only by their own names"
  ),
  prices: defaulted(
    Schema.Record(Schema.String, Price),
    {},
    "What a million tokens cost, by model, or by `provider/model` for the price at one provider. The vendors' list prices are built in for their own addresses; what stands here wins"
  )
})

/** The schema of `understudy.yaml`. */
export const UnderstudyOptions = Schema.toEncoded(Settings)

/** The configuration as the engine reads it: defaults filled in, durations in milliseconds, sizes in bytes. */
export type Settings = typeof Settings.Type

/** The configuration as it is written. */
export type UnderstudyOptions = typeof Settings.Encoded

/** One provider as it is written. */
export type ProviderOptions = typeof Provider.Encoded

/** One route as it is written. */
export type RouteOptions = typeof Route.Encoded

/** One consumer as it is written. */
export type ConsumerOptions = typeof Consumer.Encoded

/** One named model as it is written. */
export type ModelOptions = typeof Model.Encoded

/** One target as it is written. */
export type TargetOptions = typeof Target.Encoded
