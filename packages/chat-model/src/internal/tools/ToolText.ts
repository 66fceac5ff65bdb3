/**
 * What people's values become as text for a model: what a tool gave, and what somebody failed with. A value of which JSON
 * would leave nothing (`{}` for an Error, a Map, an object of a class) is told in words: a model takes `{}` for success.
 *
 * | the value                        | becomes                                                            |
 * | -------------------------------- | ------------------------------------------------------------------ |
 * | a text                           | itself                                                             |
 * | what JSON holds                  | its JSON                                                           |
 * | nothing (undefined)              | `The tool gave no result.`                                         |
 * | Map, Headers, FormData           | an object; a list of pairs where keys are no texts                 |
 * | Set                              | a list                                                             |
 * | bytes                            | `5 bytes in base64: …`                                             |
 * | NaN, Infinity, bigint, symbol    | their text                                                         |
 * | an Error                         | its message with those of its causes                               |
 * | a date that is none              | `Invalid Date`                                                     |
 * | an object without fields         | its own text, or its class and what its getters say                |
 * | what contains itself             | `(circular)` where it would begin again                            |
 */
import { Text } from "@understudy/core/wire/Wire"
import * as Base64 from "effect/encoding/Base64"
import * as Predicate from "effect/Predicate"

/** Longest detail of a failure, in characters. */
const longest = 4_000

/** How many causes of a failure are told. */
const deepest = 5

const nothing = "The tool gave no result."

/** Told by its tag, not by `instanceof`: test runners run programs in a realm of their own. */
const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1)

/** True for an error, of whatever realm. */
export const isError = (value: unknown): value is Error =>
  value instanceof Error || (Predicate.isObject(value) && tagOf(value) === "Error")

const classOf = (value: object): string => {
  const made: unknown = Predicate.hasProperty(value, "constructor") ? value.constructor : undefined
  return typeof made === "function" && made.name !== "" ? made.name : tagOf(value)
}

const isBare = (text: string): boolean => /^\[object .*\]$/.test(text)

/** The fields that an error has beside what every error has. */
const ownFields = (error: object): Readonly<Record<string, unknown>> => {
  const { _tag: _, cause: __, message: ___, name: ____, stack: _____, ...fields } = error as Record<string, unknown>
  return fields
}

/** What an error says of itself; one without a message says its fields. */
const ownWords = (error: Error): string => {
  const { message, name } = error
  if (typeof message === "string" && message !== "") return message
  const fields = ownFields(error)
  const called = typeof name === "string" && name !== "" && name !== "Error" ? name : classOf(error)
  return Object.keys(fields).length === 0 ? called : `${called} ${toJson(fields)}`
}

const causesOf = (error: object): ReadonlyArray<unknown> => {
  const many = Predicate.hasProperty(error, "errors") && Array.isArray(error.errors) ? error.errors : []
  return Predicate.hasProperty(error, "cause") && error.cause !== undefined ? [...many, error.cause] : many
}

const isTold = (said: string, words: string): boolean => words === "" || said.includes(words)

const ofError = (error: Error, depth = 0): string => {
  let said = ownWords(error)
  const causes = depth < deepest ? causesOf(error) : []
  const further = causes.map((cause) => ofFailure(cause, depth + 1)).filter((words) => !isTold(said, words))
  if (further.length > 0) said = `${said}: ${further.join("; ")}`
  return said
}

/** Somebody else's failure: its message and code, where it has them. */
const ofThrown = (thrown: object, depth: number): string => {
  const { code, message } = thrown as { readonly code?: unknown; readonly message?: unknown }
  if (typeof message !== "string" || message === "") {
    return Predicate.hasProperty(thrown, "error") ? ofFailure(thrown.error, depth + 1) : toText(thrown)
  }
  const named = typeof code === "string" || typeof code === "number" ? String(code) : ""
  return isTold(message, named) ? message : `${message} (${named})`
}

const ofFailure = (error: unknown, depth = 0): string => {
  if (isError(error)) return ofError(error, depth)
  if (error === undefined || error === "") return `it gave no reason (${error === "" ? "an empty text" : "undefined"})`
  return Predicate.isObject(error) && depth < deepest ? ofThrown(error, depth) : toText(error)
}

const ofBytes = (bytes: Uint8Array): string => `${bytes.byteLength} bytes in base64: ${Base64.encode(bytes)}`

const bytesOf = (value: object): Uint8Array | undefined => {
  if (tagOf(value) === "ArrayBuffer") return new Uint8Array(value as ArrayBuffer)
  if (!ArrayBuffer.isView(value)) return undefined
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

const ofPairs = (pairs: ReadonlyArray<readonly [unknown, unknown]>): unknown =>
  pairs.every(([key]) => typeof key === "string") ? Object.fromEntries(pairs) : pairs

/** What the getters of an object's class say. */
const gettersOf = (value: object): Readonly<Record<string, unknown>> => {
  const said: Record<string, unknown> = {}
  for (
    let from: object | null = Object.getPrototypeOf(value);
    from !== null && from !== Object.prototype;
    from = Object.getPrototypeOf(from)
  ) {
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
      const got: unknown = get === undefined || name in said || name === "__proto__" ? undefined : get.call(value)
      if (["string", "number", "boolean"].includes(typeof got)) said[name] = got
    }
  }
  return said
}

/** An object of which JSON would keep nothing. */
const ofOpaque = (value: object): unknown => {
  const text = String(value)
  if (!isBare(text)) return text
  const said = gettersOf(value)
  return Object.keys(said).length === 0 ? `(${classOf(value)})` : `(${classOf(value)}) ${JSON.stringify(said)}`
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Array.isArray(value) || Object.getPrototypeOf(prototype) === null
}

const ofObject = (value: object): unknown => {
  if (isError(value)) return ofError(value)
  const bytes = bytesOf(value)
  if (bytes !== undefined) return ofBytes(bytes)
  switch (tagOf(value)) {
    case "Map":
    case "Headers":
    case "FormData":
      return ofPairs([...(value as Iterable<readonly [unknown, unknown]>)])
    case "Set":
      return [...(value as Iterable<unknown>)]
    default:
      return isPlain(value) || Object.keys(value).length > 0 ? value : ofOpaque(value)
  }
}

const ofValue = (value: unknown): unknown => {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? value : String(value)
    case "bigint":
    case "symbol":
      return String(value)
    case "function":
      return `(function ${value.name || "without a name"})`
    case "object":
      return value === null ? null : ofObject(value)
    default:
      return value
  }
}

/** What stands in a place: as JSON forms it, except for what JSON's form would lose or bend. */
const placed = (holder: unknown, key: string, formed: unknown): unknown => {
  const given: unknown = (holder as Record<string, unknown>)[key]
  if (!Predicate.isObject(given)) return formed
  if (tagOf(given) === "Date") return formed ?? String(given)
  return isError(given) || ArrayBuffer.isView(given) ? given : formed
}

const toJson = (value: unknown): string => {
  // What is being written, from the outside in: as it was given, and as it is written.
  const given: Array<unknown> = []
  const written: Array<unknown> = []
  const replace = function (this: unknown, key: string, formed: unknown): unknown {
    const stands = placed(this, key, formed)
    while (written.length > 0 && written.at(-1) !== this) {
      written.pop()
      given.pop()
    }
    if (typeof stands === "object" && given.includes(stands)) return "(circular)"
    const told = ofValue(stands)
    if (typeof told === "object" && told !== null) {
      given.push(stands)
      written.push(told)
    }
    return told
  }
  return JSON.stringify(value, replace) ?? nothing
}

/** A value as the text of a tool's message. Throws what its getters or its `toJSON` throw. */
export const toText = (value: unknown): string => {
  if (typeof value === "string") return value
  if (value === undefined) return nothing
  const told = toJson(value)
  // Words need no quotes where nothing else stands beside them.
  return told.startsWith('"') ? (JSON.parse(told) as string) : told
}

/** What somebody failed with. Never throws. */
export const toDetail = (error: unknown): string => {
  try {
    return Text.cut(ofFailure(error), longest)
  } catch {
    return `it failed with something that cannot be told`
  }
}
