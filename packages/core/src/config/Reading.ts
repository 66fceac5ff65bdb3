/**
 * The readers of configurations, for other files that are written and checked in the same way.
 *
 * A door: the modules behind it are the core's own. With them come `yaml` and `effect/Schema`.
 *
 * @see Texts for words and notations alone
 */

/** The JSON Schema of a schema of settings. */
export * as JsonSchema from "../internal/config/JsonSchema.ts"
/** From what was decoded to what the engine reads. */
export * as Normalise from "../internal/config/Normalise.ts"
/** What a schema says of a value, as problems with their places. */
export * as SchemaIssues from "../internal/config/SchemaIssues.ts"
/** YAML with places and variables. */
export * as Yaml from "../internal/config/Yaml.ts"
