/**
 * A plan: everything that happens to the engine in one run, as plain data. A seed makes one, a shrinker makes it smaller, a
 * regression test spells one out.
 *
 * Times are milliseconds since the start of the run. Providers and routes are the engine's own configuration.
 */
import type { ProviderOptions, RouteOptions } from "@understudy/core/config/Options"

/** What can be wrong with a vendor, a key or an account. */
export type FaultKind =
  | "badKey"
  | "arrears"
  | "freeTier"
  | "forbidden"
  | "rateLimit"
  | "overload"
  | "serverError"
  | "slowError"
  | "refused"
  | "unconnected"
  | "reset"
  | "silent"
  | "noContent"
  | "keepAlives"
  | "stall"
  | "cut"
  | "eof"
  | "malformed"
  | "errorEvent"
  | "gaveUp"
  | "empty"
  | "partial"
  | "slow"
  | "modelGone"

/**
 * How a wait is stated: as `Retry-After` in seconds or as a date, as `retry-after-ms`, as the reset of the limit, in words; or
 * with nonsense that says nothing.
 */
export type Stated = "seconds" | "millis" | "date" | "reset" | "words" | "nonsense"

/** Something that is wrong for a while. */
export interface Fault {
  readonly kind: FaultKind
  readonly provider: string
  /** Values of the keys that it strikes; absent: every key. */
  readonly keys?: ReadonlyArray<string>
  /** The model that it strikes, as the vendor knows it; absent: every model and the free endpoint too. */
  readonly model?: string
  readonly from: number
  readonly until: number
  /** On for `on` milliseconds of every `period`. */
  readonly flap?: { readonly period: number; readonly on: number }
  /** The share of requests that it strikes; absent: all. */
  readonly share?: number
  /** Chunks of content that a stream still gets. */
  readonly chunks?: number
  /** Seconds that the vendor asks to be left alone. */
  readonly retryAfter?: number
  /** How it says so; absent: in seconds. */
  readonly stated?: Stated
  /** The vendor repeats the key in its message. */
  readonly echo?: boolean
  /** The free endpoint does not show it. */
  readonly hidden?: boolean
}

/** How a vendor answers when nothing is wrong. */
export interface Nature {
  /** Bounds of the time to the first byte that counts. */
  readonly latency: readonly [low: number, high: number]
  /** Chunks of content in a stream, and the time between two. */
  readonly chunks: number
  readonly gap: number
  /** The share of its streams that hold frames of odd shapes, which say nothing. */
  readonly odd?: number
  /** Vendors of one voice give the same answer to the same question; absent: no two answers are alike. */
  readonly voice?: string
}

/** A mistake of the caller's own: every vendor refuses it. */
export type Flaw = "invalid" | "filtered"

/** One call. */
export interface CallPlan {
  readonly id: string
  readonly at: number
  readonly model: string
  readonly stream?: boolean
  /** The caller leaves after so many milliseconds. */
  readonly leaves?: number
  readonly flaw?: Flaw
  /** Choices that are asked for (`n`). */
  readonly choices?: number
  /** What `selection: affinity` keeps together. */
  readonly affinity?: string
  /** The caller rests for so many milliseconds after each piece of a stream. */
  readonly rests?: number
}

/** One run. */
export interface Plan {
  readonly seed: number
  readonly providers: Readonly<Record<string, ProviderOptions>>
  readonly natures: Readonly<Record<string, Nature>>
  readonly routes: ReadonlyArray<RouteOptions>
  readonly faults: ReadonlyArray<Fault>
  readonly calls: ReadonlyArray<CallPlan>
  /** When the configuration is read anew, the same as before: what is known must survive it. */
  readonly reloads?: ReadonlyArray<number>
  /** Milliseconds by which the engine's clock is ahead of the vendors'. */
  readonly skew?: number
  /** When the run ends; every call is over by then. */
  readonly horizon: number
}

/** One key as configured. */
export interface KeyPlan {
  readonly value: string
  readonly account: string
}

/** The keys of a provider; a provider without keys has one that is empty. */
export const keysOf = (provider: ProviderOptions): ReadonlyArray<KeyPlan> => {
  const keys = (provider.keys ?? []).map((key) =>
    typeof key === "string"
      ? { value: key, account: `key:${key}` }
      : { value: key.value, account: key.account ?? `key:${key.value}` }
  )
  return keys.length === 0 ? [{ value: "", account: "none" }] : keys
}

/** Milliseconds of `500ms`, `5s`, `2m`, `1h`. */
export const millis = (text: string): number => {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
  const [, amount, unit] = /^([\d.]+)(ms|s|m|h)$/.exec(text) ?? []
  return Number(amount) * units[unit ?? "ms"]!
}
