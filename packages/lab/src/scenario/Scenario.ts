/**
 * A scenario that makes sense: what is written (`ScenarioOptions`) with every default filled in and every name resolved.
 *
 * Plain data, so that a run can be stored with its scenario and repeated from it.
 */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import type { VendorName } from "@understudy/mocks/Journal"
import type { FindingKind, Sentence } from "../verdict/Finding.ts"
import type { FaultOptions, KeyOptions, ScenarioOptions } from "./Options.ts"

/** A key; its value never leaves the setting. */
export interface Key extends Omit<KeyOptions, "value" | "account"> {
  readonly name: string
  readonly value: string
  readonly account: string
}

/** A fault with a name that is its own. */
export interface Fault extends FaultOptions {
  readonly name: string
}

/** A named state; `until` is in milliseconds. */
export interface Phase {
  readonly name: string
  readonly until: { readonly after?: number; readonly requests?: number } | undefined
  readonly faults: ReadonlyArray<Fault>
}

/** One call of the traffic. */
export interface PlannedCall {
  readonly id: string
  /** Milliseconds since the start. */
  readonly at: number
  readonly model: string
  readonly stream: boolean
  /** Milliseconds after its beginning at which the caller leaves. */
  readonly leaves: number | undefined
  readonly text: string
}

/** What is expected; durations in milliseconds. */
export interface Expectation {
  readonly outcome: "answered" | "rejected"
  readonly availability: number
  readonly within: number | undefined
  readonly attemptsPerCall: number
  readonly stallWithin: number
  readonly restoredWithin: number
  readonly allow: ReadonlyArray<FindingKind>
}

/** A way to an answer that the setting offers for a model. */
export interface PathPlan {
  readonly vendor: VendorName
  readonly model: string
  readonly key: string
}

/** A scenario, complete. */
export interface Scenario {
  readonly name: string
  readonly teaches: Sentence
  readonly seed: number
  readonly keys: ReadonlyArray<Key>
  /** Milliseconds between two content chunks. */
  readonly pace: number
  /** Faults outside of phases. */
  readonly faults: ReadonlyArray<Fault>
  readonly phases: ReadonlyArray<Phase>
  readonly expect: Expectation
  readonly config: UnderstudyOptions
  /** When the last call is made, in milliseconds. */
  readonly length: number
  /** What it was made of: `Traffic.calls` makes the same calls of it again. */
  readonly source: ScenarioOptions
}
