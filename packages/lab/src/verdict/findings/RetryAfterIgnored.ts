/**
 * `retry-after-ignored`: a limited account was asked again for the same model before the time that it had stated was over.
 *
 * **Details**
 *
 * Only limits count, the last word of each: an overloaded target may be asked once more after a moment, whatever it says. What
 * it grants:
 *
 * - two such requests an account, and requests that were on their way when the refusal came;
 * - fifty milliseconds, for clocks;
 * - a request in the meantime that was answered, which shows that the limit is over;
 * - the last resort: no path of another account was healthy, and known to be.
 */
import type { Attempt } from "../../run/Run.ts"
import { targetOf } from "../../run/Whereabouts.ts"
import * as Attempts from "../Attempts.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"
import { replay, withNews } from "../Replay.ts"

const granted = 2
const clocks = 50

const early = (facts: Facts, attempts: ReadonlyArray<Attempt>): ReadonlyArray<Attempt> => {
  const found: Array<Attempt> = []
  let limited = { at: 0, until: 0 }
  replay(attempts, {
    learnt: (attempt, at) => {
      if (Attempts.means(attempt, "limit")) limited = { at, until: at + (attempt.retryAfter ?? 0) }
      else if (Attempts.isSuccess(attempt) && attempt.at >= limited.at) limited = { at, until: at }
    },
    began: (attempt) => {
      if (attempt.at >= limited.until - facts.own(clocks)) return
      if (facts.healthyFor(attempt).some((path) => !facts.sharesAccount(path, attempt))) found.push(attempt)
    }
  })
  return found
}

const placeOf = (attempt: Attempt): string => `${targetOf(attempt)}, ${attempt.account}`

const statesTime = (attempt: Attempt): boolean => attempt.retryAfter !== undefined && Attempts.means(attempt, "limit")

/** Looks at each account at each target. */
export const find = (facts: Facts): ReadonlyArray<Finding> =>
  withNews(facts.attempts, placeOf, statesTime).flatMap((attempts) => {
    const found = early(facts, attempts)
    const [first] = found
    if (first === undefined || found.length <= granted) return []
    const place = placeOf(first)
    const message = {
      en: `${found.length} requests came to a limited account (${place}) before its Retry-After was over: cool the account for as long as it says.`,
      zh: `${found.length} 个请求在 Retry-After 到期前再次发往被限流的账号（${place}）：请按其要求的时长冷却该账号。`
    }
    return [Evidence.ofAttempts("retry-after-ignored", message, found)]
  })
