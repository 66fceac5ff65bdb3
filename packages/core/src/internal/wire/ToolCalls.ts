/**
 * Which tool call a streamed fragment belongs to.
 *
 * To the call with its `id`, else to the one with its `index`, else to the latest. What is tolerated: an `id` that is
 * missing, or empty after the first fragment, or new in every fragment, or shared by calls; one `index` for calls with
 * different ids, or for calls without any that stand one behind the other; no `index` at all, or one that is a text; a name that
 * is repeated, or comes in pieces.
 */

import * as Json from "./Json.ts"

/** What is known of a call that has begun. */
export interface Begun {
  readonly index: number | undefined
  /** The vendor's; undefined while it has sent none. */
  readonly id: string | undefined
  readonly name: string | undefined
  /** The text of its arguments so far; of a fragment, what it adds. */
  readonly arguments: string
}

/** A position in a list, as vendors write it: a number, or the text of one. */
export const indexOf = (value: unknown): number | undefined => {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined
  return typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : undefined
}

const isWhole = (text: string): boolean => {
  const value = Json.parse(text)
  return typeof value === "object" && value !== null
}

/** True for a named fragment that can be no part of a call: it names another one, or has arguments behind whole ones. */
const isBehind = (call: Begun, { arguments: more, name }: Begun): boolean =>
  call.arguments !== "" && (name !== call.name || (more.trim() !== "" && isWhole(call.arguments)))

/** A call that has begun. */
export type Open = { -readonly [Field in keyof Begun]: Begun[Field] }

/** Adds what a fragment says of its call. */
export const add = (call: Open, { id, index, name, arguments: more }: Begun): void => {
  call.index ??= index
  call.id ??= id
  call.name =
    call.name === undefined || name === undefined || name === call.name ? (call.name ?? name) : call.name + name
  call.arguments += more
}

/** The call among those that have begun; undefined when the fragment begins another. */
export const find = <C extends Begun>(calls: ReadonlyArray<C>, fragment: Begun): C | undefined => {
  const { id, index, name } = fragment
  const same = id === undefined ? [] : calls.filter((call) => call.id === id)
  // A name at another index begins another call, even under an id that was there before.
  const begins = name !== undefined && index !== undefined
  const known =
    same.find((call) => call.index === index) ?? (begins ? same.find((call) => call.index === undefined) : same.at(-1))
  if (known !== undefined) return known
  const candidate = index === undefined ? calls.at(-1) : calls.findLast((call) => call.index === index)
  if (candidate?.name === undefined || name === undefined) return candidate
  // Both have a name: another call, unless a vendor that numbers its calls repeats itself, or goes on with the name.
  return index !== undefined && id === undefined && !isBehind(candidate, fragment) ? candidate : undefined
}
