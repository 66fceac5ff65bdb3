/** What an operator looks at and steers: keys, routes, consumers, live statistics and events. */
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import * as Schema from "effect/Schema"
import { Authorization, Wants } from "./Authorization.ts"
import { NotFound } from "./Errors.ts"

/** The state of a key, for itself or for one model. Times are Unix milliseconds. */
export const KeyState = Schema.Struct({
  state: Schema.Literals(["Available", "Cooling", "Removed", "Disabled"]),
  reason: Schema.NullOr(Schema.String),
  since: Schema.NullOr(Schema.Number),
  /** When it is probed next, or its cool-down ends. */
  dueAt: Schema.NullOr(Schema.Number)
}).annotate({ identifier: "KeyState" })

/** A key, without its value. */
export const Key = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  state: KeyState,
  models: Schema.Record(Schema.String, KeyState)
}).annotate({ identifier: "Key" })

/** A provider as it is configured, with its keys. */
export const Provider = Schema.Struct({
  name: Schema.String,
  type: Schema.String,
  baseUrl: Schema.String,
  keys: Schema.Array(Key)
}).annotate({ identifier: "Provider" })

/** How a key was proved. */
export const KeyTest = Schema.Struct({
  ok: Schema.Boolean,
  /** What went wrong, in words; null when nothing did. */
  message: Schema.NullOr(Schema.String),
  millis: Schema.Number
}).annotate({ identifier: "KeyTest" })

const Target = Schema.Struct({
  provider: Schema.String,
  model: Schema.NullOr(Schema.String),
  weight: Schema.Number
}).annotate({ identifier: "Target" })

/** A route as it is configured. */
export const Route = Schema.Struct({
  name: Schema.String,
  match: Schema.String,
  targets: Schema.Array(Target),
  fallback: Schema.Array(Target)
}).annotate({ identifier: "Route" })

/** A consumer, without its keys. */
export const Consumer = Schema.Struct({
  name: Schema.String,
  keys: Schema.Number,
  models: Schema.Array(Schema.String)
}).annotate({ identifier: "Consumer" })

/** A target as a request would find it now. */
export const TargetNow = Schema.Struct({
  role: Schema.Literals(["target", "fallback"]),
  provider: Schema.String,
  model: Schema.String,
  weight: Schema.Number,
  usable: Schema.Boolean,
  circuit: Schema.String,
  keys: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      name: Schema.String,
      state: Schema.String,
      reason: Schema.NullOr(Schema.String),
      dueIn: Schema.NullOr(Schema.Number)
    })
  )
}).annotate({ identifier: "TargetNow" })

/** Which route, targets and keys a request would take, and why. */
export const Explanation = Schema.Struct({
  model: Schema.String,
  route: Schema.NullOr(Schema.String),
  considered: Schema.Array(
    Schema.Struct({ route: Schema.String, match: Schema.String, verdict: Schema.String, because: Schema.String })
  ),
  targets: Schema.Array(TargetNow)
}).annotate({ identifier: "Explanation" })

/** A distribution, in milliseconds; null without a value. */
export const Percentiles = Schema.Struct({
  p50: Schema.NullOr(Schema.Number),
  p95: Schema.NullOr(Schema.Number),
  p99: Schema.NullOr(Schema.Number)
}).annotate({ identifier: "Percentiles" })

/** What happened in a time. */
export const Totals = Schema.Struct({
  calls: Schema.Number,
  ok: Schema.Number,
  /** Answered by another target than the first. */
  fellBack: Schema.Number,
  /** Attempts that went on with another key. */
  keySwitches: Schema.Number,
  inputTokens: Schema.Number,
  outputTokens: Schema.Number,
  /** By currency. */
  cost: Schema.Record(Schema.String, Schema.Number),
  latency: Percentiles,
  firstContent: Percentiles
}).annotate({ identifier: "Totals" })

/** What went along one edge of the topology. */
export const Edge = Schema.Struct({
  from: Schema.String,
  to: Schema.String,
  calls: Schema.Number,
  failed: Schema.Number
}).annotate({ identifier: "Edge" })

/** Live statistics of a window. */
export const Statistics = Schema.Struct({
  /** Milliseconds that it covers, up to now. */
  window: Schema.Number,
  totals: Totals,
  /** One point a second (5 minutes) or a minute (longer), the oldest first. */
  points: Schema.Array(
    Schema.Struct({
      at: Schema.Number,
      calls: Schema.Number,
      ok: Schema.Number,
      fellBack: Schema.Number,
      inputTokens: Schema.Number,
      outputTokens: Schema.Number,
      firstContent: Percentiles
    })
  ),
  /** Consumers to routes, routes to targets, targets to keys; `consumer:` without a name for those who need none. */
  edges: Schema.Array(Edge)
}).annotate({ identifier: "Statistics" })

/** Something that happened to a key, a target, or the configuration. */
export const Happening = Schema.Struct({
  id: Schema.Number,
  at: Schema.Number,
  kind: Schema.String,
  provider: Schema.NullOr(Schema.String),
  key: Schema.NullOr(Schema.String),
  model: Schema.NullOr(Schema.String),
  reason: Schema.NullOr(Schema.String),
  detail: Schema.NullOr(Schema.String)
}).annotate({ identifier: "Happening" })

/** One request, as the log keeps it. Times are Unix milliseconds, lengths of time milliseconds. */
export const Request = Schema.Struct({
  id: Schema.Number,
  time: Schema.Number,
  requestId: Schema.String,
  endpoint: Schema.String,
  status: Schema.Number,
  error: Schema.NullOr(Schema.String),
  consumer: Schema.NullOr(Schema.String),
  model: Schema.NullOr(Schema.String),
  route: Schema.NullOr(Schema.String),
  provider: Schema.NullOr(Schema.String),
  answeredBy: Schema.NullOr(Schema.String),
  attempts: Schema.Number,
  trail: Schema.NullOr(Schema.String),
  inputTokens: Schema.NullOr(Schema.Number),
  outputTokens: Schema.NullOr(Schema.Number),
  cost: Schema.NullOr(Schema.Number),
  currency: Schema.NullOr(Schema.String),
  firstMs: Schema.NullOr(Schema.Number),
  ms: Schema.Number
}).annotate({ identifier: "Request" })

const Flag = Schema.Literals(["true", "false"])

const Whole = Schema.NumberFromString.check(Schema.isInt())

/** Which requests are wanted; what is left out is no condition. */
const requestFilter = {
  consumer: Schema.optional(Schema.String),
  model: Schema.optional(Schema.String),
  route: Schema.optional(Schema.String),
  failed: Schema.optional(Flag),
  /** More than one attempt was sent. */
  moved: Schema.optional(Flag),
  slowerThan: Schema.optional(Whole),
  requestId: Schema.optional(Schema.String),
  /** Ids: a page further back, or what is new. */
  before: Schema.optional(Whole),
  after: Schema.optional(Whole),
  limit: Schema.optional(Whole.check(Schema.isBetween({ minimum: 1, maximum: 200 })))
}

/** The windows that statistics are kept for. */
export const Window = Schema.Literals(["5m", "1h", "24h"])

const key = { provider: Schema.String, key: Schema.String }

/** What an operator may ask. */
export class OperationsApi extends HttpApiGroup.make("operations")
  .add(
    HttpApiEndpoint.get("version", "/version", {
      success: Schema.Struct({
        version: Schema.String,
        node: Schema.String,
        startedAt: Schema.Number,
        /** Where applications ask: `http://HOST:PORT`, without a path; null where that is not known. */
        gateway: Schema.NullOr(Schema.String)
      })
    }),
    HttpApiEndpoint.get("providers", "/providers", { success: Schema.Array(Provider) }),
    HttpApiEndpoint.post("testKey", "/providers/:provider/keys/:key/test", {
      params: key,
      success: KeyTest,
      error: NotFound
    }).annotate(Wants, "operate"),
    HttpApiEndpoint.post("disableKey", "/providers/:provider/keys/:key/disable", {
      params: key,
      success: HttpApiSchema.NoContent,
      error: NotFound
    }).annotate(Wants, "operate"),
    HttpApiEndpoint.post("restoreKey", "/providers/:provider/keys/:key/restore", {
      params: key,
      success: HttpApiSchema.NoContent,
      error: NotFound
    }).annotate(Wants, "operate"),
    HttpApiEndpoint.get("routes", "/routes", { success: Schema.Array(Route) }),
    HttpApiEndpoint.get("explain", "/explain", {
      query: { model: Schema.String, consumer: Schema.optional(Schema.String) },
      success: Explanation
    }),
    HttpApiEndpoint.get("consumers", "/consumers", { success: Schema.Array(Consumer) }),
    HttpApiEndpoint.get("statistics", "/stats", {
      query: { window: Schema.optional(Window) },
      success: Statistics
    }),
    HttpApiEndpoint.get("requests", "/requests", {
      query: requestFilter,
      success: Schema.Struct({
        requests: Schema.Array(Request),
        /** Rows that could not be kept since the start. */
        lost: Schema.Number
      }),
      error: NotFound
    }),
    HttpApiEndpoint.get("requestNames", "/requests/names", {
      success: Schema.Struct({
        consumer: Schema.Array(Schema.String),
        model: Schema.Array(Schema.String),
        route: Schema.Array(Schema.String)
      }),
      error: NotFound
    }),
    HttpApiEndpoint.get("request", "/requests/:id", { params: { id: Whole }, success: Request, error: NotFound }),
    HttpApiEndpoint.get("happenings", "/happenings", { success: Schema.Array(Happening) }),
    HttpApiEndpoint.get("events", "/events", {
      success: HttpApiSchema.StreamSse({ data: Happening })
    })
  )
  .middleware(Authorization)
  .prefix("/api/v1") {}
