/**
 * `same-account-rotation`: within a call, a limit or an empty balance of an account was answered with another key of that
 * account, which cannot help.
 *
 * **Details**
 *
 * What it grants:
 *
 * - waiting: another key of a limited account half a second or more after the refusal, or once its Retry-After is over;
 * - another model of a limited account: limits are per model;
 * - the last resort: another key of an account without money when no path of anybody else's was healthy;
 * - requests made side by side, as by a hedge.
 */
import type { Attempt } from "../../run/Run.ts"
import { targetOf } from "../../run/Whereabouts.ts"
import * as Attempts from "../Attempts.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const pause = 500

const isRotation = (facts: Facts, refused: Attempt, next: Attempt): boolean => {
  if (next.vendor !== refused.vendor || next.account !== refused.account || next.key === refused.key) return false
  const waited = next.at - facts.endOf(refused)
  if (waited < 0) return false
  if (Attempts.means(refused, "limit")) {
    return targetOf(next) === targetOf(refused) && waited < Math.min(pause, refused.retryAfter ?? pause)
  }
  return facts.healthyFor(next).some((path) => !facts.sharesAccount(path, refused))
}

/** Looks at each attempt and the one after it. */
export const find = (facts: Facts): ReadonlyArray<Finding> => {
  const found = facts.repeated.flatMap(({ attempts }) =>
    attempts.filter((attempt, index) => {
      const before = attempts[index - 1]
      return before !== undefined && Attempts.means(before, "limit", "balance") && isRotation(facts, before, attempt)
    })
  )
  const [first] = found
  if (first === undefined) return []
  const message = {
    en: `${Evidence.many(found.length, "request")} answered a limit or an empty balance with another key of the same account (${first.account}): name the keys' account, and go to another account or vendor.`,
    zh: `${found.length} 次请求在账号限流或欠费后改用同一账号（${first.account}）的其他密钥：请为密钥标明账号，并切换到其他账号或厂商。`
  }
  return [Evidence.ofAttempts("same-account-rotation", message, found)]
}
