/**
 * Tokens that an answer took. A count that the vendor did not report is absent, which is not 0.
 *
 * **Example** (What a vendor's usage means)
 *
 * ```ts
 * import { Usage } from "@understudy/chat-model/promise"
 *
 * const { nativeUsage, ...counts } = Usage.fromWire({ prompt_tokens: 12, completion_tokens: 30 }) ?? {}
 * counts // => { promptTokens: 12, completionTokens: 30, totalTokens: 42 }
 * ```
 */
import type { CompletionUsage } from "@understudy/core/wire/ChatCompletion"
import { TokenCounts } from "@understudy/core/wire/Wire"
import * as Predicate from "effect/Predicate"

/** Counts of tokens. */
export interface Usage {
  readonly promptTokens?: number
  /** Reasoning included. */
  readonly completionTokens?: number
  /** The vendor's sum; where it reports none, the sum of the two above. */
  readonly totalTokens?: number
  /** The share of `completionTokens` that was thinking. */
  readonly reasoningTokens?: number
  /** The share of `promptTokens` that came out of the vendor's cache. */
  readonly cacheReadInputTokens?: number
  /** The share of `promptTokens` that was put into the vendor's cache. */
  readonly cacheWriteInputTokens?: number
  /** As the vendor sent it; of a sum, the sums of its numbers. */
  readonly nativeUsage: CompletionUsage
}

/** Reads a vendor's usage; undefined when there is none. */
export const fromWire = (usage: CompletionUsage | null | undefined): Usage | undefined => {
  if (!Predicate.isObject(usage)) return undefined
  const counts = TokenCounts.of(usage)
  const { cacheRead, cacheWrite, input: prompt, output: completion, reasoning } = counts
  const sum = prompt === undefined || completion === undefined ? undefined : prompt + completion
  const total = counts.total ?? sum
  // Assigned one by one: every call reads one, and an object spread for each count costs several times as much.
  const read: { -readonly [Name in keyof Usage]?: Usage[Name] } = {}
  if (prompt !== undefined) read.promptTokens = prompt
  if (completion !== undefined) read.completionTokens = completion
  if (total !== undefined) read.totalTokens = total
  if (reasoning !== undefined) read.reasoningTokens = reasoning
  if (cacheRead !== undefined) read.cacheReadInputTokens = cacheRead
  if (cacheWrite !== undefined) read.cacheWriteInputTokens = cacheWrite
  return { ...read, nativeUsage: usage }
}

const addNative = (left: unknown, right: unknown): unknown => {
  if (typeof left === "number" && typeof right === "number") return left + right
  if (!Predicate.isObject(left) || !Predicate.isObject(right)) return left === undefined ? right : (right ?? left)
  const sum: Record<string, unknown> = { ...left }
  for (const [name, value] of Object.entries(right)) sum[name] = addNative(sum[name], value)
  return sum
}

/**
 * What several answers took together; undefined when none of them reported anything.
 *
 * **Gotchas**
 *
 * A count that only some reported is the sum of those: at least so many.
 *
 * **Example** (Two turns)
 *
 * ```ts
 * import { Usage } from "@understudy/chat-model/promise"
 *
 * const first = Usage.fromWire({ prompt_tokens: 12, completion_tokens: 30 })
 * const second = Usage.fromWire({ prompt_tokens: 50, completion_tokens: 8 })
 * Usage.sum(first, second)?.totalTokens // => 100
 * ```
 */
export const sum = (...usages: ReadonlyArray<Usage | undefined>): Usage | undefined =>
  usages
    .filter(Predicate.isNotUndefined)
    .reduce<Usage | undefined>(
      (left, right) => (left === undefined ? right : (addNative(left, right) as Usage)),
      undefined
    )
