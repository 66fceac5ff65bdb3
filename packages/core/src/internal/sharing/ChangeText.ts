/** Changes as text, for those who carry them from one process to another. What is no change, or of another version, is none. */
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type ReasonTag, reasons } from "../../failure/Reason.ts"
import type { Change } from "./Sharing.ts"

const isReason = (tag: string): tag is ReasonTag => Object.hasOwn(reasons, tag)
const Reason = Schema.String.pipe(Schema.refine(isReason))

const Cooling = Schema.TaggedStruct("Cooling", { reason: Reason, until: Schema.Finite, times: Schema.Finite })

const KeyState = Schema.Union([
  Schema.TaggedStruct("Available", { consecutiveFailures: Schema.Finite, lastFailureAt: Schema.Finite }),
  Cooling,
  Schema.TaggedStruct("Removed", {
    reason: Reason,
    since: Schema.Finite,
    consecutiveSuccesses: Schema.Finite,
    probes: Schema.Finite,
    nextProbeAt: Schema.Finite
  }),
  Schema.TaggedStruct("Disabled", {})
])

const openings = { openings: Schema.Finite, doublings: Schema.Finite, lastOpen: Schema.Finite }

const Circuit = Schema.Union([
  Schema.TaggedStruct("Closed", {
    consecutive: Schema.Finite,
    windowStart: Schema.Finite,
    calls: Schema.Finite,
    faults: Schema.Finite,
    closedAt: Schema.Finite,
    ...openings
  }),
  Schema.TaggedStruct("Open", { until: Schema.Finite, ...openings }),
  Schema.TaggedStruct("HalfOpen", openings)
])

const Fact = Schema.Union([
  Schema.TaggedStruct("Key", { key: Schema.String, state: KeyState }),
  Schema.TaggedStruct("KeyModel", {
    key: Schema.String,
    model: Schema.String,
    reason: Reason,
    state: Schema.optional(Cooling)
  }),
  Schema.TaggedStruct("Circuit", { model: Schema.String, state: Circuit, isProbed: Schema.Boolean })
])

const Codec = Schema.fromJsonString(
  Schema.Struct({ provider: Schema.String, fact: Fact, at: Schema.Finite, origin: Schema.String })
)

/** A change as one line of JSON. */
export const toText = (change: Change): string => JSON.stringify(change)

/** The change that a text stands for. */
export const fromText: (text: string) => Option.Option<Change> = Schema.decodeUnknownOption(Codec)
