/** How hard a password is to guess, roughly: by its length, its kinds of characters, and how few of them repeat. */

/** A rough measure. */
export type Strength = "weak" | "fair" | "good"

const kinds: ReadonlyArray<readonly [RegExp, number]> = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/\d/, 10],
  [/[^\w\s]|\s|_/, 20],
  [/[^ -~]/, 2_000]
]

/** Bits from which on it is called so. */
const bars = { fair: 50, good: 72 } as const

/** Measures a password. What repeats counts once: a row of one letter is no better than the letter. */
export const strengthOf = (password: string): Strength => {
  const alphabet = kinds.reduce((sum, [pattern, size]) => (pattern.test(password) ? sum + size : sum), 1)
  const distinct = new Set(password).size
  const bits = Math.log2(alphabet) * Math.min(password.length, distinct * 2)
  if (bits >= bars.good && password.length >= 12) return "good"
  return bits >= bars.fair && password.length >= 12 ? "fair" : "weak"
}
