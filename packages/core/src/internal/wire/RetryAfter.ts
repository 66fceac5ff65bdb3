/**
 * How long a vendor asks to be left alone, from what it sends beside a refusal.
 *
 * | where                                  | how it is written                                                        |
 * | -------------------------------------- | ------------------------------------------------------------------------ |
 * | `retry-after-ms`                       | milliseconds                                                             |
 * | `retry-after` (RFC 9110, 10.2.3)       | seconds, or an HTTP date                                                 |
 * | `x-ratelimit-reset-*`, `…-reset`       | `1s`, `6m0s`, `350ms`, seconds, Unix seconds or milliseconds, RFC 3339   |
 * | `ratelimit` (IETF draft)                | `"default";r=0;t=33`, `limit=10, remaining=0, reset=33`                  |
 * | the error's fields                     | `retry_after: 36.2` (seconds), `retryDelay: "36s"`, `retry_after_ms: 500` |
 * | the message                            | `try again in 1.2s`, `wait 13 seconds`, `请在 30 秒后重试`                |
 *
 * The earlier rows win. What cannot be read, is negative or lies far in the past says nothing and is passed over: `-1`, `1, 1`,
 * `NaN`, `soon`. Dates are told from the vendor's own `Date` header where it sends one, so that a clock that is off changes
 * no wait. How long a wait is honoured is the policy's of whoever waits.
 */

type Headers = Readonly<Record<string, string>>

const number = /^\d+(\.\d+)?$/
const duration =
  /^(?=\d)(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/
const units = [86_400_000, 3_600_000, 60_000, 1_000, 1] as const

/** The forms of RFC 9110, 5.6.7, and RFC 3339. `Date.parse` alone takes `1, 1` and `-1` for days of 2001. */
const dates = [
  /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (GMT|UTC|[+-]\d{4})$/i,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/
]

/** Numbers from here on are Unix seconds, and from the second one on Unix milliseconds: as waits they would be decades. */
const unixSeconds = 1e9
const unixMillis = 1e11

/** As milliseconds, thousands of years from now: nobody means that. */
const absurd = 1e14

/** A moment that is further in the past than this is no answer to the request. */
const past = 3_600_000

const until = (at: number, now: number): number | undefined =>
  Number.isFinite(at) && at >= now - past ? Math.max(0, Math.ceil(at - now)) : undefined

const toDate = (text: string): number => {
  const form = dates.findIndex((each) => each.test(text))
  // The old form of C's asctime has no zone, and is in GMT all the same.
  return form === -1 ? Number.NaN : Date.parse(form === 2 ? `${text} GMT` : text)
}

const toMillis = (text: string, unit: number, now: number): number | undefined => {
  if (number.test(text)) {
    const value = Number(text)
    if (value >= absurd) return undefined
    if (value >= unixMillis) return until(value, now)
    return value >= unixSeconds ? until(value * 1_000, now) : Math.ceil(value * unit)
  }
  const parts = duration.exec(text)
  if (parts === null) return until(toDate(text), now)
  return Math.ceil(units.reduce((sum, each, index) => sum + each * Number(parts[index + 1] ?? 0), 0))
}

const read = (headers: Headers, name: string, unit: number, now: number): number | undefined => {
  const value = headers[name]?.trim()
  return value === undefined ? undefined : toMillis(value, unit, now)
}

/** The vendor's idea of the time, as far as it tells it. */
const vendorsNow = (headers: Headers, now: number): number => {
  const at = toDate(headers["date"]?.trim() ?? "")
  return Number.isNaN(at) ? now : at
}

/**
 * Reads the wait that was asked for outright from response headers, in milliseconds from `now` (Unix time, milliseconds).
 * Undefined when nothing was sent that can be read; a date that has just passed is 0.
 */
export const parse = (headers: Headers, now: number): number | undefined => {
  if (headers["retry-after"] === undefined && headers["retry-after-ms"] === undefined) return undefined
  const at = vendorsNow(headers, now)
  return read(headers, "retry-after-ms", 1, at) ?? read(headers, "retry-after", 1_000, at)
}

const reset = /^(.*rate-?limit-(?:.+-)?)reset((?:-.+)?)$/

const drafted = (name: string, policy: string): string | undefined =>
  new RegExp(`(?:^|[;,\\s])(?:${name})\\s*=\\s*(\\d+)`).exec(policy)?.[1]

/** When the limit is over by the one header of the IETF's drafts, which holds a policy or several. */
const parseDraft = (header: string | undefined): number | undefined => {
  const waits = (header ?? "").split(/,(?=\s*")/).flatMap((policy) => {
    const wait = drafted("t|reset", policy)
    return wait !== undefined && Number(drafted("r|remaining", policy) ?? 0) === 0 ? [Number(wait) * 1_000] : []
  })
  return waits.length === 0 ? undefined : Math.max(...waits)
}

/**
 * When the limit is over by its `…ratelimit-reset…` headers: the latest of those that are used up, or else of those that do not
 * tell what is left. One that is not used up is not the one that was met.
 */
const parseReset = (headers: Headers, now: number): number | undefined => {
  let usedUp: number | undefined = parseDraft(headers["ratelimit"])
  let unknown: number | undefined
  for (const name in headers) {
    const parts = name.includes("reset") ? reset.exec(name) : null
    const wait = parts === null ? undefined : read(headers, name, 1_000, now)
    if (parts === null || wait === undefined) continue
    const [, before = "", after = ""] = parts
    const left = headers[`${before}remaining${after}`]?.trim()
    if (left === undefined) unknown = Math.max(unknown ?? 0, wait)
    else if (number.test(left.replace(/^-/, "")) && Number(left) <= 0) usedUp = Math.max(usedUp ?? 0, wait)
  }
  return usedUp ?? unknown
}

const words =
  /\b(?:(?:try again|retry) (?:in|after)|wait(?: for)?(?= [\d.]+ ?(?:ms|milli|s\b|sec|m\b|min|h\b|hour|d\b|day))) ((?:\d+(?:\.\d+)?(?:ms|[dhms]))+|\d+(?:\.\d+)?)(?: ?(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)\b)?/i

const chineseWords = /(\d+(?:\.\d+)?) ?(毫秒|秒|分|小时|天|ms|[smhd])钟?(?:之?后|再)/i

const named: ReadonlyArray<readonly [unit: RegExp, millis: number]> = [
  [/^(ms|mil|毫秒)/i, 1],
  [/^[s秒]/i, 1_000],
  [/^[m分]/i, 60_000],
  [/^[h小]/i, 3_600_000],
  [/^[d天]/i, 86_400_000]
]

/** The wait that a message states in words, in milliseconds; undefined where it states none. */
export const inWords = (message: string): number | undefined => {
  const [, amount, unit = "seconds"] = words.exec(message) ?? chineseWords.exec(message) ?? []
  if (amount === undefined) return undefined
  const [, factor = 1_000] = named.find(([pattern]) => pattern.test(unit)) ?? []
  return number.test(amount) ? Math.ceil(Number(amount) * factor) : toMillis(amount.toLowerCase(), 1, 0)
}

const fieldName = /^retry_?(?:after|delay)(?:_?(?:in_?)?(s|sec|seconds|ms|millis|milliseconds))?$/i

/** Details and metadata lie no deeper. */
const maxDepth = 3

/** The wait that an error's fields state, whatever they are called. */
const inFields = (fields: unknown, now: number, depth = 0): number | undefined => {
  if (typeof fields !== "object" || fields === null || depth > maxDepth) return undefined
  for (const [name, value] of Object.entries(fields)) {
    const field = fieldName.exec(name)
    const isStated = field !== null && (typeof value === "string" || typeof value === "number")
    const wait = isStated
      ? toMillis(String(value).trim(), /^m/i.test(field[1] ?? "") ? 1 : 1_000, now)
      : inFields(value, now, depth + 1)
    if (wait !== undefined) return wait
  }
  return undefined
}

/** The wait that a refusal for a limit states anywhere: outright, by the reset of the limit, in its fields or in its message. */
export const ofLimit = (headers: Headers, message: string, now: number, fields?: object): number | undefined =>
  parse(headers, now) ?? parseReset(headers, vendorsNow(headers, now)) ?? inFields(fields, now) ?? inWords(message)

/** The header's value for a wait in milliseconds: whole seconds, rounded up, at least 1. */
export const format = (millis: number): string => String(Math.max(1, Math.ceil(millis / 1000)))
