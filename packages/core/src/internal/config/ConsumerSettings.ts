/** The settings of consumers: their keys, what they may ask for, and how much of it. */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { Amount, Count, defaulted, expects, optional, required, Text } from "../setting/Setting.ts"

const Texts = Schema.Array(Text)

const iso =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?$/

/** A moment of the calendar: written as ISO 8601 has it, read in milliseconds since 1970. */
const Moment = Schema.String.check(Schema.isPattern(iso, expects("moment"))).pipe(
  Schema.decodeTo(
    Schema.Finite,
    SchemaTransformation.transform({
      decode: (text: string) => Date.parse(text),
      encode: (millis: number) => new Date(millis).toISOString()
    })
  )
)

const ConsumerKey = Schema.Struct({
  value: required(Text, "The key as it is, or `sha256:` and 64 hexadecimal digits"),
  name: optional(Text, "What it is called where keys are listed", "its id"),
  expires: optional(
    Moment,
    "From when it is refused, such as `2027-01-31` (midnight in UTC) or `2027-01-31T18:00:00+08:00`",
    "never"
  )
})

const none = "no limit"

const Limits = Schema.Struct({
  requestsPerMinute: optional(Count, "Most requests within a minute of the clock", none),
  tokensPerMinute: optional(Count, "Most tokens within a minute of the clock, prompts and answers together", none),
  concurrency: optional(Count, "Most requests under way at once", none),
  tokensPerDay: optional(Count, "Most tokens within a day, in UTC", none),
  tokensPerMonth: optional(Count, "Most tokens within a month, in UTC", none),
  costPerDay: optional(
    Amount,
    "Most money within a day, by `prices`; models whose price is not known in the currency are refused then",
    none
  ),
  costPerMonth: optional(Amount, "Likewise, within a month", none),
  currency: defaulted(Text, "CNY", "The currency of `costPerDay` and `costPerMonth`")
})

/** One consumer. */
export const Consumer = Schema.Struct({
  name: required(Text, "Shown in logs; `match.consumers` refers to it"),
  keys: required(
    Schema.Array(Schema.Union([Text, ConsumerKey])).check(Schema.isMinLength(1, expects("keys"))),
    "Keys that it may send, as they are or as `sha256:` and 64 hexadecimal digits, each a text or an object. Of either only the SHA-256 is kept"
  ),
  models: defaulted(Texts, [], "Models that it may ask for; `*` stands for any characters; with none, all of them"),
  routes: defaulted(Texts, [], "Routes that its requests may take; with none, all of them"),
  limits: defaulted(Limits, {}, "How much it may use. What a request may come to is taken before it goes out")
})
