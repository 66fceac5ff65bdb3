/**
 * A value that satisfies a JSON schema, always the same one: what a mocked model writes into a tool call's arguments.
 *
 * Words that the schema offers win (`const`, `enum`, `default`, `examples`); otherwise text is named after its property, so
 * that a test can see where it went.
 */
import { isFields } from "../vendor/ChatRequest.ts"

type Schema = Record<string, unknown>

const formats: Record<string, string> = {
  date: "2025-02-17",
  time: "14:11:55Z",
  "date-time": "2025-02-17T14:11:55Z",
  email: "someone@example.com",
  uri: "https://example.com/",
  uuid: "99ad1eed-2445-4722-a1e7-d9a9fb2a3b74"
}

const places = /^(city|location|place|region|town|地点|城市)$/i

const toText = (schema: Schema, name: string): string => {
  const text = formats[String(schema["format"])] ?? (places.test(name) ? "Hangzhou" : name)
  return text.padEnd(Number(schema["minLength"] ?? 0), "x").slice(0, Number(schema["maxLength"] ?? text.length + 64))
}

const toNumber = (schema: Schema): number => {
  if (typeof schema["minimum"] === "number") return schema["minimum"]
  if (typeof schema["exclusiveMinimum"] === "number") return schema["exclusiveMinimum"] + 1
  return typeof schema["maximum"] === "number" ? Math.min(1, schema["maximum"]) : 1
}

const offered = (schema: Schema): { value: unknown } | undefined => {
  for (const name of ["const", "default"]) if (name in schema) return { value: schema[name] }
  for (const name of ["enum", "examples"]) {
    const values = schema[name]
    if (Array.isArray(values) && values.length > 0) return { value: values[0] }
  }
  return undefined
}

const resolve = (schema: Schema, root: unknown): unknown => {
  const path = typeof schema["$ref"] === "string" ? schema["$ref"].replace(/^#\/?/, "").split("/") : []
  let target = root
  for (const step of path.filter((part) => part !== "")) target = isFields(target) ? target[step] : undefined
  return target
}

/** Makes the value. Recursion through `$ref` ends in `null`. */
export const from = (schema: unknown, name = "value", root: unknown = schema, depth = 0): unknown => {
  if (!isFields(schema) || depth > 8) return null
  if ("$ref" in schema) return from(resolve(schema, root), name, root, depth + 1)
  const ready = offered(schema)
  if (ready !== undefined) return ready.value
  for (const word of ["anyOf", "oneOf", "allOf"]) {
    const options = schema[word]
    if (Array.isArray(options)) return from(options[0], name, root, depth + 1)
  }
  const type = Array.isArray(schema["type"]) ? schema["type"][0] : schema["type"]
  switch (type ?? (isFields(schema["properties"]) ? "object" : undefined)) {
    case "object":
      return Object.fromEntries(
        Object.entries(isFields(schema["properties"]) ? schema["properties"] : {}).map(([property, inner]) => [
          property,
          from(inner, property, root, depth + 1)
        ])
      )
    case "array":
      return Array.from({ length: Math.max(1, Number(schema["minItems"] ?? 1)) }, () =>
        from(schema["items"] ?? {}, name, root, depth + 1)
      )
    case "integer":
    case "number":
      return toNumber(schema)
    case "boolean":
      return true
    case "null":
      return null
    default:
      return toText(schema, name)
  }
}
