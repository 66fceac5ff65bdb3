/**
 * A scenario as people write it, in YAML or as a typed object: one schema, also published as JSON Schema, where the
 * descriptions help whoever writes one. What it cannot say (does that key exist? can that adapter do it?) is checked by
 * `Checks` and `Capability`.
 */
import { UnderstudyOptions } from "@understudy/core/config/Options"
import { type FaultKind as MockFaultKind, names } from "@understudy/mocks/FaultKind"
import { each, names as vendors } from "@understudy/mocks/VendorList"
import * as Schema from "effect/Schema"
import { findingKinds } from "./FindingKind.ts"

const Text = Schema.String.check(Schema.isNonEmpty({ expected: "a text that is not empty" }))

const Duration = Schema.String.check(
  Schema.isPattern(/^(\d+(?:\.\d+)?)(ms|s|m|h)$/u, { expected: "a duration such as 500ms, 5s, 2m or 1h" })
)

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1, { expected: "a whole number >= 1" }))

const Natural = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0, { expected: "a whole number >= 0" }))

const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }, { expected: "a share between 0 and 1" }))

const Status = Schema.Int.check(
  Schema.isBetween({ minimum: 400, maximum: 599 }, { expected: "an HTTP status between 400 and 599" })
)

/** A vendor that is played. */
export const Vendor = Schema.Literals(vendors)

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

/** A field that may be left out, with what editors say of it. */
const optional = <S extends Schema.Top>(description: string, schema: S) =>
  Schema.optionalKey(schema.annotate({ description }))

/** How a fault goes; the fields of the mocks' `Manner`. */
const manner = {
  afterChunks: optional("Content chunks before a cut, stall, reset, error or bad frame; 3.", Natural),
  afterThinking: optional("Counts them from the end of the model's thinking, however long that is.", Schema.Boolean),
  delay: optional(
    "How long a slow fault or a queue takes (5s), the gap of slow.chunks (100ms), or the wait before a refusal (none).",
    Duration
  ),
  every: optional("The interval of keep-alives in overload.queue; 5s.", Duration),
  finally: optional("What follows a queue: the answer, or a closed connection.", Schema.Literals(["answer", "close"])),
  retryAfter: optional(
    "Retry-After: seconds, or an HTTP date so far ahead.",
    Schema.Union([Natural, Schema.Struct({ date: Duration })])
  ),
  status: optional("Another status than the vendor's usual one.", Status),
  message: optional("Another text than the vendor's usual one.", Text),
  shape: optional(
    "sse: a 400 whose body is an SSE line; event: an SSE event that holds such a line as its message.",
    Schema.Literals(["json", "sse", "event"])
  ),
  size: optional("Bytes per slice of bytes.sliced; 7.", Count)
}

const Flap = Schema.Struct({ every: Duration, on: Duration })

const Fault = Schema.Struct({
  name: optional("How it is called in timelines; its kind unless told otherwise.", Text),
  kind: FaultKind.annotate({ description: "What goes wrong." }),
  vendor: optional("Only at this vendor.", Vendor),
  key: optional("Only with this key, by its name here.", Text),
  account: optional("Only with keys of this account.", Text),
  model: optional("Only for this model, as the vendor is asked for it.", Text),
  stream: optional("Only streaming requests, or only the others.", Schema.Boolean),
  attempt: optional("Only the n-th attempt of a call, or several.", Schema.Union([Count, Schema.Array(Count)])),
  ordinals: optional("Exactly these fitting requests, counted from 1.", Schema.Array(Count)),
  skip: optional("Lets so many fitting requests pass first.", Natural),
  times: optional("Strikes so often, then never again.", Count),
  ratio: optional("Strikes this share of fitting requests, drawn from the seed.", Share),
  from: optional("Begins so long after the start, or after the start of its phase.", Duration),
  until: optional("Ends so long after the start, or after the start of its phase.", Duration),
  for: optional("Lasts so long.", Duration),
  flap: optional("Comes and goes: every so often, for so long.", Flap),
  ...manner
})

const Change = Schema.Struct({
  state: KeyState,
  after: optional("So long after the change before.", Duration),
  afterRequests: optional("After so many requests since the change before.", Count)
})

const Limit = Schema.Struct({
  requests: Count,
  per: Duration,
  retryAfter: optional("Sends a true Retry-After.", Schema.Literals(["seconds", "date"]))
})

const Key = Schema.Struct({
  vendor: Vendor,
  value: optional("What clients send; sk-demo- and its name unless told otherwise.", Text),
  account: optional("The account whose limits it shares; its own unless told otherwise.", Text),
  state: optional("valid, or what is wrong with it; valid unless told otherwise.", KeyState),
  restoredAfter: optional("Valid again after so long.", Duration),
  restoredAfterRequests: optional("Valid again after so many requests.", Count),
  changes: optional("Later states, one after the other.", Schema.Array(Change)),
  limit: optional("Requests per window, for each model of the account.", Limit),
  concurrency: optional("Requests in flight, for each model of the account.", Count),
  balance: optional("What the balance endpoint says; 110.00.", Text),
  ...manner
})

const Until = Schema.Struct({
  after: optional("So long after its beginning.", Duration),
  requests: optional("After so many requests.", Count)
})

const Phase = Schema.Struct({
  name: Text,
  until: optional("When the next phase begins; the last one needs none.", Until),
  faults: optional("What is wrong in this phase.", Schema.Array(Fault))
})

/** What a caller says beside one text: the fields of a `Dialogue`. */
const dialogue = {
  system: optional("How the model is to behave: a system message.", Text),
  history: optional(
    "A conversation that went before: so many turns, each a question and an answer of so many words (20).",
    Schema.Struct({ turns: Count, words: optional("Words of each question and of each answer; 20.", Count) })
  ),
  turns: optional("Questions of a conversation, the next when the one before is answered; 1.", Count),
  pause: optional("Between an answer and the next question; 1s.", Duration),
  tools: optional("Offers a tool, which the model calls once for each question; its result goes back.", Schema.Boolean),
  image: optional("The first question comes with an image.", Schema.Boolean),
  answer: optional(
    "How the answer is to be written: text, json (an object) or schema (JSON that keeps to a schema); text.",
    Schema.Literals(["text", "json", "schema"])
  )
}

const Call = Schema.Struct({
  at: Duration.annotate({ description: "So long after the start." }),
  model: optional("Another model than the traffic's.", Text),
  stream: optional("Asks for a stream, or does not.", Schema.Boolean),
  leaves: optional("The caller leaves so long after the beginning.", Duration),
  text: optional("What is asked.", Text),
  ...dialogue
})

const Traffic = Schema.Struct({
  model: Text.annotate({ description: "The model that is asked for: qwen-plus, deepseek-flash, qwq-32b, …" }),
  stream: optional(
    "All calls as streams, none, or a share drawn from the seed; none.",
    Schema.Union([Schema.Boolean, Share])
  ),
  every: optional("One call every so often …", Duration),
  for: optional("… for so long.", Duration),
  arrivals: optional(
    "constant: one call after the other in even steps; poisson: as many on average, each whenever it likes; constant.",
    Schema.Literals(["constant", "poisson"])
  ),
  ramp: optional(
    "Instead of for: the rhythm goes from every to another one within so long, stage by stage; the same again holds it.",
    Schema.Array(Schema.Struct({ for: Duration, every: Duration }))
  ),
  bursts: optional(
    "So many calls more, every so often, within so long (at once).",
    Schema.Struct({ every: Duration, calls: Count, within: optional("At once unless told otherwise.", Duration) })
  ),
  calls: optional("Or a list of calls.", Schema.Array(Call)),
  leaving: optional(
    "This share of callers leaves so long after the beginning.",
    Schema.Struct({ share: Share, after: Duration })
  ),
  text: optional("What is asked.", Text),
  ...dialogue
})

const Link = Schema.Struct({
  latency: optional(
    "How long an answer takes to begin: half of them at most the median, 99 of 100 at most p99, 9,999 of 10,000 at most the tail.",
    Schema.Struct({
      median: Duration,
      p99: optional("The median unless told otherwise.", Duration),
      tail: optional("As p99 and the median have it unless told otherwise.", Duration)
    })
  ),
  bandwidth: optional("Bytes of an answer a second; any number at once unless told otherwise.", Count)
})

const Links = Schema.Struct(each((_, name) => optional(`The way to ${name}.`, Link)))

const Expect = Schema.Struct({
  outcome: optional(
    "answered, or rejected: the caller's own fault, which must come back as such, at once and unchanged.",
    Schema.Literals(["answered", "rejected"])
  ),
  availability: optional("The share of calls that get a whole answer; 1.", Share),
  within: optional("The slowest answer.", Duration),
  attemptsPerCall: optional("Attempts that a single call may cost; 10.", Count),
  stallWithin: optional("How long an attempt may be silent before the client leaves it; 30s.", Duration),
  restoredWithin: optional("How long after a key or vendor is well again it is used again; 2m.", Duration),
  allow: optional(
    "Findings that this scenario does not hold against a client.",
    Schema.Array(Schema.Literals(findingKinds))
  )
})

/** The schema of a scenario. */
export const ScenarioOptions = Schema.Struct({
  name: Schema.String.check(
    Schema.isPattern(/^[a-z0-9][A-Za-z0-9.@-]*$/u, { expected: "a name of letters, digits, dots, dashes and @" })
  ),
  teaches: Schema.Struct({ en: Text, zh: Text }).annotate({ description: "What it teaches, in one sentence." }),
  seed: optional("What is left to luck is drawn from it; 42.", Schema.Int),
  catalogue: optional(
    "Which names of models the vendors have: those of today (2026), those before July 2026 (2025), or both; 2026.",
    Schema.Literals(["2025", "2026", "both"])
  ),
  keys: optional("Keys by name, instead of the standard setting's four.", Schema.Record(Schema.String, Key)),
  pace: optional("Time between two content chunks of a stream; 20ms.", Duration),
  links: optional("How answers of each vendor come: how late, and how fast. At once unless told otherwise.", Links),
  faults: optional("What is wrong throughout, or within windows of its own.", Schema.Array(Fault)),
  phases: optional("Named states, one after the other.", Schema.Array(Phase)),
  traffic: Traffic.annotate({ description: "Who calls, when, and for what." }),
  expect: optional("What a good client reaches.", Expect),
  config: optional(
    "How Understudy is set up, keys by name and without base URLs; the standard setting unless told otherwise.",
    UnderstudyOptions
  )
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
