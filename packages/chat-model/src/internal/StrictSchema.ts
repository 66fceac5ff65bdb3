/**
 * JSON Schema as vendors want it who keep to it strictly: every object is closed, and every property is required.
 *
 * Closing an object takes nothing from its reader, which drops what it does not know; requiring a property would, so a schema
 * with an optional one is not sent as strict.
 */
import * as Predicate from "effect/Predicate"
import type { JsonSchema } from "./SchemaReader.ts"

const isObjectSchema = (node: JsonSchema): boolean => Predicate.isObject(node["properties"])

/** Where a schema holds values instead of schemas. */
const values = new Set(["const", "default", "enum", "examples"])

const visit = (node: unknown, change: (node: JsonSchema) => JsonSchema): unknown => {
  if (Array.isArray(node)) return node.map((each) => visit(each, change))
  if (!Predicate.isObject(node)) return node
  const inner = Object.entries(node).map(([name, value]) => [name, values.has(name) ? value : visit(value, change)])
  return change(Object.fromEntries(inner))
}

/** The schema with objects closed that say nothing of further properties. */
export const close = (schema: JsonSchema): JsonSchema =>
  visit(schema, (node) => (isObjectSchema(node) ? { additionalProperties: false, ...node } : node)) as JsonSchema

/** True when a vendor may be asked to keep to the schema strictly. */
export const isStrict = (schema: JsonSchema): boolean => {
  let strict = true
  visit(schema, (node) => {
    const required = Array.isArray(node["required"]) ? node["required"] : []
    const open = node["additionalProperties"] !== undefined && node["additionalProperties"] !== false
    const optional =
      isObjectSchema(node) && Object.keys(node["properties"] as object).some((name) => !required.includes(name))
    if (open || optional) strict = false
    return node
  })
  return strict
}
