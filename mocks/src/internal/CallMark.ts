/**
 * The mark by which clients of any language tell which of their calls a request belongs to: `[call:ID]` in its text.
 */
const mark = /\[call:([\w.:-]{1,64})\]/g

/** The ID of the last mark in the texts. */
export const last = (texts: ReadonlyArray<string>): string | undefined => {
  for (let index = texts.length - 1; index >= 0; index--) {
    const text = texts[index] ?? ""
    const found = text.includes("[call:") ? [...text.matchAll(mark)].at(-1)?.[1] : undefined
    if (found !== undefined) return found
  }
  return undefined
}
