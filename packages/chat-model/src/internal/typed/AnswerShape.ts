/**
 * What an answer has to be: the JSON Schema that goes to the model, and how what comes back is read.
 *
 * Vendors take an object only, so a schema of anything else is wrapped: `{ "value": … }`. A model that leaves the wrapping
 * out is understood all the same, and so is one that writes a value as a text that holds JSON.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as SchemaReader from "../schema/SchemaReader.ts"
import * as SchemaRefs from "../schema/SchemaRefs.ts"
import * as StrictSchema from "../schema/StrictSchema.ts"
import type { Grower } from "./GrowingValue.ts"
import * as JsonFinder from "./JsonFinder.ts"

/** The shape of an answer. */
export interface AnswerShape {
  readonly jsonSchema: SchemaReader.JsonSchema
  readonly strict: boolean
  readonly isWrapped: boolean
  /** True for what is written of a value where it may become one of the schema's: a list is no object. */
  readonly mayBe: (value: unknown) => boolean
  readonly validate: SchemaReader.Validator
  /** Shows what has been written of a value. */
  readonly grower: Effect.Effect<Grower>
}

const wrapper = "value"
const what = "The answer"

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: (value) => Predicate.isObject(value) && !Array.isArray(value),
  array: Array.isArray,
  string: Predicate.isString,
  number: Predicate.isNumber,
  integer: Predicate.isNumber,
  boolean: Predicate.isBoolean
}

/** The shape for a schema. Throws a `TypeError` when its JSON Schema is neither told nor given, or is none. */
export const make = (schema: SchemaReader.AnySchema, given: SchemaReader.JsonSchema | undefined): AnswerShape => {
  const told = given === undefined ? SchemaReader.derive(schema, what) : SchemaReader.checked(given, what)
  // What somebody wrote by hand is sent as it was written.
  const root = told === given || told === schema ? told : StrictSchema.close(told)
  const resolved = SchemaRefs.resolveRoot(root)
  const isWrapped = resolved["type"] !== "object"
  const jsonSchema = isWrapped ? SchemaRefs.wrap(root, wrapper) : resolved
  const strict = StrictSchema.isStrict(jsonSchema)
  return {
    jsonSchema,
    strict,
    isWrapped,
    mayBe: kinds[String(resolved["type"])] ?? (() => true),
    validate: SchemaReader.validator(schema),
    grower: SchemaReader.grower(schema)
  }
}

/** Takes the wrapping off, where there is one. */
export const unwrap = ({ isWrapped }: AnswerShape, value: unknown): unknown =>
  isWrapped && Predicate.hasProperty(value, wrapper) ? value[wrapper] : value

/** True for a wrapping with nothing in it yet. */
export const isBare = ({ isWrapped }: AnswerShape, value: unknown): boolean =>
  isWrapped && Predicate.isObject(value) && !Array.isArray(value) && Object.keys(value).length === 0

/** What a value may mean, the likeliest first. */
const readings = (shape: AnswerShape, value: unknown): ReadonlyArray<unknown> => {
  const inner = unwrap(shape, value)
  // A value without its wrapping may have a field of that name.
  const bare = inner === value ? [] : [value]
  if (typeof inner !== "string") return [inner, ...bare]
  return [inner, ...JsonFinder.find(inner).values.map((each) => unwrap(shape, each)), ...bare]
}

/** What is wrong with an answer. */
export interface Flaw {
  readonly _tag: "NotJson" | "Invalid"
  /** A line each, as a model is told them. */
  readonly issues: ReadonlyArray<string>
}

const notJson = (...issues: ReadonlyArray<string>): Flaw => ({ _tag: "NotJson", issues })

const flawOf = (text: string, { isOpen }: JsonFinder.Found): Flaw => {
  if (text.trim() === "") return notJson("The answer is empty.")
  return notJson(isOpen ? "The JSON ends in the middle." : "The answer holds no JSON.")
}

/** Wrapped values before those without their wrapping: prose has lists in it, too. */
const inOrder = (shape: AnswerShape, values: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  shape.isWrapped
    ? values.toSorted((a, b) => Number(Predicate.hasProperty(b, wrapper)) - Number(Predicate.hasProperty(a, wrapper)))
    : values

/** Reads an answer's text. Of one that was cut off, only what is whole all the same is taken. */
export const read = Effect.fnUntraced(function* (shape: AnswerShape, text: string, isCut: boolean) {
  const found = JsonFinder.find(text)
  let first: ReadonlyArray<string> | undefined
  const values = isCut && !found.isExact ? [] : inOrder(shape, found.values)
  for (const reading of values.flatMap((value) => readings(shape, value))) {
    const result = yield* Effect.result(shape.validate(reading))
    if (result._tag === "Success") return result.success
    first ??= result.failure
  }
  const flaw: Flaw = first === undefined ? flawOf(text, found) : { _tag: "Invalid", issues: first }
  return yield* Effect.fail(flaw)
})
