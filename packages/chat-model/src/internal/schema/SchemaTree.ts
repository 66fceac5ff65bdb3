/**
 * A JSON Schema as a tree of schemas: where in one there are others, and where there are only values or names. A property
 * that is called `enum`, `properties` or `$ref` is a property, and what stands in a `default` is no schema.
 */
import * as Predicate from "effect/Predicate"

/** JSON Schema as data. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Keywords that hold schemas by name. */
const named = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"])

/** Keywords that hold a schema, or a list of them. */
const direct = new Set([
  "items",
  "prefixItems",
  "additionalItems",
  "contains",
  "additionalProperties",
  "unevaluatedItems",
  "unevaluatedProperties",
  "propertyNames",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
  "contentSchema"
])

/** Keywords whose schemas hold beside others for the same value. */
const joining = ["allOf", "not", "if", "then", "else", "dependentSchemas"]

/** Keywords whose schemas do so beside `properties`. */
const joiningProperties = ["anyOf", "oneOf"]

const isNode = (value: unknown): value is JsonSchema => Predicate.isObject(value) && !Array.isArray(value)

const within = (keyword: string, value: unknown, visit: (node: unknown) => unknown): unknown => {
  if (named.has(keyword) && isNode(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, node]) => [name, visit(node)]))
  }
  if (!direct.has(keyword)) return value
  return Array.isArray(value) ? value.map(visit) : visit(value)
}

/** The schema with every schema in it changed, the inner ones first; what `enters` says no to stays as it is, with all that it holds. */
export const map = (
  schema: JsonSchema,
  change: (node: JsonSchema) => JsonSchema,
  enters: (node: JsonSchema) => boolean = () => true
): JsonSchema => {
  const visit = (node: unknown): unknown => {
    if (!isNode(node) || !enters(node)) return node
    return change(
      Object.fromEntries(Object.entries(node).map(([keyword, value]) => [keyword, within(keyword, value, visit)]))
    )
  }
  return visit(schema) as JsonSchema
}

/** True when a schema in this one, or it itself, is such a one. */
export const some = (schema: JsonSchema, is: (node: JsonSchema) => boolean): boolean => {
  let found = false
  map(schema, (node) => {
    found ||= is(node)
    return node
  })
  return found
}

/** True for a schema that speaks of objects' properties. */
export const hasProperties = (node: JsonSchema): boolean => isNode(node["properties"])

const speaksOfObjects = (held: unknown): boolean => {
  const schemas = Array.isArray(held) ? held : [held]
  return schemas.some((each) => isNode(each) && some(each, (one) => hasProperties(one) || "$ref" in one))
}

/** True when objects have to fit several schemas at once: one that is closed would refuse what the others want. */
export const joinsObjects = (schema: JsonSchema): boolean =>
  some(schema, (node) => {
    if (hasProperties(node) && ("$ref" in node || joiningProperties.some((keyword) => speaksOfObjects(node[keyword]))))
      return true
    return joining.some((keyword) =>
      speaksOfObjects(keyword === "dependentSchemas" ? Object.values(node[keyword] ?? {}) : node[keyword])
    )
  })
