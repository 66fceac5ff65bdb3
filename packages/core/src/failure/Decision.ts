/**
 * The decision: what a failed attempt does to the key, and where the call goes next.
 *
 * Pure and total: five columns of the table of reasons, overridable per route by reason, by exact status or by status class.
 * The engine (`failover/Failover`) only carries them out; it holds no status and no special case of its own.
 *
 * | column       | question                                                             |
 * | ------------ | -------------------------------------------------------------------- |
 * | `key`        | what happens to the key that was used                                |
 * | `anotherKey` | may another key of the same target be tried at once                  |
 * | `again`      | may the same target, with the same key, be asked again               |
 * | `fallback`   | may the next target be tried                                         |
 * | `circuit`    | does the failure count against the target                            |
 */
import * as Schema from "effect/Schema"
import * as Setting from "../internal/setting/Setting.ts"
import type { AttemptFailure } from "./AttemptFailure.ts"
import * as Reason from "./Reason.ts"

/** What is decided. */
export type Decision = Pick<Reason.Traits, "key" | "anotherKey" | "again" | "fallback" | "circuit">

const byTable = "as the decision table says"

const Override = Schema.Struct({
  fallback: Setting.optional(Schema.Boolean, "May the next target be tried?", byTable),
  anotherKey: Setting.optional(Schema.Boolean, "May another key of the same target be tried?", byTable),
  again: Setting.optional(Schema.Boolean, "May the same target be asked once more?", byTable)
})

/** What a route may change of a row. */
export type Override = typeof Override.Type

/** Overrides by reason (`Overloaded`), exact status (`"429"`) or status class (`"4xx"`). */
export const Overrides = Schema.Record(Schema.String, Override)

/** Overrides by reason (`Overloaded`), exact status (`"429"`) or status class (`"4xx"`). */
export type Overrides = typeof Overrides.Type

const statusClass = (status: number): string => `${Math.floor(status / 100)}xx`

/** The override that applies: reason before exact status before class, because the reason says most. */
const overrideFor = (failure: AttemptFailure, overrides: Overrides): Override | undefined => {
  const byReason = overrides[failure.reason._tag]
  if (byReason !== undefined) return byReason
  const status = failure.vendor?.status
  return status === undefined ? undefined : (overrides[String(status)] ?? overrides[statusClass(status)])
}

const decided = (
  { again, anotherKey, circuit, fallback, key }: Reason.Traits,
  override: Override | undefined
): Decision => ({
  key,
  anotherKey: override?.anotherKey === undefined ? anotherKey : override.anotherKey ? "any" : "no",
  again: override?.again === undefined ? again : override.again ? "once" : "no",
  fallback: override?.fallback ?? fallback,
  circuit
})

/** What to do after this failure. */
export const decide = (failure: AttemptFailure, overrides: Overrides = {}): Decision => {
  const traits = Reason.traitsOf(failure.reason)
  return decided(traits, traits.final ? undefined : overrideFor(failure, overrides))
}

/** What each reason would do under a route's overrides by reason; overrides by status apply only where a status is known. */
export const table = (overrides: Overrides = {}): Readonly<Record<Reason.ReasonTag, Decision>> =>
  Reason.map((traits, tag) => decided(traits, traits.final ? undefined : overrides[tag]))
