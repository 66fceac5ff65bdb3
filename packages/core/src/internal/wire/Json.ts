/**
 * JSON from outside, without exceptions, and JSON whose numbers keep their text. A JavaScript number holds 53 bits:
 * `9223372036854775807`, `1e400`, `1.0` and `-0` come out of `JSON.parse` and `JSON.stringify` as something else. Where a text
 * has to be taken apart and written anew, its numbers that would change are kept as raw JSON, which `JSON.stringify` writes as
 * it came.
 *
 * **Gotchas**
 *
 * A raw number is an object to whoever reads it: parse exactly only what is written out again. Parsing so costs several times
 * as much; `isLossy` tells cheaply whether it is needed.
 */

/** The parsed value; undefined when the text is not JSON (JSON itself has no undefined), or nested too deeply. */
export const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

interface RawJson {
  readonly rawJSON: string
}

/** What TypeScript's library does not list yet; Node has had both since 21. */
interface ExactParser {
  readonly parse: (
    text: string,
    reviver: (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown
  ) => unknown
  readonly rawJSON: (text: string) => RawJson
  readonly isRawJSON: (value: unknown) => boolean
}

const json = JSON as unknown as ExactParser

/** A number where a value may stand. Texts hold such places too: taking one for a number costs time, nothing else. */
const numbers = /[:,[]\s*(-?\d[\d.eE+-]*)|^\s*(-?\d[\d.eE+-]*)/g

const changes = (source: string): boolean => String(Number(source)) !== source

/** True when the text may hold a number that a JavaScript number would change. */
export const isLossy = (text: string): boolean => {
  numbers.lastIndex = 0
  for (let match = numbers.exec(text); match !== null; match = numbers.exec(text)) {
    if (changes(match[1] ?? match[2] ?? "")) {
      numbers.lastIndex = 0
      return true
    }
  }
  return false
}

/** True for a number that is kept as its text. */
export const isRaw = (value: unknown): boolean => json.isRawJSON(value)

const exact = (_: string, value: unknown, { source }: { readonly source?: string }): unknown =>
  typeof value === "number" && source !== undefined && changes(source) ? json.rawJSON(source) : value

/** The same, with numbers that would change kept raw. */
export const parseExactly = (text: string): unknown => {
  try {
    return json.parse(text, exact)
  } catch {
    return undefined
  }
}

const withBigInt = (_: string, value: unknown): unknown =>
  typeof value === "bigint" ? json.rawJSON(String(value)) : value

/** The text of a value. A `bigint` is written as the number that it is; a replacer costs, so it is tried without. */
export const stringify = (value: unknown): string => {
  try {
    return JSON.stringify(value)
  } catch {
    return JSON.stringify(value, withBigInt)
  }
}
