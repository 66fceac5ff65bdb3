/** Texts on their way to people and models. */
import * as Predicate from "effect/Predicate"

const wholeList = (list: ReadonlyArray<unknown>): ReadonlyArray<unknown> => {
  let changed: Array<unknown> | undefined
  for (let at = 0; at < list.length; at++) {
    const value = list[at]
    const told = whole(value)
    if (told === value) continue
    changed ??= [...list]
    changed[at] = told
  }
  return changed ?? list
}

const wholeFields = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  let changed: Record<string, unknown> | undefined
  for (const name of Object.keys(fields)) {
    const told = whole(fields[name])
    if (told === fields[name]) continue
    changed ??= { ...fields }
    changed[name] = told
  }
  return changed ?? fields
}

/**
 * JSON whose texts are UTF-8: half a character, of a text that was cut inside of an emoji, becomes U+FFFD, for servers refuse
 * the whole request for it. What needs no change is handed back as it is.
 */
export const whole = <A>(value: A): A => {
  if (typeof value === "string") return (value.isWellFormed() ? value : value.toWellFormed()) as A
  if (Array.isArray(value)) return wholeList(value) as A
  return Predicate.isObject(value) ? (wholeFields(value as Readonly<Record<string, unknown>>) as A) : value
}

/** A text cut to so many characters, never inside of one: half an emoji is no text, and servers refuse it. */
export const cut = (text: string, length: number): string => {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)}…`
}
