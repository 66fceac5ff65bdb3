/**
 * References in a JSON Schema (`$ref`), which say by a path from the root what they mean: whoever moves the root has to
 * change them.
 *
 * **Details**
 *
 * - A path may have its signs escaped twice over: `~1` for a slash as a pointer has it, `%20` for a space as a URL has it.
 * - What refers to an anchor (`#node`), to another document, or stands in a schema with an `$id` of its own means the same
 *   wherever it is.
 */
import * as Predicate from "effect/Predicate"
import * as SchemaTree from "./SchemaTree.ts"

type JsonSchema = SchemaTree.JsonSchema

const pointer = "#/$defs/"

/** Keywords of the root whose place is the root, whatever becomes of the rest. */
const homes = ["$defs", "definitions"] as const

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const unescaped = (segment: string): string => segment.replaceAll("~1", "/").replaceAll("~0", "~")
const escaped = (name: string): string => encodeURI(name.replaceAll("~", "~0").replaceAll("/", "~1"))

/** The path of a reference into its own document, `#` being the empty one; undefined for any other reference. */
const pathOf = (ref: unknown, id: unknown): ReadonlyArray<string> | undefined => {
  if (typeof ref !== "string") return undefined
  const isAbsolute = typeof id === "string" && id !== "" && (ref === id || ref.startsWith(`${id}#`))
  const local = isAbsolute ? ref.slice(id.length) : ref
  if (local === "#" || (isAbsolute && local === "")) return []
  return local.startsWith("#/") ? decoded(local.slice(2)).split("/").map(unescaped) : undefined
}

const toRef = (path: ReadonlyArray<string>): string => ["#", ...path.map(escaped)].join("/")

const at = (schema: JsonSchema, path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>(
    (node, name) => (Predicate.isObjectOrArray(node) && Object.hasOwn(node, name) ? node[name as never] : undefined),
    schema
  )

/** The names of the definitions that a schema refers to. */
const namesIn = (schema: JsonSchema): ReadonlySet<string> => {
  const names = new Set<string>()
  SchemaTree.some(schema, ({ $dynamicRef, $ref }) => {
    for (const ref of [$ref, $dynamicRef]) {
      const [home, name] = pathOf(ref, undefined) ?? []
      if (home === "$defs" && name !== undefined) names.add(name)
    }
    return false
  })
  return names
}

/** Only those definitions that a schema refers to, or one of them that it refers to. */
const used = (schema: JsonSchema, definitions: JsonSchema): JsonSchema => {
  const names = new Set(namesIn(schema))
  for (const name of names) {
    const definition = definitions[name]
    if (Predicate.isObject(definition)) for (const inner of namesIn(definition as JsonSchema)) names.add(inner)
  }
  return Object.fromEntries(Object.entries(definitions).filter(([name]) => names.has(name)))
}

/** How many references the root may lead through. */
const limit = 16

/** What may stand beside a reference without asking for more than it does. */
const besides = new Set([
  "$schema",
  "$id",
  "$comment",
  "$anchor",
  "title",
  "description",
  "default",
  "examples",
  ...homes
])

/** What the root refers to becomes the root, where it asks for nothing else: vendors want an object there. */
export const resolveRoot = (schema: JsonSchema): JsonSchema => {
  let root = schema
  for (let steps = 0; steps < limit; steps++) {
    const { $ref, ...rest } = root
    const path = pathOf($ref, schema["$id"])
    const isAlone = Object.keys(rest).every((keyword) => besides.has(keyword))
    const found = path === undefined || path.length === 0 || !isAlone ? undefined : at(schema, path)
    if (!Predicate.isObject(found) || Array.isArray(found)) return root
    root = { ...found, ...rest }
  }
  return root
}

/** A schema with its definitions: what the root refers to is the root, and what nobody refers to is left out. */
export const withDefinitions = (root: JsonSchema, definitions: JsonSchema): JsonSchema => {
  const { $defs: _, ...schema } = resolveRoot({ ...root, $defs: definitions })
  const $defs = used(schema, definitions)
  return Object.keys($defs).length === 0 ? schema : { ...schema, $defs }
}

const references = ["$ref", "$dynamicRef", "$recursiveRef"] as const

/** The schema with every reference into it changed by `move`. */
const moved = (schema: JsonSchema, move: (path: ReadonlyArray<string>) => ReadonlyArray<string>): JsonSchema => {
  const { $id, ...root } = schema
  const change = (node: JsonSchema): JsonSchema => {
    let changed = node
    for (const keyword of references) {
      const path = pathOf(node[keyword], $id)
      if (path === undefined) continue
      const { [keyword]: _, ...rest } = changed
      changed = { ...rest, $ref: toRef(move(path)) }
    }
    return changed
  }
  return SchemaTree.map(root, change, (node) => !("$id" in node))
}

const isHome = (name: string | undefined): boolean => homes.some((home) => home === name)

/**
 * An object with the schema's value as a property. Definitions stay at the root; a schema that refers to itself becomes one
 * of them, for vendors take references to definitions only.
 */
export const wrap = (schema: JsonSchema, property: string): JsonSchema => {
  const taken = { ...(schema["$defs"] as JsonSchema | undefined) }
  let name = property
  while (Object.hasOwn(taken, name)) name = `${name}_`
  let refersToItself = false
  const {
    $defs,
    $schema: _,
    definitions,
    ...value
  } = moved(schema, (path) => {
    if (isHome(path[0])) return path
    refersToItself = true
    return ["$defs", name, ...path]
  })
  const home = refersToItself ? { ...($defs as JsonSchema | undefined), [name]: value } : $defs
  return {
    type: "object",
    properties: { [property]: refersToItself ? { $ref: `${pointer}${escaped(name)}` } : value },
    required: [property],
    additionalProperties: false,
    ...(home === undefined ? {} : { $defs: home }),
    ...(definitions === undefined ? {} : { definitions })
  }
}
