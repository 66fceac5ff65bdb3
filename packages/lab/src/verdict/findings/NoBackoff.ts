/**
 * `no-backoff`: within a call, a target that asked for patience was asked again at once.
 *
 * **Details**
 *
 * An overloaded or failing target must not be asked again at once with any key; a limited one not with the same key. What it
 * grants:
 *
 * - broken connections, empty and interrupted answers: one may be repeated at once;
 * - a limit with a Retry-After: `retry-after-ignored` judges that;
 * - luck: it takes two such repeats in one call, or three in a run.
 */
import type { Attempt } from "../../run/Run.ts"
import { targetOf } from "../../run/Whereabouts.ts"
import * as Attempts from "../Attempts.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const atOnce = 5
const perCall = 2
const perRun = 3

const asksForPatience = (before: Attempt, next: Attempt): boolean =>
  Attempts.means(before, "busy") ||
  (Attempts.means(before, "limit") && before.key === next.key && before.retryAfter === undefined)

const isHasty = (before: Attempt | undefined, next: Attempt, hasty: number): boolean => {
  if (before?.endedAt === undefined || targetOf(before) !== targetOf(next)) return false
  const waited = next.at - before.endedAt
  return waited >= 0 && waited < hasty && asksForPatience(before, next)
}

/** Looks at each attempt and the one before it. */
export const find = (facts: Facts): ReadonlyArray<Finding> => {
  const byCall = facts.repeated.map(({ attempts }) =>
    attempts.filter((attempt, index) => isHasty(attempts[index - 1], attempt, facts.own(atOnce)))
  )
  const found = byCall.flat()
  if (found.length < perRun && byCall.every((hasty) => hasty.length < perCall)) return []
  const message = {
    en: `${found.length} requests repeated at a busy target within ${atOnce} ms of its refusal: wait a moment with jitter, or go to the next target.`,
    zh: `${found.length} 次请求在繁忙目标拒绝后 ${atOnce} 毫秒内立即重试：请带抖动地等待，或切换到下一个目标。`
  }
  return [Evidence.ofAttempts("no-backoff", message, found)]
}
