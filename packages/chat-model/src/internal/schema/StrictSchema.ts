/**
 * JSON Schema as vendors want it who keep to it strictly: every object is closed, and every property is required.
 *
 * Closing an object takes nothing from its reader, which drops what it does not know; requiring a property would, so a schema
 * with an optional one is not sent as strict. Where several schemas hold for one object, none of them may be closed.
 */
import * as SchemaTree from "./SchemaTree.ts"

type JsonSchema = SchemaTree.JsonSchema

/** The schema with objects closed that say nothing of further properties. */
export const close = (schema: JsonSchema): JsonSchema =>
  SchemaTree.joinsObjects(schema)
    ? schema
    : SchemaTree.map(schema, (node) =>
        SchemaTree.hasProperties(node) ? { additionalProperties: false, ...node } : node
      )

const isLoose = (node: JsonSchema): boolean => {
  const open = node["additionalProperties"] !== undefined && node["additionalProperties"] !== false
  if (open || !SchemaTree.hasProperties(node)) return open
  const required: ReadonlyArray<unknown> = Array.isArray(node["required"]) ? node["required"] : []
  return Object.keys(node["properties"] as object).some((name) => !required.includes(name))
}

/** True when a vendor may be asked to keep to the schema strictly. */
export const isStrict = (schema: JsonSchema): boolean =>
  !SchemaTree.joinsObjects(schema) && !SchemaTree.some(schema, isLoose)
