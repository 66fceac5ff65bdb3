/**
 * An answer as features to compare: places (`content choices[].delta.content`) and what is found there. What every answer
 * says anew (texts, numbers, times) is left out; forms of ids, types, the vendor's words and the order of keys are not.
 */
import type { Recording } from "@understudy/mocks/Recording"
import type { Part } from "./Frames.ts"
import * as Frames from "./Frames.ts"
import * as Marks from "./Marks.ts"

/** The features of an answer. */
export interface Features {
  /** By place, in order of appearance. */
  readonly found: ReadonlyMap<string, ReadonlySet<string>>
  /** The orders of the keys of the objects at a place. */
  readonly orders: ReadonlyMap<string, ReadonlySet<string>>
}

/** Headers of the connection and of the moment. */
const passing = /^(?:connection|keep-alive|transfer-encoding|content-length|date)$/

const words = /^(?:object|role|type|code|param)$/
const identity = /(?:^|_)id$/

/** What stands for a value whose digits are its own. */
const withoutDigits = (text: string): string => text.replace(/\d+/g, "N")

/** The form of an id: `chatcmpl-uuid-v9`, `call_hex×24`. */
const formOf = (id: string): string =>
  Marks.shape(id)
    .replace(/0{8}-0{4}-(.)0{3}-80{3}-0{12}/g, "uuid-v$1")
    .replace(/(?<=^|[-_])[0aAxX]{6,}$/g, (run) => `${/^[0a]+$/.test(run) ? "hex" : "alphanumeric"}×${run.length}`)

const finishes = ["stop", "length", "tool_calls"]

const describe = (value: unknown, key: string, model: string): string => {
  if (value === null) return "null"
  if (Array.isArray(value)) return "list"
  if (typeof value !== "string") return typeof value
  if (value === "") return "empty string"
  if (identity.test(key)) return formOf(value)
  if (key === "model") return value === model ? "the model asked for" : JSON.stringify(value)
  if (key === "finish_reason" && finishes.includes(value)) return finishes.join(" | ")
  if (words.test(key) || key === "finish_reason" || key === "message") return JSON.stringify(withoutDigits(value))
  return "string"
}

const collector = () => {
  const sets = new Map<string, Set<string>>()
  const add = (place: string, value: string): void => void (sets.get(place) ?? set(place)).add(value)
  const set = (place: string): Set<string> => {
    const made = new Set<string>()
    sets.set(place, made)
    return made
  }
  return { sets, add }
}

const headerForm = (name: string, value: string): string => {
  if (/id$|trace/.test(name)) return formOf(value)
  return name === "set-cookie" ? value : withoutDigits(value).replace(/;\s*/g, "; ")
}

const excerpt = (text: string): string => (text.length > 160 ? `${text.slice(0, 157)}...` : text).trim()

/** Collects the features of an answer and the parts it has. */
export const of = ({ headers, model, status }: Recording, parts: ReadonlyArray<Part>): Features => {
  const found = collector()
  const orders = collector()
  const walk = (value: unknown, place: string, key: string): void => {
    if (place !== "") found.add(place, describe(value, key, model))
    if (Array.isArray(value)) for (const element of value) walk(element, `${place}[]`, key)
    else if (typeof value === "object" && value !== null) {
      orders.add(place, Object.keys(value).join(", "))
      for (const [name, inner] of Object.entries(value))
        walk(inner, `${place}${place.endsWith(" ") ? "" : "."}${name}`, name)
    }
  }
  found.add("status", String(status))
  for (const [name, value] of headers) if (!passing.test(name)) found.add(`header ${name}`, headerForm(name, value))
  found.add(
    "frames",
    Frames.runs(parts)
      .map((index) => parts[index]?.label)
      .join(" → ")
  )
  for (const { data, json, label } of parts) {
    if (json === undefined) found.add(label, JSON.stringify(excerpt(withoutDigits(data))))
    else walk(json, `${label} `, "")
    if (label !== "body") found.add("end of a frame", JSON.stringify(/\s*$/.exec(data)?.[0]))
  }
  return { found: found.sets, orders: orders.sets }
}
