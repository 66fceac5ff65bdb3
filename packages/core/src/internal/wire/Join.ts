/**
 * Joins what a stream says piece by piece into the value that a whole answer holds, whatever its fields are called.
 *
 * | a field is   | its pieces are                                                                       |
 * | ------------ | ------------------------------------------------------------------------------------ |
 * | a text       | joined, or replaced by the last that is not empty: as the `Rule` says, labels always the latter |
 * | a list       | put one behind the other; under `repeats`, one that begins with what is there is the whole list |
 * | an object    | joined field by field                                                                |
 * | anything else| replaced by the last                                                                 |
 *
 * `null` never takes the place of a value. What was given is not changed: the target's lists and objects are its own.
 */
import * as Json from "./Json.ts"

/** A JSON object that is being put together. */
export type Fields = Record<string, unknown>

/** How texts and lists of one place of an answer are joined. */
export interface Rule {
  readonly texts: "join" | "last"
  readonly lists: "append" | "repeats"
}

/** Texts that name something and are sent again, not on. */
const labels: ReadonlySet<string> = new Set(["id", "type", "role", "name", "format", "object", "mime_type", "url"])

/** Objects that lie deeper than this are replaced, not joined: a hostile answer must not exhaust the stack. */
const maxDepth = 32

/** True for a JSON object; a number that is kept as its text is none. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !Json.isRaw(value)

const beginsWith = (list: ReadonlyArray<unknown>, start: ReadonlyArray<unknown>): boolean =>
  list.length >= start.length &&
  start.every((each, index) => each === list[index] || JSON.stringify(each) === JSON.stringify(list[index]))

const toList = (before: unknown, list: ReadonlyArray<unknown>, rule: Rule): ReadonlyArray<unknown> => {
  if (!Array.isArray(before) || (rule.lists === "repeats" && beginsWith(list, before))) return [...list]
  for (const each of list) before.push(each)
  return before
}

const toText = (before: unknown, text: string, name: string, rule: Rule): unknown => {
  if (text === "") return before ?? text
  return typeof before === "string" && rule.texts === "join" && !labels.has(name) ? before + text : text
}

/** Joins one more piece of a field into `target`. */
export const field = (target: Fields, name: string, piece: unknown, rule: Rule, depth = 0): void => {
  // It would not become a field, but the prototype.
  if (name === "__proto__") return
  const before = target[name]
  if (piece === undefined || piece === null) {
    if (before === undefined) target[name] = piece
  } else if (typeof piece === "string") target[name] = toText(before, piece, name, rule)
  else if (Array.isArray(piece)) target[name] = toList(before, piece, rule)
  else if (isFields(piece) && depth < maxDepth)
    target[name] = fields(isFields(before) ? before : {}, piece, rule, depth + 1)
  else target[name] = piece
}

/** Joins every field of `piece` into `target`; the answer is `target`. */
export const fields = (target: Fields, piece: Readonly<Fields>, rule: Rule, depth = 0): Fields => {
  for (const name of Object.keys(piece)) field(target, name, piece[name], rule, depth)
  return target
}
