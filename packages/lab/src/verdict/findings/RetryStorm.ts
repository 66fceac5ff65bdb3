/**
 * `retry-storm`: one call cost more attempts than the scenario's `attemptsPerCall`. The worst calls are listed first.
 *
 * Grants a second attempt, whatever the scenario says: two are no storm.
 */
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const granted = 2

/** Counts the attempts of each call. */
export const find = ({ cases, expect }: Facts): ReadonlyArray<Finding> => {
  const limit = Math.max(granted, expect.attemptsPerCall)
  const storms = cases
    .filter(({ attempts }) => attempts.length > limit)
    .toSorted((a, b) => b.attempts.length - a.attempts.length)
  const [worst] = storms
  if (worst === undefined) return []
  const most = worst.attempts.length
  const message = {
    en: `${Evidence.many(storms.length, "call")} made more than ${limit} attempts each, the worst ${most} (${worst.call.id}): let one place own the retries, with a budget.`,
    zh: `${storms.length} 次调用的尝试超过 ${limit} 次，最多 ${most} 次（${worst.call.id}）：重试应只由一处负责，并设预算。`
  }
  return [Evidence.ofCases("retry-storm", message, storms, (each) => (each === worst ? each.attempts : []))]
}
