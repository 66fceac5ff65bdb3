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
import { type EffectSchema, isEffectSchema, loaded, toDocument } from "./EffectSchema.ts"
import * as Given from "./Given.ts"

/** JSON Schema as data. */
export type JsonSchema = Readonly<Record<string, unknown>>

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
    Given.toEffect(() => schema["~standard"].validate(value)).pipe(
      Effect.mapError((error) => [Given.toDetail(error)]),
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

/** Writes values so that they can go out as JSON. */
export const writer = (schema: AnySchema): Validator => {
  if (!isEffectSchema(schema)) return validator(schema)
  return fromEffect(({ flip, toCodecJson, toStandardSchemaV1 }) => toStandardSchemaV1(flip(toCodecJson(schema))))
}

const pointer = "#/$defs/"

/** The definition that the root refers to becomes the root: vendors want an object there. */
const inlined = (root: JsonSchema, definitions: JsonSchema): JsonSchema => {
  const { $ref, ...rest } = root
  const name = typeof $ref === "string" && $ref.startsWith(pointer) ? $ref.slice(pointer.length) : undefined
  const schema = name === undefined ? root : { ...(definitions[name] as JsonSchema), ...rest }
  const isUsed = (one: string): boolean => JSON.stringify([schema, definitions]).includes(`"${pointer}${one}"`)
  const $defs = Object.entries(definitions).filter(([one]) => isUsed(one))
  return $defs.length === 0 ? schema : { ...schema, $defs: Object.fromEntries($defs) }
}

/**
 * The JSON Schema of what `validator` takes. Throws a `TypeError` where the schema's library does not tell it; `what` names
 * the schema there.
 */
export const derive = (schema: AnySchema, what: string): JsonSchema => {
  if (isEffectSchema(schema)) {
    const document = toDocument(schema, what)
    return inlined(document.schema, document.definitions)
  }
  if (!isStandard(schema)) return schema
  const { jsonSchema, vendor } = schema["~standard"] as StandardSchemaV1.Props & Partial<StandardJSONSchemaV1.Props>
  if (jsonSchema === undefined) {
    throw new TypeError(
      `${what} has a schema of ${vendor}, which does not tell its JSON Schema: pass it beside as \`jsonSchema\``
    )
  }
  const { $defs = {}, $schema: _, ...root } = jsonSchema.input({ target: "draft-2020-12" })
  return inlined(root, $defs as JsonSchema)
}
