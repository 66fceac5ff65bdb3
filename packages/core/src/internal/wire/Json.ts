/**
 * JSON from outside, without exceptions.
 */

/** The parsed value; undefined when the text is not JSON (JSON itself has no undefined). */
export const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
