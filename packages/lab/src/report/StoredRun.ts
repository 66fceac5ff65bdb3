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
 * | `clock`       | how the run's clock went beside the client's, where that was another: its speed, and what it skipped |
 * | `passed`      | whether the run shows something, and nothing in it fails                                          |
 * | `error`       | why the run shows nothing, where that is so                                                       |
 * | `figures`     | the numbers                                                                                       |
 * | `findings`    | what is held against the client, each with its severity: `fails`, `warns` or `notes`              |
 * | `withheld`    | kinds of findings that were not looked for, because the clock was moved on                        |
 * | `beyond`      | of a long run: calls worth keeping beyond the most that is kept; findings count those that were kept |
 * | `calls`       | the calls as their callers saw them                                                               |
 * | `attempts`    | the requests that reached a vendor                                                                |
 * | `transitions` | changes of phases, keys and faults                                                                |
 * | `logged`      | the keys, by name, whose values stood in the client's log                                         |
 * | `faults`      | how many requests each kind of fault shaped                                                       |
 * | `minutes`     | of a run of more than 2,000 calls: how many ordinary calls and probes each minute had, which are then left out of `calls` and `attempts` |
 */
import * as Schema from "effect/Schema"
import { RestMinute } from "../run/Rest.ts"
import { Attempt, CallRecord, RunClock, Transition } from "../run/Run.ts"
import { runnerNames } from "../scenario/Capability.ts"
import { findingKinds } from "../scenario/FindingKind.ts"
import { ScenarioOptions } from "../scenario/Options.ts"
import { Figures } from "../verdict/Figures.ts"
import { Finding } from "../verdict/Finding.ts"
import { RunError } from "../verdict/RunError.ts"

const { Finite } = Schema

/** One minute's ordinary calls and probes, from 0. */
const Minute = Schema.Struct({ minute: Finite, ...RestMinute.fields })

/** The schema of one run. Fields are written in this order. */
export const StoredRun = Schema.Struct({
  scenario: ScenarioOptions,
  client: Schema.String,
  runner: Schema.Literals(runnerNames),
  seed: Finite,
  duration: Finite,
  clock: Schema.optionalKey(RunClock),
  passed: Schema.Boolean,
  error: Schema.optionalKey(RunError),
  figures: Figures,
  findings: Schema.Array(Finding),
  withheld: Schema.optionalKey(Schema.Array(Schema.Literals(findingKinds))),
  beyond: Schema.optionalKey(Finite),
  calls: Schema.Array(CallRecord),
  attempts: Schema.Array(Attempt),
  transitions: Schema.Array(Transition),
  logged: Schema.optionalKey(Schema.Array(Schema.String)),
  faults: Schema.optionalKey(Schema.Record(Schema.String, Finite)),
  minutes: Schema.optionalKey(Schema.Array(Minute))
})

/** One run of a JSON report. */
export type StoredRun = typeof StoredRun.Type

/** The names of the fields of a part, in the order in which they are written. */
export const fields = {
  figures: Object.keys(Figures.fields),
  finding: Object.keys(Finding.fields),
  call: Object.keys(CallRecord.fields),
  attempt: Object.keys(Attempt.fields),
  transition: Object.keys(Transition.fields)
} as const
