/**
 * Goes through a JSON text and changes its strings and numbers in place: everything between them stays as it was sent, and
 * a text that breaks off is read as far as it goes.
 */

/** Decides what stands for a value. `key` is the name before it; undefined for an element of a list. */
export type Change = (value: string | number, key: string | undefined) => string | number

const text = String.raw`"(?:[^"\\]|\\.)*(?:"|\\?$)`
const number = String.raw`-?\d[\d.eE+-]*`
const tokens = new RegExp(`(${text})(?:(\\s*:\\s*)(${text}|${number})?)?`, "gs")

const decode = (raw: string): string => {
  try {
    return String(JSON.parse(raw))
  } catch {
    // Broken off within the string: what is left of an escape says nothing.
    return raw.slice(1).replace(/\\(?:u[\da-f]{0,4}|.?)/gi, "?")
  }
}

const encode = (raw: string, value: string | number): string => {
  const quoted = JSON.stringify(value)
  return typeof value === "number" || /"$/.test(raw.slice(1)) ? quoted : quoted.slice(0, -1)
}

/** Changes the values of a JSON text. */
export const map = (json: string, change: Change): string => {
  const changed = (raw: string, key: string | undefined): string => {
    const value = raw.startsWith('"') ? decode(raw) : Number(raw)
    const next = change(value, key)
    return next === value ? raw : encode(raw, next)
  }
  return json.replace(tokens, (whole, name: string, colon: string | undefined, value: string | undefined) => {
    if (colon === undefined) return changed(whole, undefined)
    const key = changed(name, "")
    return value === undefined ? `${key}${colon}` : `${key}${colon}${changed(value, decode(name))}`
  })
}
