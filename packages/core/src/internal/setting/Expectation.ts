/**
 * What a value should have been, by kind: every language has words for a kind, and English has them here.
 */
import * as Size from "./Size.ts"

/** What a value should have been, in English. A schema's check names the entry in its annotation `expects`. */
export const expectations = {
  text: "a text that is not empty",
  duration: "a duration such as 500ms, 5s, 2m or 1h",
  positiveDuration: "a duration longer than 0, such as 500ms, 5s, 2m or 1h",
  durationOrPercentile: "a duration such as 2s, or a percentile between p1 and p99",
  count: "a whole number >= 1",
  amount: "a number >= 0",
  fraction: "a number between 0 and 1",
  percentage: "a percentage between 0 and 100",
  moment: "a date or a time, such as 2027-01-31 or 2027-01-31T18:00:00+08:00",
  network: "an address or a network, such as 10.0.0.1 or 10.0.0.0/8",
  port: "a port between 0 and 65535",
  size: "a size such as 20MB, or a number of bytes",
  bodySize: `a size between 1 byte and ${Size.largestBody / 1e6}MB`,
  origin: "an origin: scheme, host and port alone, such as https://app.example.com",
  host: "the name of a host alone, such as ai.example.com",
  redisUrl: "an address such as redis://:password@127.0.0.1:6379",
  targets: "at least one target",
  keys: "at least one key",
  object: "an object",
  list: "a list",
  string: "a string",
  number: "a number",
  integer: "an integer",
  boolean: "true or false",
  other: "something else"
} as const

/** A kind of value. */
export type Expectation = keyof typeof expectations
