/**
 * `retried-caller-error`: a request that had been refused for its own fault was made again where that cannot help.
 *
 * **Details**
 *
 * A wrong request (`caller`) is wrong everywhere, one that does not fit (`unfit`: context, mode, a model that is gone) at the
 * same target. What it grants:
 *
 * - a request that does not fit at another target, or in the other mode (streamed or not);
 * - where the scenario expects answers, a refused request at another target: vendors judge contents differently, and a
 *   route may say so;
 * - requests made side by side, as by a hedge.
 */
import type { Attempt } from "../../run/Run.ts"
import { targetOf } from "../../run/Whereabouts.ts"
import * as Attempts from "../Attempts.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const isVain = (refused: Attempt, next: Attempt, isRejected: boolean): boolean => {
  if (refused.endedAt === undefined || next.at < refused.endedAt) return false
  const isSame = targetOf(next) === targetOf(refused)
  if (Attempts.means(refused, "caller")) return isSame || isRejected
  return Attempts.means(refused, "unfit", "gone") && isSame && next.stream === refused.stream
}

/** Looks at each attempt and those before it. */
export const find = ({ expect, repeated }: Facts): ReadonlyArray<Finding> => {
  const isRejected = expect.outcome === "rejected"
  const found = repeated.flatMap(({ attempts }) => {
    const refusals = new Map<string, Attempt>()
    return attempts.filter((attempt) => {
      const isRepeat = [...refusals.values()].some((refused) => isVain(refused, attempt, isRejected))
      if (Attempts.isCallersFault(attempt)) refusals.set(`${targetOf(attempt)} ${attempt.stream}`, attempt)
      return isRepeat
    })
  })
  if (found.length === 0) return []
  const message = {
    en: `${Evidence.many(found.length, "request")} repeated what had been refused as the caller's own fault: return such a refusal at once, unchanged.`,
    zh: `${found.length} 次请求重复了因调用方自身问题被拒绝的内容：此类拒绝应立即原样返回。`
  }
  return [Evidence.ofAttempts("retried-caller-error", message, found)]
}
