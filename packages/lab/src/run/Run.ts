/**
 * What happened when a client met a scenario: the record that verdicts are read from and reports are drawn from. Plain
 * data, the same from every runner.
 *
 * **Details**
 *
 * - Times are whole milliseconds since the start of the run.
 * - What a report keeps (calls, attempts, transitions) is declared once, as schemas; their fields are written in this order.
 * - Keys appear by their names in the scenario, never by value.
 * - `attempts` is the vendors' journal: what really arrived, whoever sent it. An attempt that belongs to no call of the
 *   traffic has no `call`: a probe, or a stranger.
 *
 * **Example** (is this a run's?)
 *
 * ```ts
 * import { Lab, Run } from "@understudy/lab"
 * import * as Schema from "effect/Schema"
 *
 * const { run } = await Lab.run("auth.invalid@qwen")
 * run.calls.every(Schema.is(Run.CallRecord)) // => true
 * run.attempts.every(Schema.is(Run.Attempt)) // => true
 * run.transitions.every(Schema.is(Run.Transition)) // => true
 * Schema.is(Schema.UndefinedOr(Run.RunClock))(run.clock) // => true
 * ```
 */
import * as Schema from "effect/Schema"
import type { runnerNames } from "../scenario/Capability.ts"
import { Vendor } from "../scenario/Options.ts"
import type { Scenario } from "../scenario/Scenario.ts"
import type { Rest } from "./Rest.ts"

const optional = Schema.optionalKey
const { Boolean, Finite, String } = Schema

/** The ways to run a scenario: a virtual clock in process, MSW under fake timers, real time over sockets. */
export type RunnerName = (typeof runnerNames)[number]

const SeenError = Schema.Struct({
  message: String,
  status: optional(Finite),
  code: optional(String),
  type: optional(String),
  /** Milliseconds. */
  retryAfter: optional(Finite)
})

/** An error as the caller saw it. */
export type SeenError = typeof SeenError.Type

const ToolRun = Schema.Struct({
  at: Finite,
  /** The call's ID, as the client gave it; empty where it gave none. */
  id: String,
  name: String,
  /** JSON, as the client gave it: `{"reply":12}` says that attempt 12 wrote it. */
  arguments: String
})

/** One run of a caller's tool. */
export type ToolRun = typeof ToolRun.Type

/** One call as its caller saw it. */
export const CallRecord = Schema.Struct({
  id: String,
  at: Finite,
  model: String,
  stream: Boolean,
  /** `unfinished`: neither an answer nor an error by the end of the run. `unknown`: the client's view was not told. */
  outcome: Schema.Literals(["answered", "failed", "left", "unfinished", "unknown"]),
  /** When it ended, for the caller. */
  endedAt: optional(Finite),
  /** When its first content came, of a stream. */
  firstContentAt: optional(Finite),
  /** What the caller had of the text in the end. */
  text: String,
  /** What its pieces add up to, where that is not the text. */
  streamed: optional(String),
  /** The finish reason, where the client tells. */
  finish: optional(String),
  /** The model that the answer names. */
  answeredBy: optional(String),
  error: optional(SeenError),
  /** How the answer was to be written, where it was not to be free text. */
  format: optional(Schema.Literals(["json", "schema"])),
  /** The runs of the caller's tool that it led to. */
  toolRuns: optional(Schema.Array(ToolRun))
})

/** One call as its caller saw it. */
export type CallRecord = typeof CallRecord.Type

/** What a caller came away with. */
export type Outcome = CallRecord["outcome"]

/** One request that reached a vendor. */
export const Attempt = Schema.Struct({
  /** From 1, in the order of arrival. */
  ordinal: Finite,
  at: Finite,
  vendor: Vendor,
  method: String,
  path: String,
  /** The key's name in the scenario, or its fingerprint when it is none of them; empty when none was sent. */
  key: String,
  account: String,
  /** Empty for a request about no model. */
  model: String,
  stream: Boolean,
  /** The call that it was made for. */
  call: optional(String),
  /** From 1, within its call. */
  attempt: optional(Finite),
  /** `answer`, or the faults that shaped the response, joined by `+`. */
  recipe: String,
  /** 0 when the connection failed before a status line. */
  status: Finite,
  headersAt: optional(Finite),
  firstByteAt: optional(Finite),
  endedAt: optional(Finite),
  /** How it ended, at the vendor. `refused` never got a status line. */
  end: Schema.Literals(["open", "complete", "cut", "reset", "half-close", "refused", "client-left", "server-closed"]),
  /** Content chunks sent. */
  chunks: Finite,
  /** Milliseconds of the Retry-After that was sent. */
  retryAfter: optional(Finite),
  maxTokens: optional(Finite),
  /** The results of tools that came with it, behind the last question. */
  toolResults: optional(Schema.Array(String)),
  /** The finish reason that was sent. */
  finish: optional(String),
  /** Tokens billed. */
  tokens: optional(Finite),
  /** True when it did not hold the messages that the call's caller wrote. */
  differs: optional(Boolean),
  /** A key, by name, and where its value stood although it has no business there. */
  discloses: optional(Schema.Struct({ key: String, where: Schema.Literals(["authorization", "body", "header"]) }))
})

/** One request that reached a vendor. */
export type Attempt = typeof Attempt.Type

/** A change of state, in the order in which they happened. */
export const Transition = Schema.Struct({
  at: Finite,
  what: Schema.Literals(["phase", "key", "fault"]),
  name: String,
  from: String,
  to: String
})

/** A change of state. */
export type Transition = typeof Transition.Type

/** A way to an answer: `vendor/model#key`. */
export type Path = string

/** How the run's clock went beside the client's own. */
export const RunClock = Schema.Struct({
  /** The run's milliseconds in one of the client's. */
  speed: Finite,
  /** The run's milliseconds that were skipped while no time went by for the client. */
  jumped: Finite
})

/** How the run's clock went beside the client's own. */
export type RunClock = typeof RunClock.Type

/** The paths that were certain to answer, from this moment on. */
export interface Health {
  readonly at: number
  readonly paths: ReadonlyArray<Path>
}

/** One run. */
export interface Run {
  readonly scenario: Scenario
  /** Who was tested. */
  readonly client: string
  readonly runner: RunnerName
  readonly seed: number
  /** Milliseconds from the start to the end. */
  readonly duration: number
  /** Left out where the client lives by the run's clock. */
  readonly clock?: RunClock
  readonly calls: ReadonlyArray<CallRecord>
  readonly attempts: ReadonlyArray<Attempt>
  readonly transitions: ReadonlyArray<Transition>
  /** By the model asked for. */
  readonly health: Readonly<Record<string, ReadonlyArray<Health>>>
  /** The keys, by name, whose values stood in the client's log, where it was looked through. */
  readonly logged?: ReadonlyArray<string>
  /** Attempts that were still open when everything was shut down. */
  readonly leftOpen: ReadonlyArray<number>
  /** What was counted of a long run and not kept. */
  readonly rest?: Rest
}
