/**
 * Tokens, near enough: a word with its leading space, one or two Chinese characters, or one other character.
 *
 * The pieces of a text always join to the text again. Counts are stable, which is what tests need; they are not the
 * vendors' counts.
 */
const pieces = /\s?[\p{Script=Latin}\p{N}]{1,8}|\p{Script=Han}{1,2}|\s+|[\s\S]/gu

// Replies repeat a lot and prompts do not: only what is split is remembered, not what is counted.
const remembered = new Map<string, ReadonlyArray<string>>()

/** Splits a text into tokens. */
export const split = (text: string): ReadonlyArray<string> => {
  const known = remembered.get(text)
  if (known !== undefined) return known
  const tokens = text.match(pieces) ?? []
  if (remembered.size >= 2048) remembered.clear()
  if (text.length <= 4096) remembered.set(text, tokens)
  return tokens
}

/** Counts the tokens of a text. */
export const count = (text: string): number => remembered.get(text)?.length ?? text.match(pieces)?.length ?? 0
