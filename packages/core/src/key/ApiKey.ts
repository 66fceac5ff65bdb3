/**
 * One API key of a provider: its value (redacted from the moment it is read), the account that it bills, and an id that
 * may be shown to anybody.
 */
import { hash as digest } from "node:crypto"
import * as Redacted from "effect/Redacted"

/** A key as configured. */
export interface ApiKey {
  /** `k` and hexadecimal digits of the value's SHA-256: shown in trails, headers, logs and metrics. */
  readonly id: string
  /** The name that an operator gave it, or its id. */
  readonly name: string
  /** Keys of one account share limits and balance. By default each key is an account of its own. */
  readonly account: string
  /** Share of the draws under `selection: weighted`. Default `defaultWeight`. */
  readonly weight: number
  /** The value; undefined for a provider that wants no key. */
  readonly value: Redacted.Redacted<string> | undefined
  /** SHA-256 of the value: matches a key over a reload of the configuration. */
  readonly hash: string
}

/** What a configuration may say of a key. */
export interface Options {
  readonly name?: string | undefined
  readonly account?: string | undefined
  readonly weight?: number | undefined
}

/** The weight of a key that states none. */
export const defaultWeight = 1

/** Digits of the hash in an id: 4,096 values, plenty for one pool. */
const idDigits = 3

/** Makes a key from its value. */
export const make = (value: Redacted.Redacted<string>, options: Options = {}): ApiKey => {
  const hash = digest("sha256", Redacted.value(value))
  const id = `k${hash.slice(0, idDigits)}`
  return {
    id,
    name: options.name ?? id,
    account: options.account ?? `key:${hash}`,
    weight: options.weight ?? defaultWeight,
    value,
    hash
  }
}

/** The key of a provider that wants none. */
export const none: ApiKey = { id: "", name: "", account: "none", weight: defaultWeight, value: undefined, hash: "none" }

/** The same keys, with ids made longer where two of them would be equal; a value given twice is kept once. */
export const distinct = (keys: ReadonlyArray<ApiKey>): ReadonlyArray<ApiKey> => {
  const unique = [...new Map(keys.map((key) => [key.hash, key])).values()]
  const withDigits = (key: ApiKey, digits: number): ApiKey => {
    const id = `k${key.hash.slice(0, digits)}`
    const clash = unique.some((other) => other !== key && other.hash.startsWith(key.hash.slice(0, digits)))
    if (clash) return withDigits(key, digits + 1)
    return { ...key, id, name: key.name === key.id ? id : key.name }
  }
  return unique.map((key) => withDigits(key, idDigits))
}
