/**
 * What is left of options when the parts that the schema refused are made harmless, so that what the others mean can be
 * checked at once. Names stay, as others refer to them.
 */
import * as Predicate from "effect/Predicate"
import type { Path } from "../../config/ConfigError.ts"

type Fields = Record<string | number, unknown>

const provider = { type: "openai-compatible", baseUrl: "http://unset.invalid" }
const match = { model: { prefix: "" } }

const routeOf = (index: string | number, target: unknown) => ({ name: `routes[${index}]`, match, targets: [target] })

/** Puts something harmless in the place of a route's part, or leaves the part out. */
const disarmRoute = (route: unknown, [index = 0, part, at]: Path, target: unknown): unknown => {
  const standIn: Fields = routeOf(index, target)
  if (part === undefined || !Predicate.isObject(route)) return standIn
  const rest = route as Fields
  const list = rest[part]
  if ((part === "targets" || part === "fallback") && at !== undefined && Array.isArray(list)) {
    rest[part] = list.map((each: unknown, place) => (place === at ? target : each))
  } else if (Object.hasOwn(standIn, part)) rest[part] = standIn[part]
  else delete rest[part]
  return rest
}

const disarmProvider = (options: unknown, [, part, at]: Path): unknown => {
  if (part === undefined || part === "type" || !Predicate.isObject(options)) return provider
  const rest = options as Fields
  const list = rest[part]
  if (part === "keys" && at !== undefined && Array.isArray(list)) {
    rest[part] = list.map((each: unknown, place) => (place === at ? "stand-in" : each))
  } else delete rest[part]
  return rest
}

const consumerOf = (index: string | number) => ({ name: `consumers[${index}]`, keys: [`stand-in-${index}`] })

/** Makes the part that a path leads to or into harmless; false where nobody can say what the rest means without it. */
const disarm = (options: Fields, [name = "", ...path]: Path): boolean => {
  const [part] = path
  const inner = options[name] as Fields
  const [first = ""] = Predicate.isObject(options["providers"]) ? Object.keys(options["providers"]) : []
  const target = { provider: first }
  if (name === "version") options[name] = 1
  else if (name === "providers") {
    if (part === undefined) return false
    inner[part] = disarmProvider(inner[part], path)
  } else if (name === "routes") {
    if (part === undefined) options[name] = [routeOf(0, target)]
    else inner[part] = disarmRoute(inner[part], path, target)
  } else if (name === "consumers" && part !== undefined) inner[part] = consumerOf(part)
  else if (part !== undefined && (name === "models" || name === "prices")) delete inner[part]
  else delete options[name]
  return true
}

/** How deep in the options there is something to put in the place of something else. */
const depth = 5

/** A copy whose upper levels may be changed. */
export const copy = (value: unknown, levels = depth): unknown => {
  if (levels === 0) return value
  if (Array.isArray(value)) return value.map((each: unknown) => copy(each, levels - 1))
  if (!Predicate.isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copy(each, levels - 1)]))
}

/** The options without what was refused; undefined when too little is left to say anything. */
export const of = (input: unknown, refused: ReadonlyArray<Path>): unknown => {
  if (!Predicate.isObject(input)) return undefined
  const left = copy(input) as Fields
  return refused.every((path) => disarm(left, path)) ? left : undefined
}
