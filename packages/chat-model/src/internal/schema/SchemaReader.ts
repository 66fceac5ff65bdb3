/**
 * What a schema says, whoever's it is: Effect's, any Standard Schema (zod, valibot, arktype), or plain JSON Schema.
 *
 * An Effect schema is read through its JSON codec, so that what JSON lacks (a date) travels as JSON has it. A plain JSON
 * Schema is only told to the model: its values are not checked beyond being what it names the root (an object).
 */
import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import * as Awaitable from "../runtime/Awaitable.ts"
import { toDetail } from "../tools/ToolText.ts"
import * as GrowingValue from "../typed/GrowingValue.ts"
import * as JsonData from "../wire/JsonData.ts"
import { type EffectSchema, isEffectSchema, loaded, loadedModules, toDocument } from "./EffectSchema.ts"
import * as SchemaFlaw from "./SchemaFlaw.ts"
import * as SchemaRefs from "./SchemaRefs.ts"
import type { JsonSchema } from "./SchemaTree.ts"

export type { JsonSchema }

/** Whatever is taken for a schema. */
export type AnySchema = EffectSchema | StandardSchemaV1 | JsonSchema

/** What reading through a schema gives. */
export type Output<S> = S extends Schema.Top
  ? S["Type"]
  : S extends StandardSchemaV1
    ? StandardSchemaV1.InferOutput<S>
    : Readonly<Record<string, unknown>>

/** What writing through a schema takes. */
export type Input<S> = S extends Schema.Top
  ? S["Type"]
  : S extends StandardSchemaV1
    ? StandardSchemaV1.InferInput<S>
    : unknown

/** Takes a value through a schema; fails with what is wrong, a line each. */
export type Validator = (value: unknown) => Effect.Effect<unknown, ReadonlyArray<string>>

const isStandard = (schema: AnySchema): schema is StandardSchemaV1 =>
  Predicate.hasProperty(schema, "~standard") && Predicate.hasProperty(schema["~standard"], "validate")

const nameOf = (segment: PropertyKey | StandardSchemaV1.PathSegment): string =>
  String(typeof segment === "object" ? segment.key : segment)

const toLine = ({ message, path = [] }: StandardSchemaV1.Issue): string =>
  path.length === 0 ? message : `${path.map(nameOf).join(".")}: ${message}`

const fromStandard =
  (schema: StandardSchemaV1): Validator =>
  (value) =>
    Awaitable.toEffect(() => schema["~standard"].validate(value)).pipe(
      Effect.mapError((error) => [toDetail(error)]),
      Effect.flatMap((given) => {
        const result = given as StandardSchemaV1.Result<unknown>
        return result.issues === undefined ? Effect.succeed(result.value) : Effect.fail(result.issues.map(toLine))
      })
    )

const fromEffect = (toStandard: (module: typeof Schema) => StandardSchemaV1): Validator => {
  let known: Validator | undefined
  return (value) =>
    known?.(value) ??
    Effect.flatMap(loaded, (module) => {
      known = fromStandard(toStandard(module))
      return known(value)
    })
}

/** Reads values that come as JSON. */
export const validator = (schema: AnySchema): Validator => {
  if (isEffectSchema(schema))
    return fromEffect(({ toCodecJson, toStandardSchemaV1 }) => toStandardSchemaV1(toCodecJson(schema)))
  if (isStandard(schema)) return fromStandard(schema)
  return (value) =>
    schema["type"] === "object" && (!Predicate.isObject(value) || Array.isArray(value))
      ? Effect.fail(["Expected an object"])
      : Effect.succeed(value)
}

/**
 * Shows the values of a schema while they are being written. Only Effect's schemas can be gone into; of any other library's the
 * JSON is shown as it comes.
 */
export const grower = (schema: AnySchema): Effect.Effect<GrowingValue.Grower> =>
  isEffectSchema(schema)
    ? Effect.map(loadedModules, (modules) => GrowingValue.make(schema, modules))
    : Effect.succeed(GrowingValue.asItIs)

/** Writes values so that they can go out as JSON. */
export const writer = (schema: AnySchema): Validator => {
  if (!isEffectSchema(schema)) return validator(schema)
  return fromEffect(({ flip, toCodecJson, toStandardSchemaV1 }) => toStandardSchemaV1(flip(toCodecJson(schema))))
}

const fitting = "Describe the field as JSON has it, or pass `jsonSchema` beside the schema"

const untold = (what: string, flaw: SchemaFlaw.Flaw | undefined, cause: unknown): TypeError => {
  const reason = cause === undefined ? "" : `: ${SchemaFlaw.toReason(cause)}`
  const field = flaw === undefined ? "" : `: ${flaw.at === "" ? "it" : `the field "${flaw.at}"`} is ${flaw.got}`
  return new TypeError(`${what} cannot be told as JSON Schema${field}${reason}. ${fitting}`, { cause })
}

const fromEffectSchema = (schema: EffectSchema, what: string): JsonSchema => {
  const flaw = SchemaFlaw.ofEffect(schema)
  if (flaw !== undefined) throw untold(what, flaw, undefined)
  const { definitions, schema: root } = toDocument(schema, what)
  return SchemaRefs.withDefinitions(root, definitions)
}

const fromStandardSchema = (schema: StandardSchemaV1, what: string): JsonSchema => {
  const { jsonSchema, vendor } = schema["~standard"] as StandardSchemaV1.Props & Partial<StandardJSONSchemaV1.Props>
  if (jsonSchema === undefined) {
    throw new TypeError(
      `${what} has a schema of ${vendor}, which does not tell its JSON Schema: pass it beside as \`jsonSchema\``
    )
  }
  try {
    const { $defs = {}, $schema: _, ...root } = jsonSchema.input({ target: "draft-2020-12" })
    return SchemaRefs.withDefinitions(root, $defs as JsonSchema)
  } catch (error) {
    throw untold(what, SchemaFlaw.ofStandard(vendor, jsonSchema), error)
  }
}

/** JSON Schema as it was written by hand. Throws a `TypeError` for what is none, or what JSON cannot hold in it. */
export const checked = (given: unknown, what: string): JsonSchema => {
  if (!Predicate.isObject(given) || Array.isArray(given)) {
    throw new TypeError(`${what} must be a schema, got ${given === null ? "null" : typeof given}`)
  }
  const flaw = JsonData.flawOf(given, JsonData.schemaNames)
  if (flaw === undefined) return given as JsonSchema
  const at = flaw.at === "" ? "it" : `\`${flaw.at}\``
  throw new TypeError(`${what} cannot be told as JSON Schema: ${at} must be JSON, got ${flaw.got}`)
}

/**
 * The JSON Schema of what `validator` takes. Throws a `TypeError` for what has none, or whose library does not tell it;
 * `what` names the schema there.
 */
export const derive = (schema: AnySchema, what: string): JsonSchema => {
  if (isEffectSchema(schema)) return fromEffectSchema(schema, what)
  return isStandard(schema) ? fromStandardSchema(schema, what) : checked(schema, what)
}
