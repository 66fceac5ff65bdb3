/**
 * Durations as the configuration writes them: `500ms`, `5s`, `2m`, `1h`.
 */

const pattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/
const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const

/** Source of the pattern, for the JSON Schema. */
export const source: RegExp = pattern

/** Likewise, for durations that cannot be nothing: a deadline of 0 would end every call. */
export const positive: RegExp = /^(?=.*[1-9])(\d+(?:\.\d+)?)(ms|s|m|h)$/

/** Milliseconds of a duration; undefined when it is none. */
export const parse = (text: string): number | undefined => {
  const [, amount, unit] = pattern.exec(text) ?? []
  return amount === undefined ? undefined : Number(amount) * units[unit as keyof typeof units]
}

/** The shortest text of so many milliseconds: `10s`. */
export const toText = (millis: number): string => {
  const [unit, size] = Object.entries(units).findLast((entry) => millis % entry[1] === 0) ?? ["ms", 1]
  return `${millis / size}${unit}`
}
