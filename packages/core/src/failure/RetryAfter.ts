/**
 * `Retry-After` as RFC 9110 section 10.2.3 writes it: seconds, or an HTTP date. OpenAI-compatible servers also send
 * `retry-after-ms`. Neither DeepSeek nor Qwen has been seen to send any of them; proxies in front of them do.
 */

const seconds = /^\d+(\.\d+)?$/

/**
 * Reads the wait from response headers, in milliseconds from `now` (Unix time, milliseconds).
 * Undefined when nothing was sent or it cannot be read; a date in the past is 0.
 */
export const parse = (headers: Readonly<Record<string, string>>, now: number): number | undefined => {
  const millis = headers["retry-after-ms"]?.trim()
  if (millis !== undefined && seconds.test(millis)) return Math.ceil(Number(millis))
  const value = headers["retry-after"]?.trim()
  if (value === undefined || value === "") return undefined
  if (seconds.test(value)) return Math.ceil(Number(value) * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** The header's value for a wait in milliseconds: whole seconds, rounded up, at least 1. */
export const format = (millis: number): string => String(Math.max(1, Math.ceil(millis / 1000)))
