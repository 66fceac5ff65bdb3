/**
 * What a setting is: the schema of its value, what it means, and what holds where it is left out. Everything else is read
 * from here: the checks, the defaults of the engine, what editors show, the tables of the guide.
 *
 * The decoded side is what the engine reads: milliseconds, bytes, defaults filled in. The encoded side is what people
 * write, and is the published JSON Schema.
 *
 * ```
 * window: Setting.defaulted(Setting.PositiveMillis, "30s", "Length of the window")     read: 30_000
 * ```
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Duration from "./Duration.ts"
import { type Expectation, expectations } from "./Expectation.ts"
import * as Size from "./Size.ts"

/** What a check says of itself where it fails: a kind, which every language has words for. */
export const expects = (kind: Expectation) => ({ expected: expectations[kind], expects: kind })

/** A text that is not empty. */
export const Text = Schema.String.check(Schema.isNonEmpty(expects("text")))

/** A whole number from 1. */
export const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1, expects("count")))

/** A number from 0. */
export const Amount = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0, expects("amount")))

/** Between 0 and 1. */
export const Fraction = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }, expects("fraction")))

/** Between 0 and 100. */
export const Percent = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 100 }, expects("percentage")))

const toMillis = SchemaTransformation.transform({
  decode: (text: string) => Duration.parse(text) ?? 0,
  encode: Duration.toText
})

const durationOf = (pattern: RegExp, kind: Expectation) =>
  Schema.String.check(Schema.isPattern(pattern, expects(kind))).pipe(Schema.decodeTo(Schema.Finite, toMillis))

/** A time: written with a unit, read in milliseconds. */
export const Millis = durationOf(Duration.source, "duration")

/** Likewise, longer than 0. */
export const PositiveMillis = durationOf(Duration.positive, "positiveDuration")

const isBodySize = (size: number | string): boolean => {
  const bytes = Size.parse(size) ?? 0
  return bytes >= 1 && bytes <= Size.largestBody
}

/** The size of a body: written with a unit or as a number of bytes, read in bytes. */
export const BodySize = Schema.Union([Count, Schema.String.check(Schema.isPattern(Size.source, expects("size")))])
  .check(Schema.makeFilter(isBodySize, expects("bodySize")))
  .pipe(
    Schema.decodeTo(
      Schema.Finite,
      SchemaTransformation.transform({
        decode: (size: string | number) => Size.parse(size) ?? 0,
        encode: (bytes: number): string | number => bytes
      })
    )
  )

const say = (meaning: string, leftOut?: string) => ({
  description: `${meaning}${meaning.endsWith("?") ? "" : "."}${leftOut === undefined ? "" : ` Default: ${leftOut}.`}`,
  meaning,
  leftOut
})

/** A setting that has to be there. */
export const required = <S extends Schema.Top>(schema: S, meaning: string): S["Rebuild"] =>
  Schema.annotateEncoded<S>(say(meaning))(schema)

/** A setting that may be left out; `leftOut` says in words what holds then. */
export const optional = <S extends Schema.Top>(
  schema: S,
  meaning: string,
  leftOut = "none"
): Schema.optionalKey<S["Rebuild"]> => Schema.optionalKey(Schema.annotateEncoded<S>(say(meaning, leftOut))(schema))

/** A setting that may be left out: the engine reads the default then, as if it had been written. */
export const defaulted = <S extends Schema.Top>(
  schema: S,
  written: NoInfer<S["Encoded"]>,
  meaning: string
): Schema.withDecodingDefaultKey<S["Rebuild"]> =>
  Schema.withDecodingDefaultKey<S["Rebuild"]>(Effect.succeed(written))(
    Schema.annotateEncoded<S>({ ...say(meaning), default: written })(schema)
  )
