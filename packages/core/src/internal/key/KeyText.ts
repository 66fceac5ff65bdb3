/**
 * Whether a key can stand in an HTTP header, and is one. What cannot is copied along from documents and chats without being
 * seen; sent on, it would look like a vendor that cannot be reached. Quotes around a key come from files of variables that some
 * tools read to the letter, as `${NAME}` does from those that refer to others.
 */

/** Kinds of characters that no key holds, in English. */
export const kinds = {
  zeroWidth: "a character without width",
  byteOrderMark: "a byte order mark",
  space: "a space",
  lineBreak: "a line break",
  control: "a control character",
  fullWidth: "a full-width character",
  quote: "a quotation mark",
  variable: "a variable that nobody filled in",
  foreign: "a character that no header holds"
} as const

/** A kind of character. */
export type Kind = keyof typeof kinds

/** The first character that cannot stand in a header. */
export interface Flaw {
  readonly kind: Kind
  /** As Unicode counts it: `U+200B`. */
  readonly code: string
  /** Characters before it. */
  readonly at: number
}

// Visible ASCII, and what Latin-1 has beyond it but for its invisible ones.
const bad = /[^\x21-\x7e\xa1-\xac\xae-\xff]/u

const kindOf = (character: string): Kind => {
  if (character === "\ufeff") return "byteOrderMark"
  if (/[\r\n\u0085\u2028\u2029]/.test(character)) return "lineBreak"
  if (/[\t\p{Zs}]/u.test(character)) return "space"
  if (/\p{Cf}/u.test(character)) return "zeroWidth"
  if (/\p{Cc}/u.test(character)) return "control"
  return /[\uff01-\uff5e]/.test(character) ? "fullWidth" : "foreign"
}

const unfilled = /\$\{|^\$[A-Za-z_]\w*$/
const quotes = /^["'`]|["'`]$/

const toFlaw = (kind: Kind, character: string, at: number): Flaw => {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")
  return { kind, code: `U+${code}`, at }
}

/** The first flaw of a key's value; undefined when it can be sent. */
export const flawOf = (value: string): Flaw | undefined => {
  const [character] = bad.exec(value) ?? []
  if (character !== undefined) return toFlaw(kindOf(character), character, value.indexOf(character))
  const quote = quotes.exec(value)
  if (quote !== null) return toFlaw("quote", quote[0], quote.index)
  const variable = unfilled.exec(value)
  return variable === null ? undefined : toFlaw("variable", "$", variable.index)
}
