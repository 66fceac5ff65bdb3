/**
 * Time limits of an attempt, in milliseconds.
 *
 * With nowhere to go, leaving a slow target gains nothing: only the call's `total` limits it then, unless the
 * configuration says otherwise.
 */
import * as Schema from "effect/Schema"
import * as Duration from "../setting/Duration.ts"
import * as Setting from "../setting/Setting.ts"

/** Defaults while another target could answer. */
const withNext = { firstContent: 10_000, answer: 120_000 }

const whileNext = (millis: number): string =>
  `\`${Duration.toText(millis)}\` while another target could answer, else \`total\``

/** What a configuration can say: a provider's `deadlines`. */
export const settings = Schema.Struct({
  connect: Setting.defaulted(Setting.PositiveMillis, "5s", "From the attempt's start until the connection stands"),
  firstContent: Setting.optional(
    Setting.PositiveMillis,
    "Of a stream: from the attempt's start until the first content; headers, comments, blank lines and empty deltas are none",
    whileNext(withNext.firstContent)
  ),
  idle: Setting.defaulted(
    Setting.PositiveMillis,
    "20s",
    "Of a stream: from a content chunk until the next content chunk"
  ),
  answer: Setting.optional(
    Setting.PositiveMillis,
    "Of a JSON answer: from the attempt's start until the whole answer is there",
    whileNext(withNext.answer)
  )
})

/** The limits of an attempt as configured. */
export type Deadlines = typeof settings.Type

/** The limits of one attempt. */
export type Limits = Required<Deadlines>

/** Defaults with nowhere else to go. */
const alone = { firstContent: Number.POSITIVE_INFINITY, answer: Number.POSITIVE_INFINITY }

/** The limits of an attempt with nowhere else to go, and while another target could still answer. */
export const toLimits = (configured: Deadlines): { readonly alone: Limits; readonly withNext: Limits } => ({
  alone: { ...alone, ...configured },
  withNext: { ...withNext, ...configured }
})
