/**
 * Tokens, near enough: a word of up to eight letters and digits with its leading space, one or two Chinese characters, white
 * space, or one other character.
 *
 * The pieces of a text always join to the text again, and the first of them are the pieces of what they join to. Counts are
 * stable, which is what tests need; they are not the vendors' counts.
 */

/** Some tokens: the text that they join to, and how many they are. Most answers are counted and never split. */
export interface Tokens {
  readonly text: string
  readonly count: number
}

const letters = /[\p{Script=Latin}\p{N}]/u
const han = /\p{Script=Han}/u
const space = /\s/

// All but a few texts are ASCII and the common Chinese characters: those are told without an expression.
const ascii = Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  return letters.test(char) ? "word" : space.test(char) ? "space" : "other"
})

const isCommonHan = (point: number): boolean => point >= 0x4e00 && point <= 0x9fff

const isWord = (point: number): boolean =>
  point < 128 ? ascii[point] === "word" : !isCommonHan(point) && letters.test(String.fromCodePoint(point))

const isSpace = (point: number): boolean =>
  point < 128 ? ascii[point] === "space" : !isCommonHan(point) && space.test(String.fromCodePoint(point))

const isHan = (point: number): boolean => isCommonHan(point) || (point >= 128 && han.test(String.fromCodePoint(point)))

/** Where at most so many characters of a kind end. */
const runEnd = (text: string, from: number, most: number, isOne: (point: number) => boolean): number => {
  let at = from
  for (let taken = 0; taken < most && at < text.length; taken++) {
    const point = text.codePointAt(at) ?? 0
    if (!isOne(point)) break
    at += point > 0xffff ? 2 : 1
  }
  return at
}

/** Where the token that begins there ends. */
const tokenEnd = (text: string, at: number): number => {
  const point = text.codePointAt(at) ?? 0
  const word = isSpace(point) ? at + 1 : at
  const wordEnd = runEnd(text, word, 8, isWord)
  if (wordEnd > word) return wordEnd
  if (word > at) return runEnd(text, at, Number.POSITIVE_INFINITY, isSpace)
  const hanEnd = runEnd(text, at, 2, isHan)
  return hanEnd > at ? hanEnd : at + (point > 0xffff ? 2 : 1)
}

// Replies repeat a lot and prompts do not: only what is split is remembered, not what is counted.
const remembered = new Map<string, ReadonlyArray<string>>()

/** Splits a text into tokens. */
export const split = (text: string): ReadonlyArray<string> => {
  const known = remembered.get(text)
  if (known !== undefined) return known
  const tokens: Array<string> = []
  for (let at = 0, end = 0; at < text.length; at = end) {
    end = tokenEnd(text, at)
    tokens.push(text.slice(at, end))
  }
  if (remembered.size >= 2048) remembered.clear()
  if (text.length <= 4096) remembered.set(text, tokens)
  return tokens
}

/** Counts the tokens of a text. */
export const count = (text: string): number => {
  let tokens = 0
  for (let at = 0; at < text.length; at = tokenEnd(text, at)) tokens++
  return tokens
}

/** No tokens. */
export const none: Tokens = { text: "", count: 0 }

/** All tokens of a text. */
export const of = (text: string): Tokens => ({ text, count: count(text) })

/** The first tokens, so many at most. */
export const first = (tokens: Tokens, most: number): Tokens =>
  tokens.count <= most ? tokens : { text: split(tokens.text).slice(0, most).join(""), count: most }
