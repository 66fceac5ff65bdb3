/** Numbers and times as reports show them, the same in both languages and on every machine. */

const trimmed = (value: number, digits: number): string => String(Number(value.toFixed(digits)))

const two = (value: number): string => String(value).padStart(2, "0")

/** Milliseconds for people: `80ms`, `1.25s`, `2m30s`, `1h05m`. */
export const duration = (millis: number): string => {
  if (millis < 1000) return `${Math.round(millis)}ms`
  if (millis < 60_000) return `${trimmed(millis / 1000, 3)}s`
  const seconds = Math.round(millis / 1000)
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  if (hours === 0) return rest === 0 ? `${minutes}m` : `${minutes}m${two(rest)}s`
  return rest === 0 ? `${hours}h${minutes === 0 ? "" : `${two(minutes)}m`}` : `${hours}h${two(minutes)}m${two(rest)}s`
}

/** A moment of a run: as exact as marks are told apart by. */
export const moment = (millis: number): string => (millis === 0 ? "0s" : duration(millis))

/** A share in percent, never rounded up: 100% means all. */
export const percent = (share: number): string => `${Math.floor(share * 10_000 + 1e-6) / 100}%`

/** A count with its thousands apart. */
export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",")

const steps = [
  10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000,
  1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000
]

/** Round moments from 0 to the end, at most so many. */
export const ticks = (end: number, most: number): ReadonlyArray<number> => {
  const step = steps.find((one) => end / one < most) ?? Math.ceil(end / most)
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step)
}

const controls = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu

/** A text on one line, without anything that would steer a terminal. */
export const oneLine = (text: string): string => text.replaceAll(controls, " ").trim()

/** At most so many characters, the last one an ellipsis when something is missing. */
export const shorten = (text: string, most: number): string => {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`
}

/** With a capital letter at its beginning, where the script has any. */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
