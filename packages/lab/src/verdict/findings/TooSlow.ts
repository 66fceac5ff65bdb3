/**
 * `too-slow`: an answer took longer than the scenario's `within`. The slowest calls are listed first.
 *
 * Grants nothing; only calls that were answered count, from their beginning to the end of the answer.
 */
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

/** Looks at the calls that were answered. */
export const find = ({ cases, expect: { within } }: Facts): ReadonlyArray<Finding> => {
  if (within === undefined) return []
  const slow = cases
    .flatMap(({ call }) =>
      call.outcome === "answered" && call.endedAt !== undefined ? [{ id: call.id, took: call.endedAt - call.at }] : []
    )
    .filter(({ took }) => took > within)
    .toSorted((a, b) => b.took - a.took)
  const [worst] = slow
  if (worst === undefined) return []
  const [longest, limit] = [Evidence.duration(worst.took), Evidence.duration(within)]
  const message = {
    en: `${Evidence.many(slow.length, "answer")} took longer than ${limit}, the slowest ${longest}: use shorter deadlines for the first content, or a hedge.`,
    zh: `${slow.length} 个回答用时超过 ${limit}，最慢 ${longest}：请缩短首字超时，或启用对冲请求。`
  }
  return [
    Evidence.ofCalls(
      "too-slow",
      message,
      slow.map(({ id }) => id)
    )
  ]
}
