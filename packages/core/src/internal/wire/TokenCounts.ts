/**
 * Reads the counts out of a vendor's usage. What it did not report, or reported as something else than a number, is
 * undefined, which is not 0. Tokens are whole: a vendor that averages is rounded.
 *
 * Cached tokens stand in `prompt_tokens_details.cached_tokens`, or beside the other counts under a name that says so:
 * `cached_tokens`, `prompt_cache_hit_tokens`, `cache_read_input_tokens`.
 */
import * as Predicate from "effect/Predicate"
import type { CompletionUsage } from "../../wire/ChatCompletion.ts"

/** Counts of tokens. */
export interface TokenCounts {
  readonly input: number | undefined
  /** Reasoning included. */
  readonly output: number | undefined
  /** The vendor's own sum. */
  readonly total: number | undefined
  /** The share of `output` that was thinking. */
  readonly reasoning: number | undefined
  /** The share of `input` that came out of the vendor's cache. */
  readonly cacheRead: number | undefined
  /** The share of `input` that was put into the vendor's cache. */
  readonly cacheWrite: number | undefined
}

const field = (bag: unknown, name: string): number | undefined => {
  const value = Predicate.isObject(bag) ? (bag as Record<string, unknown>)[name] : undefined
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined
}

const cached = /^(prompt_)?cache(d|_hit|_read)(_input)?_tokens$/

/** The counts of a usage. */
export const of = (usage: CompletionUsage | null | undefined): TokenCounts => {
  let cacheRead = field(usage?.prompt_tokens_details, "cached_tokens")
  if (cacheRead === undefined) {
    for (const name in usage) {
      if (!cached.test(name)) continue
      cacheRead = field(usage, name)
      break
    }
  }
  return {
    input: field(usage, "prompt_tokens"),
    output: field(usage, "completion_tokens"),
    total: field(usage, "total_tokens"),
    reasoning: field(usage?.completion_tokens_details, "reasoning_tokens"),
    cacheRead,
    cacheWrite: field(usage?.prompt_tokens_details, "cache_creation_input_tokens")
  }
}
