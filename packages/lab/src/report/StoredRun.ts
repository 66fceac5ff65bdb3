/**
 * One run as the JSON report keeps it: enough to be run again (`scenario`, `seed`) and compared (`figures`, `findings`),
 * with everything that is worth a look.
 *
 * | field         | what it holds                                                                                     |
 * | ------------- | ------------------------------------------------------------------------------------------------- |
 * | `scenario`    | the scenario as it is written; values of keys are left out                                        |
 * | `client`      | who was tested                                                                                    |
 * | `runner`      | `virtual`, `network` or `sockets`                                                                 |
 * | `seed`        | the seed of the run                                                                               |
 * | `duration`    | of the traffic, in milliseconds                                                                   |
 * | `passed`      | whether nothing is held against the client                                                        |
 * | `figures`     | the numbers                                                                                       |
 * | `findings`    | what is held against the client                                                                   |
 * | `calls`       | the calls as their callers saw them                                                               |
 * | `attempts`    | the requests that reached a vendor                                                                |
 * | `transitions` | changes of phases, keys and faults                                                                |
 * | `minutes`     | of a run of more than 2,000 calls: how many ordinary calls and probes each minute had, which are then left out of `calls` and `attempts` |
 */
import { names as vendors } from "@understudy/mocks/VendorList"
import * as Schema from "effect/Schema"
import { ScenarioOptions } from "../scenario/Options.ts"
import { findingKinds } from "../verdict/Finding.ts"

const optional = Schema.optionalKey
const { Boolean, Finite, String } = Schema

const Figures = Schema.Struct({
  calls: Finite,
  answered: Finite,
  rejected: Finite,
  failed: Finite,
  left: Finite,
  availability: Finite,
  attempts: Finite,
  mostAttempts: Finite,
  probes: Finite,
  tokens: Finite,
  medianAnswer: Finite,
  p95Answer: Finite,
  slowestAnswer: Finite
})

const Finding = Schema.Struct({
  kind: Schema.Literals(findingKinds),
  message: Schema.Struct({ en: String, zh: String }),
  calls: Schema.Array(String),
  attempts: Schema.Array(Finite)
})

const SeenError = Schema.Struct({
  message: String,
  status: optional(Finite),
  code: optional(String),
  type: optional(String),
  retryAfter: optional(Finite)
})

const Call = Schema.Struct({
  id: String,
  at: Finite,
  model: String,
  stream: Boolean,
  outcome: Schema.Literals(["answered", "failed", "left", "unfinished", "unknown"]),
  endedAt: optional(Finite),
  firstContentAt: optional(Finite),
  text: String,
  finish: optional(String),
  answeredBy: optional(String),
  error: optional(SeenError)
})

const Attempt = Schema.Struct({
  ordinal: Finite,
  at: Finite,
  vendor: Schema.Literals(vendors),
  method: String,
  path: String,
  key: String,
  account: String,
  model: String,
  stream: Boolean,
  call: optional(String),
  attempt: optional(Finite),
  recipe: String,
  status: Finite,
  headersAt: optional(Finite),
  firstByteAt: optional(Finite),
  endedAt: optional(Finite),
  end: Schema.Literals(["open", "complete", "cut", "reset", "half-close", "refused", "client-left", "server-closed"]),
  chunks: Finite,
  retryAfter: optional(Finite),
  maxTokens: optional(Finite),
  finish: optional(String),
  tokens: optional(Finite)
})

const Transition = Schema.Struct({
  at: Finite,
  what: Schema.Literals(["phase", "key", "fault"]),
  name: String,
  from: String,
  to: String
})

const Minute = Schema.Struct({
  /** From 0. */
  minute: Finite,
  calls: Finite,
  probes: Finite,
  /** The slowest of these calls, in milliseconds. */
  slowest: Finite
})

/** The schema of one run. Fields are written in this order. */
export const StoredRun = Schema.Struct({
  scenario: ScenarioOptions,
  client: String,
  runner: Schema.Literals(["virtual", "network", "sockets"]),
  seed: Finite,
  duration: Finite,
  passed: Boolean,
  figures: Figures,
  findings: Schema.Array(Finding),
  calls: Schema.Array(Call),
  attempts: Schema.Array(Attempt),
  transitions: Schema.Array(Transition),
  minutes: optional(Schema.Array(Minute))
})

/** One run of a JSON report. */
export type StoredRun = typeof StoredRun.Type

/** The names of the fields of a part, in the order in which they are written. */
export const fields = {
  figures: Object.keys(Figures.fields),
  finding: Object.keys(Finding.fields),
  call: Object.keys(Call.fields),
  attempt: Object.keys(Attempt.fields),
  transition: Object.keys(Transition.fields)
} as const

/** One minute's ordinary calls and probes. */
export type Minute = typeof Minute.Type
