/**
 * Schemas of Effect's, without `effect/Schema` until one is handed in: it takes as long to load as the rest of the SDK.
 *
 * Values go through the module that the schema came from, which an import gives. A tool's JSON Schema has to be there at once:
 * hence a `require`, which under a loader that compiles (tsx) gives a copy of the module. That is good enough for JSON Schema,
 * which is read off the schema's tree; for values it would not be.
 */
import { createRequire } from "node:module"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import type * as SchemaGetter from "effect/SchemaGetter"

/** An Effect schema that needs no services. */
export type EffectSchema = Schema.Codec<unknown, unknown>

/** True for a schema of Effect's. */
export const isEffectSchema = (given: unknown): given is EffectSchema =>
  Predicate.hasProperty(given, "~effect/Schema/Schema")

/** The module. */
export const loaded = Effect.promise(() => import("effect/Schema"))

/** The modules that a schema is walked and run with. */
export interface Modules {
  readonly schema: typeof Schema
  readonly getter: typeof SchemaGetter
}

/** Both of them. */
export const loadedModules: Effect.Effect<Modules> = Effect.promise(async () => {
  const [schema, getter] = await Promise.all([import("effect/Schema"), import("effect/SchemaGetter")])
  return { schema, getter }
})

/**
 * A `require` that stands here by its name is one that bundlers see: the module becomes a part of their bundle. Where the file
 * runs as it is, there is none, and in a bundle in CommonJS `import.meta` is empty: nothing of it may be touched before a
 * schema is handed in.
 */
const requireSchema = (): typeof Schema =>
  typeof require === "function" ? require("effect/Schema") : createRequire(import.meta.url)("effect/Schema")

const loadNow = (what: string): typeof Schema => {
  try {
    return requireSchema()
  } catch (cause) {
    const because = `${what} has an Effect schema, and effect/Schema is not there to tell its JSON Schema`
    throw new TypeError(`${because}: pass it beside as \`jsonSchema\`, or leave effect out of the bundle`, { cause })
  }
}

/** The JSON Schema of a schema, and the definitions that it refers to; `what` names the schema in an error. */
export const toDocument = (schema: EffectSchema, what: string): ReturnType<typeof Schema.toJsonSchemaDocument> =>
  loadNow(what).toJsonSchemaDocument(schema, { onExcessProperty: "error" })
