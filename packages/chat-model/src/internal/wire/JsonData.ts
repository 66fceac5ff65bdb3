/**
 * Finds what JSON cannot hold in what is about to be written as JSON, which would leave it out without a word or throw
 * without saying where it was.
 */
import * as Predicate from "effect/Predicate"

/** What JSON cannot hold, and where it is: `properties.city`, `anyOf[1]`; empty for the value itself. */
export interface Flaw {
  readonly at: string
  /** In words: `a function`. */
  readonly got: string
}

/** Where a JSON Schema must not have anything undefined: a property is one that the model would not be told of. */
export const schemaNames: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "definitions"])

const join = (at: string, name: string): string => (at === "" ? name : `${at}.${name}`)

const unfit = (value: unknown): string | undefined => {
  switch (typeof value) {
    case "function":
      return "a function"
    case "symbol":
      return "a symbol"
    case "bigint":
      return "a bigint"
    case "number":
      return Number.isFinite(value) ? undefined : String(value)
    case "undefined":
      return "undefined"
    default:
      return undefined
  }
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null
}

const nameOf = (value: object): string => {
  if (Predicate.hasProperty(value, "~standard"))
    return "a schema of a library (one schema holds all: z.object({ … }), Schema.Struct({ … }))"
  return `an instance of ${value.constructor?.name || "a class"}`
}

/**
 * The first thing that is no JSON. What is undefined in an object is left out of it, as everywhere; in a list, and in one of
 * `whole` (by the name of the object that holds it), it is missed.
 */
export const flawOf = (value: unknown, whole: ReadonlySet<string> = new Set()): Flaw | undefined => {
  const above = new Set<object>()
  const visit = (node: unknown, at: string): Flaw | undefined => {
    const got = unfit(node)
    if (got !== undefined) return { at, got }
    if (!Predicate.isObjectOrArray(node)) return undefined
    if (typeof (node as { toJSON?: unknown }).toJSON === "function") return undefined
    if (above.has(node)) return { at, got: "an object that holds itself" }
    if (!isPlain(node)) return { at, got: nameOf(node) }
    above.add(node)
    const flaw = Array.isArray(node) ? inList(node, at) : inObject(node as Readonly<Record<string, unknown>>, at)
    above.delete(node)
    return flaw
  }
  const inList = (list: ReadonlyArray<unknown>, at: string): Flaw | undefined => {
    for (const [index, each] of list.entries()) {
      const flaw = visit(each, `${at}[${index}]`)
      if (flaw !== undefined) return flaw
    }
    return undefined
  }
  const inObject = (fields: Readonly<Record<string, unknown>>, at: string): Flaw | undefined => {
    const isWhole = whole.has(at.slice(at.lastIndexOf(".") + 1))
    for (const [name, each] of Object.entries(fields)) {
      if (each === undefined && !isWhole) continue
      const flaw = visit(each, join(at, name))
      if (flaw !== undefined) return flaw
    }
    return undefined
  }
  return visit(value, "")
}
