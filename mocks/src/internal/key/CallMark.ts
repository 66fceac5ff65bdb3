/**
 * The mark by which clients of any language tell which of their calls a request belongs to: `[call:ID]` in its text.
 */
const mark = /\[call:([\w.:-]{1,64})\]/y

/** The ID of the last mark in a text. */
const lastIn = (text: string): string | undefined => {
  for (let at = text.lastIndexOf("[call:"); at >= 0; at = at === 0 ? -1 : text.lastIndexOf("[call:", at - 1)) {
    mark.lastIndex = at
    const found = mark.exec(text)?.[1]
    if (found !== undefined) return found
  }
  return undefined
}

/** The ID of the last mark in the texts. */
export const last = (texts: ReadonlyArray<string>): string | undefined => {
  for (let index = texts.length - 1; index >= 0; index--) {
    const found = lastIn(texts[index] ?? "")
    if (found !== undefined) return found
  }
  return undefined
}
