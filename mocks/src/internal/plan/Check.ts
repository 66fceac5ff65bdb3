/**
 * Checks what people hand in, from TypeScript or as JSON over HTTP, with one wording for both.
 *
 * A message says which field, what is allowed there and which value came:
 * `fault.kind must be one of cut.midstream, …; got "cut"`. Values of fields that hold API keys are never repeated.
 */

/** What is thrown for input that cannot be meant. `field` is the path to it. */
export class BadInput extends Error {
  override readonly name = "BadInput"
  readonly field: string
  constructor(field: string, allowed: string, value: unknown) {
    super(`${field} must be ${allowed}; got ${show(value)}`)
    this.field = field
  }
}

/** A duration: milliseconds as a number, or text such as `250ms`, `5s`, `2m`, `1h`, `1d`. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h" | "d"}`

const unit: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const show = (value: unknown): string => {
  if (value === undefined) return "nothing"
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** Milliseconds of a duration. */
export const duration = (field: string, value: unknown): number => {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value
  const match = typeof value === "string" ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value) : null
  if (match === null) throw new BadInput(field, "a duration such as 500ms, 5s, 2m, 1h, or milliseconds >= 0", value)
  return Number(match[1]) * (unit[match[2] ?? "ms"] ?? 1)
}

/** Milliseconds since the epoch of a moment given as a number, a Date or ISO 8601 text. */
export const moment = (field: string, value: unknown): number => {
  const time = value instanceof Date ? value.getTime() : typeof value === "string" ? Date.parse(value) : value
  if (typeof time === "number" && Number.isFinite(time)) return time
  throw new BadInput(field, "a moment: ISO 8601 text or milliseconds since 1970", value)
}

/** A plain object that has no other fields than the allowed ones. */
export const object = (field: string, value: unknown, allowed: ReadonlyArray<string>): Record<string, unknown> => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BadInput(field, `an object with ${allowed.join(", ")}`, value)
  }
  for (const name of Object.keys(value)) {
    if (!allowed.includes(name)) throw new BadInput(`a field of ${field}`, `one of ${allowed.join(", ")}`, name)
  }
  return value as Record<string, unknown>
}

/** One of the listed words. */
export const oneOf = <A extends string>(field: string, value: unknown, allowed: ReadonlyArray<A>): A => {
  if (allowed.includes(value as A)) return value as A
  throw new BadInput(field, `one of ${allowed.join(", ")}`, value)
}

/** An integer of at least `least`. */
export const integer = (field: string, value: unknown, least = 0): number => {
  if (Number.isInteger(value) && (value as number) >= least) return value as number
  throw new BadInput(field, `an integer >= ${least}`, value)
}

/** An integer of at least one. */
export const count = (field: string, value: unknown): number => integer(field, value, 1)

/** How many times faster than real time. */
export const factor = (field: string, value: unknown): number => {
  if (typeof value === "number" && value >= 1 && value <= 100) return value
  throw new BadInput(field, "a number from 1 to 100", value)
}

/** True or false. */
export const boolean = (field: string, value: unknown): boolean => {
  if (typeof value === "boolean") return value
  throw new BadInput(field, "true or false", value)
}

/** Text that is not empty. */
export const text = (field: string, value: unknown): string => {
  if (typeof value === "string" && value !== "") return value
  throw new BadInput(field, "text that is not empty", value)
}

/** An API key. The value is not repeated in the message. */
export const key = (field: string, value: unknown): string => {
  if (typeof value === "string" && /^[\x21-\x7e]+$/.test(value)) return value
  throw new BadInput(
    field,
    "an API key: printable ASCII without spaces",
    typeof value === "string" ? "(hidden)" : value
  )
}

/** Checks fields of one object, unless they are absent: a check is told the path of the field and its value. */
export const within =
  (field: string, spec: Record<string, unknown>) =>
  <A>(name: string, check: (path: string, value: unknown) => A): A | undefined =>
    optional(spec[name], (value) => check(`${field}.${name}`, value))

/** Applies a check unless the value is absent. */
export const optional = <A>(value: unknown, check: (value: unknown) => A): A | undefined =>
  value === undefined ? undefined : check(value)
