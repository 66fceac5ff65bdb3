/**
 * A scenario as people write it, in YAML or as a typed object: one schema, also published as JSON Schema. What it cannot
 * say (does that key exist? can that adapter do it?) is checked by `Scenario`.
 */
import { UnderstudyOptions } from "@understudy/core/config/Options"
import { type FaultKind as MockFaultKind, names } from "@understudy/mocks/FaultKind"
import * as Schema from "effect/Schema"
import { findingKinds } from "../verdict/Finding.ts"

const optional = Schema.optionalKey

const Text = Schema.String.check(Schema.isNonEmpty({ expected: "a text that is not empty" }))

const Duration = Schema.String.check(
  Schema.isPattern(/^(\d+(?:\.\d+)?)(ms|s|m|h)$/, { expected: "a duration such as 500ms, 5s, 2m or 1h" })
)

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1, { expected: "a whole number >= 1" }))

const Natural = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0, { expected: "a whole number >= 0" }))

const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }, { expected: "a share between 0 and 1" }))

const Vendor = Schema.Literals(["deepseek", "qwen"])

const FaultKind = Schema.Literals(names as readonly [MockFaultKind, ...Array<MockFaultKind>])

const KeyState = Schema.Literals([
  "valid",
  "invalid",
  "revoked",
  "arrears",
  "rate-limited",
  "overloaded",
  "slow",
  "stalled",
  "cut",
  "silent",
  ...(names as readonly [MockFaultKind, ...Array<MockFaultKind>])
])

/** How a fault goes; the fields of the mocks' `Manner`. */
const manner = {
  afterChunks: optional(Natural),
  delay: optional(Duration),
  every: optional(Duration),
  finally: optional(Schema.Literals(["answer", "close"])),
  retryAfter: optional(Schema.Union([Natural, Schema.Struct({ date: Duration })])),
  status: optional(Schema.Int),
  message: optional(Text),
  shape: optional(Schema.Literals(["json", "sse"])),
  size: optional(Count)
}

const Fault = Schema.Struct({
  /** How it is called in timelines; its kind unless told otherwise. */
  name: optional(Text),
  kind: FaultKind,
  vendor: optional(Vendor),
  /** The name of a key of this scenario. */
  key: optional(Text),
  account: optional(Text),
  model: optional(Text),
  stream: optional(Schema.Boolean),
  /** Only the n-th attempt of a call, or several. */
  attempt: optional(Schema.Union([Count, Schema.Array(Count)])),
  /** Exactly these fitting requests, counted from 1. */
  ordinals: optional(Schema.Array(Count)),
  skip: optional(Natural),
  times: optional(Count),
  ratio: optional(Share),
  /** From the start of the run, or of the phase. */
  from: optional(Duration),
  until: optional(Duration),
  for: optional(Duration),
  flap: optional(Schema.Struct({ every: Duration, on: Duration })),
  ...manner
})

const Key = Schema.Struct({
  vendor: Vendor,
  /** `sk-demo-<name>` unless told otherwise. */
  value: optional(Text),
  account: optional(Text),
  state: optional(KeyState),
  restoredAfter: optional(Duration),
  restoredAfterRequests: optional(Count),
  changes: optional(
    Schema.Array(Schema.Struct({ state: KeyState, after: optional(Duration), afterRequests: optional(Count) }))
  ),
  /** Requests per window, for an account and model. */
  limit: optional(
    Schema.Struct({ requests: Count, per: Duration, retryAfter: optional(Schema.Literals(["seconds", "date"])) })
  ),
  /** Requests in flight per model of the account. */
  concurrency: optional(Count),
  balance: optional(Text),
  ...manner
})

const Phase = Schema.Struct({
  name: Text,
  /** When the next phase begins; the last one needs none. */
  until: optional(Schema.Struct({ after: optional(Duration), requests: optional(Count) })),
  faults: optional(Schema.Array(Fault))
})

const Call = Schema.Struct({
  at: Duration,
  model: optional(Text),
  stream: optional(Schema.Boolean),
  /** The caller leaves so long after the beginning. */
  leaves: optional(Duration),
  text: optional(Text)
})

const Traffic = Schema.Struct({
  model: Text,
  /** All as streams, none, or a share drawn from the seed. */
  stream: optional(Schema.Union([Schema.Boolean, Share])),
  /** One call every so often, for so long; or a list of calls. */
  every: optional(Duration),
  for: optional(Duration),
  calls: optional(Schema.Array(Call)),
  /** This share of callers leaves so long after the beginning. */
  leaving: optional(Schema.Struct({ share: Share, after: Duration })),
  /** What is asked. */
  text: optional(Text)
})

const Expect = Schema.Struct({
  /** `answered`, or `rejected`: the caller's own fault, which must come back as such, at once and unchanged. */
  outcome: optional(Schema.Literals(["answered", "rejected"])),
  /** The share of calls that get a whole answer; 1. */
  availability: optional(Share),
  /** The slowest answer. */
  within: optional(Duration),
  /** Attempts that a single call may cost; 10. */
  attemptsPerCall: optional(Count),
  /** How long an attempt may be silent before the client leaves it; 30s. */
  stallWithin: optional(Duration),
  /** How long after a key or vendor is well again it is used again; 2m. */
  restoredWithin: optional(Duration),
  /** Findings that this scenario does not hold against a client. */
  allow: optional(Schema.Array(Schema.Literals(findingKinds)))
})

/** The schema of a scenario. */
export const ScenarioOptions = Schema.Struct({
  name: Schema.String.check(
    Schema.isPattern(/^[a-z0-9][A-Za-z0-9.@-]*$/, { expected: "a name of letters, digits, dots, dashes and @" })
  ),
  /** What it teaches, in one sentence. */
  teaches: Schema.Struct({ en: Text, zh: Text }),
  /** 42 unless told otherwise. */
  seed: optional(Schema.Int),
  /** Keys by name, instead of the standard setting's four. */
  keys: optional(Schema.Record(Schema.String, Key)),
  /** Time between two content chunks of a stream; 20ms. */
  pace: optional(Duration),
  /** What is wrong throughout, or within windows of its own. */
  faults: optional(Schema.Array(Fault)),
  /** Named states, one after the other. */
  phases: optional(Schema.Array(Phase)),
  traffic: Traffic,
  expect: optional(Expect),
  /** How Understudy is set up for it; base URLs and keys are filled in. The standard setting unless told otherwise. */
  config: optional(UnderstudyOptions)
})

/** A scenario as it is written. */
export type ScenarioOptions = typeof ScenarioOptions.Type

/** A key as it is written. */
export type KeyOptions = typeof Key.Type

/** A fault as it is written. */
export type FaultOptions = typeof Fault.Type

/** A phase as it is written. */
export type PhaseOptions = typeof Phase.Type

/** Traffic as it is written. */
export type TrafficOptions = typeof Traffic.Type

/** Expectations as they are written. */
export type ExpectOptions = typeof Expect.Type
